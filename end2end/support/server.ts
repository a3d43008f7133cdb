// A server of one's own: its own port, its own data, gone with the test.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Program, temporaryFolder } from './processes.ts';

export interface ServerChoices {
  /** Seeds the demo forests and signs every browser in; with a world and a clock of one's own. */
  demo?: boolean | { seed: number; clock?: string };
  /** More words for the command line. */
  words?: string[];
  env?: Record<string, string>;
  /** Gives its data a disk of their own, of so many megabytes, which nobody else sees. */
  diskOfMegabytes?: number;
}

/** The built binary: what `cargo xtask test` names, or the last release build. */
const BINARY = resolve(
  process.env.CLOUD_SYNC_BINARY ?? join(import.meta.dirname, '../../target/release/cloud-sync'),
);

/** Speed is measured on the release build only. */
export const isDebugBuild = dirname(BINARY).endsWith('/debug');

export class Server {
  /** For example `http://127.0.0.1:41234`; after a restart it is the same. */
  address = 'http://127.0.0.1:0';
  readonly data = temporaryFolder('data');
  private program?: Program;

  constructor(private readonly choices: ServerChoices) {}

  /** Starts it on the data as they are, and waits until it answers. */
  async start(): Promise<void> {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: cargo xtask build --release`);
    const words = ['--address', new URL(this.address).host, '--data', this.data.path];
    const { demo } = this.choices;
    if (demo === true) words.push('--demo');
    else if (demo) {
      words.unshift('demo', '--seed', String(demo.seed));
      if (demo.clock) words.push('--clock', demo.clock);
    }
    const env = { ...foreignVariables(), ...siteOfDebugBuild(), ...this.choices.env };
    const command = [BINARY, ...words, ...(this.choices.words ?? [])];
    const [file = BINARY, ...rest] = [...this.ownDisk(), ...command];
    this.program = new Program(file, rest, env);
    const [, address] = await this.program.says(/^Cloud sync is at (\S+)$/);
    this.address = address;
  }

  /** What stands before a command that gets a disk of its own, in a place that only it can see. */
  private ownDisk(): string[] {
    const { diskOfMegabytes } = this.choices;
    if (!diskOfMegabytes) return [];
    const mount = `mount -t tmpfs -o size=${diskOfMegabytes}m tmpfs "$0" && exec "$@"`;
    return ['unshare', '--mount', '--map-root-user', 'sh', '-c', mount, this.data.path];
  }

  /** Where its data lie, as the program itself sees them. */
  get seenData(): string {
    return join(`/proc/${this.pid}/root`, this.data.path);
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.program?.pid;
  }

  /** What it has said since its last start, line by line. */
  get output(): string[] {
    return this.program?.output ?? [];
  }

  /** Waits for a line of its output. */
  async says(pattern: RegExp): Promise<RegExpMatchArray> {
    if (!this.program) throw new Error('the server is not running');
    return this.program.says(pattern);
  }

  /** Runs a command of the program on the same data, with a text to read; says what it printed. */
  command(words: string[], input = ''): string {
    const env = { ...foreignVariables(), ...this.choices.env };
    return execFileSync(BINARY, [...words, '--data', this.data.path], { env, input }).toString();
  }

  /** As when the power fails: it learns nothing of its end. */
  async kill(): Promise<void> {
    await this.program?.stop('SIGKILL');
  }

  /** As an administrator stops it: what is under way is finished. Says how it ended. */
  async stop(): Promise<number | null | undefined> {
    return this.program?.stop('SIGTERM');
  }

  /** Ends it for good and deletes its data. */
  async remove(): Promise<void> {
    await this.kill();
    this.data.remove();
  }
}

/** A developer's own settings, above all the database, are none of the tests' business. */
function foreignVariables(): NodeJS.ProcessEnv {
  const isOurs = (name: string) => name === 'DATABASE_URL' || name.startsWith('CLOUD_SYNC_');
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}

/** A debug build does not carry the site inside. */
function siteOfDebugBuild(): Record<string, string> {
  return isDebugBuild ? { CLOUD_SYNC_SITE: join(dirname(BINARY), '../site/debug') } : {};
}

/** Starts a server; the caller removes it. Tests take the `server` fixture instead. */
export async function startServer(choices: ServerChoices = {}): Promise<Server> {
  const server = new Server(choices);
  await server.start();
  return server;
}
