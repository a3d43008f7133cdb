// The first twenty-three features, as an administrator meets them: the way in, a new configuration,
// its settings, its scope, running it, stopping it, deleting it.
import type { Page } from '@playwright/test';
import { Demo, SALES, STANDING_STILL, TICK } from '../support/demo.ts';
import { command, fact, save, summary, toasts } from '../support/portal.ts';
import { expect, isTakenOver, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: STANDING_STILL } });

const section = (page: Page, title: string) =>
  page.getByRole('list', { name: 'Configuration sections' }).getByRole('region', { name: new RegExp(title) });
const row = (page: Page, domain: string) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: domain }) });

async function enable(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Deploy' }).getByRole('radio', { name: 'Enable' }).check();
  await save(page);
}

/** Makes a configuration, with or without passwords; its page stays open. */
async function create(page: Page, domain: string, withPasswords: boolean): Promise<string> {
  await open(page, '/cloud-sync');
  await command(page, 'New configuration').click();
  await expect(page.getByRole('heading', { level: 1, name: 'New configuration' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Domain' }).selectOption(domain);
  const passwords = page.getByRole('switch', { name: 'Enable password hash sync' });
  await passwords.setChecked(withPasswords);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Edit provisioning configuration' })).toBeVisible();
  await expect(toasts(page)).toContainText('Configuration created');
  return new URL(page.url()).pathname;
}

async function chooseUnit(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Edit scoping filters' }).click();
  const pane = page.getByRole('dialog', { name: 'Scope users' });
  await pane.getByRole('radio', { name: 'Selected organizational units' }).check();
  await pane.getByRole('combobox', { name: 'Distinguished name' }).fill(name);
  await pane.getByRole('button', { name: 'Add', exact: true }).click();
  await pane.getByRole('button', { name: 'Done' }).click();
  await expect(pane).toBeHidden();
}

test('cloud sync is found from the first page, and the way there stands above it', { tag: ['@F01'] }, async ({ page }) => {
  await open(page, '/');
  await page.getByRole('button', { name: 'Show portal menu' }).click();
  const menu = page.getByRole('navigation', { name: 'Portal menu' });
  await menu.getByRole('link', { name: 'Azure AD Connect' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Azure AD Connect' })).toBeVisible();
  await page.getByRole('link', { name: 'Manage cloud sync' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Azure AD Connect cloud sync');
  const places = page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('listitem');
  await expect(places).toHaveText([
    'Home',
    'Azure Active Directory',
    'Azure AD Connect',
    /^Azure AD Connect cloud sync/,
  ]);
  await places.getByRole('link', { name: 'Azure AD Connect', exact: true }).click();
  await expect(page).toHaveURL('/azure-ad-connect');
});

test(
  'two configurations are made, one with passwords and one without',
  { tag: ['@F02', '@F03', '@F05', '@F06', '@F07'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await create(page, 'contoso.test', true);
    await expect(
      page.getByRole('list', { name: 'Configuration sections' }).getByRole('heading', { level: 2 }),
    ).toHaveText([/Scope/, /Manage attributes/, /Validate/, /Settings/, /Deploy/]);
    await expect(summary(page)).toContainText('Disabled');
    await expect(page.getByRole('spinbutton', { name: 'Accidental deletion threshold' })).toHaveValue('500');
    await expect(page.getByRole('checkbox', { name: 'Prevent accidental deletion' })).toBeChecked();
    await enable(page);
    await create(page, 'fabrikam.test', false);
    await expect(page.getByRole('switch', { name: 'Password hash sync' })).not.toBeChecked();
    await enable(page);
    await demo.settle();
    await demo.nextCycle();
    await expect(fact(summary(page), 'Passwords')).toHaveText('Not synchronized');

    await open(page, '/cloud-sync');
    const table = page.getByRole('table', { name: 'Configurations' });
    await expect(table.getByRole('rowheader')).toHaveCount(2);
    await expect(row(page, 'contoso.test').getByRole('cell', { name: 'On', exact: true })).toBeVisible();
    await expect(row(page, 'fabrikam.test').getByRole('cell', { name: 'Off', exact: true })).toBeVisible();
    await row(page, 'contoso.test').getByRole('link', { name: 'contoso.test' }).click();
    await expect(fact(summary(page), 'Passwords')).toHaveText(/^\d+ users/);
    // Nothing is left to configure.
    await open(page, '/cloud-sync/new');
    await expect(page.getByRole('heading', { name: 'Every domain has its configuration' })).toBeVisible();
  },
);

test(
  'settings are refused or stored, and stay',
  { tag: ['@F08', '@F09', '@F10'] },
  async ({ page }) => {
    const configuration = await create(page, 'contoso.test', true);
    const email = page.getByRole('textbox', { name: 'Notification email' });
    const prevent = page.getByRole('checkbox', { name: 'Prevent accidental deletion' });
    const threshold = page.getByRole('spinbutton', { name: 'Accidental deletion threshold' });

    await email.fill('ops at contoso');
    await threshold.fill('0');
    await command(page, 'Save').click();
    await expect(email).toHaveAccessibleDescription(/is not an email address/);
    await expect(threshold).toHaveAccessibleDescription(/must be 1 or more/);
    await threshold.clear();
    await threshold.pressSequentially('many');
    await command(page, 'Save').click();
    await expect(threshold).toHaveAccessibleDescription(/whole number/);

    await email.fill('ops@contoso.test; identity@contoso.test');
    await threshold.fill('3');
    await save(page);
    await prevent.uncheck();
    await expect(threshold).toBeDisabled();
    await save(page);
    await open(page, configuration);
    await expect(email).toHaveValue('ops@contoso.test; identity@contoso.test');
    await expect(prevent).not.toBeChecked();
    await expect(threshold).toHaveValue('3');
    await prevent.check();
    await save(page);
    await open(page, configuration);
    await expect(prevent).toBeChecked();
  },
);

test(
  'enabling runs an initial cycle, a restart another one, and disabling none any more',
  { tag: ['@F11', '@F12', '@F22', '@F78', '@F79'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await create(page, 'contoso.test', false);
    const cycles = page.getByRole('dialog', { name: 'Sync status' }).getByRole('table', { name: 'Last cycles' });
    const lastCycle = async (kind: string, at: string) => {
      await open(page, `${configuration}/status`);
      await expect(cycles.getByRole('cell', { name: kind, exact: true })).toBeVisible();
      await expect(cycles.locator('time')).toHaveAttribute('datetime', at);
      await page.getByRole('button', { name: 'Cancel' }).click();
    };
    expect(await demo.inTenant('user')).toBe(0);
    await enable(page);
    await demo.settle();
    await expect(page.getByRole('button', { name: 'Healthy, status of contoso.test' })).toBeVisible();
    await lastCycle('Initial', '2026-11-02T08:00:00Z');
    await expect(fact(summary(page), 'Users')).toHaveText('200');
    await demo.nextCycle();
    await lastCycle('Incremental', '2026-11-02T08:02:00Z');

    await command(page, 'Restart provisioning').click();
    const question = page.getByRole('alertdialog', { name: 'Restart provisioning?' });
    await question.getByRole('button', { name: 'Yes', exact: true }).click();
    await expect(toasts(page)).toContainText('Restart under way');
    await demo.settle();
    await lastCycle('Initial', '2026-11-02T08:02:00Z');
    await demo.nextCycle();
    await lastCycle('Incremental', '2026-11-02T08:04:00Z');

    await page.getByRole('group', { name: 'Deploy' }).getByRole('radio', { name: 'Disable' }).check();
    await save(page);
    const person = await demo.entry('Bogdan Lindgren');
    await demo.change(person, { title: 'Nobody hears of this' });
    await demo.passes(5 * TICK);
    await expect(page.getByRole('button', { name: 'Disabled, status of contoso.test' })).toBeVisible();
    await lastCycle('Incremental', '2026-11-02T08:04:00Z');
    await expect(command(page, 'Restart provisioning')).toHaveAttribute('aria-disabled', 'true');
  },
);

test(
  'a scope is chosen with Done, stored with Save, and leads to a restart',
  { tag: ['@F13', '@F17', '@F18', '@F19'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await create(page, 'contoso.test', false);
    const scope = section(page, 'Scope');
    await expect(scope.getByRole('link', { name: 'All users' })).toBeVisible();
    await chooseUnit(page, SALES);
    await expect(scope.getByRole('link', { name: '1 organizational unit' })).toBeVisible();
    await expect(page.getByText('1 unsaved change')).toBeVisible();
    // Done stored nothing.
    await page.reload();
    await isTakenOver(page);
    await expect(scope.getByRole('link', { name: 'All users' })).toBeVisible();

    await enable(page);
    await demo.settle();
    await expect(fact(summary(page), 'Users')).toHaveText('200');
    const banner = page.getByRole('group', { name: 'Scope was changed.' });
    await expect(banner).toBeHidden();
    await chooseUnit(page, SALES);
    await save(page);
    await banner.getByRole('button', { name: 'Restart provisioning' }).click();
    const question = page.getByRole('alertdialog', { name: 'Restart provisioning?' });
    await question.getByRole('button', { name: 'Yes', exact: true }).click();
    await demo.settle();
    await expect(fact(summary(page), 'Users')).toHaveText('40');
    await expect(banner).toBeHidden();
    await page.reload();
    await isTakenOver(page);
    await expect(scope.getByRole('link', { name: '1 organizational unit' })).toBeVisible();

    await section(page, 'Manage attributes').getByRole('button', { name: 'Click to edit mappings' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Attribute mappings' })).toBeVisible();
    await open(page, configuration);
    await section(page, 'Validate').getByRole('button', { name: 'Provision a user' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Provision on demand' })).toBeVisible();
  },
);

test(
  'one click deletes a configuration, its objects stay, and Undo brings it back',
  { tag: ['@F23', '@F24'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    await open(page, configuration);
    await command(page, 'Delete').click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Configurations');
    await expect(page.getByRole('alertdialog')).toHaveCount(0);
    await expect(page.getByRole('rowheader', { name: 'contoso.test' })).toHaveCount(0);
    await expect(toasts(page)).toContainText('Its objects stay in the tenant.');
    expect(await demo.inTenant('user')).toBe(200);
    await toasts(page).getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('rowheader', { name: 'contoso.test' })).toBeVisible();
    await demo.nextCycle();
    await expect(page.getByRole('button', { name: 'Healthy, status of contoso.test' })).toBeVisible();
    expect(await demo.inTenant('user')).toBe(200);
  },
);
