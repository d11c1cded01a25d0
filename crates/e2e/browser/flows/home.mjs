// The first screen: hosts, services, alerts, what arrives and what is stored.
import { assert, seen, until } from '../expect.mjs';

export const homeFlows = [
  {
    name: 'home-is-not-empty',
    run: async ({ page, story }) => {
      await page.goto('/');
      for (const title of ['Services', 'Hosts', 'Arriving', 'Storage']) {
        await seen(page.getByRole('heading', { name: title, exact: true }));
      }
      await seen(page.getByText('AlwaysFiring'));
      // A rate takes two flushes of span metrics, ten seconds apart, and then the page has to ask.
      await seen(page.getByRole('link', { name: story.web, exact: true }), 60_000);
      const hosts = page.locator('a[href^="/dashboards/sightglass-host"]');
      assert.ok((await hosts.count()) > 0, 'no host');
      await until('samples arrive', async () =>
        /[1-9][\d.]*k? samples\/s/.test(await page.locator('body').innerText()),
      );
    },
  },
  {
    name: 'home-leads-to-a-service',
    run: async ({ page, story }) => {
      await page.goto('/');
      const row = page.getByRole('row').filter({ hasText: story.web });
      await (await seen(row.getByRole('link', { name: /traces/i }))).click();
      await page.waitForURL((at) => at.pathname === '/traces' && at.search.includes(story.web));
      await seen(page.getByText('POST /checkout'));
    },
  },
];
