// What many pages have in common, by role and name.
import { expect, type Locator, type Page } from '@playwright/test';

/** A command in the bar of the page. */
export const command = (page: Page, name: string): Locator =>
  page.getByRole('toolbar', { name: 'Page commands' }).getByRole('button', { name, exact: true });

/** Results of commands. */
export const toasts = (page: Page): Locator => page.getByRole('region', { name: 'Notifications' });

/** The right column of a configuration's page. */
export const summary = (page: Page): Locator => page.getByRole('complementary', { name: 'Summary' });

/** The badge of contoso.test, while it has this status. */
export const badge = (page: Page, status: string): Locator =>
  page.getByRole('button', { name: `${status}, status of contoso.test` }).first();

/** What stands behind a name in a list of facts. */
export const fact = (within: Locator, name: string): Locator =>
  within.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd');

/** Stores the page of a configuration. */
export async function save(page: Page): Promise<void> {
  await command(page, 'Save').click();
  // Gone as soon as the answer is there; a toast might be that of an earlier time.
  await expect(page.getByText(/\d unsaved change/)).toHaveCount(0);
  await expect(toasts(page).getByText('Settings saved').last()).toBeVisible();
}

/** Answers the question that **Restart provisioning** asks. */
export async function restart(page: Page, question: string, answer: string): Promise<void> {
  await command(page, 'Restart provisioning').click();
  const dialog = page.getByRole('alertdialog', { name: question });
  await dialog.getByRole('button', { name: answer, exact: true }).click();
  await expect(toasts(page)).toContainText('Restart under way');
}
