// Deletions that are too many: held, told of, looked at, allowed, or taken back by repairing their
// cause; and those that pass.
import type { Page } from '@playwright/test';
import { Demo, HOUR, OUT_OF_SCOPE, STANDING_STILL, openUser } from '../support/demo.ts';
import { badge, fact, restart, save, summary, toasts } from '../support/portal.ts';
import { startServer } from '../support/server.ts';
import { startMailServer } from '../support/smtp.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: STANDING_STILL } });

/** How many rows the log has at an address, beyond the page that is shown. */
async function rowsOfLog(page: Page, query: string): Promise<number> {
  const answer = await page.request.get(
    `/cloud-sync/provisioning-logs/files/ProvisioningLogs.json?${query}`,
  );
  return ((await answer.json()) as unknown[]).length;
}

/** The configuration whose page is open. */
const configurationId = (page: Page) => page.url().match(/configurations\/([0-9a-f-]{36})/)![1]!;

test(
  'a mass deletion is held, shown, and carried out after a Yes',
  { tag: ['@F29', '@F32', '@F33', '@F34'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await demo.happens('mass-deletion');
    await open(page, '/cloud-sync');
    await badge(page, 'Delete threshold exceeded').click();
    const pane = page.getByRole('dialog', { name: 'Sync status' });
    await expect(pane.getByRole('region', { name: 'Delete threshold exceeded' })).toContainText(
      'no changes, including new users, are written',
    );
    await expect(pane.getByRole('heading', { name: 'Held deletions (40)' })).toBeVisible();
    await expect(pane.getByRole('table', { name: 'Held deletions' }).getByRole('rowheader')).toHaveCount(40);
    expect(await demo.inTenant('user')).toBe(200);

    // The log says the same.
    await open(page, '/cloud-sync/provisioning-logs');
    await page.getByRole('button', { name: 'Action : All' }).click();
    const pill = page.getByRole('dialog', { name: 'Filter Action' });
    await pill.getByRole('radio', { name: 'StagedDelete' }).check();
    await pill.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByRole('table', { name: 'Provisioning logs' }).getByRole('rowheader')).toHaveCount(40);
    expect(await rowsOfLog(page, 'action=stagedDelete')).toBe(40);

    // The menu of the row asks the question; No is the safe answer.
    await open(page, '/cloud-sync');
    await page.getByRole('button', { name: 'More actions for contoso.test' }).click();
    await page.getByRole('menuitem', { name: 'Allow deletes' }).click();
    const question = page.getByRole('alertdialog');
    await expect(question.getByRole('button', { name: 'No' })).toBeFocused();
    await question.getByRole('button', { name: 'No' }).click();
    await expect(question).toBeHidden();
    await page.getByRole('button', { name: 'Allow deletes' }).click();
    await question.getByRole('button', { name: 'Yes, allow deletes' }).click();
    await expect(toasts(page)).toContainText('Deletes accepted');
    await demo.settle();
    await open(page, '/cloud-sync');
    await expect(badge(page, 'Healthy')).toBeVisible();
    expect(await demo.inTenant('user')).toBe(160);
    await open(page, '/deleted-users');
    await expect(page.getByRole('main')).toContainText('40 deleted users');
  },
);

test('while deletions are held, every place says that nothing at all is written', async ({
  page,
  server,
  request,
}) => {
  const paused =
    'Provisioning is paused: no changes, including new users, are written until you decide.';
  const demo = await Demo.of(server, request);
  await demo.happens('mass-deletion');
  const configuration = await demo.configuration();
  for (const skin of ['classic', 'new']) {
    await page.context().addCookies([{ name: 'skin', value: skin, url: server.address }]);
    await open(page, '/cloud-sync');
    await expect(page.getByRole('group', { name: 'A decision is needed.' })).toContainText(paused);
    const row = page.getByRole('row', { name: /contoso\.test/ });
    await expect(row.getByRole('cell', { name: /Waits for your decision/ })).toBeVisible();
    await open(page, configuration);
    await expect(fact(summary(page), 'Next run')).toContainText('Waits for your decision');
    await open(page, `${configuration}/status`);
    const pane = page.getByRole('dialog', { name: 'Sync status' });
    await expect(fact(pane, 'Next run')).toContainText('Waits for your decision');
    await expect(pane.getByRole('region', { name: 'Delete threshold exceeded' })).toContainText(paused);
    await open(page, `${configuration}/quarantine`);
    await expect(page.getByRole('group', { name: 'Delete threshold exceeded.' })).toContainText(paused);
  }
  await open(page, '/mailbox');
  await page.getByRole('link', { name: /40 deletions held/ }).click();
  await expect(page.getByRole('main')).toContainText(paused);
});

