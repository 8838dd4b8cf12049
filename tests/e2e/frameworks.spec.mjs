// The element in React, Vue and Svelte, by what docs/embedding.md gives to copy: types checked, built, and used.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test as base, expect } from '@playwright/test';
import { Course } from './course.mjs';
import { running } from './server.mjs';

const FOLDER = fileURLToPath(new URL('../embeds/', import.meta.url));
const LESSONS = { react: 'tsx', vue: 'vue', svelte: 'svelte' };
/** What the files there name as the playground's address. */
const HOME = 'https://your.host/playground/';

const packages = createRequire(path.join(FOLDER, 'package.json'));
/** Runs a program of a package there. @param {string} file @param {string[]} options */
const program = (file, ...options) => promisify(execFile)(process.execPath, [path.join(FOLDER, 'node_modules', file), ...options], { cwd: FOLDER });

/** The scripts of a lesson as one, as Vite makes them of it. @param {string} name */
async function built(name) {
  const { build } = await import(packages.resolve('vite'));
  const { default: vue } = await import(packages.resolve('@vitejs/plugin-vue'));
  const { svelte } = await import(packages.resolve('@sveltejs/vite-plugin-svelte'));
  const own = (/** @type {string} */ tag) => tag === 'cnn-playground';
  const { output } = await build({
    root: path.join(FOLDER, name),
    configFile: false,
    logLevel: 'warn',
    plugins: [vue({ template: { compilerOptions: { isCustomElement: own } } }), svelte({ configFile: false })],
    build: { write: false, rollupOptions: { input: path.join(FOLDER, name, 'main.js') } },
  });
  expect(output).toHaveLength(1);
  return output[0].code;
}

const test = base.extend({ course: running(() => new Course()) });

for (const [name, ending] of Object.entries(LESSONS)) {
  test(`${name}: a property and attributes go in, a command and an event with its figures come out`, async ({ page, course, baseURL }) => {
    expect(readFileSync(new URL('../../docs/embedding.md', import.meta.url), 'utf8'), 'what is tried is what is told')
      .toContain(readFileSync(path.join(FOLDER, name, `Lesson.${ending}`), 'utf8'));
    const wrong = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    const script = (await built(name)).replaceAll(HOME, baseURL).replaceAll('</script', '<\\/script');
    await page.goto(course.write(`<div id="lesson"></div><script type="module">${script}</script>`));

    const playground = page.locator('cnn-playground');
    await expect(playground).toHaveJSProperty('src', baseURL);
    await expect(playground).toHaveJSProperty('link', 'v=1&train=640&test=100&batch=16&epochs=1&permute=off');
    const frame = page.frameLocator('iframe');
    await expect(frame.getByRole('radio', { name: 'Off' }).first()).toBeChecked();
    await page.getByLabel('Shuffle the pixels').check();
    await expect(frame.getByRole('radio', { name: 'Fixed' })).toBeChecked();

    await expect(page.locator('output')).toBeEmpty();
    await page.getByRole('button', { name: 'Train' }).click();
    await expect(page.locator('output')).toHaveText(/^0?\.\d+|[01]$/);
    const { run } = await playground.evaluate((one) => one.getState());
    expect(run).toMatchObject({ state: 'done', steps: 40 });
    await expect(page.locator('output')).toHaveText(String(run.test.accuracy));
    expect(run.link).toContain('permute=fixed');
    expect(wrong).toEqual([]);
  });
}

test('what these lessons write has the types of the element, and what is wrong does not pass', async () => {
  await program('vue-tsc/bin/vue-tsc.js', '-p', '.');
  await program('svelte-check/bin/svelte-check', '--tsconfig', './tsconfig.json');
});

test('a property that a framework takes away is as if it had never been', async ({ page, course, baseURL }) => {
  await page.goto(course.write(`<script src="${baseURL}embed.js" defer></script><cnn-playground start="click" style="margin-top: 5000px" lab="parameters"></cnn-playground>`));
  const playground = page.locator('cnn-playground');
  for (const nothing of ['null', 'undefined']) {
    expect(await playground.evaluate((one, nothing) => {
      const value = nothing === 'null' ? null : undefined;
      Object.assign(one, { src: 'https://elsewhere.example/', link: 'v=1&lab=parameters' });
      const before = [one.src, one.link];
      Object.assign(one, { src: value, link: value });
      return { before, after: [one.src, one.link] };
    }, nothing)).toEqual({ before: ['https://elsewhere.example/', 'v=1&lab=parameters'], after: [baseURL, 'v=1'] });
  }
});

test('a server that renders pages can load the script', async () => {
  await import('../../www/embed.js');
});
