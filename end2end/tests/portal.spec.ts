// What holds for every page, shown on the first one.
import { expectAccessible } from '../support/accessibility.ts';
import { newConfiguration } from '../support/configuration.ts';
import { expect, inNoTime, isTakenOver, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true } });

test('the first page can be read without any script', async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.address });
  const page = await context.newPage();
  await page.goto('/');
  await expect(page.getByRole('main')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('the first page is taken over by the browser and is accessible', async ({ page }) => {
  await open(page, '/');
  await expectAccessible(page);
});

test('nothing in the top bar lies over anything else, whatever the width', async ({ page }) => {
  await open(page, '/');
  const banner = page.getByRole('banner');
  const parts = banner
    .getByRole('button')
    .or(banner.getByRole('combobox'))
    .or(banner.getByRole('link', { name: 'Cloud sync', exact: true }));
  for (const width of [320, 390, 641, 768, 901, 1024, 1180, 1280, 1366, 1440, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    const places = [];
    for (const part of await parts.all()) {
      const box = await part.boundingBox();
      if (box) places.push({ start: box.x, end: box.x + box.width });
    }
    expect(places.length).toBeGreaterThanOrEqual(5);
    places.sort((one, other) => one.start - other.start);
    const overlapping = places.slice(1).filter(({ start }, before) => start < places[before]!.end);
    expect(overlapping, `at ${width}`).toEqual([]);
    expect(places.at(-1)!.end, `at ${width}`).toBeLessThanOrEqual(width);
  }
});

test('an unknown address says so and leads back', async ({ page, problems }) => {
  problems.expect(/status of 404/);
  const answer = await page.goto('/no/such/page');
  expect(answer?.status()).toBe(404);
  await isTakenOver(page);
  await expectAccessible(page);
  await page.getByRole('main').getByRole('link').first().click();
  await expect(page).toHaveURL('/');
});

test('a link that is followed right after a search was typed is not taken back', async ({ page }) => {
  const configuration = await newConfiguration(page);
  await page.clock.install();
  await open(page, '/cloud-sync');
  // The code of the other page is still on its way when the list would follow the keys.
  let comes = () => {};
  const code = new Promise<void>((resolve) => (comes = resolve));
  await page.route(/\.wasm$/, (route) => code.then(() => route.continue()));
  await inNoTime(page, async () => {
    await page.getByRole('searchbox', { name: 'Search configurations' }).fill('contoso');
    await page.getByRole('main').getByRole('link', { name: 'contoso.test' }).click();
    await page.clock.runFor(1000);
  });
  comes();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Edit provisioning configuration/);
  await expect(page).toHaveURL(configuration);
});
