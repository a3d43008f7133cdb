// One object at a time: every step of provisioning on demand with its details.
import type { Page } from '@playwright/test';
import { newConfiguration } from '../support/configuration.ts';
import { Demo, SALES, STANDING_STILL, attributeOnPage } from '../support/demo.ts';
import { fact, summary } from '../support/portal.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: STANDING_STILL } });

const steps = (page: Page) => page.getByRole('region', { name: 'Steps' });

async function provision(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Distinguished name' }).fill(name);
  await page.getByRole('button', { name: 'Provision', exact: true }).click();
}

/** The table of a step's details, opened. */
async function details(page: Page, step: string) {
  await steps(page).getByRole('link', { name: `View details: ${step}` }).click();
  return page.getByRole('table', { name: `Details: ${step}` });
}

const valueOf = (page: Page, table: ReturnType<Page['getByRole']>, name: string) =>
  table
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    .getByRole('cell')
    .last();

test(
  'a person is created, then updated, with all that was read and written',
  { tag: ['@F56', '@F57', '@F59', '@F60'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const person = await demo.entry('Bogdan Lindgren');
    await demo.change(person, { extensionAttribute1: 'Second floor' });
    const configuration = await newConfiguration(page);
    await open(page, `${configuration}/provision-on-demand`);
    await provision(page, person.dn);
    await expect(page.getByRole('group', { name: 'Bogdan Lindgren was provisioned.' })).toBeVisible();
    const all = ['Import user', 'Determine if user is in scope', 'Match user between source and target system', 'Perform action'];
    await expect(steps(page).getByRole('listitem')).toHaveCount(4);
    for (const step of all) {
      await expect(steps(page).getByRole('listitem').filter({ hasText: step })).toContainText('Success');
    }
    const read = await details(page, all[0]!);
    await expect(valueOf(page, read, 'extensionAttribute1')).toHaveText('Second floor');
    await expect(steps(page).getByRole('listitem').nth(2)).toContainText(/create/i);
    const written = await details(page, all[3]!);
    await expect(valueOf(page, written, 'ExtensionAttribute1')).toHaveText('Second floor');
    const names = ['DisplayName', 'UserPrincipalName', 'JobTitle', 'Department', 'Mail'];
    const exported = new Map<string, string>();
    for (const name of names) exported.set(name, await valueOf(page, written, name).innerText());

    await demo.change(person, { title: 'Sales Director' });
    await page.getByRole('toolbar', { name: 'Page commands' }).getByRole('button', { name: 'Retry' }).click();
    await expect(steps(page).getByRole('listitem').nth(2)).toContainText(/update/i);
    const changed = await details(page, all[3]!);
    await expect(valueOf(page, changed, 'JobTitle')).toHaveText('Sales Director');
    exported.set('JobTitle', 'Sales Director');

    // The tenant has what was exported.
    await page.getByRole('region', { name: 'Perform action' }).getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: 'Bogdan Lindgren' })).toBeVisible();
    for (const [name, value] of exported) {
      await expect(attributeOnPage(page, name).getByRole('cell').first()).toHaveText(value);
    }
  },
);

test(
  'who is out of scope and who does not exist are told at their step, and too much haste is refused',
  { tag: ['@F58', '@F61', '@F62'] },
  async ({ page, server, request, problems }) => {
    problems.expect(/(409|429|422).*provision/);
    const demo = await Demo.of(server, request);
    const configuration = await newConfiguration(page);
    await open(page, `${configuration}/scoping-filters`);
    const pane = page.getByRole('dialog', { name: 'Scope users' });
    await pane.getByRole('radio', { name: 'Selected organizational units' }).check();
    await pane.getByRole('combobox', { name: 'Distinguished name' }).fill(SALES);
    await pane.getByRole('button', { name: 'Add', exact: true }).click();
    await pane.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByRole('region', { name: 'Notifications' }).getByText('Settings saved')).toBeVisible();

    const engineer = await demo.entry('Ada Szabó');
    await open(page, `${configuration}/provision-on-demand`);
    await provision(page, engineer.dn);
    await expect(steps(page)).toBeVisible();
    const scope = await details(page, 'Determine if user is in scope');
    await expect(valueOf(page, scope, 'Active in the source system')).toHaveText('True');
    await expect(valueOf(page, scope, 'Scoping filter evaluation passed')).toHaveText('False');
    const outOfScope = page.getByRole('group', { name: 'Ada Szabó is out of scope.' });
    await expect(outOfScope).toContainText('It was created in the tenant all the same');
    await expect(page.getByRole('main')).not.toContainText('was provisioned');
    await open(page, configuration);
    await expect(fact(summary(page), 'Users')).toHaveText('1');
    await open(page, `${configuration}/provision-on-demand`);

    await provision(page, 'CN=Nobody At All,OU=Corp,DC=contoso,DC=test');
    await expect(page.getByRole('group', { name: /was not provisioned\.$/ })).toBeVisible();
    await expect(steps(page).getByRole('listitem')).toHaveCount(1);
    await expect(steps(page).getByRole('listitem')).toContainText('Failure');

    // Five tests in ten seconds of the demo's clock, which stands still.
    const another = page.getByRole('group', { name: 'Not provisioned.' });
    for (let test = 3; test <= 5; test += 1) {
      await provision(page, engineer.dn);
      await expect(page.getByRole('button', { name: 'Provision', exact: true })).toBeEnabled();
      await expect(outOfScope).toContainText('Nothing was written');
      await page.goto(`${configuration}/provision-on-demand`);
      await open(page, `${configuration}/provision-on-demand`);
    }
    await provision(page, engineer.dn);
    await expect(another).toContainText(/too many/i);
    await demo.passes(10);
    await provision(page, engineer.dn);
    await expect(outOfScope).toContainText('Nothing was written');
  },
);
