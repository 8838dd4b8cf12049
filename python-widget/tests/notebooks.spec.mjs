// A notebook with the widget in it, in JupyterLab and in marimo: shown, commanded, and its results in Python, without a network.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';

const { PYTHON } = process.env;
const here = (name) => new URL(name, import.meta.url).pathname;

/** A port that nobody has. */
const freePort = () => new Promise((resolve) => {
  const server = createServer();
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

const test = base.extend({
  folder: async ({}, use) => {
    if (!PYTHON) throw new Error('PYTHON names no interpreter: cargo xtask widget --test');
    const folder = mkdtempSync(path.join(tmpdir(), 'cnn-notebooks-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  /** Starts a program of Python's on a port of its own, until the test is over: its address. */
  serve: async ({ folder }, use) => {
    const started = [];
    await use(async (...given) => {
      const port = await freePort();
      const program = spawn(PYTHON, ['-m', ...given.map((one) => one.replace('PORT', String(port)))], { cwd: folder, stdio: 'ignore' });
      started.push(program);
      const address = `http://127.0.0.1:${port}/`;
      await expect.poll(() => fetch(address).then(({ status }) => status, () => 0), { timeout: 120_000 }).not.toBe(0);
      return address;
    });
    for (const program of started) {
      const over = new Promise((resolve) => { program.once('close', resolve); });
      program.kill();
      await over;
    }
  },
  page: async ({ page }, use) => {
    const elsewhere = [];
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') elsewhere.push(request.url());
    });
    await use(page);
    expect(elsewhere.filter((address) => address.includes('playground'))).toEqual([]);
  },
});

test('JupyterLab: a run is waited for within a cell, a choice follows, and what cannot run says why', async ({ page, folder, serve }) => {
  writeFileSync(path.join(folder, 'course.ipynb'), execFileSync(PYTHON, [here('notebook.py')]));
  const address = await serve('jupyterlab', '--no-browser', '--port=PORT', '--IdentityProvider.token=', '--ServerApp.root_dir=.', '--allow-root');
  await page.goto(`${address}lab/tree/course.ipynb`);
  await expect(page.getByText('Python 3 (ipykernel) | Idle')).toBeVisible();
  await page.locator('.jp-Cell .jp-InputPrompt').first().click();
  for (let cell = 0; cell < 5; cell += 1) await page.keyboard.press('Shift+Enter');
  const output = page.locator('.jp-OutputArea-output');
  await expect(output.filter({ hasText: 'first:' })).toHaveText('first: done 40 1 True\n');
  await expect(output.filter({ hasText: 'second:' })).toContainText('permute=fixed');
  await expect(output.filter({ hasText: 'lab:' })).toHaveText('lab: prediction-first\n');
  await expect(output.locator('table tbody tr')).toHaveCount(2);
  await expect(page.locator('cnn-playground')).toHaveCount(2);
  await page.locator('cnn-playground').first().scrollIntoViewIfNeeded();
  await expect(page.frameLocator('iframe').first().locator('#run-state')).toHaveText('Done');
  await page.screenshot({ path: here('../../target/notebooks-jupyterlab.png') });
});

test('marimo: a cell waits for the run of another cell’s widget', async ({ page, folder, serve }) => {
  cpSync(here('app.py'), path.join(folder, 'app.py'));
  const address = await serve('marimo', 'run', 'app.py', '--headless', '--no-token', '--host', '127.0.0.1', '--port', 'PORT');
  await page.goto(address);
  await expect(page.getByText('first: done 40 1 True')).toBeVisible();
  await page.screenshot({ path: here('../../target/notebooks-marimo.png') });
});
