// Logs: search, filters from the top values, the opened record, its trace, and the live tail.
import { query, rangeOf, seen, until } from '../expect.mjs';

const rows = (page) => page.getByRole('grid').getByRole('row');
const matches = (page) => page.getByText(/^[\d,]+ records?$/).innerText();

export const logFlows = [
  {
    name: 'logs-search-filter-open-trace',
    run: async ({ page, story }) => {
      await page.goto(`/logs?${rangeOf(story)}`);
      await query(page, `service.name:"${story.web}"`);
      await until(
        'all records',
        () => matches(page),
        (text) => text === '24 records',
      );
      await seen(page.locator('canvas'));

      await page.getByRole('button', { name: 'shelf', exact: false }).first().click();
      await (await seen(page.getByRole('button', { name: `Only shelf-${story.run}-0` }))).click();
      await until(
        'half of them',
        () => matches(page),
        (text) => text === '12 records',
      );
      await (
        await seen(page.getByRole('button', { name: `Without shelf-${story.run}-0` }))
      ).click();
      // The same value cannot be wanted and unwanted: the filter turns around.
      await page.waitForURL((at) => at.search.includes(`f=!shelf`));
      await page
        .getByRole('button', { name: `Only shelf-${story.run}-0` })
        .waitFor({ state: 'detached' });
      await until(
        'the other half',
        () => matches(page),
        (text) => text === '12 records',
      );

      await page.goto(
        `/logs?${rangeOf(story)}&q=${encodeURIComponent(`message:failed and ${story.run}`)}`,
      );
      await until(
        'the failure',
        () => matches(page),
        (text) => text === '1 record',
      );
      await rows(page).nth(1).click();
      await (await seen(page.getByRole('tab', { name: 'JSON' }))).click();
      await seen(page.locator('pre', { hasText: story.failed.traceId }));
      await page.getByRole('tab', { name: 'Fields' }).click();
      await page.getByText(story.failed.traceId).first().click();
      const link = page.locator(`a[href*="/traces/${story.failed.traceId}"]`);
      await (await seen(link)).click();
      await page.waitForURL((at) => at.pathname === `/traces/${story.failed.traceId}`);
      await seen(page.getByText('SELECT carts'));
    },
  },
  {
    name: 'logs-errors-name-the-place',
    expects: /400/,
    run: async ({ page, story }) => {
      await page.goto(`/logs?${rangeOf(story)}`);
      await query(page, 'service.name:(a or');
      await seen(page.getByRole('alert').locator('mark'));
    },
  },
  {
    name: 'logs-live-tail',
    run: async ({ page, story, url }) => {
      await page.goto(`/logs?q=${encodeURIComponent(`live-${story.run}`)}`);
      const tail = page.waitForResponse((answer) => answer.url().includes('/api/logs/tail'));
      await (await seen(page.getByRole('button', { name: 'Live' }))).click();
      await tail;
      const body = `{"create":{"_index":"flows"}}\n{"message":"live-${story.run} is seen"}\n`;
      const headers = { 'content-type': 'application/x-ndjson' };
      await fetch(`${url}/elasticsearch/_bulk`, { method: 'POST', headers, body });
      await seen(page.getByText(`live-${story.run} is seen`));
    },
  },
];
