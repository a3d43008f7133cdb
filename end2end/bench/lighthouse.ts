// What Lighthouse says of the pages that people see most, on the release build, without a network.
// As a desktop computer, and as a phone on a slow line (LIGHTHOUSE_FORM=mobile).
import { expect, test } from '@playwright/test';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { Caller } from '../support/api.ts';
import { chromium } from '../support/chromium.ts';
import { startServer } from '../support/server.ts';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const LEAST = 95;
const isMobile = process.env.LIGHTHOUSE_FORM === 'mobile';

test('Lighthouse finds little to complain about', async ({ request }) => {
  const server = await startServer({ demo: { seed: 1 }, env: { CLOUD_SYNC_LOG: 'warn' } });
  await request.post(`${server.address}/demo/scenarios/synchronized`);
  const caller = await Caller.of(server);
  const [configuration] = await caller.call<{ id: string }[]>('configurations/list');
  const edit = `/cloud-sync/configurations/${configuration!.id}`;
  const pages = {
    list: '/cloud-sync',
    edit,
    mappings: `${edit}/attribute-mappings`,
    logs: '/cloud-sync/provisioning-logs',
  };
  const { executablePath, args } = chromium.launchOptions;
  const browser = await launch({
    chromePath: executablePath,
    chromeFlags: ['--headless=new', ...args],
    logLevel: 'error',
  });
  const lines: string[] = [];
  let worst = 100;
  try {
    for (const [name, path] of Object.entries(pages)) {
      const options = { port: browser.port, logLevel: 'error' as const, onlyCategories: CATEGORIES };
      const config = isMobile ? undefined : desktopConfig;
      const result = await lighthouse(server.address + path, options, config);
      const { categories, audits } = result!.lhr;
      const scores = CATEGORIES.map((id) => Math.round((categories[id]!.score ?? 0) * 100));
      const paint = audits['first-contentful-paint']!.displayValue;
      const largest = audits['largest-contentful-paint']!.displayValue;
      lines.push(`  ${name.padEnd(10)} ${scores.map((score) => String(score).padStart(5)).join('')}   ${paint}, ${largest}`);
      worst = Math.min(worst, ...scores);
      for (const { id, score, title } of Object.values(audits)) {
        if (score !== null && score < 0.9) lines.push(`             ${id}: ${title}`);
      }
    }
  } finally {
    browser.kill();
    await server.remove();
  }
  console.log(`\n  page       ${CATEGORIES.join(', ')}; first and largest paint\n${lines.join('\n')}\n`);
  expect(worst).toBeGreaterThanOrEqual(LEAST);
});
