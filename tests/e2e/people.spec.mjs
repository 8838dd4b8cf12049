// What people set for every page, and what a battery wants: colours of their own, translation, and rest.
import { expect, open, run, test } from './page.mjs';

/** Counts from now on what makes a page work, before it is opened. */
const watch = (page) => page.addInitScript(() => {
  window.done = { frames: 0, timers: 0, reports: 0, writes: 0, requests: 0 };
  const counting = (what, act) => function (...of) { window.done[what] += 1; return act.apply(this, of); };
  const { requestAnimationFrame: frame, setTimeout: later, setInterval: often } = window;
  window.requestAnimationFrame = (act) => frame(counting('frames', act));
  window.setTimeout = (act, ...of) => later(counting('timers', act), ...of);
  window.setInterval = (act, ...of) => often(counting('timers', act), ...of);
  window.fetch = counting('requests', window.fetch);
  IDBObjectStore.prototype.put = counting('writes', IDBObjectStore.prototype.put);
  const { addEventListener } = EventTarget.prototype;
  window.Worker = class extends Worker {
    constructor(...of) {
      super(...of);
      addEventListener.call(this, 'message', () => { window.done.reports += 1; });
    }
  };
});

/** That nothing happens in a while: what was begun comes to its end first. */
async function rests(page) {
  const done = () => page.evaluate(() => ({ ...window.done }));
  await expect.poll(async () => {
    const before = await done();
    await page.waitForTimeout(2000);
    const after = await done();
    return Object.keys(after).filter((what) => after[what] !== before[what]).join();
  }, { intervals: [0], timeout: 60_000 }).toBe('');
}

test('nothing runs while nothing is wanted: opened, paused, done, looked inside', async ({ page }) => {
  await watch(page);
  await open(page, 'v=1&train=3000&test=100&epochs=20');
  await rests(page);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText(/^Training/);
  const before = await page.evaluate(() => window.done.reports);
  await expect.poll(() => page.evaluate(() => window.done.reports)).toBeGreaterThan(before);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  await rests(page);
  await page.getByRole('button', { name: 'Look inside' }).first().click();
  await rests(page);
  await open(page, 'v=1&train=640&test=100&epochs=1&batch=16');
  await run(page);
  await rests(page);
});

test('in colours that a person has forced, each run keeps one of its own, and lines are seen', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await open(page, 'v=1&train=640&test=100&epochs=1&batch=16&theme=light');
  await run(page);
  await page.locator('#run').click();
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(2);
  await expect(page.locator('#run-state')).toHaveText('Done');
  // Words on a ground that is not the page's: the browser puts none of its own behind them.
  expect(await page.locator('#run').evaluate((one) => [getComputedStyle(one).forcedColorAdjust, getComputedStyle(one).color !== getComputedStyle(one).backgroundColor])).toEqual(['none', true]);
  const inks = await page.locator('.runs-table tbody .swatch line').evaluateAll((lines) => lines.map((line) => getComputedStyle(line).stroke));
  expect(new Set(inks).size).toBe(2);
  // What is drawn on the chart's canvas, by how often: the lines of both runs are among it.
  const drawn = await page.locator('#charts canvas').first().evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) colours.add(`rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`);
    return [...colours];
  });
  expect(drawn).toEqual(expect.arrayContaining([...new Set(inks)]));
});

test('a browser that translates the page leaves code and keys as they are', async ({ page }) => {
  await open(page);
  const all = page.locator('code, kbd');
  expect(await all.count()).toBeGreaterThan(5);
  expect(await all.evaluateAll((found) => found.filter((one) => one.translate && !one.closest('.not-started')).map((one) => one.outerHTML))).toEqual([]);
});
