// Several sets of one's own: kept by name, chosen, renamed, removed, handed on as a file, and named by links.
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { fingerprint, ofSet, own } from './own.mjs';
import { choose, counter, download, expect, open, run, test } from './page.mjs';

const FIXTURES = new URL('../fixtures/own/', import.meta.url);
const fixture = async (name) => ({ name, mimeType: '', buffer: await readFile(new URL(name, FIXTURES)) });
const sets = (page) => page.locator('.own-sets .own-set');
const give = (page, files) => page.locator('#own-files').setInputFiles(files);
const QMNIST = ['qmnist-train-images-idx3-ubyte.gz', 'qmnist-train-labels-idx2-int.gz'];
const QMNIST_NAME = 'qmnist-train-images-idx3-ubyte and 1 more';

test('several sets are kept, chosen, renamed, removed, and opened elsewhere from one file', async ({ page }) => {
  await page.addInitScript(() => {
    globalThis.persisted = 0;
    navigator.storage.persist = async () => { globalThis.persisted += 1; return true; };
  });
  await open(page, 'v=1&net=mlp&stop=steps&steps=5');
  await page.locator('#field-data').selectOption('file');
  await give(page, await Promise.all(QMNIST.map(fixture)));
  await expect(sets(page)).toContainText([QMNIST_NAME]);
  const first = fingerprint(page);
  await expect.poll(() => page.evaluate(() => globalThis.persisted)).toBe(1);
  await run(page);
  await give(page, await fixture('digits.npz'));
  await expect(sets(page)).toHaveCount(2);
  await expect(sets(page).nth(1)).toHaveAttribute('aria-pressed', 'true');
  await expect(sets(page).nth(1)).toContainText(/\d+ \+ \d+ images, 10 classes/);
  const second = fingerprint(page);
  expect(second).not.toBe(first);

  await page.reload();
  await expect(sets(page)).toHaveCount(2);
  await expect(own(page)).toContainText(/\d+ training images/);
  expect(fingerprint(page)).toBe(second);
  await sets(page).first().click();
  await expect(sets(page).first()).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => fingerprint(page)).toBe(first);
  await ofSet(page, QMNIST_NAME, 'Rename');
  await page.keyboard.type('my digits');
  await page.keyboard.press('Enter');
  await expect(sets(page).first()).toContainText('my digits');

  const saved = await download(page, () => ofSet(page, 'my digits', 'Save as a file'));
  await ofSet(page, 'my digits', 'Remove');
  await expect(sets(page)).toHaveCount(1);
  await expect.poll(() => fingerprint(page)).toBe(second);
  await page.reload();
  await expect(sets(page)).toHaveCount(1);
  await give(page, [{ name: 'from a friend.tar', mimeType: '', buffer: saved }]);
  await expect(sets(page)).toHaveCount(2);
  await expect.poll(() => fingerprint(page)).toBe(first);
  // What was removed can be had back.
  await ofSet(page, 'from a friend', 'Remove');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(sets(page)).toHaveCount(2);
});

test('where the browser keeps no files, a set is kept all the same', async ({ page }) => {
  // As WebKit does it in a private window: the request fails, and the transaction is completed.
  await page.addInitScript(() => {
    const { put } = IDBObjectStore.prototype;
    // Chromium would end a transaction otherwise whose commit was asked for.
    IDBTransaction.prototype.commit = () => {};
    IDBObjectStore.prototype.put = function refuse(value, ...key) {
      if (!value?.files?.some((file) => file instanceof Blob)) return put.call(this, value, ...key);
      put.call(this, 0, 'in the way');
      const request = this.add(0, 'in the way');
      request.addEventListener('error', (event) => event.preventDefault());
      return request;
    };
  });
  await open(page, 'v=1&net=mlp&stop=steps&steps=5');
  await page.locator('#field-data').selectOption('file');
  await give(page, await Promise.all(QMNIST.map(fixture)));
  await expect(own(page)).toContainText(/\d+ training images/);
  const first = fingerprint(page);
  await run(page);
  await page.reload();
  await expect(own(page)).toContainText(/\d+ training images/);
  await expect(sets(page)).toContainText([QMNIST_NAME]);
  expect(fingerprint(page)).toBe(first);
});

test('the one set that an earlier version kept is the first of several', async ({ page }) => {
  await open(page);
  await page.evaluate(async (all) => {
    const files = all.map(({ name, bytes }) => new File([new Uint8Array(bytes)], name));
    const database = await new Promise((resolve) => { const request = indexedDB.open('cnn-playground'); request.onsuccess = () => resolve(request.result); });
    const change = database.transaction(['things'], 'readwrite');
    change.objectStore('things').put({ files, since: 1000 }, 'files ');
    await new Promise((resolve) => { change.oncomplete = resolve; });
    database.close();
  }, (await Promise.all(QMNIST.map(fixture))).map(({ name, buffer }) => ({ name, bytes: [...buffer] })));
  await page.goto('#v=1&data=file');
  await page.reload();
  await expect(sets(page)).toContainText([QMNIST_NAME]);
  await expect(own(page)).toContainText(/\d+ training images/);
  await page.reload();
  await expect(sets(page)).toContainText([QMNIST_NAME]);
  await expect(sets(page)).toHaveCount(1);
});

