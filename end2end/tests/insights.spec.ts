// Insights: what the log adds up to. Every figure is counted again in the rows that it leads to.
import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { Caller } from '../support/api.ts';
import { expect, open, test } from '../support/test.ts';

test.use({ serverChoices: { demo: true, words: ['--cycle-seconds', '600'] } });

async function synchronized(caller: Caller): Promise<string> {
  const id = await caller.call<string>('configurations/create', { 'new[domain]': 'contoso.test' });
  await caller.call('configurations/save', {
    id,
    'draft[revision]': '1',
    'draft[settings][enabled]': 'true',
  });
  await caller.until(id, (state) => state.lastCycle !== null);
  return id;
}

async function text(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8');
}

const asNumber = (text: string) => Number(text.replaceAll(',', ''));

/** How many rows the log has at the address that the page shows. */
async function rowsOfTheLog(page: Page): Promise<number> {
  const query = new URL(page.url()).search;
  const folder = new URL(page.url()).pathname.includes('/configurations/')
    ? `${query}&configuration=${new URL(page.url()).pathname.split('/')[3]}`
    : query;
  const answer = await page.request.get(
    `/cloud-sync/provisioning-logs/files/ProvisioningLogs.json${folder}`,
  );
  return ((await answer.json()) as unknown[]).length;
}

test('every figure equals the rows that it leads to', { tag: ['@F76'] }, async ({ page, server }) => {
  test.slow();
  await synchronized(await Caller.of(server));
  for (const range of ['', '?range=24h', '?range=30d']) {
    for (const name of ['Created', 'Updated', 'Deleted', 'Staged deletes', 'Failures']) {
      await open(page, `/cloud-sync/insights${range}`);
      const tile = page.getByRole('link', { name: new RegExp(`^${name}`) });
      const [, figure] = (await tile.innerText()).match(/\n\s*([\d,]+)/) ?? [];
      await tile.click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Provisioning logs');
      expect(await rowsOfTheLog(page), `${name}${range}`).toBe(asNumber(figure ?? 'missing'));
    }
  }
});

test('the chart is one picture with a sentence, and a table that leads to each day', { tag: ['@F76'] }, async ({
  page,
  server,
}) => {
  const id = await synchronized(await Caller.of(server));
  await open(page, `/cloud-sync/configurations/${id}/insights?range=7d`);
  const card = page.getByRole('region', { name: 'Actions per day' });
  await expect(card.getByRole('img', { name: /^Actions per day, .*leads with/ })).toBeVisible();
  const table = card.getByRole('table', { name: 'Actions per day' });
  await expect(table).toBeHidden();
  await card.getByText('Show as table').click();
  await expect(table.getByRole('row')).toHaveCount(8);
  const today = table.getByRole('row').last();
  const numbers = (await today.getByRole('cell').allInnerTexts()).map(asNumber);
  await today.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Provisioning logs');
  await expect(page.getByRole('link', { name: 'Remove filter During' })).toBeVisible();
  expect(await rowsOfTheLog(page)).toBe(numbers.reduce((sum, value) => sum + value, 0));
});

test('range, sync type and tab stand in the address and change the figures', { tag: ['@F77'] }, async ({
  page,
  server,
}) => {
  await synchronized(await Caller.of(server));
  await open(page, '/cloud-sync/insights');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Azure AD Connect cloud sync | Insights',
  );
  await page.getByRole('button', { name: 'Date range : Last 14 days' }).click();
  const ranges = page.getByRole('dialog', { name: 'Filter Date range' });
  await ranges.getByRole('radio', { name: 'Last 24 hours' }).check();
  await ranges.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/range=24h/);
  await expect(page.getByRole('region', { name: 'Actions per hour' })).toBeVisible();
  await page.getByRole('tab', { name: 'Sync details' }).click();
  await expect(page).toHaveURL(/range=24h.*tab=details/);
  await expect(page.getByRole('region', { name: 'Results per hour' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Latest rows' }).getByRole('row').nth(1)).toBeVisible();
  await open(page, '/cloud-sync/insights?sync=password');
  await expect(page.getByRole('heading', { name: 'Not enough data' })).toBeVisible();
});

test('a recurring error leads to its rows', { tag: ['@F77'] }, async ({ page, server }) => {
  const id = await synchronized(await Caller.of(server));
  await open(page, `/cloud-sync/configurations/${id}/insights`);
  const errors = page.getByRole('table', { name: 'Recent errors' });
  const first = errors.getByRole('row').nth(1);
  const rows = asNumber(await first.getByRole('cell').nth(1).innerText());
  await first.getByRole('link').click();
  await expect(page.getByRole('link', { name: 'Remove filter Error code' })).toBeVisible();
  expect(await rowsOfTheLog(page)).toBe(rows);
});

test('the figures of a page are a file, narrowed as the page is', async ({ page, server }) => {
  const id = await synchronized(await Caller.of(server));
  await open(page, `/cloud-sync/configurations/${id}/insights?range=7d&status=success`);
  await page.getByRole('button', { name: 'Download' }).click();
  const downloaded = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'CSV' }).click();
  const download = await downloaded;
  expect(download.suggestedFilename()).toBe('Insights.csv');
  const [heading, ...days] = (await text(download)).trim().split('\n').map((line) => line.split(','));
  expect(days).toHaveLength(7);
  const created = heading?.indexOf('create') ?? -1;
  const sum = days.reduce((total, day) => total + Number(day[created]), 0);
  const tile = await page.getByRole('link', { name: /^Created/ }).innerText();
  expect(sum).toBe(asNumber(tile.match(/\n\s*([\d,]+)/)?.[1] ?? 'missing'));
  expect(sum).toBeGreaterThan(0);
  expect(days.map((day) => day[heading?.indexOf('failure') ?? -1])).toEqual(Array(7).fill('0'));
});