test('the list of held deletions follows what is allowed, and keeps the boxes that are chosen', async ({
  page,
  server,
  request,
}) => {
  const demo = await Demo.of(server, request);
  await demo.happens('mass-deletion');
  await open(page, `${await demo.configuration()}/status`);
  const pane = page.getByRole('dialog', { name: 'Sync status' });
  const names = pane.getByRole('table', { name: 'Held deletions' }).getByRole('rowheader');
  const boxes = pane.getByRole('checkbox', { name: /^Allow the deletion of / });
  await expect(names).toHaveCount(40);
  const allowed = await boxes.evaluateAll((all) => all.slice(0, 2).map((box) => box.getAttribute('aria-label')!));
  for (const name of allowed) await pane.getByRole('checkbox', { name, exact: true }).check();
  await pane.getByRole('button', { name: 'Allow selected' }).click();
  await expect(toasts(page)).toContainText('Deletes accepted');
  await expect(names).toHaveCount(38);
  for (const name of allowed) await expect(pane.getByRole('checkbox', { name, exact: true })).toHaveCount(0);
  await demo.settle();
  await expect(pane.getByRole('heading', { name: 'Held deletions (38)' })).toBeVisible();
  await expect(pane.getByRole('group', { name: /deletions? allowed\.$/ })).toHaveCount(0);
  expect(await demo.inTenant('user')).toBe(198);

  // Another cycle changes nothing of what somebody is about to decide.
  await boxes.first().check();
  await demo.nextCycle();
  const [other] = await demo.entries('Specialist', 'user');
  await demo.change(other!, { title: 'Director' });
  await demo.nextCycle();
  await expect(names).toHaveCount(38);
  await expect(boxes.first()).toBeChecked();

  // Nothing but the page itself is asked for what is allowed elsewhere, either.
  const list = await demo.caller.call<{ cycle: string }>('configurations/held', { id: configurationId(page) });
  await demo.caller.call('configurations/allow-deletes', { id: configurationId(page), cycle: list.cycle });
  await demo.settle();
  await expect(names).toHaveCount(0);
  await expect(fact(pane, 'Status')).toHaveText('Healthy');
});

test('deletions that are allowed wait in sight until a cycle has carried them out', async ({
  page,
  server,
  request,
}) => {
  const demo = await Demo.of(server, request);
  await demo.happens('mass-deletion');
  await open(page, `${await demo.configuration()}/status`);
  const pane = page.getByRole('dialog', { name: 'Sync status' });
  await demo.happens('agent-stops');
  const boxes = pane.getByRole('checkbox', { name: /^Allow the deletion of / });
  for (const position of [0, 1, 2]) await boxes.nth(position).check();
  await pane.getByRole('button', { name: 'Allow selected' }).click();
  const waiting = pane.getByRole('group', { name: '3 deletions allowed.' });
  await expect(waiting).toContainText('Waiting for the next cycle');
  await expect(boxes).toHaveCount(37);
  await page.reload();
  await expect(waiting).toBeVisible();
  await demo.happens('agent-starts');
  await demo.passes(HOUR);
  await expect(waiting).toBeHidden();
  await expect(boxes).toHaveCount(37);
});

test(
  'one mail tells of a quarantine, and one of the deletions that are held after it',
  { tag: ['@F20', '@F98'] },
  async ({ page, request }) => {
    const mailServer = await startMailServer();
    const server = await startServer({
      demo: STANDING_STILL,
      words: ['--smtp-url', mailServer.url, '--mail-from', 'cloud-sync@contoso.test'],
    });
    const post = async (path: string, data?: object) =>
      expect((await request.post(`${server.address}${path}`, { data })).ok(), path).toBe(true);
    const passes = async (seconds: number) => {
      await post('/demo/clock', { advanceSeconds: seconds });
      await post('/demo/settle');
    };
    const latest = page.getByRole('table', { name: 'Latest messages' });
    const sent = async (count: number) => {
      await expect(latest.locator('tbody').getByRole('row')).toHaveCount(count);
      // Mails are looked for every fifteen seconds.
      await expect(latest.getByText('Delivered')).toHaveCount(count, { timeout: 30_000 });
      expect(mailServer.mails).toHaveLength(count);
      return mailServer.mails.at(-1)!;
    };
    await post('/demo/scenarios/credentials-refused');
    await post('/demo/settle');
    await open(page, `${server.address}/settings/notifications`);
    const quarantine = await sent(1);
    expect(quarantine.recipients).toEqual(['identity.team@contoso.example']);
    expect(quarantine.text).toMatch(/^Subject: .*contoso\.test/m);
    // Each attempt fails for the same reason, which is known already.
    await passes(HOUR);
    await passes(HOUR);
    await sent(1);

    await post('/demo/scenarios/credentials-accepted');
    await post('/demo/scenarios/mass-deletion');
    await post('/demo/settle');
    const held = await sent(2);
    expect(held.text).toContain('40');
    await passes(HOUR);
    await sent(2);
    await page.goto('about:blank');
    await server.remove();
    mailServer.close();
  },
);

