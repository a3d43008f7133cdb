// The code of pages comes in parts, with the pages that need them.
import { expect, isTakenOver, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true } });

test('the first page fetches the main module alone, and others fetch theirs once', async ({ page }) => {
  const modules: string[] = [];
  page.on('response', (response) => {
    const name = /pkg-[0-9a-f]+\/(.+)\.wasm$/.exec(response.url())?.[1];
    if (name) modules.push(name);
  });
  await open(page, '/');
  expect(modules).toEqual(['cloud-sync_bg']);

  const main = page.getByRole('main');
  await main.getByRole('link', { name: 'Open Azure AD Connect' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Azure AD Connect' })).toBeVisible();
  expect(modules).toContain('split_lists');
  const fetched = modules.length;
  await main.getByRole('link', { name: 'Manage cloud sync' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /cloud sync/ })).toBeVisible();
  expect(modules.length).toBe(fetched);
});

test('a page asks for nothing but its looks until it was painted, then for its part beside the main module', async ({ page }) => {
  const written = await page.request.get('/users', { headers: { accept: 'text/html' } });
  const head = (await written.text()).split('</head>')[0]!;
  const asked = [...head.matchAll(/<link[^>]* rel="([^"]+)"/g)].map(([, rel]) => rel);
  expect(asked).toEqual(expect.arrayContaining(['stylesheet', 'icon', 'part']));
  expect(asked.filter((rel) => /preload|prefetch/.test(rel!))).toEqual([]);
  expect(head).not.toMatch(/<script[^>]* src=/);

  await open(page, '/users');
  const early = page.locator('head link[rel="prefetch"][href$="/split_results.wasm"]');
  await expect(early).toHaveCount(1);
});

test('a page whose code does not arrive says so and can be loaded again', async ({
  page,
  problems,
}) => {
  problems.expect(/request failed.*split_results/);
  problems.tolerate(/console error/);
  await open(page, '/');
  await page.route('**/split_results.wasm', (route) => route.abort('connectionfailed'));
  await page.getByRole('navigation').getByRole('link', { name: 'Users', exact: true }).click();
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('This page could not be loaded');

  await page.unroute('**/split_results.wasm');
  await page.getByRole('link', { name: 'Load the page again' }).click();
  await isTakenOver(page);
  await expect(heading).toHaveText(/Users/);
});

test('a page that is on its way says so until it is there', async ({ page }) => {
  await open(page, '/');
  const main = page.getByRole('main');
  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  await page.route('**/split_results.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('navigation').getByRole('link', { name: 'Users', exact: true }).click();
  await expect(main).toHaveAttribute('aria-busy', 'true');
  goOn();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Users/);
  await expect(main).not.toHaveAttribute('aria-busy');
});
