// Attribute mappings: rows are changed on the page, and Save schema stores them.
import { newConfiguration } from '../support/configuration.ts';
import { expect, inNoTime, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true } });

test('a mapping is changed, refused, saved and restored', { tag: ['@F46', '@F48'] }, async ({ page, problems }) => {
  problems.expect(/422.*mappings\/apply/);
  const configuration = await newConfiguration(page);
  await page.getByRole('button', { name: 'Click to edit mappings' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Attribute mappings' })).toBeVisible();
  const rows = page.getByRole('table', { name: 'Attribute mappings, user' });
  await rows.getByRole('button', { name: 'Department', exact: true }).click();

  const pane = page.getByRole('dialog', { name: 'Edit attribute mapping' });
  await pane.getByRole('combobox', { name: 'Mapping type' }).selectOption('Expression');
  await pane.getByRole('textbox', { name: 'Expression' }).fill('Trim([department]');
  await pane.getByRole('button', { name: 'Apply' }).click();
  await expect(pane.getByRole('textbox', { name: 'Expression' })).toHaveAccessibleDescription(/character/);
  await pane.getByRole('textbox', { name: 'Expression' }).fill('Trim([department])');
  await pane.getByRole('button', { name: 'Apply' }).click();
  await expect(pane).toBeHidden();
  await expect(page.getByText('1 unsaved change')).toBeVisible();

  await page.getByRole('link', { name: 'Home', exact: true }).click();
  const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
  await question.getByRole('button', { name: 'Stay' }).click();

  await page.getByRole('button', { name: 'Save schema' }).click();
  await page.getByRole('alertdialog', { name: 'Save schema?' }).getByRole('button', { name: 'OK' }).click();
  const notifications = page.getByRole('region', { name: 'Notifications' });
  await expect(notifications.getByText('Schema saved')).toBeVisible();
  await open(page, `${configuration}/attribute-mappings?search=Trim([department])`);
  await expect(page.getByText('Trim([department])')).toBeVisible();

  await expect(rows.getByRole('row', { name: /^Department/ })).toContainText('Changed');

  const restore = page.getByRole('button', { name: 'Restore default mappings' });
  await restore.click();
  const restoring = page.getByRole('alertdialog', { name: 'Restore default mappings?' });
  await expect(restoring.getByRole('button', { name: 'Restore' })).toHaveAttribute('aria-disabled', 'true');
  await restoring.getByRole('checkbox', { name: 'Restore default mappings' }).check();
  await restoring.getByRole('button', { name: 'Restore' }).click();
  await expect(notifications.getByText('Default mappings restored')).toBeVisible();
  // Nothing differs any more, so nothing is offered.
  await expect(restore).toHaveAttribute('aria-disabled', 'true');
});

test('a row that is opened right after its search was typed stays open, and the table follows', async ({ page }) => {
  const configuration = await newConfiguration(page);
  await page.clock.install();
  await open(page, `${configuration}/attribute-mappings`);
  const search = page.getByRole('searchbox', { name: 'Search mappings' });
  const pane = page.getByRole('dialog', { name: 'Edit attribute mapping' });
  await inNoTime(page, async () => {
    await search.fill('title');
    await page.getByRole('button', { name: 'Edit mapping JobTitle' }).click();
    await pane.getByRole('textbox', { name: 'Default value' }).fill('Clerk');
  });
  await expect(page).toHaveURL(/search=title/);
  await expect(page).toHaveURL(/pane=edit/);
  await expect(pane.getByRole('textbox', { name: 'Default value' })).toHaveValue('Clerk');
  await pane.getByRole('button', { name: 'Apply' }).click();
  await expect(pane).toBeHidden();
  await expect(page.getByText('1 unsaved change')).toBeVisible();
  await expect(search).toHaveValue('title');
  const rows = page.getByRole('table', { name: 'Attribute mappings, user' }).locator('tbody').getByRole('row');
  await expect(rows.filter({ hasNotText: /title/i })).toHaveCount(0);
});

test('groups and contacts have mappings of their own, and pills narrow the table', { tag: ['@F39'] }, async ({ page }) => {
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/attribute-mappings`);
  const users = page.getByRole('table', { name: 'Attribute mappings, user' });
  await expect(users.getByRole('row', { name: /^SourceAnchor/ }).getByRole('cell', { name: '1', exact: true })).toBeVisible();
  for (const [tab, kind] of [['Group', 'group'], ['Contact', 'contact']]) {
    await page.getByRole('tab', { name: new RegExp(`^${tab} `) }).click();
    const rows = page.getByRole('table', { name: `Attribute mappings, ${kind}` });
    await rows.getByRole('button', { name: 'DisplayName', exact: true }).click();
    const pane = page.getByRole('dialog', { name: 'Edit attribute mapping' });
    await expect(pane.getByText(`${tab} · DisplayName`)).toBeVisible();
    await pane.getByRole('combobox', { name: 'Mapping type' }).selectOption('Constant');
    await pane.getByRole('textbox', { name: 'Constant value' }).fill(`One ${kind}`);
    await pane.getByRole('button', { name: 'Apply' }).click();
    await expect(rows.getByText(`"One ${kind}"`)).toBeVisible();
  }
  await expect(page.getByText('2 unsaved changes')).toBeVisible();
  await page.getByRole('button', { name: 'Save schema' }).click();
  await page.getByRole('alertdialog', { name: 'Save schema?' }).getByRole('button', { name: 'OK' }).click();
  await expect(page.getByRole('region', { name: 'Notifications' }).getByText('Schema saved')).toBeVisible();

  await open(page, `${configuration}/attribute-mappings?kind=group`);
  const groups = page.getByRole('table', { name: 'Attribute mappings, group' });
  await page.getByRole('button', { name: 'Changed by you : All' }).click();
  await page.getByRole('radio', { name: 'Yes' }).check();
  await page.getByRole('dialog', { name: 'Filter Changed by you' }).getByRole('button', { name: 'Apply' }).click();
  await expect(groups.getByRole('row')).toHaveCount(2);
  await expect(groups.getByText('"One group"')).toBeVisible();
});

test('two administrators do not overwrite each other', async ({ page, context, problems }) => {
  problems.expect(/409.*mappings\/save/);
  const configuration = await newConfiguration(page);
  const other = await context.newPage();
  for (const [own, target] of [[page, 'City'], [other, 'Company']] as const) {
    await open(own, `${configuration}/attribute-mappings?pane=edit&target=${target}`);
    const pane = own.getByRole('dialog', { name: 'Edit attribute mapping' });
    await pane.getByRole('combobox', { name: 'Mapping type' }).selectOption('Constant');
    await pane.getByRole('textbox', { name: 'Constant value' }).fill(`My ${target}`);
    await pane.getByRole('button', { name: 'Apply' }).click();
    await expect(own.getByText('1 unsaved change')).toBeVisible();
  }
  for (const own of [page, other]) {
    await own.getByRole('button', { name: 'Save schema' }).click();
    await own.getByRole('alertdialog', { name: 'Save schema?' }).getByRole('button', { name: 'OK' }).click();
  }
  const conflict = other.getByRole('group', { name: 'Not saved.' });
  await expect(conflict).toBeVisible();
  await expect(other.getByText('1 unsaved change')).toBeVisible();
  await conflict.getByRole('button', { name: 'Load the newer mappings' }).click();
  await expect(conflict).toBeHidden();
  await other.getByRole('button', { name: 'Save schema' }).click();
  await other.getByRole('alertdialog', { name: 'Save schema?' }).getByRole('button', { name: 'OK' }).click();
  await expect(other.getByRole('region', { name: 'Notifications' }).getByText('Schema saved')).toBeVisible();

  await page.getByRole('button', { name: 'Refresh' }).click();
  const rows = page.getByRole('table', { name: 'Attribute mappings, user' });
  await expect(rows.getByText('"My City"')).toBeVisible();
  await expect(rows.getByText('"My Company"')).toBeVisible();
});

test('a mapping is added and deleted, and a required one stays', { tag: ['@F47'] }, async ({ page }) => {
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/attribute-mappings`);
  const rows = page.getByRole('table', { name: 'Attribute mappings, user' });
  const required = rows.getByRole('row', { name: /^UserPrincipalName/ });
  await expect(required.getByRole('img', { name: 'Required, cannot be deleted' })).toBeVisible();
  await expect(required.getByRole('button', { name: /^Delete/ })).toHaveCount(0);

  await rows.getByRole('button', { name: 'Delete mapping Department' }).click();
  await expect(rows.getByRole('button', { name: 'Department', exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'Add attribute mapping' }).click();
  const pane = page.getByRole('dialog', { name: 'Add attribute mapping' });
  await pane.getByRole('combobox', { name: 'Mapping type' }).selectOption('Constant');
  await pane.getByRole('textbox', { name: 'Constant value' }).fill('Everybody');
  await pane.getByRole('combobox', { name: 'Target attribute' }).selectOption('Department');
  await pane.getByRole('button', { name: 'Apply' }).click();
  await expect(rows.getByText('"Everybody"')).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(rows.getByText('"Everybody"')).toHaveCount(0);
});

test('attributes that the directory does not have are named beside their field and before they are saved', async ({
  page,
}) => {
  const unknown = 'contoso.test has no attribute nosuchattr.';
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/attribute-mappings?pane=edit&target=City`);
  const pane = page.getByRole('dialog', { name: 'Edit attribute mapping' });
  const type = pane.getByRole('combobox', { name: 'Mapping type' });
  const source = pane.getByRole('combobox', { name: 'Source attribute' });
  await type.selectOption('Direct');
  await source.fill('department');
  await source.blur();
  await expect(source).not.toHaveAccessibleDescription(/has no attribute/);
  await source.fill('nosuchattr');
  await source.blur();
  await expect(source).toHaveAccessibleDescription(unknown);
  await type.selectOption('Expression');
  const expression = pane.getByRole('textbox', { name: 'Expression' });
  await expression.fill('Join(" ", [department], [NoSuchAttr], [otherattr])');
  await expression.blur();
  await expect(expression).toHaveAccessibleDescription(
    /contoso\.test has no attributes NoSuchAttr and otherattr\./,
  );
  await expression.fill('Trim([nosuchattr])');
  await pane.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: 'Save schema' }).click();
  const question = page.getByRole('alertdialog', { name: 'Save schema?' });
  await expect(question).toContainText(unknown);
  await question.getByRole('button', { name: 'OK' }).click();
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Schema saved');
});
