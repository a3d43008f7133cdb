// What a page should never cause: errors and warnings in the console (among them everything that
// the content security policy refused), scripts that break, requests that fail, answers of 500
// and more.
import { expect, type BrowserContext } from '@playwright/test';

export class Problems {
  private readonly found: string[] = [];
  private readonly expected: RegExp[] = [];
  private readonly tolerated: RegExp[] = [];

  constructor(context: BrowserContext) {
    context.on('console', (message) => {
      const kind = message.type();
      if (kind === 'error' || kind === 'warning') {
        this.found.push(`console ${kind}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.found.push(`script error: ${error.error()}`));
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      // What a page has under way when somebody leaves it.
      if (reason === 'net::ERR_ABORTED') return;
      this.found.push(`request failed: ${request.method()} ${request.url()}: ${reason}`);
    });
    context.on('response', (response) => {
      if (response.status() < 500) return;
      this.found.push(`answer ${response.status()}: ${response.url()}`);
    });
  }

  /** Says that this test provokes such a problem; it has to occur. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** Says that this test may provoke such a problem, for example by killing the server. */
  tolerate(pattern: RegExp): void {
    this.tolerated.push(pattern);
  }

  verify(): void {
    const foreseen = [...this.expected, ...this.tolerated];
    const surprises = this.found.filter((problem) => !foreseen.some((p) => p.test(problem)));
    expect(surprises, 'problems that the browser noticed').toEqual([]);
    const missing = this.expected.filter((p) => !this.found.some((problem) => p.test(problem)));
    expect(missing, 'problems that the test provokes').toEqual([]);
  }
}
