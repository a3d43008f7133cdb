// The first administrator of a server in real use, who has to sign in.
import { expect, type Page } from '@playwright/test';
import type { Server } from './server.ts';
import { isTakenOver, open } from './test.ts';

const EMAIL = 'mara@contoso.test';
const PASSWORD = 'a long and quiet phrase';

/** Becomes the administrator by the link that the server prints, and is signed in then. */
export async function signUp(page: Page, server: Server): Promise<void> {
  const [, link] = await server.says(/(\/sign-in\?invitation=\S+)$/);
  await open(page, link!);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Mara Lindqvist');
  await page.getByRole('textbox', { name: 'Email address' }).fill(EMAIL);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Overview');
  await isTakenOver(page);
}

/** Signs in on the open sign-in page. */
export async function signIn(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await isTakenOver(page);
  await page.getByRole('textbox', { name: 'User name' }).fill(EMAIL);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
