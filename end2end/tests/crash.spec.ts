// The power fails in the middle of an initial cycle, more than once.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Caller, type State } from '../support/api.ts';
import { startServer, type Server } from '../support/server.ts';
import { startSlapd } from '../support/slapd.ts';
import { expect, test } from '../support/test.ts';

const PEOPLE = 3000;

test('a server killed in mid-cycle ends equal to one that was left alone', async () => {
  test.setTimeout(240_000);
  const directory = await startSlapd(PEOPLE, { BASE: 'dc=example,dc=test' });
  const undisturbed = await startServer({ demo: true });
  const expected = await synchronized(undisturbed, await begin(undisturbed, directory));

  const server = await startServer({ demo: true });
  const id = await begin(server, directory);
  const moments: ((state: State) => boolean)[] = [
    ({ progress }) => progress !== null && progress.objectsRead > 0,
    ({ progress }) => progress !== null && progress.written > 0,
    ({ progress }) => progress !== null && progress.written > PEOPLE / 2,
  ];
  let interrupted = 0;
  for (const moment of moments) {
    const caller = await Caller.of(server);
    const state = await caller.until(id, (now) => moment(now) || now.status === 'healthy');
    if (state.progress) interrupted += 1;
    await server.kill();
    await server.start();
  }
  expect(interrupted, 'cycles that were under way when the power failed').toBeGreaterThan(0);
  expect(await synchronized(server, id)).toEqual(expected);

  await Promise.all([undisturbed.remove(), server.remove()]);
  directory.remove();
});

async function begin(server: Server, directory: Parameters<Caller['synchronize']>[0]) {
  return (await Caller.of(server)).synchronize(directory);
}

/** Waits for the end, and tells everything that the tenant holds then. */
async function synchronized(server: Server, id: string): Promise<string[]> {
  const caller = await Caller.of(server);
  await caller.until(id, ({ status, progress }) => status === 'healthy' && !progress);
  await server.stop();
  return everything(server);
}

/** Every object with its attributes, every reference and every link, in order. */
function everything(server: Server): string[] {
  const program = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
for query in ("SELECT id, kind, source_anchor, attributes, deleted_at FROM tenant_objects",
              "SELECT object_id, attribute, target_id FROM tenant_references",
              "SELECT anchor, kind, target_id FROM links"):
    for row in sorted(map(str, database.execute(query))): print(row)
`;
  const file = join(server.data.path, 'cloud-sync.db');
  const printed = execFileSync('python3', ['-c', program, file], { maxBuffer: 1 << 28 });
  return printed.toString().split('\n');
}
