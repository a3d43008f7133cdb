// What administrators choose for everything at once.
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true } });

test('a synchronization feature is switched off, stays so, and stands in the audit log', async ({
  page,
}) => {
  await open(page, '/settings/tenant-features');
  const feature = page.getByRole('checkbox', { name: 'Soft match on user principal name' });
  await expect(feature).toBeChecked();
  await feature.uncheck();
  const commands = page.getByRole('toolbar', { name: 'Page commands' });
  await commands.getByRole('button', { name: 'Save' }).click();
  const toasts = page.getByRole('region', { name: 'Notifications' });
  await expect(toasts).toContainText('Settings saved');
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
  const commands = page.getByRole('toolbar', { name: 'Page commands' });
  await commands.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Settings saved');
  await expect(feature).toBeChecked();
});
