// What holds for every page, shown on the first one.
import { expectAccessible } from '../support/accessibility.ts';
import { expect, isTakenOver, open, test } from '../support/test.ts';

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

test('an unknown address says so and leads back', async ({ page, problems }) => {
  problems.expect(/status of 404/);
  const answer = await page.goto('/no/such/page');
  expect(answer?.status()).toBe(404);
  await isTakenOver(page);
  await expectAccessible(page);
  await page.getByRole('main').getByRole('link').first().click();
  await expect(page).toHaveURL('/');
});
