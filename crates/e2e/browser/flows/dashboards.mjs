// Dashboards: those that come along draw without an error, and one's own is imported, shown and deleted.
import { assert, seen, until } from '../expect.mjs';

const PRELOADED = [
  { uid: 'sightglass-host', panel: 'CPU by mode' },
  { uid: 'sightglass-self', panel: 'Records a second' },
  { uid: 'sightglass-service', panel: 'Rate' },
];

/** Scrolls through all of it, for panels ask when they come into view. */
async function scrollThrough(page) {
  const scroller = page.locator('main');
  const height = await scroller.evaluate((element) => element.scrollHeight);
  for (let top = 0; top < height; top += 500) {
    await scroller.evaluate((element, to) => element.scrollTo(0, to), top);
    await page.waitForLoadState('networkidle');
  }
}

export const dashboardFlows = [
  ...PRELOADED.map(({ uid, panel }) => ({
    name: `dashboard-${uid}`,
    run: async ({ page }) => {
      await page.goto(`/dashboards/${uid}?from=now-15m&to=now&refresh=off`);
      await seen(page.getByRole('heading', { name: panel, exact: true }));
      await until('charts are drawn', () => page.locator('.uplot canvas').count());
      await scrollThrough(page);
      assert.deepEqual(await page.getByRole('alert').allInnerTexts(), []);
      assert.equal(await page.getByText(/^Not drawn yet/).count(), 0);
    },
  })),
  {
    name: 'dashboard-import-and-delete',
    run: async ({ page, story }) => {
      const title = `Flow ${story.run}`;
      const target = { refId: 'A', expr: '6 * 7', datasource: { type: 'prometheus' } };
      const panel = {
        id: 1,
        type: 'stat',
        title: 'The answer',
        gridPos: { x: 0, y: 0, w: 6, h: 4 },
        targets: [target],
      };
      const json = JSON.stringify({
        title,
        uid: `flow-${story.run}`,
        schemaVersion: 39,
        panels: [panel],
      });
      await page.goto('/dashboards');
      await (await seen(page.getByRole('button', { name: 'Import' }))).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').first().fill(json);
      await dialog.getByRole('button', { name: 'Import', exact: true }).click();
      await page.waitForURL((at) => at.pathname === `/dashboards/flow-${story.run}`);
      await seen(page.getByText('42', { exact: true }));
      await page.goto('/dashboards');
      await (await seen(page.getByRole('button', { name: `More of ${title}` }))).click();
      await (await seen(page.getByRole('menuitem', { name: 'Delete' }))).click();
      await page.getByRole('link', { name: title }).waitFor({ state: 'detached' });
    },
  },
];
