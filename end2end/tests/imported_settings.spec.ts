// What only a file can set so far, and what the pages show of it: extensions of the tenant's schema,
// people who stay when they leave the scope, limits of a quarantine.
import { Demo, STANDING_STILL, attributeOnPage, openUser } from '../support/demo.ts';
import { toasts } from '../support/portal.ts';
import type { Server } from '../support/server.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: STANDING_STILL } });

/** Takes the settings out, changes the text, and brings it in again. */
function edit(server: Server, change: (text: string) => string): void {
  const before = server.command(['export']);
  const after = change(before);
  expect(after).not.toBe(before);
  server.command(['import', '-'], after);
}

test(
  'an extension of the tenant is a target like any other',
  { tag: ['@F51'] },
  async ({ page, server, request }) => {
    const extension = 'extension_0123456789abcdef0123456789abcdef_costCentre';
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    edit(server, (text) => `${text}
[configuration."contoso.test".extensions]
${extension} = { type = "text", kinds = ["user"] }
`);
    await open(page, `${configuration}/attribute-mappings?pane=add`);
    const pane = page.getByRole('dialog', { name: 'Add attribute mapping' });
    await pane.getByRole('textbox', { name: 'Source attribute' }).or(
      pane.getByRole('combobox', { name: 'Source attribute' }),
    ).fill('extensionAttribute1');
    await pane.getByRole('combobox', { name: 'Target attribute' }).selectOption(extension);
    await pane.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('button', { name: 'Save schema' }).click();
    await page.getByRole('alertdialog', { name: 'Save schema?' }).getByRole('button', { name: 'OK' }).click();
    await expect(toasts(page)).toContainText('Schema saved');
    await demo.settle();
    await openUser(page, 'Bogdan Lindgren');
    await expect(attributeOnPage(page, extension).getByRole('cell').first()).toHaveText('CC-4110');
  },
);

test(
  'who leaves the scope stays where the configuration says so, and the log says why',
  { tag: ['@F89'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    edit(server, (text) =>
      text
        .replace('skip_out_of_scope_deletions = false', 'skip_out_of_scope_deletions = true')
        .replace('[configuration."contoso.test".scope]', `$&
organizational_units = ["OU=Sales,OU=Users,OU=Corp,DC=contoso,DC=test"]`),
    );
    await open(page, `${configuration}?ask=restart`);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Yes', exact: true }).click();
    await expect(toasts(page)).toContainText('Restart under way');
    await demo.settle();
    expect(await demo.inTenant('user')).toBe(200);
    await openUser(page, 'Ada Szabó');
    await expect(attributeOnPage(page, 'AccountEnabled').getByRole('cell').first()).toHaveText(/true/i);
    await open(page, '/cloud-sync/provisioning-logs?identity=Ada%20Szab%C3%B3&status=skipped');
    await page.getByRole('table', { name: 'Provisioning logs' }).getByRole('button').first().click();
    await expect(page.getByRole('complementary', { name: /Ada Szabó/ })).toContainText(
      'SkipOutOfScopeDeletions is in force',
    );
  },
);

test(
  'too large a share of failures is a quarantine, until the share is small enough',
  { tag: ['@F96'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    edit(server, (text) => text.replace('minimum = 5000', 'minimum = 2').replace('percentage = 40', 'percentage = 1'));
    await demo.nextCycle();
    await open(page, `${configuration}/status`);
    const quarantine = page.getByRole('dialog', { name: 'Sync status' }).getByRole('region', { name: 'Quarantined' });
    await expect(quarantine).toContainText('5 objects failed, more than 1 % of all in scope.');
    await expect(quarantine).toContainText('EncounteredEscrowProportionThreshold');
    edit(server, (text) => text.replace('percentage = 1\n', 'percentage = 40\n'));
    await page.getByRole('button', { name: 'Clear quarantine' }).click();
    const question = page.getByRole('alertdialog', { name: 'Clear quarantine?' });
    await question.getByRole('button', { name: 'Clear quarantine' }).click();
    await expect(toasts(page)).toContainText('Quarantine cleared');
    await demo.settle();
    await expect(page.getByRole('button', { name: 'Healthy, status of contoso.test' })).toBeVisible();
  },
);
