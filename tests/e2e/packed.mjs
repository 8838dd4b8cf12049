// What the tests of a bundle share: a plain host for it, and waiting for its service worker.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Host } from './host.mjs';
import { test as base, expect } from './page.mjs';

export const { BUNDLE } = process.env;

export const test = base.extend({
  host: async ({}, use) => {
    if (!BUNDLE) throw new Error('BUNDLE names no folder: cargo xtask bundle --fast --no-webgpu --data mnist --out FOLDER');
    const host = new Host(BUNDLE);
    await host.start();
    await use(host);
    if (host.server.listening) await host.stop();
  },
  // Before the page looks at it.
  baseURL: async ({ host }, use) => use(host.url),
  /** Whether this browser has loaded the page once more for threads: it does not do so in the middle of a test then. */
  loadedForThreads: [true, { option: true }],
  page: async ({ page, loadedForThreads }, use) => {
    if (loadedForThreads) await page.addInitScript(() => localStorage.setItem('cnn-playground.loaded-for-threads', 'true'));
    await use(page);
  },
});

/** How often the page was loaded, from now on. */
export function loads(page) {
  let count = 0;
  page.on('load', () => { count += 1; });
  return () => count;
}

/** The headers that the bundle names for all of its files. */
export async function namedHeaders() {
  const [everywhere] = (await readFile(path.join(BUNDLE, '_headers'), 'utf8')).split('\n/v/');
  return Object.fromEntries(everywhere.split('\n').slice(1).map((line) => line.trim().split(': ')));
}

/** Waits until the page is kept for a time without a network. */
export async function beKept(page) {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** Waits until the page has heard of its service worker, and could have been loaded again for it. */
export async function arrived(page) {
  await beKept(page);
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await page.waitForTimeout(1000);
}

/** Waits until all that the page and its worker have asked for is kept: that goes on behind the answers. */
export async function haveKept(page, host) {
  await beKept(page);
  await expect.poll(async () => {
    const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat());
    return host.asked.filter((name) => /^(v|data)\//.test(name) && !kept.includes(new URL(name, host.url).href));
  }).toEqual([]);
}

/** Sends something else in the place of some files. @param {(file: string) => string | Buffer | undefined} other @param {string} type */
export function lie(host, other, type = 'text/html') {
  const send = host.send.bind(host);
  host.send = (file, headers, request, response, status) => {
    const body = other(file, request);
    if (body === undefined) return send(file, headers, request, response, status);
    response.writeHead(200, { ...headers, 'content-type': type });
    response.end(body);
  };
  return () => { host.send = send; };
}
