// A configuration, made as a person makes one.
import { expect, type Page } from '@playwright/test';
import { open } from './test.ts';

/** Makes a configuration for the first domain, leaves its page open, and returns its path. */
export async function newConfiguration(page: Page): Promise<string> {
  await open(page, '/cloud-sync/new');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'Edit provisioning configuration' })).toBeVisible();
  await expect(page).toHaveURL(/configurations\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname;
}
