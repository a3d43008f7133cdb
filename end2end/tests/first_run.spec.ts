// A new installation: nothing is connected, and every page says what to begin with.
import { signUp } from '../support/administrator.ts';
import { expect, open, test } from '../support/test.ts';

for (const [address, name] of [
  ['/cloud-sync', 'the list of configurations'],
  ['/cloud-sync/new', 'New configuration'],
  ['/directories', 'On-premises directories'],
] as const) {
  test(`${name} leads to connecting a directory where none is connected`, async ({ page, server }) => {
    await signUp(page, server);
    await open(page, address);
    const main = page.getByRole('main');
    await expect(main.getByRole('heading', { name: 'No directory is connected yet' })).toBeVisible();
    await expect(main.getByRole('table')).toHaveCount(0);
    await main.getByRole('button', { name: 'Connect a directory' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Connect directory' })).toBeVisible();
  });
}
