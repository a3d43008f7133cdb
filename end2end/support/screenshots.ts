// Pictures of pages, by width and theme, into end2end/screenshots.
import type { APIRequestContext, Page } from '@playwright/test';
import { Caller } from './api.ts';
import type { Server } from './server.ts';
import { open, test } from './test.ts';

/** The page `address` names, once there is a configuration with a cycle behind it. */
const PAGES: Record<string, (configuration: string) => string> = {
  home: () => '/',
  configurations: () => '/cloud-sync',
  edit: (configuration) => configuration,
  scope: (configuration) => `${configuration}/scoping-filters`,
  'attribute-mappings': (configuration) => `${configuration}/attribute-mappings`,
  'edit-mapping': (configuration) => `${configuration}/attribute-mappings?pane=edit&target=Department`,
  'expression-builder': (configuration) => `${configuration}/expression-builder?pane=edit&target=Department`,
  status: (configuration) => `${configuration}/status`,
  'on-demand': (configuration) => `${configuration}/provision-on-demand`,
  preview: (configuration) => `${configuration}/preview`,
  'provisioning-logs': () => '/cloud-sync/provisioning-logs',
  insights: () => '/cloud-sync/insights?range=24h',
  'audit-logs': () => '/cloud-sync/audit-logs',
  users: () => '/users',
  'mail-settings': () => '/settings/notifications',
  'people-and-roles': () => '/settings/people-and-roles',
  'access-tokens': () => '/settings/access-tokens',
  'tenant-features': () => '/settings/tenant-features',
  demo: () => '/demo',
  // The newer generation; it stays chosen from here on.
  'new-skin-get-started': (configuration) => `${configuration}/get-started`,
  'new-skin-overview': (configuration) => configuration,
  'new-skin-properties': (configuration) => `${configuration}/properties?edit=basics`,
};

const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

// The same people at the same time in every picture.
test.use({ serverChoices: { demo: { seed: 1, clock: '2026-11-02T08:00:00Z' } } });

/** What somebody does on a page before its picture is taken. */
const ACTS: Record<string, (page: Page) => Promise<void>> = {
  scope: async (page) => {
    await page.getByRole('radio', { name: 'Selected organizational units' }).check();
    await page.getByRole('button', { name: 'Browse' }).click();
    await page.getByRole('treeitem').nth(2).click();
    await page.getByRole('button', { name: 'Choose' }).click();
    await page.getByRole('button', { name: 'Add attribute filter' }).click();
    await page.getByRole('combobox', { name: 'Attribute' }).fill('department');
    await page.getByRole('textbox', { name: 'Value' }).fill('Sales');
    await page.getByRole('button', { name: 'Add another group' }).click();
  },
  'expression-builder': async (page) => {
    await page
      .getByRole('textbox', { name: 'Expression input' })
      .fill('Switch([department], Trim([department]),\n  "R&D", "Research and Development",\n  "HR", ToUpper("People"))');
    await page.getByRole('combobox', { name: 'Attribute to test' }).fill('[department]');
    await page.getByRole('textbox', { name: 'Sample value' }).fill('HR');
    await page.getByRole('button', { name: 'Test expression' }).click();
    await page.getByRole('table', { name: 'Value of each part' }).waitFor();
  },
  'on-demand': async (page) => {
    await page.getByRole('textbox', { name: 'Distinguished name' }).fill('OU=Nobody,DC=contoso,DC=test');
    await page.getByRole('button', { name: 'Provision', exact: true }).click();
    await page.getByRole('region', { name: 'Steps' }).waitFor();
  },
  preview: async (page) => {
    await page.getByRole('toolbar', { name: 'Page commands' }).getByRole('button', { name: 'New preview' }).click();
    await page.getByRole('table', { name: 'The plan in numbers' }).waitFor();
  },
};

async function configured(server: Server, request: APIRequestContext): Promise<string> {
  await request.post('/demo/scenarios/synchronized');
  const caller = await Caller.of(server);
  const [configuration] = await caller.call<{ id: string }[]>('configurations/list');
  return `/cloud-sync/configurations/${configuration!.id}`;
}

for (const viewport of WIDTHS) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${viewport.width} ${colorScheme}`, async ({ page, server, request }) => {
      test.slow();
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const configuration = await configured(server, request);
      for (const [name, address] of Object.entries(PAGES)) {
        if (name.startsWith('new-skin')) {
          const url = server.address;
          await page.context().addCookies([{ name: 'skin', value: 'new', url }]);
        }
        await open(page, address(configuration));
        await ACTS[name]?.(page);
        const path = `screenshots/${name}-${viewport.width}-${colorScheme}.png`;
        await page.screenshot({ path, fullPage: true });
      }
    });
  }
}
