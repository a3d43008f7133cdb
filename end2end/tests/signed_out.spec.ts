// Whoever is not signed in, or not any more: every page leads to the sign-in page, and from there
// back to where somebody was.
import type { Page } from '@playwright/test';
import { signIn, signUp } from '../support/administrator.ts';
import { expect, open, test } from '../support/test.ts';

const SOMETHING = '00000000-0000-0000-0000-000000000000';
const CONFIGURATION = `/cloud-sync/configurations/${SOMETHING}`;

const PAGES = [
  '/',
  '/azure-ad-connect',
  '/cloud-sync',
  '/cloud-sync/new',
  '/cloud-sync/agents',
  '/cloud-sync/insights?tab=details',
  '/cloud-sync/provisioning-logs?range=30d&status=failure&identity=Ana%20Li',
  '/cloud-sync/audit-logs',
  CONFIGURATION,
  `${CONFIGURATION}/status?ask=allow`,
  `${CONFIGURATION}/scoping-filters`,
  `${CONFIGURATION}/attribute-mappings`,
  `${CONFIGURATION}/quarantine`,
  `${CONFIGURATION}/provision-on-demand`,
  `${CONFIGURATION}/preview`,
  `${CONFIGURATION}/provisioning-logs`,
  `${CONFIGURATION}/insights`,
  '/users?search=ana',
  `/users/${SOMETHING}`,
  '/groups',
  '/contacts',
  '/deleted-users',
  '/directories',
  '/directories/new',
  `/directories/${SOMETHING}`,
  '/settings/notifications',
  '/settings/people-and-roles',
  '/settings/access-tokens',
  '/settings/tenant-features',
  '/mailbox',
  '/demo',
];

/** The sign-in page, which shows a stranger nothing of the portal. */
async function expectSignInPage(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show portal menu' })).toHaveCount(0);
}

test('every page leads whoever is not signed in to the sign-in page, with the way back', async ({ request }) => {
  for (const address of PAGES) {
    const answer = await request.get(address, { maxRedirects: 0 });
    const { pathname, searchParams } = new URL(answer.headers().location ?? '', answer.url());
    expect([answer.status(), pathname, searchParams.get('next')], address).toEqual([303, '/sign-in', address]);
  }
});

test('signing in leads back to the rows that a link meant', async ({ page, server }) => {
  await signUp(page, server);
  await page.context().clearCookies();
  const rows = '/cloud-sync/provisioning-logs?range=30d&identity=Ana%20Li';
  await page.goto(rows);
  await expectSignInPage(page);
  await signIn(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Provisioning logs' })).toBeVisible();
  await expect(page).toHaveURL(rows);
  await expect(page.getByRole('button', { name: 'Date : Last 30 days' })).toBeVisible();
  await expect(page.getByRole('searchbox', { name: 'Search by identity' })).toHaveValue('Ana Li');
});

test('a page that is open when the session ends leads to the sign-in page and back', async ({
  page,
  server,
  problems,
}) => {
  test.slow();
  problems.expect(/status of 401/);
  await signUp(page, server);
  for (const [address, name] of [
    ['/cloud-sync/provisioning-logs?range=30d', 'Provisioning logs'],
    ['/cloud-sync/insights?range=30d', 'Insights'],
    ['/deleted-users', 'Deleted users'],
    ['/directories', 'On-premises directories'],
  ] as const) {
    await test.step(address, async () => {
      await open(page, address);
      await page.context().clearCookies();
      const commands = page.getByRole('toolbar', { name: 'Page commands' });
      await commands.getByRole('button', { name: 'Refresh', exact: true }).click();
      const bar = page.getByRole('group', { name: 'Your session has ended.' });
      await bar.getByRole('link', { name: 'Sign in' }).click();
      await expectSignInPage(page);
      await signIn(page);
      await expect(page).toHaveURL(address);
      await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
    });
  }
});

test('a page says that its session has ended when somebody signs out in another tab', async ({
  page,
  server,
  problems,
}) => {
  test.slow();
  // Only where the page has a stream of its own; a shared worker keeps it to itself.
  problems.tolerate(/status of 401/);
  await signUp(page, server);
  await open(page, '/cloud-sync');
  await expect(page.getByText(/Updates live, last at/)).toBeVisible();
  const signedOut = await page.context().request.post('/api/session/sign-out');
  expect(signedOut.ok()).toBe(true);
  const bar = page.getByRole('group', { name: 'Your session has ended.' });
  await expect(bar).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('group', { name: 'Connection lost.' })).toBeHidden();
  await expect(bar.getByRole('link', { name: 'Sign in' })).toBeVisible();
});

test('a page that is opened after the session ended is reached by signing in', async ({ page, server, problems }) => {
  problems.expect(/status of 401/);
  await signUp(page, server);
  await page.context().clearCookies();
  const menu = page.getByRole('navigation', { name: 'Azure Active Directory' });
  await menu.getByRole('link', { name: 'On-premises directories' }).click();
  await expectSignInPage(page);
  await signIn(page);
  await expect(page).toHaveURL('/directories');
});

test('what was typed stays when the session ends, and says how to go on', async ({ page, server, problems }) => {
  problems.expect(/status of 401/);
  await signUp(page, server);
  await open(page, '/directories/new');
  await page.context().clearCookies();
  const address = page.getByRole('textbox', { name: 'URL' });
  await address.fill('ldap://127.0.0.1:1');
  await page.getByRole('textbox', { name: 'Base DN' }).fill('dc=example,dc=test');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  const refused = page.getByRole('group', { name: 'Not connected.' });
  await expect(refused.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Your session has ended.' })).toBeVisible();
  await expect(address).toHaveValue('ldap://127.0.0.1:1');
});

test.describe('in a demo', () => {
  test.use({ serverChoices: { demo: true } });

  test('whoever is led to the sign-in page is signed in and back at once', async ({ page, problems }) => {
    problems.expect(/status of 401/);
    await open(page, '/users?search=ana');
    await page.context().clearCookies();
    await page.getByRole('toolbar', { name: 'Page commands' }).getByRole('button', { name: 'Refresh' }).click();
    const bar = page.getByRole('group', { name: 'Your session has ended.' });
    await bar.getByRole('link', { name: 'Sign in' }).click();
    await expect(bar).toHaveCount(0);
    await expect(page).toHaveURL('/users?search=ana');
    await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
  });
});
