// The guide's journey in a browser that runs no script: slower to walk, but every step is there.
import { expect, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true, words: ['--cycle-seconds', '2'] } });

test('a configuration is made, enabled, restarted, deleted and brought back without any script', async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.address });
  const page = await context.newPage();
  const commands = page.getByRole('toolbar', { name: 'Page commands' });
  const notifications = page.getByRole('region', { name: 'Notifications' });
  const email = page.getByRole('textbox', { name: 'Notification email' });
  const threshold = page.getByRole('spinbutton', { name: 'Accidental deletion threshold' });
  // The button says that nothing has changed yet, which only a script can know better.
  const save = () => commands.getByRole('button', { name: 'Save', exact: true }).click({ force: true });

  await page.goto('/cloud-sync');
  await commands.getByRole('button', { name: 'New configuration' }).click();
  await page.getByRole('combobox', { name: 'Domain' }).selectOption('contoso.test');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(notifications).toContainText('Configuration created');

  await email.fill('nobody');
  await save();
  await expect(email).toHaveAccessibleDescription(/is not an email address/);
  await email.fill('ops@contoso.test');
  await threshold.fill('30');
  await page.getByRole('radio', { name: 'Enable', exact: true }).check();
  await save();
  await expect(notifications).toContainText('Settings saved');
  await expect(email).toHaveValue('ops@contoso.test');
  await expect(threshold).toHaveValue('30');

  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('complementary', { name: 'Summary' })).toContainText('Healthy');
  }).toPass();
  await commands.getByRole('button', { name: 'Restart provisioning' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await expect(notifications).toContainText('Restart under way');

  await commands.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(notifications).toContainText('Configuration deleted');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(notifications).toContainText('Configuration restored');
  await expect(page.getByRole('table').getByRole('link', { name: 'contoso.test' })).toBeVisible();
});
