// What keeps the service as a whole from working, and how it goes on afterwards.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from '../support/server.ts';
import { startSilentMailServer } from '../support/smtp.ts';
import { expect, open, test } from '../support/test.ts';

const MEGABYTE = 1024 * 1024;

test.describe('on a disk of its own', () => {
  test.skip(!canHaveDisks(), 'this machine gives no program a disk of its own (unshare)');
  test.use({ serverChoices: { demo: true, diskOfMegabytes: 48 } });

  test('a full disk is told, signs nobody out, and is forgotten when there is room', async ({
    page,
    request,
    server,
  }) => {
    expect((await request.post('/demo/scenarios/synchronized')).ok()).toBe(true);
    expect((await request.post('/demo/settle')).ok()).toBe(true);
    await open(page, '/cloud-sync');
    const filler = join(server.seenData, 'filler');
    shorten(server);
    fill(filler);
    const refused = await request.post('/demo/reset');
    expect(refused.status()).toBe(503);
    expect(await refused.text()).toContain('The disk that holds the database is full');
    const readiness = await request.get('/readyz');
    expect(readiness.status()).toBe(503);
    expect(await readiness.json()).toMatchObject({ ready: false, database: 'disk full' });
    expect((await request.get('/livez')).ok()).toBe(true);
    await open(page, '/cloud-sync');
    await expect(page.getByRole('group', { name: 'The disk is full.' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'contoso.test' }).first()).toBeVisible();

    rmSync(filler);
    await expect.poll(async () => (await request.get('/readyz')).status()).toBe(200);
    await expect(page.getByRole('group', { name: 'The disk is full.' })).toBeHidden();
    expect((await request.post('/demo/reset')).ok()).toBe(true);
    expect((await request.post('/demo/settle')).ok()).toBe(true);
  });
});

test.describe('with a mail server that accepts connections and says nothing', () => {
  test.use({
    serverChoices: async ({}, use) => {
      const silent = await startSilentMailServer();
      await use({ demo: true, words: ['--smtp-url', silent.url] });
      silent.close();
    },
  });

  test('the portal and readiness say that mail is not getting out', async ({ page, request }) => {
    test.setTimeout(180_000);
    await request.post('/demo/scenarios/mass-deletion');
    await open(page, '/cloud-sync');
    const bar = page.getByRole('group', { name: 'Email is not getting out.' });
    await expect(bar).toContainText('did not answer within 45 seconds', { timeout: 120_000 });
    await expect(bar.getByRole('link', { name: 'Notification settings' })).toBeVisible();
    const readiness = await request.get('/readyz');
    expect(readiness.ok()).toBe(true);
    expect((await readiness.json()).mail).toContain('not delivered');
  });
});

/** Leaves the database no room of its own: its log would be written over from the beginning. */
function shorten(server: Server): void {
  const program = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
is_busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
sys.exit(is_busy)
`;
  // SQLite follows links in a path, so it has to look from where the server looks.
  const there = ['--user', '--mount', '--preserve-credentials', '--target', String(server.pid)];
  const file = join(server.data.path, 'cloud-sync.db');
  execFileSync('nsenter', [...there, 'python3', '-c', program, file]);
}

/** Writes until there is no room left. */
function fill(file: string): void {
  const block = Buffer.alloc(MEGABYTE);
  try {
    for (;;) writeFileSync(file, block, { flag: 'a' });
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  }
}

function canHaveDisks(): boolean {
  try {
    const mount = 'mount -t tmpfs tmpfs /mnt';
    execFileSync('unshare', ['--mount', '--map-root-user', 'sh', '-c', mount], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
