// Who is in the tenant after a scope was chosen: by groups, by units, by attributes.
import type { Page } from '@playwright/test';
import { newConfiguration } from '../support/configuration.ts';
import { Demo, SALES, STANDING_STILL } from '../support/demo.ts';
import { save } from '../support/portal.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: STANDING_STILL } });

const GROUPS = 'OU=Groups,OU=Corp,DC=contoso,DC=test';
const PILOT = `CN=Cloud Sync Pilot,OU=Projects,${GROUPS}`;
const FLOOR = `CN=Access 1 Berlin Floor 3,OU=Access,${GROUPS}`;

const pane = (page: Page) => page.getByRole('dialog', { name: 'Scope users' });

async function choose(page: Page, what: string, names: string[]): Promise<void> {
  await pane(page).getByRole('radio', { name: what }).check();
  for (const name of names) {
    await pane(page).getByRole('combobox', { name: 'Distinguished name' }).fill(name);
    await pane(page).getByRole('button', { name: 'Add', exact: true }).click();
  }
}

/** Keeps the pane's choice, and stores it with the page. */
async function store(page: Page): Promise<void> {
  await pane(page).getByRole('button', { name: 'Done' }).click();
  await expect(pane(page)).toBeHidden();
  await save(page);
}

async function enable(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Deploy' }).getByRole('radio', { name: 'Enable' }).check();
}

test(
  'groups bring themselves and their direct members, nobody from groups within',
  { tag: ['@F14', '@F92'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await newConfiguration(page);
    await enable(page);
    await page.getByRole('button', { name: 'Edit scoping filters' }).click();
    // The second group has no member but a group, whose members stay outside.
    await choose(page, 'Selected security groups', [PILOT, FLOOR]);
    await store(page);
    await demo.settle();
    await open(page, '/users');
    await expect(page.getByRole('table', { name: 'Users' }).getByRole('rowheader')).toHaveCount(12);
    await open(page, '/groups');
    await expect(page.getByRole('table', { name: 'Groups' }).getByRole('rowheader')).toHaveText([
      'Access 0 Berlin Laboratory',
      'Access 1 Berlin Floor 3',
      'Cloud Sync Pilot',
    ]);
    await page.getByRole('link', { name: 'Access 0 Berlin Laboratory' }).click();
    // Of its four people, the one who is in the pilot group, too.
    await page.getByRole('tab', { name: 'Members (1)' }).click();
    await expect(page.getByRole('table', { name: 'Members' }).getByRole('rowheader')).toHaveCount(1);
    await open(page, configuration);
    await expect(page.getByRole('link', { name: '2 groups', exact: true })).toBeVisible();
  },
);

test(
  'a unit brings everybody in it, nested units too, and excludes groups as a scope',
  { tag: ['@F15', '@F16'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await newConfiguration(page);
    await open(page, `${configuration}/scoping-filters`);
    await choose(page, 'Selected security groups', [PILOT]);
    await choose(page, 'Selected organizational units', [SALES]);
    await expect(pane(page).getByRole('list', { name: /^Selected security groups/ })).toHaveCount(0);
    await store(page);
    // Of the two lists one was stored.
    await open(page, `${configuration}/scoping-filters`);
    await expect(pane(page).getByRole('radio', { name: 'Selected organizational units' })).toBeChecked();
    await expect(pane(page).getByRole('list', { name: 'Selected organizational units (1 of 59)' })).toBeVisible();
    await pane(page).getByRole('radio', { name: 'Selected security groups' }).check();
    await expect(pane(page).getByText('Nothing selected.')).toBeVisible();
    await pane(page).getByRole('button', { name: 'Cancel' }).click();
    await enable(page);
    await save(page);
    await demo.settle();
    // All of them work in Seattle or Berlin, one unit further down.
    await open(page, '/users');
    await expect(page.getByRole('table', { name: 'Users' }).getByRole('rowheader')).toHaveCount(40);
    await expect(page.getByRole('link', { name: 'Bogdan Lindgren' })).toBeVisible();
  },
);

test(
  'attribute clauses hold together within a group and stand in for each other between groups',
  { tag: ['@F90', '@F91'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await newConfiguration(page);
    await enable(page);
    await page.getByRole('button', { name: 'Edit scoping filters' }).click();
    const clause = async (group: number, position: number, attribute: string, operator: string, value: string) => {
      const box = pane(page).getByRole('group', { name: `Group ${group}` });
      await box.getByRole('combobox', { name: 'Attribute' }).nth(position).fill(attribute);
      await box.getByRole('combobox', { name: 'Operator' }).nth(position).selectOption(operator);
      await box.getByRole('textbox', { name: 'Value' }).nth(position).fill(value);
    };
    await pane(page).getByRole('button', { name: 'Add attribute filter' }).click();
    await clause(1, 0, 'department', 'EQUALS', 'Sales');
    await pane(page).getByRole('group', { name: 'Group 1' }).getByRole('button', { name: 'Add clause' }).click();
    await clause(1, 1, 'title', 'EQUALS', 'Sales Analyst');
    await pane(page).getByRole('button', { name: 'Add another group' }).click();
    await clause(2, 0, 'sAMAccountName', 'EQUALS', 'madhavi');
    await store(page);
    await demo.settle();
    const expected = (await demo.entries('Sales Analyst', 'user')).filter(({ title }) => title === 'Sales Analyst');
    expect(expected.length).toBeGreaterThan(1);
    const names = [...expected.map(({ name }) => name), 'Madhavi'].sort();
    await open(page, '/users');
    const shown = page.getByRole('table', { name: 'Users' }).getByRole('rowheader');
    await expect(shown).toHaveCount(names.length);
    expect((await shown.allInnerTexts()).map((text) => text.trim()).sort()).toEqual(names);
    await open(page, configuration);
    await expect(page.getByRole('region', { name: /^1\. Scope/ })).toContainText('3 clauses for users');
  },
);
