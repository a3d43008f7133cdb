// What administrators choose for everything at once: who may come in, who is told, by what programs
// act, and how the tenant settles conflicts.
import { request, type Page } from '@playwright/test';
import { newConfiguration } from '../support/configuration.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true } });

const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Page commands' });
const toasts = (page: Page) => page.getByRole('region', { name: 'Notifications' });

test('a synchronization feature is switched off, stays so, and stands in the audit log', async ({
  page,
}) => {
  await open(page, '/settings/tenant-features');
  const feature = page.getByRole('checkbox', { name: 'Soft match on user principal name' });
  await expect(feature).toBeChecked();
  await feature.uncheck();
  await toolbar(page).getByRole('button', { name: 'Save' }).click();
  await expect(toasts(page)).toContainText('Settings saved');
  await open(page, '/settings/tenant-features');
  await expect(feature).not.toBeChecked();
  await open(page, '/cloud-sync/audit-logs');
  await expect(page.getByRole('table', { name: 'Audit logs' })).toContainText('Tenant features');
});

test('a synchronization feature is switched off without any script', async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.address });
  const page = await context.newPage();
  await page.goto('/settings/tenant-features');
  const feature = page.getByRole('checkbox', { name: 'Block soft match' });
  await feature.check();
  await toolbar(page).getByRole('button', { name: 'Save' }).click();
  await expect(toasts(page)).toContainText('Settings saved');
  await expect(feature).toBeChecked();
});

test('the settings are reached from the top bar and from the portal menu', async ({ page }) => {
  await open(page, '/');
  await page.getByRole('button', { name: 'Settings' }).click();
  const pages = page.getByRole('navigation', { name: 'Settings pages' });
  await pages.getByRole('link', { name: 'People and roles' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('People and roles');
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeHidden();
  await page.getByRole('button', { name: 'Show portal menu' }).click();
  const menu = page.getByRole('navigation', { name: 'Portal menu' });
  await menu.getByRole('link', { name: 'Access tokens' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Access tokens');
  await expect(menu).toBeHidden();
});

test('a test mail is written, told of, and lies in the mailbox', async ({ page, problems }) => {
  problems.expect(/422/);
  await open(page, '/settings/notifications');
  const recipient = page.getByRole('textbox', { name: 'Recipient' });
  await recipient.fill('nobody');
  await recipient.press('Enter');
  await expect(recipient).toHaveAccessibleDescription(/"nobody" is not an email address/);
  await recipient.fill('mara@contoso.test');
  await toolbar(page).getByRole('button', { name: 'Send test e-mail' }).click();
  await expect(toasts(page)).toContainText('Test message written');
  const latest = page.getByRole('table', { name: 'Latest messages' });
  await expect(latest.getByRole('row', { name: /mara@contoso\.test/ })).toContainText('Kept here');
  await latest.getByRole('link', { name: /test message/ }).click();
  await expect(page.getByRole('article')).toContainText('mara@contoso.test');
});

test('an access token is shown once, works, and is refused once it is revoked', async ({
  page,
  server,
}) => {
  await open(page, '/settings/access-tokens');
  await toolbar(page).getByRole('button', { name: 'New access token' }).click();
  const pane = page.getByRole('dialog', { name: 'New access token' });
  await pane.getByRole('textbox', { name: 'Name' }).fill('Nightly report');
  await pane.getByRole('radio', { name: 'Reports Reader' }).check();
  await pane.getByRole('combobox', { name: 'Valid for' }).selectOption('7 days');
  await pane.getByRole('button', { name: 'Create' }).click();
  const shown = page.getByRole('region', { name: 'New access token' });
  await expect(shown.getByRole('button', { name: 'Copy access token' })).toBeVisible();
  const token = await shown.getByRole('code').innerText();
  const list = page.getByRole('table', { name: 'Access tokens' });
  await expect(list.getByRole('row', { name: /Nightly report/ })).toContainText('Reports Reader');

  const program = await request.newContext({
    baseURL: server.address,
    extraHTTPHeaders: { authorization: `Bearer ${token}` },
  });
  const ask = async () => (await program.post('/api/configurations/list')).status();
  expect(await ask()).toBe(200);

  await open(page, '/settings/access-tokens');
  await expect(list).toBeVisible();
  await expect(shown).toBeHidden();
  await list.getByRole('button', { name: 'More actions for Nightly report' }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).click();
  const question = page.getByRole('alertdialog', { name: 'Revoke Nightly report?' });
  await question.getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('heading', { name: 'No access token' })).toBeVisible();
  expect(await ask()).toBe(401);
  await program.dispose();
});

test('an access token is made without any script, and still shown only once', async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.address });
  const page = await context.newPage();
  await page.goto('/settings/access-tokens?pane=new');
  const pane = page.getByRole('dialog', { name: 'New access token' });
  await pane.getByRole('textbox', { name: 'Name' }).fill('Nightly report');
  await pane.getByRole('button', { name: 'Create' }).click();
  const shown = page.getByRole('region', { name: 'New access token' });
  await expect(shown.getByRole('code')).toHaveText(/^cloud_sync_/);
  await page.reload();
  await expect(page.getByRole('table', { name: 'Access tokens' })).toContainText('Nightly report');
  await expect(shown).toBeHidden();
});

