// End-to-end tests: the real page in a real browser. `cargo xtask test` serves the page and sets both variables.
import { readFileSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const driver = JSON.parse(readFileSync(new URL('webdriver.json', import.meta.url), 'utf8'));
// The same switches as the browser tests, without the one for headless, which Playwright sets itself.
const switches = driver['goog:chromeOptions'].args.filter((name) => !name.startsWith('--headless'));

export default defineConfig({
  testDir: 'tests/e2e',
  // Drawings as text are the same wherever they are made.
  snapshotPathTemplate: '{testDir}/drawn/{arg}{ext}',
  // A page that trains keeps one core busy, so two tests run side by side; what is measured by the clock runs after them, alone.
  workers: 2,
  fullyParallel: true,
  projects: [
    { name: 'side by side', grepInvert: /@alone/ },
    { name: 'alone', grep: /@alone/, workers: 1, dependencies: ['side by side'] },
  ],
  timeout: 180_000,
  expect: { timeout: 60_000 },
  // On a busy machine a test may once come too late. It is run again then, and named as flaky at the end.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  outputDir: 'target/e2e',
  use: {
    baseURL: process.env.PLAYGROUND_URL ?? 'http://127.0.0.1:8080/',
    screenshot: 'only-on-failure',
    // A trace of every test costs a fifth of the time: `--trace on` makes one of those that failed.
    trace: 'off',
    launchOptions: {
      executablePath: process.env.CHROME ?? '/usr/bin/chromium',
      args: switches,
    },
  },
});
