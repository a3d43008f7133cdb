// What becomes of people in the tenant: who is matched with whom, who manages whom, who signs in, and
// the link that remembers it.
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility.ts';
import { Demo, STANDING_STILL, attributeOnPage, openUser } from '../support/demo.ts';
import { fact, toasts } from '../support/portal.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: STANDING_STILL } });

test(
  'a link is looked at, kept while its configuration runs, and cut while it is paused',
  { tag: ['@F105'] },
  async ({ page, server, request, problems }) => {
    problems.expect(/409.*delete-link/);
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    const id = configuration.split('/').at(-1)!;
    await openUser(page, 'Bogdan Lindgren');
    const user = new URL(page.url()).pathname;
    const link = page.getByRole('region', { name: 'Provisioning link' });
    await expect(link).toContainText(user.split('/').at(-1)!);
    await expectAccessible(page);
    await link.getByRole('button', { name: 'Delete link' }).click();
    await expect(toasts(page)).toContainText('Pause the configuration first');
    await demo.caller.call('configurations/pause', { id });
    await link.getByRole('button', { name: 'Delete link' }).click();
    await expect(toasts(page)).toContainText('Link deleted');
    await expect(link).toBeHidden();
    // Started again, it finds the same person by matching.
    await demo.caller.call('configurations/start', { id });
    await demo.settle();
    await open(page, user);
    await expect(link).toBeVisible();
    expect(await demo.inTenant('user')).toBe(200);
  },
);

test(
  'two people who want one name both arrive, the second under another name',
  { tag: ['@F85'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await demo.synchronized();
    const id = await demo.caller.call<string>('configurations/create', { 'new[domain]': 'fabrikam.test' });
    await demo.caller.call('configurations/start', { id });
    await demo.settle();
    // One of fabrikam.test has the user name of somebody in contoso.test.
    await openUser(page, 'Wanjiru Obi');
    const name = attributeOnPage(page, 'UserPrincipalName').getByRole('cell');
    await expect(name.first()).toHaveText(/^gunnar\.byrne\+[0-9a-f]{4}@contoso\.onmicrosoft\.test$/);
    await expect(name.last()).toHaveText('gunnar.byrne@contoso.test');
    await openUser(page, 'Gunnar Byrne');
    await expect(name.first()).toHaveText('gunnar.byrne@contoso.test');
    await open(page, '/cloud-sync/provisioning-logs?status=warning&identity=Wanjiru');
    await page.getByRole('table', { name: 'Provisioning logs' }).getByRole('button').first().click();
    await expect(page.getByRole('complementary', { name: /Wanjiru Obi/ })).toContainText('AttributeValueMustBeUnique');
  },
);

test(
  'managers and members are links, and a member out of scope is told',
  { tag: ['@F92', '@F93'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await demo.synchronized();
    await openUser(page, 'Bogdan Lindgren');
    const manager = fact(page.getByRole('main'), 'Manager');
    const boss = await manager.getByRole('link').innerText();
    await manager.getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: boss })).toBeVisible();
    await open(page, '/groups?search=Cloud%20Sync%20Pilot');
    await page.getByRole('link', { name: 'Cloud Sync Pilot' }).click();
    await page.getByRole('tab', { name: 'Members (12)' }).click();
    await expect(page.getByRole('table', { name: 'Members' }).getByRole('rowheader')).toHaveCount(12);

    await open(page, '/cloud-sync/provisioning-logs?identity=Everyone&status=warning');
    await page.getByRole('table', { name: 'Provisioning logs' }).getByRole('button').first().click();
    const details = page.getByRole('complementary', { name: /Everyone/ });
    await expect(details).toContainText('UnableToResolveReferenceAttributeValue');
    await expect(details).toContainText('6 objects that it refers to are not in the tenant');
  },
);

test(
  'a password that must be changed first is not sent',
  { tag: ['@F95'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await demo.synchronized();
    // Among the twenty people of the demo who must choose a new password.
    await openUser(page, 'Omar Fofanah');
    const person = await demo.entry('Omar Fofanah');
    const form = page.getByRole('region', { name: 'Check sign-in' });
    const account = person.userPrincipalName!.split('@')[0]!;
    await form.getByLabel('On-premises password').fill(`Demo-${account}-2026`);
    await form.getByRole('button', { name: 'Check sign-in' }).click();
    await expect(form).toContainText('No password was synchronized yet.');
    await demo.caller.call('forest/set-password', {
      forest: 'contoso.test',
      id: person.id,
      password: 'A new Phrase 2026',
    });
    await demo.nextCycle();
    await form.getByLabel('On-premises password').fill('A new Phrase 2026');
    await form.getByRole('button', { name: 'Check sign-in' }).click();
    await expect(form).toContainText('Password accepted.');
  },
);

/** The source anchor on the open page of somebody of the tenant. */
const anchorOnPage = (page: Page) =>
  fact(page.getByRole('main'), 'Source anchor').locator('span').first();

/** An objectGUID as Active Directory stores it, in base64. */
function anchorOf(guid: string): string {
  const [first, second, third, ...rest] = guid.split('-');
  const turned = [first, second, third].map((part) => part!.match(/../g)!.reverse().join(''));
  return Buffer.from(turned.concat(rest).join(''), 'hex').toString('base64');
}

test(
  'an identity is made of the objectGUID, unless the directory names another one',
  { tag: ['@F86'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await demo.synchronized();
    await openUser(page, 'Bogdan Lindgren');
    await expect(anchorOnPage(page)).toHaveText(anchorOf((await demo.entry('Bogdan Lindgren')).id));
    await openUser(page, 'Texas Tomlin');
    await expect(anchorOnPage(page)).toHaveText(Buffer.from('looks-like-text!').toString('base64'));
  },
);

test(
  'a new configuration takes over what the old one left, unless the tenant forbids it',
  { tag: ['@F81', '@F83'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const first = await demo.synchronized();
    await openUser(page, 'Bogdan Lindgren');
    const [user, anchor] = [new URL(page.url()).pathname, await anchorOnPage(page).innerText()];
    await demo.caller.call('configurations/delete', { id: first.split('/').at(-1)! });

    const block = page.getByRole('checkbox', { name: 'Block cloud object takeover through hard match' });
    const setBlock = async (isBlocked: boolean) => {
      await open(page, '/settings/tenant-features');
      await block.setChecked(isBlocked);
      await page.getByRole('toolbar', { name: 'Page commands' }).getByRole('button', { name: 'Save' }).click();
      await expect(toasts(page)).toContainText('Settings saved');
    };
    await setBlock(true);
    const configuration = await demo.synchronized();
    await open(page, '/cloud-sync/provisioning-logs?status=failure&identity=Bogdan%20Lindgren');
    await page.getByRole('table', { name: 'Provisioning logs' }).getByRole('button').first().click();
    await expect(page.getByRole('complementary', { name: /Bogdan Lindgren/ })).toContainText('InvalidHardMatch');

    await setBlock(false);
    await open(page, `${configuration}?ask=restart`);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Yes', exact: true }).click();
    await expect(toasts(page)).toContainText('Restart under way');
    await demo.settle();
    await open(page, user);
    await expect(anchorOnPage(page)).toHaveText(anchor);
    await expect(page.getByRole('region', { name: 'Provisioning link' })).toBeVisible();
    expect(await demo.inTenant('user')).toBe(200);
  },
);
