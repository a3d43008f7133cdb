// Provisioning logs and audit logs: columns, filters, search, and the files that hold what they show.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { Caller } from '../support/api.ts';
import type { Server } from '../support/server.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true, words: ['--cycle-seconds', '5'] } });

/** A configuration with one cycle behind it; its identifier. */
async function synchronized(server: Server): Promise<string> {
  const caller = await Caller.of(server);
  const id = await caller.call<string>('configurations/create', { 'new[domain]': 'contoso.test' });
  await caller.call('configurations/save', {
    id,
    'draft[revision]': '1',
    'draft[settings][enabled]': 'true',
  });
  await caller.until(id, (state) => state.lastCycle !== null);
  return id;
}

const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Page commands' });
const rows = (page: Page) => page.getByRole('table', { name: 'Provisioning logs' }).getByRole('row');

/** Chooses a file from the page's Download menu and reads it. */
async function download(page: Page, name: string): Promise<string> {
  await toolbar(page).getByRole('button', { name: 'Download' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menu', { name: 'Download' }).getByRole('menuitem', { name, exact: true }).click(),
  ]);
  return readFileSync(await file.path(), 'utf8');
}

/** The records of a CSV file without its heading, by their first columns; values may span lines. */
function records(text: string): string[] {
  return text.split(/\r?\n(?=(?:[^"]*"[^"]*")*[^"]*$)/).slice(1).filter((line) => line !== '');
}

const CHANGE = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}/;

test('columns are chosen, stay chosen, and are there before any script', { tag: ['@F66'] }, async ({
  page,
  server,
  context,
  browser,
}) => {
  await synchronized(server);
  await open(page, '/cloud-sync/provisioning-logs');
  await toolbar(page).getByRole('button', { name: 'Columns' }).click();
  const pane = page.getByRole('dialog', { name: 'Columns' });
  await pane.getByRole('checkbox', { name: 'Source system' }).uncheck();
  await pane.getByRole('checkbox', { name: 'Change ID' }).check();
  await pane.getByRole('button', { name: 'Save' }).click();
  const heading = (name: string) => page.getByRole('columnheader', { name, exact: true });
  await expect(heading('Change ID')).toBeVisible();
  await expect(heading('Source system')).toBeHidden();
  await expect(pane).toBeHidden();

  const silent = await browser.newContext({
    javaScriptEnabled: false,
    baseURL: server.address,
    storageState: await context.storageState(),
  });
  const other = await silent.newPage();
  await other.goto('/cloud-sync/provisioning-logs?pane=columns');
  await expect(other.getByRole('columnheader', { name: 'Change ID' })).toBeVisible();
  const silentPane = other.getByRole('dialog', { name: 'Columns' });
  await silentPane.getByRole('checkbox', { name: 'Change ID' }).uncheck();
  await silentPane.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByRole('columnheader', { name: 'Identity' })).toBeVisible();
  await expect(other.getByRole('columnheader', { name: 'Change ID' })).toBeHidden();
});

test('an object is found by its user principal name, objectGUID and distinguished name', { tag: ['@F72'] }, async ({
  page,
  server,
}) => {
  await synchronized(server);
  await open(page, '/cloud-sync/provisioning-logs?status=success&action=create&type=user');
  const documents = JSON.parse(await download(page, 'JSON'));
  const person = documents.find(({ modifiedProperties }: { modifiedProperties: { displayName: string }[] }) =>
    modifiedProperties.some(({ displayName }) => displayName === 'UserPrincipalName'),
  );
  const name = person.modifiedProperties.find(
    ({ displayName }: { displayName: string }) => displayName === 'UserPrincipalName',
  ).newValue;
  const search = page.getByRole('searchbox', { name: 'Search by identity' });
  for (const text of [name, person.sourceIdentity.id, person.sourceIdentity.details.distinguishedName]) {
    await search.fill(text);
    await expect(page).toHaveURL((url) => url.searchParams.get('identity') === text);
    await expect(rows(page).filter({ hasText: person.sourceIdentity.displayName }).first()).toBeVisible();
  }
});

test('the files hold what the page shows, join by the change, and hold no formula', { tag: ['@F69', '@F70'] }, async ({
  page,
  server,
}) => {
  await synchronized(server);
  await open(page, '/cloud-sync/provisioning-logs?type=group');
  const shown = await rows(page).count();
  const logs = await download(page, 'CSV: provisioning logs');
  const documents = JSON.parse(await download(page, 'JSON'));
  const entries = records(logs);
  expect(logs).toMatch(/^activityDateTime,changeId,cycleId,jobId,tenantId,/);
  // A page shows at most fifty rows under its heading; a file has them all.
  expect(Math.min(entries.length, 50)).toBe(shown - 1);
  expect(documents).toHaveLength(entries.length);
  const changes = new Set(entries.map((line) => line.match(CHANGE)?.[0]));
  for (const name of ['CSV: steps', 'CSV: modified properties']) {
    const parts = records(await download(page, name));
    expect(parts.length).toBeGreaterThan(0);
    for (const line of parts) expect(changes).toContain(line.match(CHANGE)?.[0]);
    for (const line of parts) expect(line).not.toMatch(/(^|,)"?[=+@-]/);
  }
  await open(page, '/cloud-sync/provisioning-logs?identity=nobody%20at%20all');
  expect(JSON.parse(await download(page, 'JSON'))).toEqual([]);
});

test('nobody gets a file who is not signed in', async ({ server, playwright }) => {
  const stranger = await playwright.request.newContext({ baseURL: server.address });
  for (const file of ['provisioning-logs/files/ProvisioningLogs.csv', 'audit-logs/files/AuditLogs.json']) {
    expect((await stranger.get(`/cloud-sync/${file}`)).status()).toBe(401);
  }
  await stranger.dispose();
});

test('a row prints as a whole, without the page around it', async ({ page, server }) => {
  await synchronized(server);
  await open(page, '/cloud-sync/provisioning-logs?type=group&status=success');
  await rows(page).nth(1).getByRole('button').click();
  const details = page.getByRole('complementary');
  await expect(details.getByRole('tab', { name: 'Steps' })).toBeVisible();
  await expect(details.getByRole('button', { name: 'Print' })).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('banner')).toBeHidden();
  await expect(page.getByRole('table', { name: 'Provisioning logs' })).toBeHidden();
  for (const name of ['Steps', 'Modified properties']) {
    await expect(details.getByRole('heading', { name, exact: true })).toBeVisible();
  }
  await expect(details.getByText('Change ID')).toBeVisible();
});

test('audit logs are narrowed to what occurs, and fetched as a file', { tag: ['@F75'] }, async ({ page, server }) => {
  await synchronized(server);
  await open(page, '/cloud-sync/audit-logs');
  const list = page.getByRole('table', { name: 'Audit logs' });
  await page.getByRole('button', { name: 'Activity : All' }).click();
  const pill = page.getByRole('dialog', { name: 'Filter Activity' });
  await expect(pill.getByRole('radio', { name: 'Delete provisioning configuration' })).toHaveCount(0);
  await pill.getByRole('radio', { name: 'Add provisioning configuration' }).check();
  await pill.getByRole('button', { name: 'Apply' }).click();
  await expect(list.getByRole('row')).toHaveCount(2);
  const entries = records(await download(page, 'CSV'));
  expect(entries).toHaveLength(1);
  expect(entries[0]).toContain('contoso.test');
  await page.getByRole('searchbox', { name: 'Search by target' }).fill('fabrikam');
  await expect(page.getByRole('heading', { name: 'No row fits the filters' })).toBeVisible();
  await page.getByRole('link', { name: 'Reset filters' }).first().click();
  await expect(list.getByRole('row', { name: /Enable\/start/ })).toBeVisible();
});

test('columns are put into another order with the keyboard', async ({ page, server }) => {
  await synchronized(server);
  await open(page, '/cloud-sync/provisioning-logs?pane=columns');
  const pane = page.getByRole('dialog', { name: 'Columns' });
  const up = pane.getByRole('button', { name: 'Move up Status' });
  await up.focus();
  await page.keyboard.press('Enter');
  await expect(pane.getByText('Status is at place 4 of 10 now.')).toBeAttached();
  await expect(up).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(pane.getByText('Status is at place 3 of 10 now.')).toBeAttached();
  await expect(pane.getByRole('button', { name: 'Move up Date' })).toBeDisabled();
  await pane.getByRole('button', { name: 'Save' }).click();
  await expect(pane).toBeHidden();
  const headings = page.getByRole('table', { name: 'Provisioning logs' }).getByRole('columnheader');
  const expected = ['Date', 'Identity', 'Action', 'Status', 'Source system', 'Target system'];
  await expect(headings).toHaveText(expected);
  await open(page, '/cloud-sync/provisioning-logs');
  await expect(headings).toHaveText(expected);
});
