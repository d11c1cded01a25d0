// Alerts: the rule that fires, its chart, a silence from its beginning to its end, and where labels are routed.
import { seen } from '../expect.mjs';

export const alertFlows = [
  {
    name: 'alerts-rule-and-silence',
    run: async ({ page, story }) => {
      await page.goto('/alerts');
      await (await seen(page.getByText('AlwaysFiring'))).click();
      await seen(page.getByText('vector(1)'));
      await seen(page.getByText(/since/));
      await (await seen(page.getByRole('button', { name: 'Silence', exact: true }))).click();
      const dialog = page.getByRole('dialog');
      await seen(dialog.getByText(/Keeps 1 alert of now quiet/));
      await dialog.getByLabel('By').fill('browser flow');
      await dialog.getByLabel('Why').fill(`flow ${story.run}`);
      await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });

      await page.getByRole('tab', { name: /Silences/ }).click();
      const row = page.getByRole('row').filter({ hasText: `flow ${story.run}` });
      await seen(row.getByText('active'));
      await row.getByRole('button', { name: 'End now' }).click();
      await seen(row.getByText('expired'));
    },
  },
  {
    name: 'alerts-other-tabs',
    run: async ({ page }) => {
      await page.goto('/alerts?tab=routing');
      await seen(page.getByRole('heading', { name: 'Routes' }));
      await page.getByRole('tab', { name: 'Notifications' }).click();
      await page.waitForURL((at) => at.search.includes('tab=notifications'));
      await seen(page.getByRole('tab', { name: 'Notifications', selected: true }));
    },
  },
];
