// What keeps the service as a whole from working, and how it goes on afterwards.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
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
    await open(page, '/cloud-sync');
    const filler = join(server.seenData, 'filler');
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
  const silent = createServer(() => undefined);
  test.beforeAll(() => new Promise<void>((done) => silent.listen(0, '127.0.0.1', done)));
  test.afterAll(() => {
    silent.close();
  });
  test.use({
    serverChoices: async ({}, use) => {
      const { port } = silent.address() as AddressInfo;
      await use({ demo: true, words: ['--smtp-url', `smtp://127.0.0.1:${port}`] });
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