test('an invited person comes in as a reader, sees that, is promoted, and is removed', { tag: ['@F108'] }, async ({
  page,
  browser,
  server,
}) => {
  test.slow();
  await open(page, '/settings/people-and-roles');
  await toolbar(page).getByRole('button', { name: 'Invite a person' }).click();
  const pane = page.getByRole('dialog', { name: 'Invite a person' });
  await pane.getByRole('radio', { name: 'Reports Reader' }).check();
  await pane.getByRole('button', { name: 'Create link' }).click();
  const link = page.getByRole('region', { name: 'New invitation' }).getByRole('code');
  const address = new URL(await link.innerText());

  const other = await browser.newContext({ baseURL: server.address });
  const reader = await other.newPage();
  await open(reader, address.pathname + address.search);
  await reader.getByRole('textbox', { name: 'Name', exact: true }).fill('Rita Reader');
  await reader.getByRole('textbox', { name: /email/i }).fill('rita@contoso.test');
  await reader.getByRole('textbox', { name: 'Password' }).fill('a long and quiet phrase');
  await reader.getByRole('button', { name: 'Continue' }).click();
  await expect(reader.getByRole('heading', { level: 1 })).toContainText('Overview');
  await open(reader, '/settings/people-and-roles');
  const bar = reader.getByRole('group', { name: 'You can look, not change.' });
  await expect(bar).toContainText('Hybrid Identity Administrator');
  const invite = toolbar(reader).getByRole('button', { name: 'Invite a person' });
  await expect(invite).toBeDisabled();
  await expect(invite).toHaveAccessibleDescription('Your role may look, not change.');
  await invite.click({ force: true });
  await expect(reader).toHaveURL(/people-and-roles$/);
  await open(reader, '/cloud-sync/new');
  const create = reader.getByRole('button', { name: 'Create', exact: true });
  await expect(create).toBeDisabled();
  await expect(create).toHaveAccessibleDescription('Your role may look, not change.');
  // The page greys it as a courtesy; the server is who refuses.
  const form = { 'new[domain]': 'contoso.test' };
  const answer = await reader.request.post('/api/configurations/create', { form });
  expect(answer.status()).toBe(403);
  await open(reader, '/cloud-sync/provisioning-logs');
  await expect(reader.getByRole('heading', { level: 1, name: 'Provisioning logs' })).toBeVisible();
  await open(reader, '/cloud-sync');
  await expect(reader.getByRole('heading', { name: 'No configuration yet' })).toBeVisible();
  const newConfiguration = toolbar(reader).getByRole('button', { name: 'New configuration' });
  await expect(newConfiguration).toBeDisabled();
  await expect(toolbar(reader).getByRole('button', { name: 'Logs' })).toBeEnabled();

  const people = page.getByRole('table', { name: 'People' });
  const row = people.getByRole('row', { name: /Rita Reader/ });
  await expect(row).toContainText('Reports Reader');
  const more = row.getByRole('button', { name: 'More actions for Rita Reader' });
  const menu = page.getByRole('menu', { name: 'More actions for Rita Reader' });
  await more.click();
  await menu.getByRole('menuitem', { name: 'Change role' }).click();
  const roles = page.getByRole('dialog', { name: 'Change role' });
  await roles.getByRole('radio', { name: 'Hybrid Identity Administrator' }).check();
  await roles.getByRole('button', { name: 'Apply' }).click();
  await expect(row).toContainText('Hybrid Identity Administrator');
  await open(reader, '/settings/people-and-roles');
  await expect(reader.getByRole('table', { name: 'People' })).toBeVisible();
  await expect(bar).toBeHidden();
  await expect(invite).toBeEnabled();

  await more.click();
  await menu.getByRole('menuitem', { name: 'Remove' }).click();
  const question = page.getByRole('alertdialog', { name: 'Remove Rita Reader?' });
  await question.getByRole('button', { name: 'Remove' }).click();
  await expect(row).toBeHidden();
  await other.close();
});

