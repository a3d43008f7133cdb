// What every page of the guide's journey keeps to: readable without a script, accessible in both
// themes, nothing wider than the window, whatever its width.
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility.ts';
import { newConfiguration } from '../support/configuration.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true } });

const WIDTHS = [320, 390, 640, 768, 900, 1024, 1180, 1440, 1920];

async function addresses(page: Page): Promise<string[]> {
  const configuration = await newConfiguration(page);
  return [
    '/',
    '/azure-ad-connect',
    '/cloud-sync',
    '/cloud-sync/new',
    '/cloud-sync/agents',
    '/cloud-sync/provisioning-logs',
    '/cloud-sync/provisioning-logs?pane=columns',
    '/cloud-sync/audit-logs',
    '/cloud-sync/insights',
    '/cloud-sync/insights?tab=details',
    '/mailbox',
    '/demo',
    '/users',
    '/groups',
    '/contacts',
    '/deleted-users',
    '/directories',
    '/directories/new',
    '/settings/notifications',
    '/settings/people-and-roles',
    '/settings/people-and-roles?pane=invite',
    '/settings/access-tokens',
    '/settings/access-tokens?pane=new',
    '/settings/tenant-features',
    configuration,
    `${configuration}/scoping-filters`,
    `${configuration}/attribute-mappings`,
    `${configuration}/attribute-mappings?pane=edit&target=Department`,
    `${configuration}/expression-builder?pane=edit&target=Department&expression_input=Trim([l])&then=test`,
    `${configuration}/status`,
    `${configuration}/quarantine`,
    `${configuration}/provision-on-demand`,
    `${configuration}/preview`,
    `${configuration}/insights`,
    `${configuration}?ask=restart`,
  ];
}

// In parts, so that no test takes much longer than the others.
const PARTS = [1, 2, 3];

for (const [device, size] of Object.entries({
  'a desk': { width: 1440, height: 900 },
  'a phone': { width: 390, height: 844 },
})) {
  for (const part of PARTS) {
    const which = `part ${part} of ${PARTS.length}`;
    test(`every page is accessible in both themes on ${device}, ${which}`, async ({ page }) => {
      test.setTimeout(5 * 60_000);
      await page.setViewportSize(size);
      const all = await addresses(page);
      for (const address of all.filter((_, at) => at % PARTS.length === part - 1)) {
        await test.step(address, async () => {
          await open(page, address);
          await expectAccessible(page);
        });
      }
    });
  }
}

test('no page is wider than its window', async ({ page }) => {
  test.slow();
  for (const address of await addresses(page)) {
    await open(page, address);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const tooWide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(tooWide, `${address} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});

test('every page says what it is before any script runs', async ({ page, browser, server }) => {
  test.slow();
  const all = await addresses(page);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.address });
  const silent = await context.newPage();
  for (const address of all) {
    await silent.goto(address);
    await expect(silent.getByRole('heading', { level: 1 }).first()).toBeVisible();
  }
});
