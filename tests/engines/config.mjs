// What the playground must do in every engine. `cargo xtask test` serves the page, and sets DRIVER, BROWSER, PLAYGROUND_URL
// and BUNDLE; the project is the engine.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  workers: 2,
  fullyParallel: true,
  projects: ['chromium', 'firefox', 'webkit'].map((name) => ({ name })),
  // WebKitGTK trains far slower than the others, and the machine of a test may be busy.
  timeout: 400_000,
  expect: { timeout: 60_000 },
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['./table.mjs']],
  outputDir: '../../target/engines',
});
