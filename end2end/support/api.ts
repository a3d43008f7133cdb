// The server functions behind the pages, called without a browser: for measurements and for tests
// of what a browser has no part in.
import { expect, request, type APIRequestContext } from '@playwright/test';
import type { Server } from './server.ts';
import type { Directory } from './slapd.ts';

export interface State {
  status: string;
  managed: { users: number; groups: number; contacts: number };
  progress: { phase: string; objectsRead: number; written: number } | null;
  lastCycle: { startedAt: number; endedAt: number; counts: Record<string, number> } | null;
}

/** Somebody who is signed in to a demo. */
export class Caller {
  private constructor(private readonly context: APIRequestContext) {}

  static async of(server: Server): Promise<Caller> {
    const context = await request.newContext({ baseURL: server.address });
    // Opening a page signs in to the demo.
    await context.get('/', { headers: { accept: 'text/html' } });
    return new Caller(context);
  }

  async call<T>(name: string, form: Record<string, string> = {}): Promise<T> {
    const answer = await this.context.post(`/api/${name}`, { form });
    expect(answer.ok(), `${name}: ${await answer.text()}`).toBe(true);
    return (await answer.json()) as T;
  }

  state(id: string): Promise<State> {
    return this.call('configurations/state', { id });
  }

  /** Connects the directory, makes a configuration for it and enables it. */
  async synchronize(directory: Directory): Promise<string> {
    await this.call('directories/connect', {
      'draft[url]': directory.url,
      'draft[bind_dn]': directory.readerDn,
      'draft[bind_password]': directory.password,
      'draft[base_dn]': directory.base,
    });
    const domain = directory.base.replaceAll(/,?dc=/gi, '.').slice(1);
    const id = await this.call<string>('configurations/create', { 'new[domain]': domain });
    await this.call('configurations/save', {
      id,
      'draft[revision]': '1',
      'draft[settings][enabled]': 'true',
      'draft[settings][prevent_accidental_deletion]': 'true',
      'draft[settings][accidental_deletion_threshold]': '500',
    });
    return id;
  }

  /** Waits until the configuration is as wished, and says how it is then. */
  async until(id: string, isAsWished: (state: State) => boolean, minutes = 5): Promise<State> {
    let state: State | undefined;
    await expect
      .poll(
        async () => {
          state = await this.state(id);
          return isAsWished(state);
        },
        { timeout: minutes * 60_000, intervals: [20] },
      )
      .toBe(true);
    return state!;
  }
}