test('an invitation is withdrawn, and its link is used up', async ({ page }) => {
  await open(page, '/settings/people-and-roles?pane=invite');
  const pane = page.getByRole('dialog', { name: 'Invite a person' });
  await pane.getByRole('button', { name: 'Create link' }).click();
  const link = page.getByRole('region', { name: 'New invitation' }).getByRole('code');
  const address = await link.innerText();
  const invitations = page.getByRole('region', { name: 'Invitations' });
  await invitations.getByRole('button', { name: 'Withdraw' }).click();
  await expect(invitations).toContainText('No invitation is open.');
  const { pathname, search } = new URL(address);
  await open(page, pathname + search);
  await expect(page.getByRole('heading', { name: 'This link is used up' })).toBeVisible();
});

test('a theme that is chosen is seen at once, on the next page, and before any script runs', async ({
  page,
  browser,
  server,
}) => {
  await open(page, '/');
  const background = (seen: Page) =>
    seen.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background(page);
  const choose = async (name: string) => {
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByRole('radio', { name, exact: true }).check();
    await page.keyboard.press('Escape');
  };
  await choose('Dark');
  await expect.poll(() => background(page)).not.toBe(light);
  const dark = await background(page);

  await open(page, '/users');
  expect(await background(page)).toBe(dark);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await page.keyboard.press('Escape');
  const cookies = await page.context().cookies();
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.address });
  await context.addCookies(cookies);
  const silent = await context.newPage();
  await silent.goto('/');
  expect(await background(silent)).toBe(dark);
  await context.close();

  // What is chosen here counts more than the device.
  await page.emulateMedia({ colorScheme: 'dark' });
  await choose('Light');
  await expect.poll(() => background(page)).toBe(light);
  await choose('System');
  await expect.poll(() => background(page)).toBe(dark);
});

test('times are told to the second, and shortcuts are switched off, in this browser', async ({ page }) => {
  const configuration = await newConfiguration(page);
  await open(page, '/settings/people-and-roles');
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('switch', { name: 'Exact times' }).check();
  await settings.getByText('Each shortcut').click();
  await settings.getByRole('checkbox', { name: 'Ctrl K: Search' }).uncheck();
  await open(page, '/cloud-sync/audit-logs');
  await page.keyboard.press('Control+k');
  const search = page.getByRole('combobox', { name: 'Search configurations, objects and logs' });
  await expect(search).not.toBeFocused();
  await open(page, `${configuration}/provision-on-demand`);
  await open(page, '/');
  await expect(page.getByRole('time').filter({ hasText: /ago$/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(settings.getByRole('switch', { name: 'Exact times' })).toBeChecked();
  await settings.getByText('Each shortcut').click();
  await expect(settings.getByRole('checkbox', { name: 'Ctrl K: Search' })).not.toBeChecked();
  await settings.getByRole('switch', { name: 'Keyboard shortcuts' }).uncheck();
  for (const name of ['Ctrl S: Save', 'F8: To the notifications']) {
    await expect(settings.getByRole('checkbox', { name })).not.toBeChecked();
  }
  await settings.getByRole('switch', { name: 'Keyboard shortcuts' }).check();
  await expect(settings.getByRole('checkbox', { name: 'Ctrl K: Search' })).toBeChecked();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(search).toBeFocused();
});

test('deleting asks first where the reader wants it, with and without a script', async ({
  page,
  browser,
  server,
}) => {
  const configuration = await newConfiguration(page);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('switch', { name: 'Confirm before deleting' }).check();
  await open(page, '/cloud-sync');
  await page.getByRole('button', { name: 'More actions for contoso.test' }).click();
  await page.getByRole('menuitem', { name: 'Delete', exact: true }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete contoso.test?' });
  await expect(question).toContainText('stay in the tenant');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();

  const cookies = await page.context().cookies();
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.address });
  await context.addCookies(cookies);
  const silent = await context.newPage();
  await silent.goto(configuration);
  await silent.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(silent.getByRole('alertdialog', { name: 'Delete contoso.test?' })).toBeVisible();
  await context.close();

  await toolbar(page).getByRole('button', { name: 'Delete', exact: true }).click();
  await question.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('Configuration deleted')).toBeVisible();
});
