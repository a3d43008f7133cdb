// Pictures of every page for people to look at: `npm run screenshots`.
import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium.ts';

export default defineConfig({
  testDir: 'support',
  testMatch: 'screenshots.ts',
  outputDir: 'test-results/screenshots',
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  reporter: 'list',
  use: { ...chromium, locale: 'en-GB', timezoneId: 'UTC' },
});
