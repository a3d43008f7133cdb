// A real OpenLDAP directory with 200 people, connected and synchronised in the browser.
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility.ts';
import { Caller } from '../support/api.ts';
import { fact } from '../support/portal.ts';
import { startSlapd, type Directory } from '../support/slapd.ts';
import { expect, isTakenOver, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true, words: ['--cycle-seconds', '2'] } });

const BASE = 'dc=example,dc=test';
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const summary = (page: Page) => page.getByRole('complementary', { name: 'Summary' });

async function fill(page: Page, directory: Directory, changes: Record<string, string> = {}) {
  await page.goto('/directories/new');
  await isTakenOver(page);
  const values = {
    URL: directory.secureUrl,
    'CA certificate': directory.authority,
    'Bind DN': directory.readerDn,
    Password: directory.password,
    'Base DN': directory.base,
    ...changes,
  };
  for (const [name, value] of Object.entries(values)) {
    await field(page, name).fill(value);
  }
}

test('connect a directory, synchronise it, and see a person with their source values', { tag: ['@F04'] }, async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.goto('/cloud-sync/new');
  const domains = page.getByRole('combobox', { name: 'Domain' }).getByRole('option');
  await expect(domains).toHaveText(['contoso.test', 'fabrikam.test']);
  const directory = await startSlapd(200, { BASE });
  await fill(page, directory);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByRole('main')).toContainText('OpenLDAP');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page).toHaveURL(/\/directories\/[0-9a-f-]{36}/);

  await page.goto('/cloud-sync/new');
  await isTakenOver(page);
  await expect(domains).toHaveText(['contoso.test', 'example.test', 'fabrikam.test']);
  await page.getByRole('combobox', { name: 'Domain' }).selectOption('example.test');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('radio', { name: 'Enable', exact: true }).check({ force: true });
  await page
    .getByRole('toolbar', { name: 'Page commands' })
    .getByRole('button', { name: 'Save', exact: true })
    .click();
  await expect(summary(page)).toContainText('Healthy', { timeout: 30_000 });

  await page.goto('/users');
  await isTakenOver(page);
  await page.getByRole('searchbox').last().fill('quinn.silva0');
  await page.getByRole('searchbox').last().press('Enter');
  await page.getByRole('link', { name: 'Quinn Silva' }).click();
  await expect(page.getByRole('main')).toContainText('quinn.silva0@example.test');
  await expectAccessible(page);
  directory.remove();
});

test('what is wrong with a connection is told beside its field, and nothing is stored', async ({
  page,
  problems,
}) => {
  test.setTimeout(120_000);
  problems.expect(/status of 422/);
  const directory = await startSlapd(5, { BASE });
  const mistakes: [string, string, RegExp][] = [
    ['Password', 'hunter2', /wrong account name or wrong password/],
    ['URL', 'ldap://127.0.0.1:1', /cannot be reached/],
    ['URL', 'http://127.0.0.1', /begins with ldap/],
    ['Base DN', 'dc=nowhere,dc=test', /has no entry dc=nowhere/],
    ['Base DN', 'nowhere', /has no equals sign/],
    ['CA certificate', '', /certificate/i],
  ];
  for (const [name, value, message] of mistakes) {
    await fill(page, directory, { [name]: value });
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await expect(field(page, name), `${name}: ${value}`).toHaveAccessibleDescription(
      message,
      { timeout: 15_000 },
    );
  }
  await page.goto('/directories');
  await expect(page.getByRole('main')).not.toContainText('example.test');
  directory.remove();
});

test('deletions that the directory does not report are said to be looked for, and when', async ({
  page,
  server,
}) => {
  const directory = await startSlapd(5, { BASE });
  const id = await (await Caller.of(server)).synchronize(directory);
  await open(page, `/cloud-sync/configurations/${id}/status`);
  const pane = page.getByRole('dialog', { name: 'Sync status' });
  await expect(fact(pane, 'Deletions')).toHaveText(/^Last checked .+, next in \d+ min$/);
  await open(page, '/directories');
  await page.getByRole('link', { name: 'example.test' }).click();
  await expect(fact(page.getByRole('main'), 'Deletions')).toContainText('Checked every 10 minutes');
  await open(page, '/cloud-sync/agents');
  await expect(page.getByRole('main')).toContainText(
    'example.test does not report deletions: they are checked every 10 minutes.',
  );
  directory.remove();
});
