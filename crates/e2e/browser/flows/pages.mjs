// Every page: it has a title and no complaint, in both colour schemes, and text from telemetry stays text.
import { assert, rangeOf, seen } from '../expect.mjs';
import { HOSTILE } from '../telemetry.mjs';

const PAGES = ['/', '/logs', '/traces', '/explore', '/dashboards', '/alerts', '/status'];

const widthBeyondWindow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

export const pageFlows = [
  {
    name: 'status-says-what-runs',
    run: async ({ page }) => {
      await page.goto('/status');
      for (const title of ['Targets', 'Storage', 'Listeners']) {
        await seen(page.getByRole('heading', { name: title, exact: true }));
      }
      await seen(page.getByRole('row').filter({ hasText: 'sightglass:node' }).getByText('up'));
      await seen(page.getByText('the interface, the API'));
    },
  },
  ...['dark', 'light'].map((scheme) => ({
    name: `every-page-${scheme}`,
    run: async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      for (const path of PAGES) {
        await page.goto(path);
        await seen(page.locator('header h1'));
        await page.waitForLoadState('networkidle');
        assert.equal(
          await page.evaluate(() => document.documentElement.dataset.mantineColorScheme),
          scheme,
        );
        assert.equal(await widthBeyondWindow(page), 0, `${path} is wider than the window`);
      }
    },
  })),
  {
    name: 'every-page-on-a-phone',
    run: async ({ page, story }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      for (const path of [...PAGES, `/traces/${story.failed.traceId}`]) {
        await page.goto(path);
        await seen(page.locator('header h1'));
        await page.waitForLoadState('networkidle');
        assert.equal(await widthBeyondWindow(page), 0, `${path} is wider than the window`);
      }
    },
  },
  {
    name: 'keys-and-palette',
    run: async ({ page }) => {
      await page.goto('/');
      await seen(page.locator('header h1'));
      await page.keyboard.press('g');
      await page.keyboard.press('l');
      await page.waitForURL((at) => at.pathname === '/logs');
      await seen(page.locator('header h1'));
      await page.keyboard.press('Control+K');
      await (await seen(page.getByRole('dialog').getByRole('textbox'))).fill('status');
      await seen(page.getByRole('dialog').getByText('Status', { exact: true }));
      await page.keyboard.press('Enter');
      await page.waitForURL((at) => at.pathname === '/status');
    },
  },
  {
    name: 'telemetry-is-never-html',
    run: async ({ page, story }) => {
      const range = rangeOf(story);
      const label = encodeURIComponent(`${story.metric}_hostile`);
      const logs = encodeURIComponent(`"${story.hostileService.split(' ')[0]}"`);
      const places = [
        `/logs?${range}&col=message&col=comment`,
        `/logs?${range}&q=${logs}`,
        `/traces?${range}&service=${encodeURIComponent(story.hostileService)}`,
        `/traces/${story.failed.traceId}?${range}`,
        `/explore?${range}&expr=${label}`,
        `/explore?${range}&expr=${label}&view=table`,
        `/explore?${range}&browse=1`,
        `/?q=${encodeURIComponent(HOSTILE)}`,
      ];
      let shown = 0;
      for (const place of places) {
        await page.goto(place);
        await seen(page.locator('header h1'));
        await page.waitForLoadState('networkidle');
        const images = page.locator('img[src="x"]');
        assert.equal(await images.count(), 0, `${place} made HTML of it`);
        assert.doesNotMatch(await page.title(), /^HOSTILE$/, place);
        shown += await page.getByText('<img src=x').count();
      }
      assert.ok(shown > 3, `it was to be seen as text, but only ${shown} times`);
    },
  },
];
