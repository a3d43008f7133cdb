// What the two logs hold: a row for each object and change, found by what anybody knows of it; and a
// row for each act of an administrator.
import type { Page } from '@playwright/test';
import { DAY, Demo, STANDING_STILL } from '../support/demo.ts';
import { summary } from '../support/portal.ts';
import { expect, inNoTime, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: STANDING_STILL } });

const LOGS = '/cloud-sync/provisioning-logs';
const log = (page: Page) => page.getByRole('table', { name: 'Provisioning logs' });
const names = (page: Page) => log(page).getByRole('rowheader');
const audit = (page: Page) => page.getByRole('table', { name: 'Audit logs' });

/** Chooses a value of a pill and waits for the list. */
async function narrow(page: Page, pill: string, value: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${pill} : `) }).click();
  const choices = page.getByRole('dialog', { name: `Filter ${pill}` });
  await choices.getByRole('radio', { name: value, exact: true }).check();
  await choices.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('button', { name: `${pill} : ${value}` })).toBeVisible();
}

/** The texts of one column of the shown rows. */
async function column(page: Page, heading: string): Promise<string[]> {
  const headings = await log(page).getByRole('columnheader').allInnerTexts();
  const position = headings.findIndex((text) => text.trim() === heading);
  expect(position, `${heading} among ${headings.join(', ')}`).toBeGreaterThan(-1);
  const rows = log(page).locator('tbody').getByRole('row');
  return rows.locator(`:is(th, td):nth-child(${position + 1})`).allInnerTexts();
}

test('a row that is opened right after a search was typed stays open, and the search counts', async ({
  page,
  server,
  request,
}) => {
  const demo = await Demo.of(server, request);
  await demo.synchronized();
  await page.clock.install();
  await open(page, LOGS);
  const row = names(page).first().getByRole('button');
  const name = await row.innerText();
  const search = page.getByRole('searchbox', { name: 'Search by identity' });
  await inNoTime(page, async () => {
    await search.fill(name);
    await row.click();
    await expect(page).toHaveURL(/entry=/);
  });
  await expect(page).toHaveURL(/identity=/);
  await expect(page).toHaveURL(/entry=/);
  await expect(search).toHaveValue(name);
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
});

test('the number of failures leads to the rows that tell of them', async ({ page, server, request }) => {
  const demo = await Demo.of(server, request);
  const configuration = await demo.synchronized();
  const pane = page.getByRole('dialog', { name: 'Sync status' });
  for (const [address, within] of [
    [configuration, summary(page)],
    [`${configuration}/status`, pane],
  ] as const) {
    await open(page, address);
    await within.getByRole('link', { name: '5 being retried' }).click();
    await expect(page.getByRole('button', { name: 'Status : Failure' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Date : Last 30 days' })).toBeVisible();
    await expect(names(page).nth(4)).toBeVisible();
    expect(new Set(await column(page, 'Status'))).toEqual(new Set(['Failure']));
  }
});

test(
  'rows have their columns, and every filter narrows to what it says',
  { tag: ['@F63', '@F64', '@F65'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await demo.synchronized();
    await open(page, LOGS);
    for (const name of ['Identity', 'Action', 'Source system', 'Target system', 'Status']) {
      await expect(log(page).getByRole('columnheader', { name, exact: true })).toBeVisible();
    }
    await expect(names(page)).toHaveCount(50);
    // Nothing was deleted yet, so nobody can ask for it.
    await page.getByRole('button', { name: 'Action : All' }).click();
    const actions = page.getByRole('dialog', { name: 'Filter Action' });
    await expect(actions.getByRole('radio', { name: 'Create' })).toBeVisible();
    await expect(actions.getByRole('radio', { name: 'Delete' })).toHaveCount(0);
    await page.keyboard.press('Escape');

    for (const [pill, value, heading] of [
      ['Action', 'Create', 'Action'],
      ['Status', 'Failure', 'Status'],
      ['Status', 'Skipped', 'Status'],
    ] as const) {
      await open(page, LOGS);
      await narrow(page, pill, value);
      await expect.poll(async () => new Set(await column(page, heading))).toEqual(new Set([value]));
    }
    await narrow(page, 'Object type', 'Contact');
    await expect(page.getByRole('heading', { name: 'No row fits the filters' })).toBeVisible();
    await demo.passes(2 * DAY);
    await open(page, `${LOGS}?status=failure&action=other&type=user`);
    await expect(names(page).filter({ hasText: 'Nora Attwood' })).not.toHaveCount(0);
    await narrow(page, 'Date', 'Last 7 days');
    await expect(page).toHaveURL(/range=7d/);

    // Now something is deleted.
    await demo.remove(await demo.entry('Bogdan Lindgren'));
    await demo.nextCycle();
    await open(page, LOGS);
    await narrow(page, 'Action', 'Delete');
    await expect(names(page)).toHaveText([/Bogdan Lindgren/]);
  },
);

test(
  'a change is seen in four tabs, with old and new values',
  { tag: ['@F67', '@F68'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await demo.synchronized();
    await demo.change(await demo.entry('Bogdan Lindgren'), { department: 'Marketing' });
    await demo.nextCycle();
    await open(page, `${LOGS}?action=update&status=success&identity=Bogdan%20Lindgren`);
    await names(page).first().getByRole('button').click();
    const details = page.getByRole('complementary', { name: /Bogdan Lindgren/ });
    const tab = (name: string) => details.getByRole('tab', { name });
    await tab('Steps').click();
    await expect(details.getByRole('tabpanel').getByRole('listitem').first()).toContainText('Import');
    await tab('Troubleshooting').click();
    await expect(details.getByRole('tabpanel').getByRole('heading', { name: 'No problem' })).toBeVisible();
    await tab('Modified properties').click();
    const property = details
      .getByRole('table', { name: 'Modified properties' })
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: 'Department', exact: true }) });
    await expect(property.getByRole('cell')).toHaveText(['Sales', 'Marketing']);
    await tab('Summary').click();
    await expect(details.getByRole('tabpanel')).toContainText('contoso.test');
  },
);

test(
  'what was skipped is found by its objectGUID, and has no target',
  { tag: ['@F72', '@F73'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await demo.synchronized();
    const account = await demo.entry('krbtgt');
    await open(page, LOGS);
    await page.getByRole('searchbox', { name: 'Search by identity' }).fill(account.id);
    await expect(names(page)).toHaveText([/krbtgt/]);
    expect(await column(page, 'Status')).toEqual(['Skipped']);
    await names(page).getByRole('button').click();
    const details = page.getByRole('complementary', { name: /krbtgt/ });
    await expect(details).toContainText('critical system object');
    await details.getByRole('tab', { name: 'Summary' }).click();
    const shown = details.getByRole('tabpanel');
    await expect(shown.getByText('Source ID', { exact: true })).toBeVisible();
    await expect(shown.getByText('Target ID', { exact: true })).toHaveCount(0);
  },
);

test('rows of the log go after thirty days', { tag: ['@F71'] }, async ({ page, server, request }) => {
  const demo = await Demo.of(server, request);
  await demo.synchronized();
  await demo.passes(29 * DAY);
  await open(page, `${LOGS}?range=30d&action=create`);
  await expect(names(page)).toHaveCount(50);
  await demo.passes(2 * DAY);
  await open(page, `${LOGS}?range=30d`);
  await expect(page.getByRole('button', { name: 'Date : Last 30 days' })).toBeVisible();
  await page.getByRole('button', { name: 'Action : All' }).click();
  const actions = page.getByRole('dialog', { name: 'Filter Action' });
  await expect(actions.getByRole('radio', { name: 'All' })).toBeVisible();
  await expect(actions.getByRole('radio', { name: 'Create' })).toHaveCount(0);
});

test(
  'each act of an administrator leaves one row, and the log is narrowed to it',
  { tag: ['@F74', '@F75'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    const id = configuration.split('/').at(-1)!;
    for (const act of ['restart', 'pause', 'start']) await demo.caller.call(`configurations/${act}`, { id });
    await demo.settle();
    await open(page, `${configuration}/attribute-mappings`);
    await page.getByRole('button', { name: 'Delete mapping City' }).click();
    await page.getByRole('button', { name: 'Save schema' }).click();
    await page.getByRole('alertdialog', { name: 'Save schema?' }).getByRole('button', { name: 'OK' }).click();
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Schema saved');
    await demo.settle();
    await demo.happens('credentials-refused');
    await demo.caller.call('configurations/delete', { id });

    const rowsOf = async (activity: string) => {
      await open(page, `/cloud-sync/audit-logs?activity=${encodeURIComponent(activity)}&target=contoso`);
      await expect(page.getByRole('heading', { level: 1, name: 'Audit logs' })).toBeVisible();
      return audit(page).locator('tbody').getByRole('row');
    };
    for (const activity of [
      'Add provisioning configuration',
      'Delete provisioning configuration',
      'Enable/restart provisioning configuration',
      'Disable/pause provisioning configuration',
      'Update attribute mappings or scope',
      'Quarantine',
    ]) {
      await expect(await rowsOf(activity), activity).toHaveCount(1);
    }
    // Enabled by the scenario, and started again after the pause.
    await expect(await rowsOf('Enable/start provisioning configuration')).toHaveCount(2);

    // Names are looked for from their beginning, in the case in which they are written.
    await open(page, '/cloud-sync/audit-logs');
    const target = page.getByRole('searchbox', { name: 'Search by target' });
    const nothing = page.getByRole('heading', { name: 'No row fits the filters' });
    for (const wrong of ['Contoso.test', 'ontoso']) {
      await target.fill(wrong);
      await expect(nothing).toBeVisible();
    }
    await target.fill('contoso');
    await expect(audit(page)).toContainText('contoso.test');
    const pills = [
      ['Activity', 'Quarantine'],
      ['Status', 'Success'],
      ['Date', 'Last 24 hours'],
      ['Initiated by', 'Cloud sync'],
    ] as const;
    for (const [pill, value] of pills) {
      await narrow(page, pill, value);
      await expect(audit(page).locator('tbody').getByRole('row')).toHaveCount(1);
    }
    await demo.passes(2 * DAY);
    await page.reload();
    await expect(nothing).toBeVisible();
  },
);
