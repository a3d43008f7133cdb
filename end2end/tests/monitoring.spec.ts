// What tells an administrator that something needs them: the quarantine of a configuration, and the
// notification centre behind the bell.
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true } });

test('a quarantine names its rule, its failures and its next attempt, and is cleared', async ({
  page,
  request,
}) => {
  await request.post('/demo/scenarios/credentials-refused');
  await open(page, '/cloud-sync');
  await page.getByRole('link', { name: 'contoso.test' }).click();
  const bar = page.getByRole('group', { name: 'Quarantined.' });
  await expect(bar).toContainText('The target or the sign-in refused every call');
  await bar.getByRole('button', { name: 'View error' }).click();
  const pane = page.getByRole('dialog', { name: 'Sync status' });
  const callout = pane.getByRole('region', { name: 'Quarantined' });
  await expect(callout).toContainText('The target or the sign-in refused every call.');
  await expect(callout).toContainText('EncounteredQuarantineException');
  for (const name of ['First failure', 'Last failure', 'Attempts', 'Next attempt', 'Switched off']) {
    await expect(callout.getByText(name, { exact: true })).toBeVisible();
  }
  await expect(callout.getByRole('button', { name: 'Copy error code' })).toBeVisible();
  await pane.getByRole('button', { name: 'Clear quarantine' }).click();
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Quarantine cleared');
});

test('results land in the notification centre, under their day, until they are cleared', async ({
  page,
}) => {
  await open(page, '/settings/tenant-features');
  const save = page.getByRole('toolbar', { name: 'Page commands' }).getByRole('button', { name: 'Save' });
  await save.click();
  const toasts = page.getByRole('region', { name: 'Notifications' });
  await expect(toasts).toContainText('Settings saved');
  const bell = page.getByRole('button', { name: /^Notifications/ });
  await expect(bell).toHaveAccessibleName('Notifications, 1 unread');
  await bell.click();
  const centre = page.getByRole('dialog', { name: 'Notifications' });
  await expect(centre.getByRole('heading', { level: 3 })).toHaveText(/^\d+ [A-Z][a-z]+ \d{4}$/);
  await expect(centre.getByRole('listitem').filter({ hasText: 'Settings saved' })).toHaveCount(1);
  await centre.getByRole('button', { name: 'Mark all as read' }).click();
  await expect(bell).toHaveAccessibleName('Notifications');
  await centre.getByRole('button', { name: 'Clear all' }).click();
  await expect(centre.getByText('No notification')).toBeVisible();
  await expect(centre.getByRole('listitem')).toHaveCount(0);
});
