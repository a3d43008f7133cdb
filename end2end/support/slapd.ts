// A real OpenLDAP server on this machine, with generated people.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { cleanUpLater, temporaryFolder } from './processes.ts';

const SCRIPT = join(import.meta.dirname, '../ldap/start-slapd.sh');

export interface Directory {
  /** `ldap://…`, StartTLS offered. */
  url: string;
  /** `ldaps://…` */
  secureUrl: string;
  /** The certificate authority, as PEM text. */
  authority: string;
  base: string;
  readerDn: string;
  password: string;
  /** Sends slapd SIGKILL, as when its machine fails. */
  kill: () => void;
  /** Starts it again on the same data. */
  start: () => void;
  /** Ends it and deletes everything. */
  remove: () => void;
}

/** Starts slapd with that many people; `env` as the script's own help says. */
export async function startSlapd(
  people: number,
  env: Record<string, string> = {},
): Promise<Directory> {
  const folder = temporaryFolder('slapd');
  const port = await twoFreePorts();
  const run = (word: string) =>
    execFileSync('bash', [SCRIPT, folder.path, String(port), word], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const wipe = cleanUpLater(() => {
    spawnSync('bash', [SCRIPT, folder.path, String(port), 'wipe'], { stdio: 'ignore' });
    folder.remove();
  });
  run(String(people));
  const base = env.BASE ?? 'dc=contoso,dc=test';
  return {
    url: `ldap://127.0.0.1:${port}`,
    secureUrl: `ldaps://127.0.0.1:${port + 1}`,
    authority: readFileSync(join(folder.path, 'tls/ca.pem'), 'utf8'),
    base,
    readerDn: `cn=reader,${base}`,
    password: 'secret',
    kill: () => process.kill(Number(readFileSync(join(folder.path, 'run/slapd.pid'), 'utf8')), 9),
    start: () => run(String(people)),
    remove: wipe,
  };
}

/** A free port whose successor is free, too: slapd takes it for LDAPS. */
async function twoFreePorts(): Promise<number> {
  const port = await listenBriefly(0);
  const next = await listenBriefly(port + 1).catch(() => undefined);
  return next ? port : twoFreePorts();
}

function listenBriefly(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: taken } = server.address() as AddressInfo;
      server.close(() => resolve(taken));
    });
  });
}
