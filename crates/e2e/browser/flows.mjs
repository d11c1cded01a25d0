// The interface in a browser, against a running server: `node crates/e2e/browser/flows.mjs [FLOW…]`.
//
// The contract with whoever starts it:
// - SIGHTGLASS_URL is the main listener's base URL. The telemetry that the flows look at is pushed there first, under
//   /otlp and /elasticsearch, so that the server may be fresh.
// - A rule file in <data-dir>/rules defines an alert `AlwaysFiring` with `expr: vector(1)`, before the server starts.
// - SIGHTGLASS_OUT is a folder; a flow that fails leaves a screenshot there.
// - It needs `npm ci` in web/ and Chromium (SIGHTGLASS_CHROMIUM, or where distributions put it).
// - One line per flow, and the exit status is 0 when all passed, else 1.
//
// Every flow has a page of its own and also fails when that page complained, beyond what the flow `expects`: a console
// error, an exception, a failed request. Nothing sleeps: conditions are waited for, with deadlines.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openPage } from './browser.mjs';
import { alertFlows } from './flows/alerts.mjs';
import { dashboardFlows } from './flows/dashboards.mjs';
import { homeFlows } from './flows/home.mjs';
import { logFlows } from './flows/logs.mjs';
import { metricFlows } from './flows/metrics.mjs';
import { pageFlows } from './flows/pages.mjs';
import { traceFlows } from './flows/traces.mjs';
import { pushTelemetry } from './telemetry.mjs';

const FLOWS = [
  ...homeFlows,
  ...logFlows,
  ...traceFlows,
  ...metricFlows,
  ...dashboardFlows,
  ...alertFlows,
  ...pageFlows,
];

const url = process.env.SIGHTGLASS_URL?.replace(/\/$/, '');
const out = process.env.SIGHTGLASS_OUT;
if (url === undefined || out === undefined) {
  console.error('SIGHTGLASS_URL and SIGHTGLASS_OUT must be set: see the top of flows.mjs');
  process.exit(2);
}
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !FLOWS.some((flow) => flow.name === name));
if (unknown.length > 0) {
  console.error(
    `no flow is called ${unknown.join(', ')}: ${FLOWS.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

mkdirSync(out, { recursive: true });
const story = await pushTelemetry(url);
const browser = await openBrowser();
let failures = 0;
for (const flow of FLOWS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const { page, context, complaints } = await openPage(browser, url);
  const begun = performance.now();
  try {
    await flow.run({ page, story, url });
    const others = complaints.filter((complaint) => !flow.expects?.test(complaint));
    if (others.length > 0) throw new Error(`the page complained: ${others.join('; ')}`);
    process.stdout.write(`ok     ${flow.name} (${Math.round(performance.now() - begun)} ms)\n`);
  } catch (error) {
    failures += 1;
    process.stdout.write(`FAILED ${flow.name} at ${page.url()}: ${error.message}\n`);
    await page.screenshot({ path: join(out, `${flow.name}.png`) });
  }
  await context.close();
}
await browser.close();
process.exit(failures === 0 ? 0 : 1);
