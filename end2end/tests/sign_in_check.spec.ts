// The password of the directory works in the tenant: the form on a user's page that proves it, with
// a script and without.
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility.ts';
import { Caller } from '../support/api.ts';
import type { Server } from '../support/server.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true, words: ['--cycle-seconds', '2'] } });

interface Details {
  summary: { id: string };
}

interface Source {
  attributes: Record<string, string>;
}

/** Somebody of the demo forest whose password need not be changed first. */
async function synchronizedPerson(server: Server): Promise<{ page: string; password: string }> {
  const caller = await Caller.of(server);
  const id = await caller.call<string>('configurations/create', {
    'new[domain]': 'contoso.test',
    'new[password_hash_sync]': 'true',
  });
  await caller.call('configurations/save', {
    id,
    'draft[revision]': '1',
    'draft[settings][enabled]': 'true',
    'draft[settings][password_hash_sync]': 'true',
    'draft[settings][prevent_accidental_deletion]': 'true',
    'draft[settings][accidental_deletion_threshold]': '500',
  });
  await caller.until(id, (state) => state.lastCycle !== null);
  const users = await caller.call<{ items: { id: string }[] }>('tenant/list', {
    kind: 'user',
    search: 'contoso.test',
  });
  for (const user of users.items) {
    const object = await caller.call<[Details, Source | null]>('tenant/object', { id: user.id });
    const attributes = object[1]?.attributes ?? {};
    if (attributes.employeeType === 'Employee' && attributes.pwdLastSet !== '0') {
      const password = `Demo-${attributes.sAMAccountName}-2026`;
      return { page: `/users/${user.id}`, password };
    }
  }
  throw new Error('the demo forest has nobody with a password');
}

async function check(page: Page, password: string): Promise<void> {
  const form = page.getByRole('region', { name: 'Check sign-in' });
  await form.getByLabel('On-premises password').fill(password);
  await form.getByRole('button', { name: 'Check sign-in' }).click();
}

test('the password of the directory is accepted in the tenant and another one is not', { tag: ['@F94'] }, async ({
  page,
  server,
}) => {
  const person = await synchronizedPerson(server);
  await open(page, person.page);
  const form = page.getByRole('region', { name: 'Check sign-in' });
  await expect(async () => {
    await check(page, person.password);
    await expect(form).toContainText('Password accepted.', { timeout: 1_000 });
  }).toPass();
  await expect(form.getByLabel('On-premises password')).toHaveValue('');
  await check(page, 'something else');
  await expect(form).toContainText('Password wrong.');
  await expectAccessible(page);
});

test('without a script the answer stands on the page, too', async ({ browser, server }) => {
  const person = await synchronizedPerson(server);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.address });
  const page = await context.newPage();
  await page.goto(person.page);
  await expect(async () => {
    await check(page, person.password);
    await expect(page.getByRole('region', { name: 'Check sign-in' })).toContainText(
      'Password accepted.',
      { timeout: 1_000 },
    );
  }).toPass();
  expect(page.url()).not.toContain('Demo-');
});
