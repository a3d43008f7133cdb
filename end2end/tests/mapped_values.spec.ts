// What mappings do to values: each type of mapping is set on its page and seen on a person of the
// tenant.
import type { Page } from '@playwright/test';
import { newConfiguration } from '../support/configuration.ts';
import { Demo, STANDING_STILL, attributeOnPage, openUser } from '../support/demo.ts';
import { toasts } from '../support/portal.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: STANDING_STILL } });

const rows = (page: Page) => page.getByRole('table', { name: 'Attribute mappings, user' });

/** What the pane of a mapping is to say: its fields by name. */
interface Mapping {
  type: 'Direct' | 'Constant' | 'Expression' | 'None';
  text?: string;
  default?: string;
  apply?: string;
}

const TEXT_OF = {
  Direct: 'Source attribute',
  Constant: 'Constant value',
  Expression: 'Expression',
  None: '',
};

async function fill(page: Page, title: string, mapping: Mapping): Promise<void> {
  const pane = page.getByRole('dialog', { name: title });
  await pane.getByRole('combobox', { name: 'Mapping type' }).selectOption(mapping.type);
  if (mapping.text !== undefined) {
    await pane.getByLabel(TEXT_OF[mapping.type], { exact: true }).fill(mapping.text);
  }
  if (mapping.default !== undefined) {
    await pane.getByRole('textbox', { name: 'Default value if null (optional)' }).fill(mapping.default);
  }
  if (mapping.apply) await pane.getByRole('radio', { name: mapping.apply, exact: true }).check();
  await pane.getByRole('button', { name: 'Apply' }).click();
}

async function edit(page: Page, target: string, mapping: Mapping): Promise<void> {
  await rows(page).getByRole('button', { name: target, exact: true }).click();
  await fill(page, 'Edit attribute mapping', mapping);
  await expect(page.getByRole('dialog', { name: 'Edit attribute mapping' })).toBeHidden();
}

async function add(page: Page, target: string, mapping: Mapping): Promise<void> {
  await page.getByRole('button', { name: 'Add attribute mapping' }).click();
  const pane = page.getByRole('dialog', { name: 'Add attribute mapping' });
  await pane.getByRole('combobox', { name: 'Target attribute' }).selectOption(target);
  await fill(page, 'Add attribute mapping', mapping);
}

async function saveSchema(page: Page, question: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Save schema' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Save schema?' });
  await expect(dialog).toContainText(question);
  await dialog.getByRole('button', { name: 'OK' }).click();
  await expect(toasts(page).getByText('Schema saved').last()).toBeVisible();
}

