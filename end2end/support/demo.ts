// The demo from outside: things happen on demand, the clock is moved, and nobody waits for time to
// pass. Use it with a clock that stands still: `serverChoices: { demo: STANDING_STILL }`.
import { expect, type APIRequestContext, type Page } from '@playwright/test';
import { Caller } from './api.ts';
import type { Server } from './server.ts';
import { open } from './test.ts';

/** The same world and the same time for every test. */
export const STANDING_STILL = { seed: 1, clock: '2026-11-02T08:00:00Z' };

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** One cycle of the demo. */
export const TICK = 2 * MINUTE;

const UNIT = 'OU=Corp,DC=contoso,DC=test';
export const SALES = `OU=Sales,OU=Users,${UNIT}`;
export const OUT_OF_SCOPE = `OU=Out Of Scope,${UNIT}`;

/** What lies in the demo directory. */
export interface Entry {
  id: string;
  dn: string;
  name: string;
  userPrincipalName: string | null;
  title: string | null;
}

/** What somebody does to the demo, beside the pages. */
export class Demo {
  private constructor(
    private readonly request: APIRequestContext,
    readonly caller: Caller,
  ) {}

  static async of(server: Server, request: APIRequestContext): Promise<Demo> {
    return new Demo(request, await Caller.of(server));
  }

  /** Waits until nothing is due any more. */
  async settle(): Promise<void> {
    expect((await this.request.post('/demo/settle')).ok()).toBe(true);
  }

  /** Lets a scenario happen, and what follows from it; says what was done. */
  async happens(scenario: string): Promise<string[]> {
    const answer = await this.request.post(`/demo/scenarios/${scenario}`);
    expect(answer.ok(), scenario).toBe(true);
    await this.settle();
    return ((await answer.json()) as { done: string[] }).done;
  }

  /** Moves the clock and lets happen what is due then. */
  async passes(seconds: number): Promise<void> {
    const answer = await this.request.post('/demo/clock', { data: { advanceSeconds: seconds } });
    expect(answer.ok(), await answer.text()).toBe(true);
    await this.settle();
  }

  /** The next cycle. */
  async nextCycle(): Promise<void> {
    await this.passes(TICK);
  }

  /** A configuration for contoso.test that is enabled and has run; its page. */
  async synchronized(): Promise<string> {
    await this.happens('synchronized');
    return this.configuration();
  }

  /** The page of the configuration of a domain. */
  async configuration(domain = 'contoso.test'): Promise<string> {
    const all = await this.caller.call<{ id: string; domain: string }[]>('configurations/list');
    const id = all.find((each) => each.domain === domain)?.id;
    return `/cloud-sync/configurations/${id}`;
  }

  /** What the directory finds by a part of a name, in the order of its pages. */
  async entries(search: string, kind: string, forest = 'contoso.test'): Promise<Entry[]> {
    const form = { forest, 'filter[search]': search, 'filter[class]': kind };
    const page = await this.caller.call<{ items: Entry[] }>('forest/list', form);
    return page.items;
  }

  /** The one entry that a name finds, whatever else has the name in it. */
  async entry(name: string, kind = 'user', forest = 'contoso.test'): Promise<Entry> {
    const found = await this.entries(name, kind, forest);
    const exact = found.find((each) => each.name === name || each.dn === name);
    expect(exact, `${name} among ${found.map((each) => each.name).join(', ')}`).toBeDefined();
    return exact!;
  }

  /** Changes attributes of an entry in the directory. */
  async change(entry: Entry, changes: Record<string, string>, forest = 'contoso.test') {
    const draft = Object.entries(changes).map(([name, value]) => [`draft[${name}]`, value]);
    await this.caller.call('forest/change-attributes', {
      forest,
      id: entry.id,
      ...Object.fromEntries(draft),
    });
  }

  async move(entry: Entry, container: string): Promise<void> {
    await this.caller.call('forest/move-to', { forest: 'contoso.test', id: entry.id, container });
  }

  async remove(entry: Entry): Promise<void> {
    await this.caller.call('forest/delete', { forest: 'contoso.test', id: entry.id });
  }

  /** How many objects of a kind the tenant has, the recycle bin not counted. */
  async inTenant(kind: 'user' | 'group' | 'contact'): Promise<number> {
    const page = await this.caller.call<{ total: number }>('tenant/list', { kind, search: '' });
    return page.total;
  }
}

/** The page of somebody of the tenant, found by name as a person finds it. */
export async function openUser(page: Page, name: string): Promise<void> {
  await open(page, `/users?search=${encodeURIComponent(name)}`);
  await page.getByRole('table', { name: 'Users' }).getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** The value of an attribute on the open page of somebody of the tenant. */
export function attributeOnPage(page: Page, attribute: string) {
  const table = page.getByRole('table', { name: 'Attributes' });
  return table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: attribute, exact: true }) });
}
