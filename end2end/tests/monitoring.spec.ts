// What tells an administrator that something needs them: the quarantine of a configuration, and the
// notification centre behind the bell.
import { expectAccessible } from '../support/accessibility.ts';
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
  await expect(page).toHaveURL(/\/quarantine$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('contoso.test | Quarantine');
  const callout = page.getByRole('region', { name: 'Quarantined' });
  await expect(callout).toContainText('The target or the sign-in refused every call.');
  await expect(callout).toContainText('Attempt 1; next');
  const standing = page.getByRole('region', { name: 'How it stands' });
  await expect(standing).toContainText('EncounteredQuarantineException');
  await expect(standing.getByRole('button', { name: 'Copy error code' })).toBeVisible();
  for (const name of ['First failed request', 'Last failed request']) {
    const request = page.getByRole('region', { name });
    await expect(request).toContainText(/Write changes to .* as the synchronization account/);
    await expect(request.getByText('Answer', { exact: true })).toBeVisible();
    await expect(request.getByRole('strong')).toContainText('AzureActiveDirectoryExpiredCredentials');
  }
  const limits = page.getByRole('table', { name: 'Limits of a quarantine' });
  await expect(limits.getByRole('row', { name: /This one/ })).toContainText('refuse every call');
  await expect(limits).toContainText('40,000');
  await expectAccessible(page);

  const commands = page.getByRole('toolbar', { name: 'Page commands' });
  await commands.getByRole('button', { name: 'Clear quarantine' }).click();
  const question = page.getByRole('alertdialog', { name: 'Clear quarantine?' });
  await expect(question).toContainText('The last error still stands: EncounteredQuarantineException');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  await request.post('/demo/scenarios/credentials-accepted');
  await commands.getByRole('button', { name: 'Clear quarantine' }).click();
  await question.getByRole('button', { name: 'Clear quarantine' }).click();
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Quarantine cleared');
  await expect(page.getByRole('heading', { name: 'Not in quarantine' })).toBeVisible();
  await expect(commands.getByRole('button', { name: 'Clear quarantine' })).toHaveAccessibleDescription(
    'Not in quarantine.',
  );
});

test('badge, menu and status pane of a quarantine lead to its page and its question', async ({
  page,
  request,
}) => {
  await request.post('/demo/scenarios/credentials-refused');
  await open(page, '/cloud-sync');
  await page.getByRole('button', { name: 'More actions for contoso.test' }).click();
  await page.getByRole('menuitem', { name: 'Clear quarantine' }).click();
  const question = page.getByRole('alertdialog', { name: 'Clear quarantine?' });
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Cancel' }).click();

  await open(page, '/cloud-sync');
  await page.getByRole('button', { name: 'Quarantined, status of contoso.test' }).click();
  const pane = page.getByRole('dialog', { name: 'Sync status' });
  await pane.getByRole('link', { name: 'What was asked and answered' }).click();
  await expect(page).toHaveURL(/\/quarantine$/);

  await open(page, page.url().replace(/quarantine$/, 'status'));
  await pane.getByRole('button', { name: 'Clear quarantine' }).click();
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Clear quarantine' }).click();
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

test('results behind the bell outlive a reload, and nothing that a tab holds becomes markup', async ({
  page,
}) => {
  await open(page, '/settings/tenant-features');
  await page.getByRole('toolbar', { name: 'Page commands' }).getByRole('button', { name: 'Save' }).click();
  const bell = page.getByRole('button', { name: /^Notifications/ });
  await expect(bell).toHaveAccessibleName('Notifications, 1 unread');
  await open(page, '/cloud-sync');
  await expect(bell).toHaveAccessibleName('Notifications, 1 unread');
  await bell.click();
  const centre = page.getByRole('dialog', { name: 'Notifications' });
  await expect(centre.getByRole('listitem').filter({ hasText: 'Settings saved' })).toHaveCount(1);

  await page.evaluate(() => {
    const title = '<img src=x onerror="document.title=1">';
    const toasts = [{ severity: 'error', title, text: title, at: 1_700_000_000_000_000 }];
    sessionStorage.setItem('notifications', JSON.stringify({ toasts, unread: 7 }));
  });
  await open(page, '/cloud-sync');
  await expect(bell).toHaveAccessibleName('Notifications, 1 unread');
  await bell.click();
  await expect(centre.getByRole('listitem').filter({ hasText: '<img src=x' })).toHaveCount(1);
  await expect(centre.getByRole('img')).toHaveCount(0);
  await page.evaluate(() => sessionStorage.setItem('notifications', '{"toasts":[{"at":1}],"unread":-1}'));
  await open(page, '/cloud-sync');
  await expect(bell).toHaveAccessibleName('Notifications');
});