test(
  'every type of mapping gives the tenant what it says',
  {
    tag: ['@F40', '@F41', '@F42', '@F43', '@F44', '@F45', '@F46', '@F50', '@F54'],
  },
  async ({ page, server, request, problems }) => {
    test.slow();
    problems.expect(/422.*mappings\/apply/);
    const demo = await Demo.of(server, request);
    const configuration = await newConfiguration(page);
    await open(page, `${configuration}/attribute-mappings`);
    await rows(page).getByRole('button', { name: 'Delete mapping City' }).click();
    await add(page, 'City', { type: 'Direct', text: 'department' });
    await edit(page, 'Company', { type: 'Constant', text: 'Contoso Group' });
    await edit(page, 'Department', { type: 'Expression', text: 'ToUpper([department])' });
    await edit(page, 'TelephoneNumber', { type: 'None' });
    await edit(page, 'ExtensionAttribute5', { type: 'Direct', text: 'extensionAttribute5', default: 'none' });
    await edit(page, 'JobTitle', { type: 'Direct', text: 'title', apply: 'Only during creation' });
    // A kind of user that does not exist is refused beside its field.
    await add(page, 'UserType', { type: 'Constant', text: 'Admin' });
    const adding = page.getByRole('dialog', { name: 'Add attribute mapping' });
    await expect(adding.getByLabel('Constant value')).toHaveAccessibleDescription(
      /UserType takes Member or Guest/,
    );
    await fill(page, 'Add attribute mapping', {
      type: 'Expression',
      text: 'IIF(Left([userPrincipalName], 7) = "madhavi", "Guest", "Member")',
    });
    await expect(adding).toBeHidden();
    await saveSchema(page, /switched off: nothing starts yet/);

    await open(page, configuration);
    await page.getByRole('group', { name: 'Deploy' }).getByRole('radio', { name: 'Enable' }).check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(toasts(page).getByText('Settings saved').last()).toBeVisible();
    await demo.settle();
    await openUser(page, 'Bogdan Lindgren');
    const value = (attribute: string) => attributeOnPage(page, attribute).getByRole('cell').first();
    await expect(value('City')).toHaveText('Sales');
    await expect(value('Company')).toHaveText('Contoso Group');
    await expect(value('Department')).toHaveText('SALES');
    await expect(value('JobTitle')).toHaveText('Sales Analyst');
    await expect(value('UserType')).toHaveText('Member');
    await expect(value('ExtensionAttribute5')).toHaveText('none');
    await expect(attributeOnPage(page, 'TelephoneNumber')).toHaveCount(0);

    // What changes later: the title stays, the default does not come back.
    const person = await demo.entry('Bogdan Lindgren');
    await demo.change(person, { title: 'Sales Director', department: 'Marketing', extensionAttribute5: 'Second floor' });
    await demo.nextCycle();
    await expect(value('ExtensionAttribute5')).toHaveText('Second floor');
    await demo.change(person, { extensionAttribute5: '' });
    await demo.nextCycle();
    await expect(attributeOnPage(page, 'ExtensionAttribute5')).toHaveCount(0);
    await expect(value('City')).toHaveText('Marketing');
    await expect(value('Department')).toHaveText('MARKETING');
    await expect(value('JobTitle')).toHaveText('Sales Analyst');
    await openUser(page, 'Madhavi');
    await expect(value('UserType')).toHaveText('Guest');

    // Two quotes clear a value everywhere, by a full cycle that saving starts.
    await open(page, `${configuration}/attribute-mappings`);
    await edit(page, 'Company', { type: 'Expression', text: '""' });
    await saveSchema(page, /Saving starts a synchronization of every object, about 237/);
    await demo.settle();
    await open(page, `${configuration}/status`);
    const cycle = page.getByRole('dialog', { name: 'Sync status' }).getByRole('table', { name: 'Last cycles' });
    await expect(cycle).toContainText('Initial');
    await openUser(page, 'Bogdan Lindgren');
    await expect(value('City')).toHaveText('Marketing');
    await expect(attributeOnPage(page, 'Company')).toHaveCount(0);
  },
);

test(
  'an attribute that is new in the directory is offered, mapped and carried over at once',
  { tag: ['@F49'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const id = await demo.caller.call<string>('configurations/create', { 'new[domain]': 'fabrikam.test' });
    await demo.caller.call('configurations/start', { id });
    await demo.settle();
    const mapping = `/cloud-sync/configurations/${id}/attribute-mappings?pane=edit&target=ExtensionAttribute5`;
    const pane = page.getByRole('dialog', { name: 'Edit attribute mapping' });
    const offered = pane.locator('datalist option');
    await open(page, mapping);
    await expect(offered.and(page.locator('[value="department"]'))).toHaveCount(1);
    await expect(offered.and(page.locator('[value="adminDescription"]'))).toHaveCount(0);
    // Nobody in this forest had it so far.
    const person = await demo.entry('Wanjiru Obi', 'user', 'fabrikam.test');
    await demo.change(person, { adminDescription: 'Keeps the keys' }, 'fabrikam.test');
    await open(page, mapping);
    await expect(offered.and(page.locator('[value="adminDescription"]'))).toHaveCount(1);
    await fill(page, 'Edit attribute mapping', { type: 'Direct', text: 'adminDescription' });
    await saveSchema(page, /Saving starts a synchronization/);
    await demo.settle();
    await openUser(page, 'Wanjiru Obi');
    await expect(attributeOnPage(page, 'ExtensionAttribute5').getByRole('cell').first()).toHaveText('Keeps the keys');
  },
);
