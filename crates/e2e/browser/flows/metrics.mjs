// Metrics: a query in the editor, its chart and table, and an exemplar that leads to its trace.
import { assert, query, rangeOf, seen, until } from '../expect.mjs';

const expression = ({ metric }) =>
  `histogram_quantile(0.95, sum by (le) (rate(${metric}_bucket[1m])))`;

export const metricFlows = [
  {
    name: 'metrics-query-and-exemplar',
    run: async ({ page, story }) => {
      await page.goto(`/explore?${rangeOf(story)}`);
      await query(page, expression(story));
      await seen(page.getByText('1 series', { exact: true }));
      await seen(page.getByText('1 exemplar', { exact: true }));
      const plot = await (await seen(page.locator('.u-over'))).boundingBox();
      const share = (story.failed.startMs - story.startMs) / (story.endMs - story.startMs);
      const x = plot.x + plot.width * share;
      // Its time says where it stands from left to right; how high depends on the chart's scale.
      const hit = await until('the exemplar is found', async () => {
        for (let y = plot.y + 2; y < plot.y + plot.height; y += 3) {
          await page.mouse.move(x, y);
          if (await page.getByText(/^Exemplar ·/).isVisible()) return { x, y };
        }
        return null;
      });
      await page.mouse.click(hit.x, hit.y);
      await page.waitForURL((at) => at.pathname === `/traces/${story.failed.traceId}`);
    },
  },
  {
    name: 'metrics-exemplars-by-keyboard',
    run: async ({ page, story }) => {
      await page.goto(`/explore?${rangeOf(story)}&expr=${encodeURIComponent(expression(story))}`);
      await (await seen(page.getByRole('button', { name: '1 exemplar' }))).press('Enter');
      await (await seen(page.getByRole('menuitem', { name: /1\.8 s/ }))).press('Enter');
      await page.waitForURL((at) => at.pathname === `/traces/${story.failed.traceId}`);
    },
  },
  {
    name: 'metrics-table',
    run: async ({ page, story }) => {
      const expr = encodeURIComponent(`${story.metric}_count`);
      await page.goto(`/explore?${rangeOf(story)}&expr=${expr}&view=table`);
      const row = await seen(page.getByRole('row').filter({ hasText: story.web }));
      assert.match(await row.innerText(), /\b24\b/);
    },
  },
];
