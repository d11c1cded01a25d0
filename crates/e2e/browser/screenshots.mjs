// Takes the pictures of docs/images from a server that runs `sightglass demo`, while its fault lasts.
//
// SIGHTGLASS_URL is the main listener's base URL, SIGHTGLASS_OUT the folder (docs/images when unset). For the picture of
// Node Exporter Full, that dashboard (uid rYdddlPWk) must be provisioned and a node exporter scraped.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, openPage } from './browser.mjs';
import { seen, until } from './expect.mjs';

const url = (process.env.SIGHTGLASS_URL ?? 'http://127.0.0.1:7300').replace(/\/$/, '');
const out =
  process.env.SIGHTGLASS_OUT ?? fileURLToPath(new URL('../../../docs/images', import.meta.url));
const RANGE = 'from=now-10m&to=now&refresh=off';
const DURATIONS =
  'histogram_quantile(0.95, sum by (le, service) (rate(http_server_request_duration_seconds_bucket[1m])))';

const heading = (name) => (page) => seen(page.getByRole('heading', { name, exact: true }));
const charts = (page) => until('charts are drawn', () => page.locator('.uplot canvas').count());

/** Pictures: where, and what must be seen before it is taken. */
const PICTURES = {
  home: { path: `/?${RANGE}`, ready: (page) => seen(page.getByText('ShopPaymentsFail')) },
  'home-light': {
    path: `/?${RANGE}`,
    scheme: 'light',
    ready: (page) => seen(page.getByText('ShopPaymentsFail')),
  },
  logs: { path: `/logs?${RANGE}&q=service.name:payments%20and%20currency:EUR`, ready: openError },
  traces: {
    path: `/traces?${RANGE}&service=frontend&operation=POST%20/checkout&limit=500`,
    ready: (page) => seen(page.getByText(/^\d+ traces$/)),
  },
  trace: { path: async () => `/traces/${await failedTrace()}?${RANGE}`, ready: openLastError },
  metrics: { path: `/explore?${RANGE}&expr=${encodeURIComponent(DURATIONS)}`, ready: charts },
  dashboard: { path: `/dashboards/shop?${RANGE}`, ready: charts },
  'node-exporter-full': {
    path: `/dashboards/rYdddlPWk?${RANGE}&var-job=node-exporter`,
    ready: charts,
  },
  alerts: { path: `/alerts?${RANGE}&rule=shop-alerts/ShopPaymentsFail`, ready: charts },
  status: { path: '/status', ready: heading('Listeners') },
};

async function openError(page) {
  const row = page.getByRole('row').filter({ hasText: 'did not authorise' });
  await (await seen(row)).click();
  await seen(page.getByRole('tab', { name: 'Surroundings' }));
}

async function openLastError(page) {
  await (await seen(page.getByRole('row').filter({ hasText: 'authorize' }))).click();
  await seen(page.getByText('Tags', { exact: true }));
}

async function failedTrace() {
  const tags = encodeURIComponent('{"error":"true"}');
  const answer = await fetch(
    `${url}/jaeger/api/traces?service=payments&tags=${tags}&limit=1&lookback=1h`,
  );
  const [trace] = (await answer.json()).data;
  if (trace === undefined) throw new Error('no payment failed yet: wait for the fault to begin');
  return trace.traceID;
}

mkdirSync(out, { recursive: true });
const wanted = process.argv.slice(2);
const browser = await openBrowser();
for (const [name, { path, ready, scheme = 'dark' }] of Object.entries(PICTURES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { page, context, complaints } = await openPage(browser, url, { colorScheme: scheme });
  await page.goto(typeof path === 'string' ? path : await path());
  await ready(page);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(out, `${name}.png`), animations: 'disabled' });
  process.stdout.write(`${name} ${complaints.join('; ')}\n`);
  await context.close();
}
await browser.close();
