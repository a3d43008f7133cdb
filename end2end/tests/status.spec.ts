// How a configuration is: its badge, the menu of its badge, its pane; quarantine and the ways out of
// it; pausing; the agent.
import type { Page } from '@playwright/test';
import { Demo, MINUTE, STANDING_STILL } from '../support/demo.ts';
import { badge, command, fact, toasts } from '../support/portal.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: STANDING_STILL } });

const pane = (page: Page) => page.getByRole('dialog', { name: 'Sync status' });

test(
  'a quarantine is seen at the badge, looked into, and cleared from its menu once it is repaired',
  { tag: ['@F21', '@F29', '@F30', '@F31'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    await demo.synchronized();
    await open(page, '/cloud-sync');
    await expect(badge(page, 'Healthy')).toBeVisible();
    await demo.happens('credentials-refused');
    await badge(page, 'Quarantined').click();
    const quarantine = pane(page).getByRole('region', { name: 'Quarantined' });
    await expect(quarantine).toContainText('EncounteredQuarantineException');
    await expect(fact(quarantine, 'Last failure')).toContainText('AzureActiveDirectoryExpiredCredentials');
    await expect(pane(page).getByRole('link', { name: 'View provisioning logs' })).toBeVisible();

    // The menu of the row, by its button, by the keyboard and by a right click.
    await open(page, '/cloud-sync');
    const menu = page.getByRole('menu', { name: 'More actions for contoso.test' });
    await page.getByRole('button', { name: 'More actions for contoso.test' }).click();
    for (const name of ['View provisioning logs', 'View agents', 'Clear quarantine']) {
      await expect(menu.getByRole('menuitem', { name })).toBeVisible();
    }
    await expect(menu.getByRole('menuitem', { name: 'Allow deletes' })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await badge(page, 'Quarantined').focus();
    await page.keyboard.press('Shift+F10');
    await expect(menu).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await badge(page, 'Quarantined').click({ button: 'right' });
    await menu.getByRole('menuitem', { name: 'View agents' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('agents');

    await open(page, '/cloud-sync');
    await demo.happens('credentials-accepted');
    await badge(page, 'Quarantined').click({ button: 'right' });
    await menu.getByRole('menuitem', { name: 'Clear quarantine' }).click();
    const question = page.getByRole('alertdialog', { name: 'Clear quarantine?' });
    await question.getByRole('button', { name: 'Clear quarantine' }).click();
    await expect(toasts(page)).toContainText('Quarantine cleared');
    await demo.settle();
    await open(page, '/cloud-sync');
    await expect(badge(page, 'Healthy')).toBeVisible();
    await demo.nextCycle();
    await badge(page, 'Healthy').click();
    await expect(pane(page).getByRole('table', { name: 'Last cycles' })).toContainText('Incremental');
  },
);

test(
  'a quarantine is tried less and less often, and after 28 days no more',
  { tag: ['@F97'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    await demo.happens('credentials-refused');
    await open(page, `${configuration}/status`);
    const quarantine = pane(page).getByRole('region', { name: 'Quarantined' });
    const next = async () => {
      const at = await fact(quarantine, 'Next attempt').locator('time').getAttribute('datetime');
      return Date.parse(at!);
    };
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await expect(fact(quarantine, 'Attempts')).toHaveText(String(attempt));
      const { now } = (await (await request.get('/demo/state')).json()) as { now: number };
      pauses.push((await next()) - now / 1000);
      await demo.passes(pauses.at(-1)! / 1000);
    }
    expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
    expect(pauses.at(-1)).toBeGreaterThan(pauses[0]!);
    await demo.happens('four-weeks-pass');
    await expect(fact(pane(page), 'Status')).toHaveText('Disabled');
    await demo.happens('credentials-accepted');
    await demo.passes(60 * MINUTE);
    await expect(fact(pane(page), 'Status')).toHaveText('Disabled');
  },
);

test(
  'a paused configuration goes on where it stopped',
  { tag: ['@F80', '@F100'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    await open(page, `${configuration}/status`);
    await pane(page).getByRole('button', { name: 'Pause' }).click();
    await expect(toasts(page)).toContainText('Paused');
    await expect(fact(pane(page), 'Status')).toHaveText('Paused');
    await demo.change(await demo.entry('Bogdan Lindgren'), { title: 'Sales Director' });
    await demo.passes(30 * MINUTE);
    await expect(fact(pane(page), 'Next run')).toHaveText('None');
    await pane(page).getByRole('button', { name: 'Start' }).click();
    await expect(toasts(page)).toContainText('Started');
    await demo.settle();
    await expect(fact(pane(page), 'Status')).toHaveText('Healthy');
    const cycle = pane(page).getByRole('table', { name: 'Last cycles' });
    await expect(cycle).toContainText('Incremental');
    await expect(cycle).toContainText('1 change');
    // What changed since the pause and nothing else, in one row.
    await open(page, '/cloud-sync/provisioning-logs?identity=Sales%20Director');
    await open(page, '/cloud-sync/provisioning-logs?action=update&identity=Bogdan%20Lindgren');
    const rows = page.getByRole('table', { name: 'Provisioning logs' }).getByRole('rowheader');
    await rows.first().getByRole('button').click();
    await page.getByRole('tab', { name: 'Modified properties' }).click();
    await expect(page.getByRole('table', { name: 'Modified properties' })).toContainText('Sales Director');
  },
);

test(
  'an agent that stops is told in the list of agents and at its configurations',
  { tag: ['@F26', '@F27', '@F101'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    await open(page, '/cloud-sync');
    await page.getByRole('main').getByRole('link', { name: 'Review all agents' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'On-premises provisioning agents' })).toBeVisible();
    const agent = page.getByRole('table', { name: 'Agents' }).getByRole('row').nth(1);
    await expect(agent).toContainText('contoso.test, fabrikam.test');
    await expect(agent.getByText('active', { exact: true })).toBeVisible();
    await demo.happens('agent-stops');
    await expect(agent.getByText('inactive', { exact: true })).toBeVisible();

    await open(page, `${configuration}/status`);
    await expect(fact(pane(page), 'Status')).toHaveText('Last cycle failed');
    await expect(pane(page).getByRole('region', { name: 'The last cycle could not be finished' })).toContainText(
      'HybridIdentityServiceNoActiveAgents',
    );
    await demo.happens('agent-starts');
    await demo.passes(30 * MINUTE);
    await expect(fact(pane(page), 'Status')).toHaveText('Healthy');
    expect(await demo.inTenant('user')).toBe(200);
  },
);

test('nobody has to install an agent, and the page of agents says what to do instead', async ({ page }) => {
  await open(page, '/cloud-sync/agents');
  const bar = page.getByRole('group', { name: 'No agent has to be installed.' });
  await bar.getByRole('link', { name: 'Connect a directory' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Connect directory' })).toBeVisible();
});

test(
  'an account that expired is repaired where the tenant is set up, and the next attempt works',
  { tag: ['@F103'] },
  async ({ page, server, request }) => {
    const demo = await Demo.of(server, request);
    const configuration = await demo.synchronized();
    await demo.happens('credentials-refused');
    await open(page, '/settings/tenant-features');
    const bar = page.getByRole('group', { name: 'The tenant takes no writes.' });
    await bar.getByRole('button', { name: 'Repair account' }).click();
    await expect(toasts(page)).toContainText('Account repaired');
    await expect(bar).toBeHidden();
    await open(page, `${configuration}/status`);
    await pane(page).getByRole('button', { name: 'Clear quarantine' }).click();
    const question = page.getByRole('alertdialog', { name: 'Clear quarantine?' });
    await question.getByRole('button', { name: 'Clear quarantine' }).click();
    await expect(toasts(page)).toContainText('Quarantine cleared');
    await demo.settle();
    await expect(fact(pane(page), 'Status')).toHaveText('Healthy');
    await expect(command(page, 'Save')).toHaveAttribute('aria-disabled', 'true');
  },
);
