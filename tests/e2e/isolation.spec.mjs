// Threads for a bundle: with the headers that it names, and from its own service worker where the host sends none.
import { readFileSync } from 'node:fs';
import { Course } from './course.mjs';
import { arrived, beKept, haveKept, lie, loads, namedHeaders, test } from './packed.mjs';
import { SMALL, THREADS, expect, open as opened, run } from './page.mjs';
import { running } from './server.mjs';

test.use({ loadedForThreads: false });

/** Opens the page as somebody who does something at once, and who must not be interrupted by a second load. */
async function open(page, link) {
  await page.goto(link ? `#${link}` : './');
  await page.locator('h1').click();
  await opened(page, link);
}


test('with the headers that it names it has threads, and does not need the network for them', async ({ page, host }) => {
  host.headers = await namedHeaders();
  await open(page, SMALL);
  await beKept(page);
  await run(page);
  expect(host.asked.some((name) => name.endsWith('pkg/threads/threads_bg.wasm'))).toBe(true);
  await haveKept(page, host);
  await host.stop();
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await expect(page.locator('#device-button')).toHaveAttribute('title', THREADS);
  await run(page);
  await expect(page.locator('#device-button')).toHaveAttribute('title', THREADS);
});

test('on a host that sends no headers it has threads from the second visit on, also without the network', async ({ page, host }) => {
  const trains = page.locator('#device-button');
  await open(page, SMALL);
  await run(page);
  await expect(trains).not.toHaveAttribute('title', THREADS);
  await haveKept(page, host);
  // Only what one thread needs is here.
  await host.stop();
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await host.start();
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await run(page);
  await expect(trains).toHaveAttribute('title', THREADS);
  await page.goto('./builder.html');
  await expect(page.frameLocator('iframe').first().locator('#run')).toBeVisible();
  await open(page, SMALL);
  await haveKept(page, host);
  await host.stop();
  await page.reload();
  await run(page);
  await expect(trains).toHaveAttribute('title', THREADS);
});

test('on such a host a first visit is loaded once more for threads, with its settings, and never again', async ({ page, host, context }) => {
  const count = loads(page);
  await page.goto(`#${SMALL}&seed=7`);
  await expect.poll(count).toBe(2);
  await expect(page.locator('#device-button')).toHaveAttribute('title', THREADS);
  await expect(page.locator('#field-seed')).toHaveValue('7');
  await run(page);
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(1);
  // The browser forgets what was kept, as if it were a first visit.
  await page.evaluate(async () => {
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
  });
  await page.close();
  const again = await context.newPage();
  const fresh = loads(again);
  await again.goto(`${host.url}#${SMALL}`);
  await arrived(again);
  expect(fresh()).toBe(1);
});

test('who has done something before that is not interrupted', async ({ page }) => {
  const count = loads(page);
  await open(page, SMALL);
  await arrived(page);
  expect(count()).toBe(1);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
});

const OPT_OUTS = {
  'a host that says so': (host) => { host.headers = { 'Cross-Origin-Opener-Policy': 'unsafe-none', 'Cross-Origin-Embedder-Policy': 'unsafe-none' }; },
  'a bundle that was made so': (host) => lie(host, (file) => (file.endsWith('service-worker.js') ? readFileSync(file, 'utf8').replace('"isolate":true', '"isolate":false') : undefined), 'text/javascript'),
};

for (const [who, optOut] of Object.entries(OPT_OUTS)) {
  test(`${who} is not isolated, and not loaded twice`, async ({ page, host }) => {
    optOut(host);
    const count = loads(page);
    await page.goto('./');
    await arrived(page);
    expect(count()).toBe(1);
    await page.reload();
    await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  });
}

test.describe('a frame in a page that isolates nothing', () => {
  test.use({ course: running(() => new Course()), expected: /a request to/ });

  /** The frame of a lesson, once it stands there, and how often it was loaded. */
  async function lesson(page, course, host, attributes = '') {
    let count = 0;
    page.on('response', (response) => { if (response.request().isNavigationRequest() && response.url().startsWith(host.url)) count += 1; });
    await page.goto(course.write(`<iframe title="playground" width="900" height="700" ${attributes} src="${host.url}#${SMALL}&embed=1"></iframe>`));
    const frame = page.frameLocator('iframe');
    await expect(frame.locator('#seen')).toHaveAttribute('data-state', 'ready');
    return { frame, loads: () => count };
  }

  async function trains(frame) {
    await frame.locator('#run').click();
    await expect(frame.locator('#run-state')).toHaveText('Done');
  }

  test('has threads with the headers that the bundle names', async ({ page, host, course }) => {
    host.headers = await namedHeaders();
    const { frame } = await lesson(page, course, host);
    await trains(frame);
    await expect(frame.locator('#device-button')).toHaveAttribute('title', THREADS);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  });

  test('has threads from its second visit on without them, and is never loaded by itself', async ({ page, host, course }) => {
    const first = await lesson(page, course, host);
    await arrived(page.frames()[1]);
    expect(first.loads()).toBe(1);
    await trains(first.frame);
    await expect(first.frame.locator('#device-button')).not.toHaveAttribute('title', THREADS);
    const { frame } = await lesson(page, course, host);
    await trains(frame);
    await expect(frame.locator('#device-button')).toHaveAttribute('title', THREADS);
  });

  test('without an origin trains on one thread all the same', async ({ page, host, course }) => {
    host.headers = await namedHeaders();
    const { frame } = await lesson(page, course, host, 'sandbox="allow-scripts"');
    await trains(frame);
  });
});