test(
  'a unit that left the scope by mistake is put back, and nothing is deleted',
  { tag: ['@F35'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await demo.happens('unit-leaves-scope');
    const before = await demo.inTenant('user');
    const configuration = await demo.configuration();
    await open(page, configuration);
    await expect(badge(page, 'Delete threshold exceeded').first()).toBeVisible();
    const unit = await demo.entry('Engineering', 'organizationalUnit');
    expect(unit.dn).toContain(OUT_OF_SCOPE);
    await demo.move(unit, 'OU=Users,OU=Corp,DC=contoso,DC=test');
    await restart(page, 'Restart provisioning while deletions are held?', 'Restart');
    await demo.settle();
    await expect(badge(page, 'Healthy').first()).toBeVisible();
    expect(await demo.inTenant('user')).toBe(before);
    await open(page, '/deleted-users');
    // Those who were out of scope before the mistake.
    await expect(page.getByRole('main')).toContainText(`${200 - before} deleted users`);
  },
);

test(
  'one deletion less than the threshold passes in each cycle, the threshold holds, and members are not counted',
  { tag: ['@F36', '@F37', '@F38', '@F88'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    await open(page, configuration);
    await page.getByRole('spinbutton', { name: 'Accidental deletion threshold' }).fill('3');
    await save(page);
    const people = (await demo.entries('Specialist', 'user')).filter(({ dn }) => dn.includes('OU=Odd Cases'));
    const deleteSome = async (count: number) => {
      for (const person of people.splice(0, count)) await demo.remove(person);
      await demo.nextCycle();
    };
    const users = fact(summary(page), 'Users');
    const before = await demo.inTenant('user');
    await deleteSome(2);
    await deleteSome(2);
    await expect(users).toHaveText(String(before - 4));
    await expect(badge(page, 'Healthy').first()).toBeVisible();

    // Members that go are no deletions, and a group that is deleted is gone at once.
    const everyone = await demo.entry('Everyone', 'group');
    const members = await demo.caller.call<{ items: { id: string }[] }>('forest/members', { id: everyone.id });
    for (const { id: member } of members.items.slice(0, 10)) {
      await demo.caller.call('forest/remove-member', { forest: 'contoso.test', group: everyone.id, member });
    }
    await open(page, '/groups?search=Everyone');
    await page.getByRole('link', { name: 'Everyone', exact: true }).click();
    const tab = page.getByRole('tab', { name: /^Members/ });
    await expect(tab).toBeVisible();
    const shown = Number((await tab.innerText()).match(/\d+/)![0]);
    await demo.remove(await demo.entry('Cloud Sync Pilot', 'group'));
    await demo.nextCycle();
    await expect(tab).toHaveText(`Members (${shown - 10})`);
    await open(page, '/groups?search=Cloud%20Sync%20Pilot');
    await expect(page.getByRole('heading', { name: /^No result/ })).toBeVisible();
    await open(page, '/deleted-users');
    await expect(page.getByRole('main')).toContainText('4 deleted users');
    await open(page, configuration);
    await expect(badge(page, 'Healthy').first()).toBeVisible();

    await deleteSome(3);
    await expect(badge(page, 'Delete threshold exceeded').first()).toBeVisible();
    await expect(users).toHaveText(String(before - 4));
  },
);

test(
  'an empty unit as scope cleans the tenant up, and the old scope brings the same people back',
  { tag: ['@F25', '@F87'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    await openUser(page, 'Bogdan Lindgren');
    const identity = new URL(page.url()).pathname;
    await demo.caller.call('forest/add-organizational-unit', {
      forest: 'contoso.test',
      'draft[name]': 'Nobody',
      'draft[container]': 'OU=Corp,DC=contoso,DC=test',
    });
    await open(page, configuration);
    await page.getByRole('checkbox', { name: 'Prevent accidental deletion' }).uncheck();
    await page.getByRole('button', { name: 'Edit scoping filters' }).click();
    const pane = page.getByRole('dialog', { name: 'Scope users' });
    await pane.getByRole('radio', { name: 'Selected organizational units' }).check();
    await pane.getByRole('combobox', { name: 'Distinguished name' }).fill('OU=Nobody,OU=Corp,DC=contoso,DC=test');
    await pane.getByRole('button', { name: 'Add', exact: true }).click();
    await pane.getByRole('button', { name: 'Done' }).click();
    await save(page);
    await restart(page, 'Restart provisioning?', 'Yes');
    await demo.settle();
    await expect(fact(summary(page), 'Users')).toHaveText('0');
    await expect(fact(summary(page), 'Groups')).toHaveText('0');
    for (const kind of ['user', 'group', 'contact'] as const) expect(await demo.inTenant(kind)).toBe(0);
    // Users lie in the recycle bin; one of them is taken out by hand.
    await open(page, '/deleted-users');
    await expect(page.getByRole('main')).toContainText('200 deleted users');
    await page.getByRole('button', { name: /^Restore / }).first().click();
    await expect(toasts(page)).toContainText('User restored');
    expect(await demo.inTenant('user')).toBe(1);

    await open(page, `${configuration}/scoping-filters`);
    await pane.getByRole('radio', { name: 'All users' }).check();
    await pane.getByRole('button', { name: 'Done' }).click();
    await save(page);
    await restart(page, 'Restart provisioning?', 'Yes');
    await demo.settle();
    await expect(fact(summary(page), 'Users')).toHaveText('200');
    await openUser(page, 'Bogdan Lindgren');
    expect(new URL(page.url()).pathname).toBe(identity);
  },
);
