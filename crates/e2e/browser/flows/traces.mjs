// Traces: the list, the waterfall with its details, and the way on to the logs.
import { rangeOf, seen } from '../expect.mjs';

export const traceFlows = [
  {
    name: 'traces-search-waterfall-logs',
    run: async ({ page, story }) => {
      const tags = encodeURIComponent('error=true');
      await page.goto(`/traces?${rangeOf(story)}&service=${story.web}&tags=${tags}`);
      await seen(page.getByText('1 trace', { exact: true }));
      await (await seen(page.locator(`a[href*="${story.failed.traceId}"]`))).click();
      await page.waitForURL((at) => at.pathname === `/traces/${story.failed.traceId}`);
      await seen(page.getByText(/3 spans with errors/));

      await (await seen(page.getByRole('row').filter({ hasText: 'SELECT carts' }))).click();
      await seen(page.getByText('the store did not answer'));
      await page.getByRole('tab', { name: /Logs/ }).click();
      await seen(page.getByText(`checkout ${story.run} failed`));
      await page.goBack();
      await seen(page.getByRole('row').filter({ hasText: 'SELECT carts' }));
    },
  },
  {
    name: 'traces-unknown-id-says-so',
    expects: /404/,
    run: async ({ page }) => {
      await page.goto(`/traces/${'0'.repeat(31)}1`);
      await seen(page.getByText(/no span|not found|no trace/i));
    },
  },
];
