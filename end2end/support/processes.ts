// Programs that a test starts. None outlives the tests, however they end.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const leftToDo = new Set<() => void>();
// The last first: a program ends before its folder goes.
process.on('exit', () => [...leftToDo].reverse().forEach((cleanUp) => cleanUp()));

/** Promises to clean up: when the returned function is called, or else when this process ends. */
export function cleanUpLater(cleanUp: () => void): () => void {
  const once = () => {
    if (leftToDo.delete(once)) cleanUp();
  };
  leftToDo.add(once);
  return once;
}

/** A folder that is deleted with everything in it. */
export function temporaryFolder(purpose: string): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `cloud-sync-${purpose}-`));
  return { path, remove: cleanUpLater(() => rmSync(path, { recursive: true, force: true })) };
}

/** A program under way, with what it has said so far. */
export class Program {
  readonly output: string[] = [];
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly listeners = new Set<(line: string) => void>();

  constructor(file: string, words: string[], env: NodeJS.ProcessEnv) {
    const child = spawn(file, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.hear(line));
    }
    const forget = cleanUpLater(() => child.kill('SIGKILL'));
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        forget();
        resolve(code);
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Waits for a line that matches. A program that ends before has failed. */
  async says(pattern: RegExp): Promise<RegExpMatchArray> {
    const heard = this.output.map((line) => line.match(pattern)).find(Boolean);
    if (heard) return heard;
    let listener: (line: string) => void = () => undefined;
    const spoken = new Promise<RegExpMatchArray>((resolve) => {
      listener = (line) => {
        const match = line.match(pattern);
        if (match) resolve(match);
      };
      this.listeners.add(listener);
    });
    const silent = this.ended.then((code) => {
      throw new Error(`ended (${code}) before it said ${pattern}:\n${this.output.join('\n')}`);
    });
    try {
      return await Promise.race([spoken, silent]);
    } finally {
      this.listeners.delete(listener);
      silent.catch(() => undefined);
    }
  }

  /** Sends the signal and waits for the end. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }

  private hear(line: string): void {
    this.output.push(line);
    this.listeners.forEach((listener) => listener(line));
  }
}
