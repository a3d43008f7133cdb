// Measurements on a real directory: `npm run bench`, or `cargo xtask bench`.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'bench',
  testMatch: '*.ts',
  outputDir: 'test-results/bench',
  workers: 1,
  timeout: 30 * 60_000,
  reporter: 'line',
});
