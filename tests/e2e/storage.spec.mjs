// What the browser keeps: also where it is full, forbidden, does not answer, or holds what this version cannot read.
import { curves, expect, open, run, SMALL, test } from './page.mjs';

const rows = (page) => page.locator('.runs-table tbody tr');
const messages = (page) => page.locator('#messages');

/** Puts these things into the page's own database, and gives the keys of all runs there. */
const inDatabase = (page, things = {}) => page.evaluate(async (entries) => {
  const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await answer(indexedDB.open('cnn-playground'));
  for (const [name, thing] of Object.entries(entries)) await answer(database.transaction('things', 'readwrite').objectStore('things').put(thing, name));
  const keys = await answer(database.transaction('runs').objectStore('runs').getAllKeys());
  database.close();
  return keys;
}, things);

test('a full disk is told of once, and what comes later is kept again', async ({ page, context, baseURL }) => {
  await open(page, SMALL);
  const browser = await context.newCDPSession(page);
  const origin = new URL(baseURL).origin;
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await run(page);
  await expect(messages(page)).toContainText('There is no room in this browser to keep your runs. Remove runs');
  await run(page);
  await expect(messages(page).getByText('There is no room in this browser to keep your runs')).toHaveCount(1);
  await browser.send('Storage.overrideQuotaForOrigin', { origin });
  await run(page);
  await page.reload();
  // The first two were on the page only, until there was room.
  await expect(rows(page)).toHaveCount(3);
  expect(await curves(page)).toHaveLength(3 * 41);
});

test('weights that are not kept cost no run', async ({ page }) => {
  await page.addInitScript(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...given) {
      if (this.name === 'weights') throw new DOMException('', 'QuotaExceededError');
      return put.apply(this, given);
    };
  });
  await open(page, SMALL);
  await run(page);
  await expect(messages(page)).toContainText('There is no room in this browser to keep what a network has learned');
  await run(page);
  await page.reload();
  await expect(rows(page)).toHaveCount(2);
});

test('a reload within two seconds keeps the run and its curve so far', async ({ page }) => {
  await open(page, 'v=1&train=5000&test=100&epochs=20&batch=16');
  await page.locator('#run').click();
  await expect(page.locator('[data-counter="steps"]')).not.toHaveText('0');
  await page.reload();
  await expect(messages(page)).toContainText(/Run 1 was interrupted at step \d+ of 6,260/);
  await expect(rows(page)).toHaveCount(1);
  expect((await curves(page)).length).toBeGreaterThan(0);
  await messages(page).getByRole('button', { name: /Resume it|Run again/ }).click();
  await expect(page.locator('#run-state')).toContainText('Training');
});

test('a run is kept when the language changes and when another page is opened', async ({ page }) => {
  await open(page, 'v=1&train=5000&test=100&epochs=20&batch=16');
  await page.locator('#run').click();
  await expect(page.locator('[data-counter="steps"]')).not.toHaveText('0');
  await page.goto('data:text/html,elsewhere');
  await page.goBack();
  await expect(rows(page)).toHaveCount(1);
  await expect(messages(page)).toContainText('Run 1 was interrupted');
});

test('storage that does not answer holds nobody up, and is used once it answers', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  await page.addInitScript(() => {
    const ask = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...given) {
      const request = {};
      window.letItAnswer = () => {
        const real = ask.apply(this, given);
        real.onupgradeneeded = (event) => request.onupgradeneeded?.(event);
        real.onsuccess = () => { request.result = real.result; request.onsuccess(); };
      };
      return request;
    };
  });
  await page.reload();
  await expect(messages(page)).toContainText('The browser’s storage does not answer.');
  await expect(rows(page)).toHaveCount(0);
  await run(page);
  await page.evaluate(() => window.letItAnswer());
  await expect(rows(page)).toHaveCount(2);
  await expect(page.locator('.message')).toHaveCount(0);
});

for (const version of [1, 2, 3, 5, 99]) {
  test(`a store of version ${version} of its shape is lived with`, async ({ page }) => {
    await page.addInitScript((made) => {
      const ask = IDBFactory.prototype.open;
      const first = new Promise((resolve) => {
        const request = ask.call(indexedDB, 'cnn-playground', made);
        request.onupgradeneeded = ({ oldVersion }) => {
          ['runs', 'weights', 'checkpoints', 'things'].slice(oldVersion, made).forEach((name) => request.result.createObjectStore(name, name === 'runs' ? { keyPath: 'id' } : {}));
        };
        request.onsuccess = () => { request.result.close(); resolve(); };
        request.onerror = resolve;
      });
      window.ready = first;
    }, version);
    await open(page, SMALL);
    await run(page);
    await expect(rows(page)).toHaveCount(1);
    if (version > 4) await expect(messages(page)).toContainText('A later version of this page has been open in this browser');
    else {
      await page.reload();
      await expect(rows(page)).toHaveCount(1);
    }
  });
}

for (const [name, forbid] of [
  ['forbidden', () => { IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }; }],
  ['absent', () => { Object.defineProperty(window, 'indexedDB', { value: undefined }); Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } }); }],
]) {
  test(`where storage is ${name}, the page trains and says that it keeps nothing`, async ({ page }) => {
    await page.addInitScript(forbid);
    await open(page, SMALL);
    await run(page);
    await expect(page.locator('.runs-note')).toContainText('does not let the page keep runs');
  });
}

test('a record that the browser cannot read costs only itself, and is not deleted', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  await run(page);
  const [lost] = await inDatabase(page);
  await page.addInitScript((id) => {
    const { get } = IDBObjectStore.prototype;
    const refuse = () => { throw new DOMException('Failed to read large IndexedDB value', 'DataError'); };
    IDBObjectStore.prototype.getAll = refuse;
    IDBObjectStore.prototype.get = function (key) { return key === id ? refuse() : get.call(this, key); };
  }, lost);
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  expect(await inDatabase(page)).toHaveLength(2);
});

test('rubbish under the names of kept things does not keep the page from starting', async ({ page }) => {
  await open(page, SMALL);
  await inDatabase(page, Object.fromEntries(['files', 'queue', 'set 1', 'set-in-use'].map((name) => [`${name} `, { not: 'what it should be' }])));
  await page.reload();
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  await run(page);
  await expect(messages(page)).not.toContainText('could not start');
});

test('the browser is asked once to let the runs stay, when one is done', async ({ page }) => {
  await page.addInitScript(() => {
    window.asked = 0;
    StorageManager.prototype.persist = async () => { window.asked += 1; return true; };
  });
  await open(page, SMALL);
  expect(await page.evaluate(() => window.asked)).toBe(0);
  await run(page);
  await run(page);
  expect(await page.evaluate(() => window.asked)).toBe(1);
});
