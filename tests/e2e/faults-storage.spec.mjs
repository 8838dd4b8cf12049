// The browser's storage: forbidden, full, silent, of another version, or with records that are none.
import { SHORT, again, begin, button, curves, expect, hurry, messages, open, rows, run, slowly, state, test, unharmed } from './trouble.mjs';

const NOT_KEPT = /not (be )?kept|does not let the page keep|no room|full/i;

/** Before the page is opened. */
const FORBIDDEN = {
  'is not there': () => { Object.defineProperty(window, 'indexedDB', { value: undefined }); },
  'throws when it is asked for': () => { Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } }); },
  'throws when it is opened': () => { IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); }; },
  'never answers': () => { IDBFactory.prototype.open = () => new EventTarget(); },
  'loses every transaction': () => {
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...of) {
      const begun = transaction.apply(this, of);
      if (begun.mode === 'readwrite') begun.commit = () => begun.abort();
      return begun;
    };
  },
};

for (const [how, forbid] of Object.entries(FORBIDDEN)) {
  test(`storage that ${how}: it trains, and says that nothing is kept`, async ({ page }) => {
    await page.addInitScript(forbid);
    await open(page, SHORT);
    await run(page);
    await expect(page.locator('#runs, #runs-tools, #messages').filter({ hasText: NOT_KEPT }).first()).toBeVisible();
  });
}

/** Writes into the page's database, from a page of the same origin that does not use it. */
async function write(page, version, records, { stores } = {}) {
  await page.goto('locales/index.json');
  await page.evaluate(async ([version, records, stores]) => {
    await new Promise((resolve, reject) => {
      const request = indexedDB.open('cnn-playground', version);
      request.onupgradeneeded = () => {
        for (const name of stores) {
          if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, name === 'runs' ? { keyPath: 'id' } : {});
        }
      };
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error('blocked'));
      request.onsuccess = () => {
        const database = request.result;
        const transaction = database.transaction('runs', 'readwrite');
        for (const record of records) transaction.objectStore('runs').put(record);
        transaction.oncomplete = () => { database.close(); resolve(); };
        transaction.onabort = () => reject(transaction.error);
      };
    });
  }, [version, records, stores ?? ['runs', 'weights', 'checkpoints', 'things']]);
}

/** What the page has kept, as it is. */
async function read(page) {
  await page.goto('locales/index.json');
  return page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open('cnn-playground');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const all = request.result.transaction('runs').objectStore('runs').getAll();
      all.onsuccess = () => { const { version } = request.result; request.result.close(); resolve({ version, runs: all.result }); };
    };
  }));
}

test('damaged records: the runs beside them, the charts and new runs are as ever', async ({ page }) => {
  await open(page, SHORT);
  await run(page);
  await page.getByRole('radio', { name: 'Fixed' }).check();
  await run(page);
  const before = await curves(page);
  const { version, runs: [whole] } = await read(page);
  const at = whole.id;
  const { losses: _, ...noLosses } = whole;
  const { optimizer: __, ...older } = whole.spec;
  const damaged = [
    { id: 1 }, { ...whole, id: at + 1, spec: null }, { ...noLosses, id: at + 2 }, { ...whole, id: at + 3, tests: 'none' },
    { ...whole, id: at + 4, samples: null }, { ...whole, id: at + 5, spec: { ...whole.spec, net: 'transformer' } },
    { ...whole, id: at + 6, state: 'dreaming' }, { ...whole, id: at + 7, losses: whole.losses.slice(1) },
    { ...whole, id: at + 9, losses: [1n] },
  ];
  // A field that came after it was kept, and things that it does not know.
  const readable = { ...whole, id: at + 8, label: 'older', spec: older, mood: 'good' };
  await write(page, version, [...damaged, readable]);
  await open(page, SHORT);
  await expect(rows(page)).toHaveCount(3);
  await expect(rows(page).filter({ hasText: 'older' })).toHaveCount(1);
  const after = await curves(page);
  expect(after.filter((line) => line.run <= 2)).toEqual(before);
  await run(page);
  await expect(rows(page)).toHaveCount(4);
  await expect(page.locator('#finding')).not.toBeEmpty();
});

test('kept by the first versions of the page', async ({ page }) => {
  await open(page, SHORT);
  await run(page);
  const before = await curves(page);
  const { runs: [whole] } = await read(page);
  const { label: _, group: __, home: ___, pinned: ____, masks: _____, layers: ______, gradients: _______, activations: ________, task: _________, multiplyAdds: __________, ...first } = whole;
  for (const [version, stores] of [[1, ['runs']], [2, ['runs', 'weights']], [3, ['runs', 'weights', 'checkpoints']]]) {
    await page.goto('locales/index.json');
    await page.evaluate(() => new Promise((resolve) => { indexedDB.deleteDatabase('cnn-playground').onsuccess = resolve; }));
    await write(page, version, [first], { stores });
    await open(page, SHORT);
    await expect(rows(page)).toHaveCount(1);
    expect(await curves(page)).toEqual(before);
  }
  await run(page);
  await expect(rows(page)).toHaveCount(2);
});

