// The journey of the administrator's guide, as a person clicks it, on the demo forest.
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility.ts';
import { expect, isTakenOver, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true, words: ['--cycle-seconds', '2'] } });

const commands = (page: Page) => page.getByRole('toolbar', { name: 'Page commands' });
const command = (page: Page, name: string) =>
  commands(page).getByRole('button', { name, exact: true });
const summary = (page: Page) => page.getByRole('complementary', { name: 'Summary' });

/** From the first page to the edit page of a new configuration for contoso.test. */
async function createConfiguration(page: Page) {
  await page.goto('/');
  await isTakenOver(page);
  await page.getByRole('main').getByRole('link', { name: 'Azure AD Connect', exact: true }).first().click();
  await page.getByRole('link', { name: 'Manage cloud sync' }).click();
  await expect(page).toHaveURL('/cloud-sync');
  await command(page, 'New configuration').click();
  await page.getByRole('combobox', { name: 'Domain' }).selectOption('contoso.test');
  await page.getByRole('switch', { name: 'Enable password hash sync' }).uncheck();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Edit provisioning configuration');
}

async function enable(page: Page, threshold: string) {
  await page.getByRole('textbox', { name: 'Notification email' }).fill('ops@contoso.test');
  await expect(page.getByRole('checkbox', { name: 'Prevent accidental deletion' })).toBeChecked();
  const field = page.getByLabel('Accidental deletion threshold');
  await expect(field).toHaveValue('500');
  await field.fill(threshold);
  await page.getByRole('radio', { name: 'Enable', exact: true }).check({ force: true });
  await command(page, 'Save').click();
  await expect(summary(page)).toContainText('Healthy', { timeout: 30_000 });
}

test('create, enable, watch, and find the people in the tenant', async ({ page }) => {
  await createConfiguration(page);
  await expect(summary(page)).toContainText('Disabled');
  await expectAccessible(page);
  await enable(page, '500');
  await expect(summary(page)).toContainText(/Users\s*200/);
  await expectAccessible(page);

  await page.goto('/users');
  await isTakenOver(page);
  await expect(page.getByRole('main')).toContainText('200');
});

test('narrow the scope, be held, allow the deletions, and take it all back', async ({ page }) => {
  await createConfiguration(page);
  await enable(page, '20');
  const configuration = page.url();

  await page.getByRole('button', { name: 'Edit scoping filters' }).click();
  const pane = page.getByRole('dialog', { name: 'Scope users' });
  await pane.getByRole('radio', { name: 'Selected organizational units' }).check();
  await pane.getByRole('combobox', { name: 'Distinguished name' }).fill('OU=Nobody');
  await pane.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(pane).toContainText('outside the domain');
  await pane
    .getByRole('combobox', { name: 'Distinguished name' })
    .fill('OU=Sales,OU=Users,OU=Corp,DC=contoso,DC=test');
  await pane.getByRole('button', { name: 'Add', exact: true }).click();
  await pane.getByRole('button', { name: 'Done' }).click();
  await command(page, 'Save').click();
  await expect(page.getByRole('main')).toContainText('1 organizational unit');

  const banner = page.getByRole('group', { name: /^Scope was changed/ });
  await banner.getByRole('button', { name: 'Restart provisioning' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Yes', exact: true }).click();
  await expect(summary(page)).toContainText('Delete threshold exceeded', { timeout: 30_000 });

  await page.goto(`${configuration}/status`);
  await isTakenOver(page);
  await page.getByRole('button', { name: 'Allow deletes' }).click();
  await page.getByRole('button', { name: 'Yes, allow deletes' }).click();
  await page.goto(configuration);
  await expect(summary(page)).toContainText('Healthy', { timeout: 30_000 });
  await expect(summary(page)).not.toContainText(/Users\s*200/);
});

test('delete without a question, and undo', { tag: ['@F23'] }, async ({ page }) => {
  await createConfiguration(page);
  await command(page, 'Delete').click();
  await expect(page).toHaveURL(/\/cloud-sync\?/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('table').getByRole('link', { name: 'contoso.test' })).toBeVisible();
});

test('wrong input is refused beside its field, and nothing is stored', async ({ page }) => {
  await createConfiguration(page);
  await page.getByRole('textbox', { name: 'Notification email' }).fill('nobody');
  await page.getByLabel('Accidental deletion threshold').fill('0');
  await command(page, 'Save').click();
  await expect(page.getByRole('textbox', { name: 'Notification email' })).toHaveAccessibleDescription(
    /is not an email address/,
  );
  await expect(
    page.getByLabel('Accidental deletion threshold'),
  ).toHaveAccessibleDescription(/1 or more/);
  await page.reload();
  await isTakenOver(page);
  await expect(page.getByRole('textbox', { name: 'Notification email' })).toHaveValue('');
  await expect(page.getByLabel('Accidental deletion threshold')).toHaveValue('500');
});