test('a link names the set: who has it gets the same run, and who has not is told', async ({ page, browser, baseURL }) => {
  await open(page, 'v=1&net=mlp&stop=steps&steps=20&device=cpu');
  await page.locator('#field-data').selectOption('file');
  const pair = await Promise.all(QMNIST.map(fixture));
  await give(page, pair);
  await expect(own(page)).toContainText(/\d+ training images/);
  await run(page);
  const loss = await counter(page, 'loss').textContent();
  const set = fingerprint(page);
  const link = new URL(page.url()).hash;
  // The other one that is in use gives way to the one that the link means.
  await give(page, await fixture('digits.npz'));
  await expect.poll(() => fingerprint(page)).not.toBe(set);
  await page.goto(`${baseURL}${link}`);
  await expect(sets(page).first()).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => fingerprint(page)).toBe(set);

  const other = await (await browser.newContext()).newPage();
  await other.goto(`${baseURL}${link}`);
  await expect(own(other)).toContainText(`The link means a data set that is not on this device (fingerprint ${set})`);
  await give(other, await fixture('digits.npz'));
  await expect(own(other)).toContainText(`The link means other data (fingerprint ${set})`);
  expect(fingerprint(other)).not.toBe(set);
  await other.goto(`${baseURL}${link}`);
  await expect(own(other)).toContainText('The link means a data set that is not on this device');
  await expect(other.locator('#run')).toBeDisabled();
  // The same data, packed in another way.
  await give(other, pair.map(({ name, buffer }) => ({ name: `again-${name}`, mimeType: '', buffer: gzipSync(buffer) })));
  await expect(own(other)).not.toContainText('The link means');
  expect(fingerprint(other)).toBe(set);
  await run(other);
  await expect(counter(other, 'loss')).toHaveText(loss);
  await other.context().close();
});

test('what came while a run trains stays offered when its note is closed', async ({ page }) => {
  await open(page, 'v=1&train=5000&test=100&epochs=50&batch=16');
  await page.locator('#run').click();
  await expect(counter(page, 'steps')).not.toHaveText('0');
  await give(page, await fixture('digits.npz'));
  await expect(page.locator('#messages')).toContainText('using these files stops the run');
  await page.locator('#messages').getByRole('button', { name: 'Dismiss' }).click();
  await expect(own(page)).toContainText('Not used yet: digits.npz.');
  await expect(page.locator('#run')).toHaveText('Pause');
  await own(page).getByRole('button', { name: 'Stop it and use them' }).click();
  await expect(own(page)).toContainText(/\d+ training images/);
  await expect(page.locator('#field-data')).toHaveValue('file');
  await expect(own(page).getByRole('button', { name: 'Use them' })).toBeHidden();
});

test('of CIFAR-100 the person chooses the fine labels or the coarse ones', async ({ page }) => {
  await open(page);
  await page.locator('#field-data').selectOption('file');
  await give(page, await fixture('cifar-100-python.tar.gz'));
  await expect(own(page)).toContainText('8 training images and 4 test images, 5 classes.');
  await expect(own(page)).toContainText('Training images come from train, test images from test.');
  const fine = fingerprint(page);
  await own(page).getByRole('button', { name: 'Use the coarse labels' }).click();
  await expect(own(page)).toContainText('8 training images and 4 test images, 2 classes.');
  await expect.poll(() => fingerprint(page)).not.toBe(fine);
  await page.reload();
  await expect(own(page)).toContainText('2 classes.');
  const coarse = fingerprint(page);
  await own(page).getByRole('button', { name: 'Use the fine labels' }).click();
  await expect(own(page)).toContainText('5 classes.');
  // A link that means the other labels finds them.
  for (const [set, classes] of [[coarse, '2 classes.'], [fine, '5 classes.']]) {
    await page.evaluate((link) => { location.hash = link; }, `v=1&data=file&set=${set}`);
    await expect(own(page)).toContainText(classes);
    await expect(own(page)).not.toContainText('The link means');
    await expect.poll(() => fingerprint(page)).toBe(set);
  }
  await expect(sets(page)).toHaveCount(1);
});

test('saved runs that are chosen as data are opened as what they are', async ({ page }) => {
  await open(page, 'v=1&train=100&test=10&net=mlp&stop=steps&steps=2');
  await run(page);
  const saved = await download(page, () => choose(page, 'Download', 'Everything as JSON'));
  await choose(page, 'More for Run 1', 'Remove');
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(0);
  await page.locator('#field-data').selectOption('file');
  await give(page, [{ name: 'r1-runs.json.txt', mimeType: 'text/plain', buffer: saved }]);
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(1);
});
