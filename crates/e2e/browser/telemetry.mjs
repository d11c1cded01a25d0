// What the flows look at: two minutes of a small application, pushed by OTLP/HTTP JSON and Elasticsearch bulk.
import { randomBytes } from 'node:crypto';

/** Runs as script wherever text is taken for HTML. */
export const HOSTILE = '<img src=x onerror="document.title=\'HOSTILE\'">';

const SECOND = 1000;
const REQUESTS = 24;
const STEP = 5 * SECOND;
const BUCKETS = [0.1, 0.25, 0.5, 1, 2.5];

/** Pushes it and says what was pushed: names that are this run's own, and the failed request's identifiers. */
export async function pushTelemetry(url) {
  const run = randomBytes(4).toString('hex');
  const nowMs = Date.now();
  const requests = Array.from({ length: REQUESTS }, (_, index) => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    childId: randomBytes(8).toString('hex'),
    startMs: nowMs - (REQUESTS - index) * STEP,
    durationMs: index === REQUESTS / 2 ? 1800 : 80 + (index % 5) * 40,
    failed: index === REQUESTS / 2,
  }));
  const story = {
    run,
    web: `web-${run}`,
    store: `store-${run}`,
    metric: `flow_${run}_duration_seconds`,
    hostileService: `hostile-${run} ${HOSTILE}`,
    startMs: nowMs - (REQUESTS + 12) * STEP,
    endMs: nowMs + 30 * SECOND,
    failed: requests.find(({ failed }) => failed),
    requests,
  };
  await post(`${url}/otlp/v1/traces`, { resourceSpans: spansOf(story) });
  await post(`${url}/otlp/v1/metrics`, { resourceMetrics: [metricsOf(story)] });
  await post(`${url}/otlp/v1/logs`, { resourceLogs: [hostileLogsOf(story)] });
  await bulk(`${url}/elasticsearch/_bulk`, logsOf(story));
  return story;
}

const nanos = (ms) => `${Math.round(ms)}000000`;
const attribute = (key, value) => ({ key, value: { stringValue: value } });
const resource = (service) => ({ attributes: [attribute('service.name', service)] });

function spansOf({ web, store, hostileService, requests, failed }) {
  const span = (request, rest) => ({
    traceId: request.traceId,
    status: request.failed ? { code: 2, message: 'the store did not answer' } : {},
    ...rest,
  });
  const roots = requests.map((request) =>
    span(request, {
      spanId: request.spanId,
      name: 'POST /checkout',
      kind: 2,
      startTimeUnixNano: nanos(request.startMs),
      endTimeUnixNano: nanos(request.startMs + request.durationMs),
      attributes: [attribute('user_id', 'user-7')],
    }),
  );
  const children = requests.map((request) =>
    span(request, {
      spanId: request.childId,
      parentSpanId: request.spanId,
      name: 'SELECT carts',
      kind: 2,
      startTimeUnixNano: nanos(request.startMs + 10),
      endTimeUnixNano: nanos(request.startMs + request.durationMs - 10),
    }),
  );
  const hostile = span(failed, {
    spanId: randomBytes(8).toString('hex'),
    parentSpanId: failed.childId,
    name: HOSTILE,
    kind: 1,
    startTimeUnixNano: nanos(failed.startMs + 20),
    endTimeUnixNano: nanos(failed.startMs + 900),
    attributes: [attribute('comment', HOSTILE), attribute(HOSTILE, 'a key')],
    events: [{ timeUnixNano: nanos(failed.startMs + 50), name: HOSTILE }],
  });
  return [
    { resource: resource(web), scopeSpans: [{ spans: roots }] },
    { resource: resource(store), scopeSpans: [{ spans: children }] },
    { resource: resource(hostileService), scopeSpans: [{ spans: [hostile] }] },
  ];
}

/** A cumulative histogram of the requests' durations, the failed one as exemplar, and a gauge with a hostile label. */
function metricsOf({ web, metric, requests }) {
  const counts = new Array(BUCKETS.length + 1).fill(0);
  let sum = 0;
  const dataPoints = requests.map(({ startMs, durationMs, traceId, spanId, failed }) => {
    const bucket = BUCKETS.findIndex((bound) => durationMs / SECOND <= bound);
    counts[bucket === -1 ? BUCKETS.length : bucket] += 1;
    sum += durationMs / SECOND;
    return {
      startTimeUnixNano: nanos(requests[0].startMs - STEP),
      timeUnixNano: nanos(startMs),
      count: String(counts.reduce((total, count) => total + count)),
      sum,
      bucketCounts: counts.map(String),
      explicitBounds: BUCKETS,
      exemplars: failed
        ? [{ timeUnixNano: nanos(startMs), asDouble: durationMs / SECOND, traceId, spanId }]
        : [],
    };
  });
  const gauge = requests.map(({ startMs }) => ({
    timeUnixNano: nanos(startMs),
    asDouble: 1,
    attributes: [attribute('comment', HOSTILE)],
  }));
  const metrics = [
    {
      name: metric.replace(/_seconds$/, ''),
      unit: 's',
      histogram: { aggregationTemporality: 2, dataPoints },
    },
    { name: `${metric}_hostile`, description: HOSTILE, gauge: { dataPoints: gauge } },
  ];
  return { resource: resource(web), scopeMetrics: [{ metrics }] };
}

function hostileLogsOf({ hostileService, failed }) {
  const record = {
    timeUnixNano: nanos(failed.startMs + 60),
    severityNumber: 17,
    severityText: 'ERROR',
    body: { stringValue: HOSTILE },
    traceId: failed.traceId,
    spanId: failed.spanId,
    attributes: [attribute('comment', HOSTILE), attribute(HOSTILE, 'a key')],
  };
  return { resource: resource(hostileService), scopeLogs: [{ logRecords: [record] }] };
}

function logsOf({ web, run, requests }) {
  return requests.flatMap(({ startMs, durationMs, traceId, spanId, failed }, index) => [
    { create: { _index: 'flows' } },
    {
      '@timestamp': new Date(startMs + durationMs).toISOString(),
      'service.name': web,
      severity: failed ? 'error' : index % 4 === 0 ? 'warn' : 'info',
      message: failed ? `checkout ${run} failed: the store did not answer` : `checkout ${run} done`,
      trace_id: traceId,
      span_id: spanId,
      user_id: `user-${index % 3}`,
      shelf: `shelf-${run}-${index % 2}`,
    },
  ]);
}

async function post(url, body, type = 'application/json') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: text,
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${said}`);
  return said;
}

async function bulk(url, lines) {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const answer = JSON.parse(await post(url, body, 'application/x-ndjson'));
  if (answer.errors) throw new Error(`${url}: ${JSON.stringify(answer.items[0])}`);
}
