// What keeps open pages up to date must never keep a page from being loaded: HTTP/1.1 allows a
// browser six connections to a server. Here Chromium is started without Playwright's arguments,
// which switch off that pages are kept for the way back, as no reader's browser does.
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium as browsers, type BrowserContext, type Page } from '@playwright/test';
import { chromium } from '../support/chromium.ts';
import { Program, temporaryFolder } from '../support/processes.ts';
import { isDebugBuild, type Server } from '../support/server.ts';
import { expect, isTakenOver, test as base } from '../support/test.ts';

/**
 * Stands between browsers and the server, and counts the event streams that are open. It also takes
 * away that answers must not be stored: Chromium keeps pages that say so only now and then.
 */
interface Between {
  address: string;
  open: number;
  mostOpen: number;
  /** When something else than the event stream was last asked for or answered. */
  lastTalk: number;
  /** How often the event stream told something. */
  news: number;
}

async function standBetween(server: Server, use: (between: Between) => Promise<void>) {
  const between: Between = { address: '', open: 0, mostOpen: 0, lastTalk: 0, news: 0 };
  const proxy = createServer((request, response) => {
    const { method, headers, url } = request;
    const onward = ask(server.address + url, { method, headers }, (answer) => {
      const { 'cache-control': kept, ...others } = answer.headers;
      const headers = kept === 'no-store' ? others : answer.headers;
      response.writeHead(answer.statusCode ?? 502, headers);
      answer.pipe(response);
      if (url === '/events') {
        answer.on('data', (told: Buffer) => (between.news += told.toString().split('data:').length - 1));
      }
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
    if (url === '/events') {
      between.mostOpen = Math.max(between.mostOpen, ++between.open);
    } else {
      between.lastTalk = Date.now();
    }
    response.on('close', () => {
      onward.destroy();
      if (url === '/events') between.open--;
      else between.lastTalk = Date.now();
    });
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  between.address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await use(between);
  proxy.closeAllConnections();
  proxy.close();
}

const test = base.extend<{ between: Between; reader: BrowserContext }>({
  between: async ({ server }, use) => standBetween(server, use),

  /** A browser as readers have it. */
  reader: async ({}, use) => {
    const { executablePath, args } = chromium.launchOptions;
    const profile = temporaryFolder('profile');
    const words = [
      ...args,
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile.path}`,
      // Its own first page would look for the world outside.
      'about:blank',
    ];
    const program = new Program(executablePath ?? 'chromium', words, process.env);
    const [, address] = await program.says(/^DevTools listening on (\S+)$/);
    const browser = await browsers.connectOverCDP(address, { timeout: 60_000 });
    await use(browser.contexts()[0]);
    await browser.close();
    await program.stop('SIGKILL');
    profile.remove();
  },
});

test.use({ serverChoices: { demo: true } });
test.slow();

/** Loads a whole page until it is kept up to date; says how many milliseconds that took. */
async function load(page: Page, address: string): Promise<number> {
  const begin = Date.now();
  await page.goto(address);
  await isTakenOver(page);
  await expect(page.getByText(/Updates live, last at/)).toBeVisible({ timeout: 60_000 });
  return Date.now() - begin;
}

/**
 * A page that waits for a connection waits until another one gives its own up, a minute and more;
 * other work beside the test costs some pages a few seconds.
 */
function expectAlive(milliseconds: number[]): void {
  const sorted = [...milliseconds].sort((one, other) => one - other);
  expect(sorted.at(-1), `the longest of ${sorted}`).toBeLessThan(30_000);
  if (!isDebugBuild) {
    expect(sorted[Math.floor(sorted.length / 2)], `the middle of ${sorted}`).toBeLessThan(2_000);
  }
}

/** Switches to another tab, or back to this one. */
async function look(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, state);
}

const PAGES = ['/cloud-sync', '/cloud-sync/agents', '/mailbox'];

test('thirty pages one after the other in one tab are all alive at once', async ({
  between,
  reader,
}) => {
  const page = await reader.newPage();
  const took: number[] = [];
  while (took.length < 30) {
    took.push(await load(page, between.address + PAGES[took.length % PAGES.length]));
  }
  expectAlive(took);
  await expect.poll(() => between.open).toBe(1);
});

test('ten tabs are all alive, and share one stream', async ({ between, reader, request }) => {
  const tabs: Page[] = [];
  const took: number[] = [];
  while (tabs.length < 10) {
    const tab = await reader.newPage();
    tabs.push(tab);
    took.push(await load(tab, between.address + PAGES[0]));
  }
  expectAlive(took);
  await request.post('/demo/scenarios/synchronized');
  for (const tab of tabs) {
    await expect(tab.getByRole('button', { name: /, status of contoso.test/ })).toBeVisible();
  }
  expect(between.mostOpen).toBe(1);
});

test('a browser keeps no stream that nobody looks at', async ({ between, reader }) => {
  const tabs = [await reader.newPage(), await reader.newPage()];
  for (const tab of tabs) await load(tab, between.address + PAGES[0]);
  await look(tabs[0], 'hidden');
  expect(between.open).toBe(1);
  await look(tabs[1], 'hidden');
  await expect.poll(() => between.open).toBe(0);
  await look(tabs[1], 'visible');
  await expect.poll(() => between.open).toBe(1);
  for (const tab of tabs) await tab.close();
  await expect.poll(() => between.open).toBe(0);
});

test('whoever comes back to a tab finds it up to date, asked for once', async ({
  between,
  reader,
  request,
}) => {
  const [tab, other] = [await reader.newPage(), await reader.newPage()];
  for (const page of [tab, other]) await load(page, between.address + PAGES[0]);
  await look(tab, 'hidden');
  await request.post('/demo/scenarios/synchronized');
  await request.post('/demo/settle');
  const status = (page: Page) => page.getByRole('button', { name: /, status of contoso.test/ });
  await expect(status(other)).toBeVisible();
  await expect(status(tab)).toBeHidden();
  const asked: string[] = [];
  const newsBefore = between.news;
  tab.on('request', (sent) => asked.push(sent.url()));
  await look(tab, 'visible');
  await expect(status(tab)).toBeVisible();
  await expect.poll(() => Date.now() - between.lastTalk).toBeGreaterThan(500);
  // Once for coming back, and once for whatever the server told meanwhile.
  const times = asked.map((url) => asked.filter((other) => other === url).length);
  expect(Math.max(...times), asked.join('\n')).toBeLessThanOrEqual(1 + between.news - newsBefore);
});

test('a page that comes back by the way back is kept up to date', async ({ between, reader }) => {
  const page = await reader.newPage();
  await load(page, between.address + PAGES[0]);
  await page.evaluate(() => {
    addEventListener('pageshow', (event) => {
      document.title = event.persisted ? 'It was kept' : 'It was not kept';
    });
  });
  await load(page, between.address + PAGES[1]);
  await page.evaluate(() => history.back());
  await expect(page).toHaveTitle('It was kept');
  await expect.poll(() => between.open).toBe(1);
});

test('a page that vanished without a word does not keep the stream', async ({
  between,
  reader,
}) => {
  const page = await reader.newPage();
  await load(page, between.address + PAGES[0]);
  await page.evaluate(() => {
    const build = document.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? '';
    new SharedWorker('/events/shared.js', build).port.postMessage('looking');
  });
  await look(page, 'hidden');
  expect(between.open).toBe(1);
  await expect.poll(() => between.open, { timeout: 60_000 }).toBe(0);
});

test('where pages cannot share, each has a stream while somebody looks', async ({
  between,
  reader,
}) => {
  await reader.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'));
  const page = await reader.newPage();
  for (const address of [...PAGES, ...PAGES, ...PAGES, ...PAGES]) {
    await load(page, between.address + address);
  }
  await expect.poll(() => between.open).toBe(1);
  await look(page, 'hidden');
  await expect.poll(() => between.open).toBe(0);
  await look(page, 'visible');
  await expect.poll(() => between.open).toBe(1);
});
