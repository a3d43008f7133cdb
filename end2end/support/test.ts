// What every spec file imports: Playwright's `test` with a server of its own for each test, a
// browser that reports every problem, and the few steps that all tests share.
import { test as base, expect, type Page } from '@playwright/test';
import { Problems } from './problems.ts';
import { isDebugBuild, startServer, type Server, type ServerChoices } from './server.ts';

interface Fixtures {
  /** How this test's server is started: `test.use({ serverChoices: { demo: true } })`. */
  serverChoices: ServerChoices;
  server: Server;
  /** Fails the test when the browser noticed something that the test did not expect. */
  problems: Problems;
}

export const test = base.extend<Fixtures>({
  serverChoices: [{}, { option: true }],

  server: async ({ serverChoices }, use, information) => {
    const server = await startServer(serverChoices);
    await use(server);
    if (information.status !== information.expectedStatus) {
      await information.attach('server', { body: server.output.join('\n') });
    }
    await server.remove();
  },

  baseURL: async ({ server }, use) => use(server.address),

  problems: [
    async ({ context }, use) => {
      const problems = new Problems(context);
      await use(problems);
      problems.verify();
    },
    { auto: true },
  ],
});

export { expect };

/** Opens a page and waits until the browser has taken it over: now clicks are answered. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await isTakenOver(page);
}

/** Waits until the script has taken over what the server rendered. */
export async function isTakenOver(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true', {
    // The package of a debug build is fifty times as large.
    timeout: isDebugBuild ? 90_000 : 30_000,
  });
}

/**
 * Does it faster than any pause of the page ends, however slow the machine is: the page's time
 * stands still meanwhile. `page.clock.install()` has to come before the page is opened.
 */
export async function inNoTime(page: Page, act: () => Promise<void>): Promise<void> {
  await page.clock.pauseAt(Date.now() + 1000);
  await act();
  await page.clock.resume();
}
