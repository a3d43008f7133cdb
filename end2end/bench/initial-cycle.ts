// How long the initial cycle of a real OpenLDAP directory takes and how much memory it needs,
// beside ldapsearch reading the same entries in the same run.
//
// BENCH_PEOPLE (10000), BENCH_GROUPS (1000) and BENCH_MEMBERS (200, of each group) choose the size.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Caller } from '../support/api.ts';
import { startServer, type Server } from '../support/server.ts';
import { startSlapd, type Directory } from '../support/slapd.ts';

const PEOPLE = Number(process.env.BENCH_PEOPLE ?? 10_000);
const GROUPS = Number(process.env.BENCH_GROUPS ?? 1_000);
const MEMBERS = Number(process.env.BENCH_MEMBERS ?? 200);

test('initial cycle beside ldapsearch', async () => {
  // The demo forest has the generator's own domain.
  const directory = await startSlapd(PEOPLE, {
    BASE: 'dc=example,dc=test',
    GENERATE: `--groups ${GROUPS} --members-per-group ${MEMBERS}`,
  });
  const server = await startServer({ demo: true, env: { CLOUD_SYNC_LOG: 'warn' } });
  const caller = await Caller.of(server);
  const idle = peakMemory(server);

  const search = timeOfSearch(directory);
  const id = await caller.synchronize(directory);
  const state = await caller.until(id, ({ status }) => status === 'healthy', 20);
  const cycle = state.lastCycle!;
  const seconds = (cycle.endedAt - cycle.startedAt) / 1e6;
  const objects = cycle.counts.created;
  const again = timeOfSearch(directory);

  console.log(`
  ${PEOPLE} people, ${GROUPS} groups of ${MEMBERS} members
  ldapsearch, all attributes, paged   ${Math.min(search, again).toFixed(2)} s
  initial cycle                       ${seconds.toFixed(2)} s (${(seconds / Math.min(search, again)).toFixed(1)} times ldapsearch)
    objects created                   ${objects} (${Math.round(objects / seconds)} a second)
    references written                ${cycle.counts.referencesAdded}
  peak memory of the server           ${peakMemory(server)} MB (${idle} MB before the cycle)
`);
  expect(objects).toBeGreaterThanOrEqual(PEOPLE + GROUPS);
  await server.remove();
  directory.remove();
});

/** In seconds, its output thrown away as it comes. */
function timeOfSearch({ url, readerDn, password, base }: Directory): number {
  const filter = '(|(objectClass=inetOrgPerson)(objectClass=groupOfNames))';
  const words = ['-x', '-LLL', '-H', url, '-D', readerDn, '-w', password, '-b', base];
  const began = performance.now();
  execFileSync('ldapsearch', [...words, '-E', 'pr=1000/noprompt', filter, '*', '+'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return (performance.now() - began) / 1000;
}

/** The most memory that the process ever had in RAM, in megabytes (VmHWM, proc(5)). */
function peakMemory(server: Server): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Math.round(Number(status.match(/^VmHWM:\s+(\d+) kB$/m)?.[1]) / 1024);
}
