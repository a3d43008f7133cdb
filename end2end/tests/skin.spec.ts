// The newer generation of the portal: other words, an overview, five steps, and a page for each
// topic, over the same server.
import { expectAccessible } from '../support/accessibility.ts';
import { expect, isTakenOver, open, test } from '../support/test.ts';
import type { Page } from '@playwright/test';

test.use({ serverChoices: { demo: { seed: 1, clock: '2026-11-02T08:00:00Z' } } });

const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Page commands' });

/** As the reader chooses it, or before the first page. */
async function withNewSkin(page: Page, baseURL: string): Promise<void> {
  await page.context().addCookies([{ name: 'skin', value: 'new', url: baseURL }]);
}

test('somebody changes to the newer portal in the settings, and back', async ({ page }) => {
  await open(page, '/azure-ad-connect');
  await expect(page.getByRole('heading', { name: 'Azure AD Connect', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  // The page loads itself again.
  await settings.getByRole('radio', { name: 'New' }).click();
  await expect(page.getByRole('heading', { name: 'Microsoft Entra Connect', level: 1 })).toBeVisible();
  await isTakenOver(page);
  await page.getByRole('link', { name: 'Cloud sync', exact: true }).last().click();
  await expect(page.getByRole('heading', { name: 'Cloud sync | Configurations' })).toBeVisible();
});

test('a configuration is begun, filled and enabled in five steps', { tag: ['@F107'] }, async ({ page, baseURL, request }) => {
  await withNewSkin(page, baseURL!);
  await open(page, '/cloud-sync/new');
  await expect(page.getByRole('radio', { name: 'AD to Microsoft Entra ID sync' })).toBeChecked();
  await expect(page.getByRole('radio', { name: 'Microsoft Entra ID to AD sync' })).toBeDisabled();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'contoso.test | Get started' })).toBeVisible();
  const steps = page.getByRole('list', { name: 'Get started' });
  await expect(steps.getByRole('listitem')).toHaveCount(5);
  await steps.getByRole('link', { name: 'View default properties' }).click();
  await page.getByRole('button', { name: 'Edit basics' }).click();
  const basics = page.getByRole('dialog', { name: 'Basics' });
  await basics.getByRole('spinbutton', { name: 'Accidental deletion threshold' }).fill('0');
  await basics.getByRole('button', { name: 'Apply' }).click();
  await expect(basics.getByRole('spinbutton', { name: 'Accidental deletion threshold' }))
    .toHaveAccessibleDescription(/must be 1 or more/);
  await basics.getByRole('spinbutton', { name: 'Accidental deletion threshold' }).fill('25');
  await basics.getByRole('textbox', { name: 'Notification email' }).fill('identity@contoso.example');
  await basics.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('region', { name: 'Basics' })).toContainText('On, threshold 25');
  // What was saved leads to what is still to do.
  const nudge = page.getByRole('group', { name: 'Saved.' });
  await nudge.getByRole('link', { name: 'Enable your configuration' }).click();
  const review = page.getByRole('alertdialog', { name: 'Review and enable' });
  await expect(review).toContainText('identity@contoso.example');
  await review.getByRole('button', { name: 'Enable configuration' }).click();
  await expect(nudge).toContainText('Nothing is left to do');
  await request.post('/demo/settle');
  await expect(page.getByRole('button', { name: 'Healthy, status of contoso.test' })).toBeVisible();
  await toolbar(page).getByRole('button', { name: 'Restart sync' }).click();
  await expect(page.getByRole('alertdialog', { name: 'Restart sync?' })).toBeVisible();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await toolbar(page).getByRole('button', { name: 'Delete configuration' }).click();
  await expect(page.getByRole('heading', { name: 'Cloud sync | Configurations' })).toBeVisible();
});

test('saved mappings lead to the next step, and the basics stay open while they are refused', async ({
  page,
  baseURL,
}) => {
  await withNewSkin(page, baseURL!);
  await open(page, '/cloud-sync/new');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'contoso.test | Get started' })).toBeVisible();
  const configuration = new URL(page.url()).pathname.replace('/get-started', '');
  await open(page, `${configuration}/attribute-mappings?pane=edit&target=Department`);
  const pane = page.getByRole('dialog', { name: 'Edit attribute mapping' });
  await pane.getByRole('combobox', { name: 'Mapping type' }).selectOption('Constant');
  await pane.getByRole('textbox', { name: 'Constant value' }).fill('Sales');
  await pane.getByRole('button', { name: 'Apply' }).click();
  await expect(pane).toBeHidden();
  await toolbar(page).getByRole('button', { name: 'Save schema' }).click();
  await page.getByRole('alertdialog', { name: 'Save schema?' }).getByRole('button', { name: 'OK' }).click();
  const nudge = page.getByRole('group', { name: 'Saved.' });
  await expect(nudge).toContainText('Still to do: test.');
  await expect(nudge.getByRole('link', { name: 'Test' })).toBeVisible();

  await open(page, `${configuration}/properties?edit=basics`);
  const basics = page.getByRole('dialog', { name: 'Basics' });
  await basics.getByRole('textbox', { name: 'Notification email' }).fill('identity@contoso.example');
  let answer = () => {};
  const isAnswered = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/configurations/save*', async (route) => {
    await isAnswered;
    await route.continue();
  });
  const asked = page.waitForRequest('**/api/configurations/save*');
  await basics.getByRole('button', { name: 'Apply' }).click();
  await asked;
  await expect(basics).toBeVisible();
  answer();
  await expect(basics).toBeHidden();
  await expect(page.getByRole('region', { name: 'Basics' })).toContainText('identity@contoso.example');
});

test('every page of the newer portal is accessible', async ({ page, baseURL, request }) => {
  test.slow();
  await request.post('/demo/scenarios/synchronized');
  await withNewSkin(page, baseURL!);
  await open(page, '/cloud-sync');
  await page.getByRole('link', { name: 'contoso.test' }).click();
  await expect(page.getByRole('heading', { name: 'contoso.test | Overview' })).toBeVisible();
  const overview = new URL(page.url()).pathname;
  for (const path of ['', '/get-started', '/properties', '/properties?edit=basics', '?ask=disable']) {
    await open(page, overview + path);
    await expectAccessible(page);
  }
});

test('without a script, properties are changed and the configuration enabled', async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.address });
  const page = await context.newPage();
  await withNewSkin(page, server.address);
  await page.goto('/cloud-sync/new');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('link', { name: 'View default properties' }).click();
  await page.getByRole('button', { name: 'Edit basics' }).click();
  await page.getByRole('spinbutton', { name: 'Accidental deletion threshold' }).fill('31');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('On, threshold 31')).toBeVisible();
  await toolbar(page).getByRole('button', { name: 'Review and enable' }).click();
  await page.getByRole('button', { name: 'Enable configuration' }).click();
  await expect(page.getByText('On, threshold 31')).toBeVisible();
  await expect(page.getByText('This configuration is switched off.')).toHaveCount(0);
  await context.close();
});
