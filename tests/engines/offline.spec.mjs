// A bundle on a plain host: after one visit it trains without a network.
import { Host } from '../e2e/host.mjs';
import { SMALL, THREADS, expect, test as base } from './page.mjs';

const test = base.extend({
  bundle: async ({}, use) => {
    if (!process.env.BUNDLE) throw new Error('BUNDLE names no folder: cargo xtask test --only Firefox');
    const bundle = new Host(process.env.BUNDLE);
    await bundle.start();
    await use(bundle);
    if (bundle.server.listening) await bundle.stop();
  },
});

test('a bundle that was visited once trains without a network', async ({ page, bundle }) => {
  const visit = async () => {
    await page.goto(`${bundle.url}#${SMALL}`);
    await page.opened();
  };
  await visit();
  await page.run();
  await expect.poll(() => page.ask(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await expect.poll(async () => {
    const kept = await page.ask(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat());
    return bundle.asked.filter((name) => /^(v|data)\//.test(name) && !kept.includes(new URL(name, bundle.url).href));
  }).toEqual([]);
  await bundle.stop();
  await visit();
  await page.has('.runs-table tbody tr', 1);
  await page.run();
  await page.has('.runs-table tbody tr', 2);
});

test('a host that sends no headers: a page that nobody has touched is loaded once more, and has threads', async ({ page, bundle }) => {
  await page.goto(`${bundle.url}#${SMALL}&seed=7`);
  await expect.poll(() => page.ask(() => crossOriginIsolated)).toBe(true);
  await page.opened();
  await page.run();
  await page.says('#run-state', 'Done');
  await expect.poll(() => page.attribute('#device-button', 'title')).toMatch(THREADS);
  expect(await page.ask(() => document.querySelector('#field-seed').value)).toBe('7');
});

test('a host that sends no headers: whoever does something on a first visit trains on one thread, and on several on the next', async ({ page, bundle }) => {
  const threads = async () => {
    await page.goto(`${bundle.url}#${SMALL}`);
    await page.press('h1');
    await page.opened();
    await page.run();
    return THREADS.test(await page.attribute('#device-button', 'title'));
  };
  expect(await threads()).toBe(false);
  await expect.poll(() => page.ask(() => navigator.serviceWorker.controller !== null)).toBe(true);
  expect(await threads()).toBe(true);
});
