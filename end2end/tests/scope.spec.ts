// Who is synchronized: units from the tree, groups by a part of their name, attribute filters.
import { expectAccessible } from '../support/accessibility.ts';
import { newConfiguration } from '../support/configuration.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true } });

test('a unit is chosen in the tree, without typing its name', async ({ page }) => {
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/scoping-filters`);
  const pane = page.getByRole('dialog', { name: 'Scope users' });
  await pane.getByRole('radio', { name: 'Selected organizational units' }).check();
  await pane.getByRole('button', { name: 'Browse' }).click();
  const tree = pane.getByRole('tree', { name: 'Organizational units of contoso.test' });
  const unit = tree.getByRole('treeitem').nth(1);
  await unit.click();
  await expect(unit).toHaveAttribute('aria-selected', 'true');
  // Branches bring their children when they are opened, by keyboard too.
  const branch = tree.locator('[role=treeitem][aria-level="2"][aria-expanded=false]').first();
  const before = await tree.getByRole('treeitem').count();
  await branch.focus();
  await branch.press('ArrowRight');
  await expect(tree.locator('[role=treeitem][aria-level="3"]').first()).toBeVisible();
  expect(await tree.getByRole('treeitem').count()).toBeGreaterThan(before);
  await tree.locator('[role=treeitem][aria-level="3"]').first().click();
  await expectAccessible(page);
  await pane.getByRole('button', { name: 'Choose' }).click();
  await expect(pane.getByRole('list', { name: 'Selected organizational units (1 of 59)' })).toBeVisible();
  await pane.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('link', { name: '1 organizational unit' })).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Notifications' }).getByText('Settings saved')).toBeVisible();
});

test('a group is found by a part of its name', async ({ page }) => {
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/scoping-filters`);
  const pane = page.getByRole('dialog', { name: 'Scope users' });
  await pane.getByRole('radio', { name: 'Selected security groups' }).check();
  const name = pane.getByRole('combobox', { name: 'Distinguished name' });
  await name.fill('no such group');
  await pane.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(name).toHaveAccessibleDescription(/The directory has no group "no such group"/);
  await name.fill('a');
  await pane.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(name).toHaveAccessibleDescription(/Several groups fit "a"/);
  await name.fill('Cloud Sync Pilot');
  await pane.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(pane.getByRole('list', { name: 'Selected security groups (1)' })).toBeVisible();
  await pane.getByRole('combobox', { name: 'Members' }).selectOption('2 levels of nested groups');
  await pane.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('link', { name: '1 group', exact: true })).toBeVisible();
  await expect(page.getByText('2 unsaved changes')).toBeVisible();
});

test('attribute filters are checked beside their field, kept and stored', { tag: ['@F90'] }, async ({ page, problems }) => {
  problems.expect(/422.*check-scope/);
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/scoping-filters`);
  const pane = page.getByRole('dialog', { name: 'Scope users' });
  await pane.getByRole('button', { name: 'Add attribute filter' }).click();
  const first = pane.getByRole('group', { name: 'Group 1' });
  const attribute = first.getByRole('combobox', { name: 'Attribute' });
  const value = first.getByRole('textbox', { name: 'Value' });
  await attribute.fill('manager');
  await value.fill('somebody');
  await pane.getByRole('button', { name: 'Done' }).click();
  await expect(attribute).toHaveAccessibleDescription(/cannot use the attribute manager/);
  await expect(attribute).toBeFocused();
  await attribute.fill('department');
  await first.getByRole('combobox', { name: 'Operator' }).selectOption('REGEX MATCH');
  await value.fill('(Sales');
  await pane.getByRole('button', { name: 'Done' }).click();
  await expect(value).toHaveAccessibleDescription(/This group is not closed/);
  await value.fill('^Sales');

  await pane.getByRole('button', { name: 'Add another group' }).click();
  const second = pane.getByRole('group', { name: 'Group 2' });
  await second.getByRole('combobox', { name: 'Attribute' }).fill('title');
  await second.getByRole('combobox', { name: 'Operator' }).selectOption('IS NOT NULL');
  await expect(second.getByRole('textbox', { name: 'Value' })).toBeHidden();
  await expectAccessible(page);
  await pane.getByRole('button', { name: 'Done' }).click();
  await expect(pane).toBeHidden();

  // Nothing is stored yet: whoever leaves is asked.
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
  await question.getByRole('button', { name: 'Stay' }).click();
  const scope = page.getByRole('region', { name: /^1\. Scope/ });
  await expect(scope.getByText('2 clauses for users')).toBeVisible();
  await page.getByRole('group', { name: 'Deploy' }).getByRole('radio', { name: 'Enable' }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Notifications' }).getByText('Settings saved')).toBeVisible();

  await open(page, `${configuration}/scoping-filters`);
  await expect(value).toHaveValue('^Sales');
  await second.getByRole('button', { name: 'Remove clause title' }).click();
  await pane.getByRole('button', { name: 'Done' }).click();
  await expect(scope.getByText('1 clause for users')).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('group', { name: 'Scope was changed.' })).toBeVisible();
});

test('the pane counts what a choice would do to the tenant, before anything is saved', async ({
  page,
  request,
}) => {
  await request.post('/demo/scenarios/synchronized');
  await open(page, '/cloud-sync');
  await page.getByRole('link', { name: 'contoso.test' }).click();
  await expect(page).toHaveURL(/configurations\/[0-9a-f-]{36}$/);
  await open(page, `${new URL(page.url()).pathname}/scoping-filters`);
  const pane = page.getByRole('dialog', { name: 'Scope users' });
  await pane.getByRole('radio', { name: 'Selected organizational units' }).check();
  await pane.getByRole('combobox', { name: 'Distinguished name' }).fill('OU=Odd Cases,OU=Corp,DC=contoso,DC=test');
  await pane.getByRole('button', { name: 'Add', exact: true }).click();
  const effect = pane.getByRole('region', { name: 'Effect on the tenant' });
  await effect.getByRole('button', { name: 'Count the effect' }).click();
  await expect(effect).toContainText('Nothing changes until you select Done and then Save.');
  const figure = async (name: string) =>
    Number((await effect.getByRole('definition').nth(['enter', 'leave', 'then'].indexOf(name)).innerText()).replaceAll(',', ''));
  expect(await figure('enter')).toBe(0);
  expect(await figure('leave')).toBeGreaterThan(100);
  expect(await figure('then')).toBeGreaterThan(0);
  await expectAccessible(page);
  // What was counted for one choice is not shown for another.
  await pane.getByRole('radio', { name: 'All users' }).check();
  await expect(effect.getByRole('definition')).toHaveCount(0);
});

test('a clause over an attribute that the directory does not have says so', async ({ page }) => {
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/scoping-filters`);
  const pane = page.getByRole('dialog', { name: 'Scope users' });
  await pane.getByRole('button', { name: 'Add attribute filter' }).click();
  const attribute = pane.getByRole('combobox', { name: 'Attribute' });
  await attribute.fill('nosuchattr');
  await attribute.blur();
  await expect(attribute).toHaveAccessibleDescription('contoso.test has no attribute nosuchattr.');
  await attribute.fill('department');
  await attribute.blur();
  await expect(attribute).not.toHaveAccessibleDescription(/has no attribute/);
});