test('kept by a later version of the page: left as it is, and told', async ({ page }) => {
  await write(page, 99, [{ id: 7, shape: 'unknown' }]);
  await open(page, SHORT);
  await run(page);
  await expect(page.locator('#runs, #runs-tools, #messages').filter({ hasText: NOT_KEPT }).first()).toBeVisible();
  expect(await read(page)).toEqual({ version: 99, runs: [{ id: 7, shape: 'unknown' }] });
});

test('a checkpoint that is damaged: the run keeps its curve, the words say so, and it can be run again', async ({ page }) => {
  const asUsual = await slowly(page);
  await open(page, SHORT);
  await begin(page);
  await asUsual();
  await page.goto('locales/index.json');
  await page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open('cnn-playground');
    request.onerror = reject;
    request.onsuccess = () => {
      const transaction = request.result.transaction('checkpoints', 'readwrite');
      const store = transaction.objectStore('checkpoints');
      store.getAllKeys().onsuccess = ({ target }) => { for (const key of target.result) store.put(new Uint8Array([1, 2, 3]), key); };
      transaction.oncomplete = () => { request.result.close(); resolve(); };
    };
  }));
  await open(page, SHORT);
  await expect(messages(page)).toContainText('Run 1 was interrupted');
  await again(page);
  await expect(state(page)).toHaveText('Failed');
  await expect(rows(page)).toHaveCount(1);
  await expect(button(page)).toBeEnabled();
  await button(page).click();
  await unharmed(page);
});

/** Storage that begins to be silent when it is told so, and answers again when that is over. */
const SILENT = {
  'never ends a change': () => {
    const { transaction } = IDBDatabase.prototype;
    const nothing = { put() {}, delete() {} };
    IDBDatabase.prototype.transaction = function (stores, mode) {
      return window.silent && mode === 'readwrite' ? { objectStore: () => nothing, commit() {}, abort() {} } : transaction.call(this, stores, mode);
    };
  },
  'never answers': () => {
    for (const ask of ['get', 'getAll', 'getAllKeys', 'put', 'delete']) {
      const asked = IDBObjectStore.prototype[ask];
      IDBObjectStore.prototype[ask] = function (...of) { return window.silent ? new EventTarget() : asked.apply(this, of); };
    }
    const { commit } = IDBTransaction.prototype;
    IDBTransaction.prototype.commit = function () { if (!window.silent) commit.call(this); else this.oncomplete = null; };
  },
};

for (const [how, make] of Object.entries(SILENT)) {
  test(`storage that ${how} from some time on: told after thirty seconds, and the runs of that time are kept as soon as it answers`, async ({ page }) => {
    await hurry(page, 30_000);
    await page.addInitScript(make);
    await open(page, SHORT);
    await run(page);
    await page.evaluate(() => { window.silent = true; });
    await page.getByRole('radio', { name: 'Fixed' }).check();
    const pressed = Date.now();
    await run(page);
    await expect(messages(page)).toContainText('has not answered for 30 seconds, so your runs may not be kept');
    test.info().annotations.push({ type: 'told after', description: `${Date.now() - pressed} ms, deadlines a tenth of what they are` });
    const before = await curves(page);
    await page.evaluate(() => { window.silent = false; });
    await page.getByRole('radio', { name: 'Off' }).first().check();
    await run(page);
    await page.reload();
    await expect(rows(page)).toHaveCount(3);
    expect((await curves(page)).filter((line) => line.run <= 2)).toEqual(before);
  });
}

test('storage that opens and answers no question: told after thirty seconds, it trains, and the earlier runs are there when it answers', async ({ page }) => {
  await open(page, SHORT);
  await run(page);
  const before = await curves(page);
  await hurry(page, 30_000);
  await page.addInitScript(SILENT['never answers']);
  await page.addInitScript(() => { window.silent = sessionStorage.silent === 'true'; });
  await page.evaluate(() => { sessionStorage.silent = true; });
  await page.reload();
  await expect(messages(page)).toContainText('so what it keeps is not shown');
  await run(page);
  await page.evaluate(() => { sessionStorage.silent = false; });
  await page.reload();
  await expect(rows(page).first()).toBeVisible();
  expect((await curves(page)).filter((line) => line.run === 1)).toEqual(before);
});

test('a browser that never says what tabs hold, nor hands out a lock: it trains, and earlier runs are there after four seconds', async ({ page }) => {
  await open(page, SHORT);
  await run(page);
  await hurry(page);
  await page.addInitScript(() => { for (const ask of ['query', 'request']) LockManager.prototype[ask] = () => new Promise(() => {}); });
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  await run(page);
  await unharmed(page);
});
