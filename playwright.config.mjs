// End-to-end tests: the real page in a real browser. `cargo xtask test` serves the page and sets both variables.
import { readFileSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const driver = JSON.parse(readFileSync(new URL('webdriver.json', import.meta.url), 'utf8'));
// The same switches as the browser tests, without the one for headless, which Playwright sets itself.
const switches = driver['goog:chromeOptions'].args.filter((name) => !name.startsWith('--headless'));

export default defineConfig({
  testDir: 'tests/e2e',
  // Training takes the whole machine: one page at a time.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  outputDir: 'target/e2e',
  use: {
    baseURL: process.env.PLAYGROUND_URL ?? 'http://127.0.0.1:8080/',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROME ?? '/usr/bin/chromium',
      args: switches,
    },
  },
});
