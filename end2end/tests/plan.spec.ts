// One object tested before it runs for all, and the plan seen before it runs.
import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expectAccessible } from '../support/accessibility.ts';
import { expect, isTakenOver, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true, words: ['--cycle-seconds', '2'] } });

const command = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Page commands' }).getByRole('button', { name, exact: true });

/** A configuration for contoso.test, switched off. */
async function newConfiguration(page: Page): Promise<string> {
  await open(page, '/cloud-sync/new');
  await page.getByRole('combobox', { name: 'Domain' }).selectOption('contoso.test');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Edit provisioning configuration');
  await expect(page).toHaveURL(/configurations\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname;
}

/** The distinguished name of the first person of a part of the demo forest's tenant. */
async function somebody(page: Page, configuration: string): Promise<string> {
  await open(page, `${configuration}/preview`);
  await command(page, 'New preview').click();
  const row = page.getByRole('table', { name: 'Planned changes' }).getByRole('row').filter({ hasText: 'Create user' });
  return (await row.first().locator('small').innerText()).trim();
}

test('one person is provisioned on demand in four explained steps, then nothing is left to do', async ({ page }) => {
  const configuration = await newConfiguration(page);
  const name = await somebody(page, configuration);
  await open(page, configuration);
  await page.getByRole('button', { name: 'Provision a user' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Provision on demand');
  await page.getByRole('textbox', { name: 'Distinguished name' }).fill(name);
  await page.getByRole('button', { name: 'Provision', exact: true }).click();
  await expect(page.getByText('was provisioned.')).toBeVisible();
  const steps = page.getByRole('region', { name: 'Steps' });
  for (const step of [
    'Import user',
    'Determine if user is in scope',
    'Match user between source and target system',
    'Perform action',
  ]) {
    await expect(steps.getByRole('link', { name: `View details: ${step}` })).toBeVisible();
  }
  await steps.getByRole('link', { name: 'View details: Determine if user is in scope' }).click();
  const details = page.getByRole('table', { name: 'Details: Determine if user is in scope' });
  await expect(details.getByRole('row').filter({ hasText: 'Scoping filter evaluation passed' })).toContainText('True');
  await expectAccessible(page);
  await command(page, 'Retry').click();
  await expect(steps).toContainText('There is no operation.');
});

test('an object that the directory does not have is said at its step', { tag: ['@F61'] }, async ({ page }) => {
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/provision-on-demand`);
  await page.getByRole('textbox', { name: 'Distinguished name' }).fill('nobody@contoso.test');
  await page.getByRole('button', { name: 'Provision', exact: true }).click();
  await expect(page.getByText('was not provisioned.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Steps' })).toContainText('nobody@contoso.test');
});

test('the plan is seen in numbers and lines, taken along as a file, and run exactly', async ({ page }) => {
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/preview`);
  await command(page, 'New preview').click();
  const numbers = page.getByRole('table', { name: 'The plan in numbers' });
  await expect(numbers.getByRole('row').filter({ hasText: /^Create/ })).toBeVisible();
  await expectAccessible(page);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download CSV' }).click(),
  ]);
  const text = await readFile((await file.path())!, 'utf8');
  expect(text).toContain('action,kind,displayName');
  expect(text.split('\n').filter((line) => line.startsWith('create,user')).length).toBeGreaterThan(100);
  await page.getByRole('button', { name: 'Run exactly this plan' }).click();
  await expect(page).toHaveURL(new RegExp(`${configuration}/status`), { timeout: 30_000 });
  await isTakenOver(page);
  await open(page, `${configuration}/preview`);
  await command(page, 'New preview').click();
  await expect(page.getByRole('group', { name: 'No changes. 5 users fail.' })).toBeVisible();
});
