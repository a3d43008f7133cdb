// Attribute mappings: rows are changed on the page, and Save schema stores them.
import { newConfiguration } from '../support/configuration.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true } });

test('a mapping is changed, refused, saved and restored', async ({ page, problems }) => {
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

  await page.getByRole('button', { name: 'Restore default mappings' }).click();
  await page
    .getByRole('alertdialog', { name: 'Restore default mappings?' })
    .getByRole('button', { name: 'Restore' })
    .click();
  await expect(notifications.getByText('Default mappings restored')).toBeVisible();
});

test('a mapping is added and deleted, and a required one stays', async ({ page }) => {
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
