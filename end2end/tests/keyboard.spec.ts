// The guide's journey without a mouse: every step by Tab, arrows, letters, Enter and Escape.
import type { Locator, Page } from '@playwright/test';
import { expect, isTakenOver, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: { seed: 1, clock: '2026-11-02T08:00:00Z' } } });

/** More stops than any page has between two places of this journey. */
const STOPS = 90;

const isFocused = (target: Locator) =>
  target.evaluate((element) => element === document.activeElement, undefined, { timeout: 5_000 });

/** Presses Tab until the focus is there, and expects that it can be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < STOPS; stop += 1) {
    if (await isFocused(target)) {
      const outline = await target.evaluate((element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return `${outlineStyle} ${outlineWidth} ${boxShadow}`;
      });
      expect(outline, 'the focus can be seen').not.toBe('none 0px none');
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}`);
}

async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Page commands' });

/** A toolbar is one stop; arrows move inside. */
async function command(page: Page, name: string): Promise<void> {
  const wanted = toolbar(page).getByRole('button', { name, exact: true });
  const commands = toolbar(page).getByRole('button');
  await expect(wanted).toBeVisible();
  for (let stop = 0; stop < STOPS; stop += 1) {
    const isInside = await toolbar(page).evaluate((bar) => bar.contains(document.activeElement));
    if (isInside) break;
    await page.keyboard.press('Tab');
  }
  for (let stop = 0; stop < (await commands.count()); stop += 1) {
    if (await isFocused(wanted)) {
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('ArrowRight');
  }
  throw new Error(`Arrows do not lead to ${name}`);
}

test('somebody without a mouse connects, enables, tests and deletes a configuration', async ({ page, request }) => {
  test.slow();
  await open(page, '/');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to main content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('link', { name: 'Open Azure AD Connect' }));
  await press(page, page.getByRole('link', { name: 'Manage cloud sync' }));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Configurations/);
  await command(page, 'New configuration');
  await expect(page.getByRole('heading', { name: 'New configuration', level: 1 })).toBeVisible();
  await press(page, page.getByRole('button', { name: 'Create' }));
  await expect(page.getByRole('heading', { name: 'Edit provisioning configuration' })).toBeVisible();

  // The settings, with a mistake on the way.
  await tabTo(page, page.getByRole('textbox', { name: 'Notification email' }));
  await page.keyboard.type('identity@contoso.example');
  const threshold = page.getByRole('spinbutton', { name: 'Accidental deletion threshold' });
  await tabTo(page, threshold);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('0');
  await page.keyboard.press('Tab');
  await expect(threshold).toHaveAccessibleDescription(/must be 1 or more/);
  await page.keyboard.press('Shift+Tab');
  await expect(threshold).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('40');
  await tabTo(page, page.getByRole('radio', { name: 'Disable', exact: true }));
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('radio', { name: 'Enable', exact: true })).toBeChecked();
  await page.keyboard.press('ControlOrMeta+s');
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Settings saved');
  await request.post('/demo/settle');
  const badge = page.getByRole('button', { name: 'Healthy, status of contoso.test' });
  await expect(badge).toBeVisible();

  // A pane is opened, read and left; the focus comes back.
  await press(page, badge);
  const pane = page.getByRole('dialog', { name: 'Sync status' });
  await expect(pane).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(pane).toBeHidden();
  await expect(badge).toBeFocused();

  // A question is answered with the safe answer.
  await command(page, 'Restart provisioning');
  const question = page.getByRole('alertdialog', { name: 'Restart provisioning?' });
  await expect(question.getByRole('button', { name: 'No', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(question).toBeHidden();

  // One person is tested.
  await press(page, page.getByRole('button', { name: 'Provision a user' }));
  await expect(page.getByRole('heading', { name: 'Provision on demand', level: 1 })).toBeVisible();
  await tabTo(page, page.getByRole('textbox', { name: 'Distinguished name' }));
  await page.keyboard.type('OU=Nobody,DC=contoso,DC=test');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Steps' })).toBeVisible();

  // The list: its menu by the keyboard, deleting, and taking that back.
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('combobox', { name: 'Search configurations, objects and logs' })).toBeFocused();
  await page.keyboard.type('cloud sync');
  await expect(page.getByRole('option', { name: /Azure AD Connect cloud sync/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Configurations/);
  await isTakenOver(page);
  await press(page, page.getByRole('button', { name: 'More actions for contoso.test' }));
  const menu = page.getByRole('menu', { name: 'More actions for contoso.test' });
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('End');
  await expect(menu.getByRole('menuitem', { name: 'Delete', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('rowheader', { name: /contoso\.test/ })).toHaveCount(0);
  await page.keyboard.press('F8');
  await press(page, page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Undo' }));
  await expect(page.getByRole('rowheader', { name: /contoso\.test/ })).toBeVisible();
});

test('what the arrows chose in the search stays chosen when more results come', async ({
  page,
  request,
}) => {
  await request.post('/demo/scenarios/synchronized');
  await request.post('/demo/settle');
  await open(page, '/cloud-sync/agents');
  let answer = () => {};
  const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/search*', async (route) => {
    await mayAnswer;
    await route.continue();
  });
  const results = page.getByRole('listbox', { name: 'Search results' });
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('cloud');
  await page.keyboard.press('ArrowDown');
  const chosen = results.getByRole('option', { selected: true });
  await expect(chosen).toContainText('Azure AD Connect');
  answer();
  await expect(results.getByRole('option', { name: /Reads this directory/ })).toBeVisible();
  await expect(chosen).toContainText('Azure AD Connect');
  await expect(results.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/Configurations/);
});
