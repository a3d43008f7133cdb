// The expression builder: put together, tested on typed values and on people, taken back.
import { newConfiguration } from '../support/configuration.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true } });

test('an expression is built, tested and taken back into its mapping', { tag: ['@F52'] }, async ({ page }) => {
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/attribute-mappings?pane=edit&target=Department`);
  const pane = page.getByRole('dialog', { name: 'Edit attribute mapping' });
  await pane.getByRole('combobox', { name: 'Mapping type' }).selectOption('Expression');
  await pane.getByRole('textbox', { name: 'Default value if null (optional)' }).fill('Nowhere');
  await pane.getByRole('link', { name: 'Try the expression builder' }).click();

  const builder = page.getByRole('dialog', { name: 'Expression builder' });
  const text = builder.getByRole('textbox', { name: 'Expression input' });
  await expect(text).toHaveValue(/^Trim/);
  await text.clear();
  await builder.getByRole('combobox', { name: 'Function' }).selectOption('Join');
  const signature = builder.getByRole('region', { name: 'Signature of Join' });
  await expect(signature).toContainText('separator');
  await builder.getByRole('combobox', { name: 'separator' }).fill('; ');
  await builder.getByRole('combobox', { name: 'source', exact: true }).fill('[department]');
  await builder.getByRole('button', { name: 'Add another' }).click();
  await builder.getByRole('combobox', { name: 'source', exact: true }).nth(1).fill('HQ');
  await builder.getByRole('button', { name: 'Add expression' }).click();
  await expect(text).toHaveValue('Join("; ", [department], "HQ")');
  await expect(builder.getByText('30 of 10,000 characters')).toBeVisible();

  await builder.getByRole('combobox', { name: 'Attribute to test' }).fill('department');
  await builder.getByRole('textbox', { name: 'Sample value' }).fill('Sales');
  await builder.getByRole('textbox', { name: 'Sample value' }).press('Enter');
  const output = builder.getByRole('status', { name: 'View expression output' });
  await expect(output).toHaveText('Sales; HQ');
  const parts = builder.getByRole('table', { name: 'Value of each part' });
  await expect(parts.getByRole('row', { name: /^\[department\]/ })).toContainText('Sales');

  await builder.getByRole('button', { name: 'Apply expression' }).click();
  await expect(builder).toBeHidden();
  await expect(pane.getByRole('textbox', { name: 'Expression' })).toHaveValue(
    'Join("; ", [department], "HQ")',
  );
  // What was typed beside it is still there.
  await expect(pane.getByRole('textbox', { name: /^Default value/ })).toHaveValue('Nowhere');
  await pane.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('1 unsaved change')).toBeVisible();
});

test('an expression is tested on a real object, and a mistake is placed', async ({ page, problems }) => {
  problems.expect(/422.*expressions\/test/);
  const configuration = await newConfiguration(page);
  await open(page, `${configuration}/expression-builder?pane=edit&target=Department`);
  const builder = page.getByRole('dialog', { name: 'Expression builder' });
  const text = builder.getByRole('textbox', { name: 'Expression input' });
  const output = builder.getByRole('status', { name: 'View expression output' });
  const run = builder.getByRole('button', { name: 'Test expression' });

  await text.fill('Join(" ",\n  [sn], Trm([sn]))');
  await run.click();
  await expect(text).toHaveAccessibleDescription(/Line 2, column 9/);
  await expect(output).toContainText('Line 2, column 9');
  await expect(text).toBeFocused();

  await text.fill('ToUpper([mail])');
  await builder.getByRole('radio', { name: 'Object of the directory' }).check();
  const sample = builder.getByRole('combobox', { name: 'Sample user' });
  await sample.fill('no such person');
  await run.click();
  await expect(sample).toHaveAccessibleDescription(/no user that "no such person" names/);
  await sample.fill('carlos.hernandez@contoso.test');
  await run.click();
  await expect(output).toHaveText('CARLOS.HERNANDEZ@CONTOSO.TEST');
  // The address says what is tested: it can be sent to somebody.
  const address = page.url();
  await open(page, address);
  await expect(output).toHaveText('CARLOS.HERNANDEZ@CONTOSO.TEST');

  await builder.getByRole('button', { name: 'Apply expression' }).click();
  const pane = page.getByRole('dialog', { name: 'Edit attribute mapping' });
  await expect(pane.getByRole('textbox', { name: 'Expression' })).toHaveValue('ToUpper([mail])');
  const trial = pane.getByRole('region', { name: 'Test expression' });
  await trial.getByRole('combobox', { name: 'Sample user' }).fill('carlos.hernandez@contoso.test');
  await trial.getByRole('button', { name: 'Test expression' }).click();
  await expect(trial.getByRole('status')).toHaveText('CARLOS.HERNANDEZ@CONTOSO.TEST');
});

test('the builder works without a script', async ({ page, browser, server }) => {
  const configuration = await newConfiguration(page);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.address });
  const silent = await context.newPage();
  await silent.goto(`${configuration}/expression-builder?pane=edit&target=Department&function=Trim`);
  await silent.getByRole('combobox', { name: 'value' }).fill('[department]');
  await silent.getByRole('button', { name: 'Add expression' }).click();
  await expect(silent.getByRole('textbox', { name: 'Expression input' })).toHaveValue('Trim([department])');
  await silent.getByRole('combobox', { name: 'Attribute to test' }).fill('department');
  await silent.getByRole('textbox', { name: 'Sample value' }).fill(' Sales ');
  await silent.getByRole('button', { name: 'Test expression' }).click();
  await expect(silent.getByRole('status', { name: 'View expression output' })).toHaveText('Sales');
  await silent.getByRole('button', { name: 'Apply expression' }).click();
  const pane = silent.getByRole('dialog', { name: 'Edit attribute mapping' });
  await expect(pane.getByRole('textbox', { name: 'Expression' })).toHaveValue('Trim([department])');
});

test(
  'the domain of an address is replaced, as the builder writes it and as it is tried',
  { tag: ['@F52', '@F53'] },
  async ({ page }) => {
    const configuration = await newConfiguration(page);
    await open(page, `${configuration}/expression-builder?pane=edit&target=Mail`);
    const builder = page.getByRole('dialog', { name: 'Expression builder' });
    const text = builder.getByRole('textbox', { name: 'Expression input' });
    await text.clear();
    await builder.getByRole('combobox', { name: 'Function' }).selectOption('Replace');
    await expect(builder.getByRole('region', { name: 'Signature of Replace' })).toContainText('replacementValue');
    const input = (name: string) => builder.getByRole('combobox', { name, exact: true });
    await input('source').fill('[mail]');
    await input('oldValue').fill('@contoso.test');
    await input('replacementValue').fill('@fabrikam.test');
    await builder.getByRole('button', { name: 'Add expression' }).click();
    await expect(text).toHaveValue(/^Replace\(\[mail\], "@contoso\.test", *, *, "@fabrikam\.test"/);
    await builder.getByRole('combobox', { name: 'Attribute to test' }).fill('mail');
    await builder.getByRole('textbox', { name: 'Sample value' }).fill('zoe.bergmann@contoso.test');
    await builder.getByRole('button', { name: 'Test expression' }).click();
    await expect(builder.getByRole('status', { name: 'View expression output' })).toHaveText(
      'zoe.bergmann@fabrikam.test',
    );
  },
);
