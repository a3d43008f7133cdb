// How long the server takes to render each list, small and with 150,000 objects: the middle of
// thirty requests, over one connection, with everything that a page contains.
//
// BENCH_OBJECTS (150000) chooses the size.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, request, test } from '@playwright/test';
import { startServer, type Server } from '../support/server.ts';

const OBJECTS = Number(process.env.BENCH_OBJECTS ?? 150_000);
const SMALL = 1_000;
const ROUNDS = 30;
const LISTS = [
  '/cloud-sync',
  '/cloud-sync/provisioning-logs',
  '/cloud-sync/provisioning-logs?result=failure',
  '/cloud-sync/audit-logs',
  '/cloud-sync/agents',
  '/users',
  '/users?search=an',
  '/groups',
  '/contacts',
  '/deleted-users',
  '/directories',
  '/mailbox',
];

/** Milliseconds for each list. */
async function measure(server: Server): Promise<number[]> {
  const context = await request.newContext({ baseURL: server.address });
  const headers = { accept: 'text/html' };
  await context.get('/', { headers });
  const times = [];
  for (const path of LISTS) {
    const of: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const start = performance.now();
      const answer = await context.get(path, { headers });
      await answer.body();
      of.push(performance.now() - start);
      expect(answer.status(), path).toBe(200);
    }
    of.sort((one, other) => one - other);
    times.push(of[ROUNDS / 2]!);
  }
  await context.dispose();
  return times;
}

async function filled(server: Server, objects: number): Promise<number[]> {
  await server.stop();
  const script = join(import.meta.dirname, 'multiply.py');
  execFileSync('python3', [script, join(server.data.path, 'cloud-sync.db'), String(objects)]);
  await server.start();
  return measure(server);
}

async function synchronized(): Promise<Server> {
  const env = { CLOUD_SYNC_LOG: 'warn' };
  // The clock stands still, so that no cycle stands in the way of the measurement.
  const server = await startServer({ demo: { seed: 1, clock: '2026-11-02T08:00:00Z' }, env });
  const context = await request.newContext({ baseURL: server.address });
  await context.post('/demo/scenarios/synchronized');
  await context.post('/demo/settle');
  await context.dispose();
  return server;
}

test('every list is rendered at once, however much there is', async () => {
  const servers = [await synchronized(), await synchronized()];
  const small = await filled(servers[0]!, SMALL);
  const large = await filled(servers[1]!, OBJECTS);
  const lines = LISTS.map((path, position) => {
    const numbers = [small[position]!, large[position]!].map((time) => time.toFixed(1).padStart(8));
    return `  ${path.padEnd(48)}${numbers.join('')}`;
  });
  console.log(`\n  milliseconds with ${SMALL} and with ${OBJECTS} objects\n${lines.join('\n')}\n`);
  for (const server of servers) await server.remove();
  expect(Math.max(...small)).toBeLessThan(10);
  expect(Math.max(...large)).toBeLessThan(50);
});
