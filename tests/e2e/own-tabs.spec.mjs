// The sets that are kept, in two tabs at once, with a store that is full, and after a removal that was not meant.
import { readFile } from 'node:fs/promises';
import { fingerprint, ofSet, own } from './own.mjs';
import { expect, open, test } from './page.mjs';

const FIXTURES = new URL('../fixtures/own/', import.meta.url);
const fixture = async (name, as = name) => ({ name: as, mimeType: '', buffer: await readFile(new URL(name, FIXTURES)) });
const sets = (page) => page.locator('.own-sets .own-set');
const give = (page, files) => page.locator('#own-files').setInputFiles(files);

async function begin(page) {
  await open(page);
  await page.locator('#field-data').selectOption('file');
}

async function rename(page, from, to) {
  await ofSet(page, from, 'Rename');
  await page.keyboard.type(to);
  await page.keyboard.press('Enter');
}

test('what one tab brings, renames and removes is seen in the other, and a link there finds it', async ({ page, context }) => {
  await begin(page);
  const other = await context.newPage();
  await begin(other);
  await give(page, await fixture('digits.npz'));
  await expect(sets(page)).toHaveCount(1);
  await expect(sets(other)).toContainText(['digits']);
  const set = await expect.poll(() => fingerprint(page)).not.toBeNull().then(() => fingerprint(page));
  await rename(page, 'digits', 'my digits');
  await expect(sets(other)).toContainText(['my digits']);
  // It was brought after this tab had been opened.
  await other.evaluate((link) => { location.hash = link; }, `v=1&data=file&set=${set}`);
  await expect(own(other)).toContainText(/\d+ training images/);
  await expect(own(other)).not.toContainText('The link means');
  // A name that was given elsewhere is not taken back.
  await rename(other, 'my digits', 'ours');
  await expect(sets(page)).toContainText(['ours']);
  await give(other, await fixture('train.csv'));
  await expect(sets(page)).toHaveCount(2);
  await ofSet(page, 'train', 'Remove');
  await expect(sets(other)).toHaveCount(1);
  await page.reload();
  await expect(sets(page)).toContainText(['ours']);
});

test('two sets of one name stay apart', async ({ page }) => {
  await begin(page);
  await give(page, await fixture('digits.npz', 'numbers.npz'));
  await expect(sets(page)).toHaveCount(1);
  await give(page, await fixture('train.csv', 'numbers.csv'));
  await expect(sets(page)).toContainText(['numbers', 'numbers (2)']);
  await rename(page, 'numbers (2)', 'numbers');
  await expect(sets(page)).toContainText(['numbers', 'numbers (2)']);
  await give(page, await fixture('words.tsv', '.csv'));
  await expect(sets(page)).toHaveCount(3);
  await expect(sets(page).nth(2).locator('b')).not.toBeEmpty();
});

test('where there is no room for a new name, the set stays kept', async ({ page }) => {
  await begin(page);
  await give(page, await fixture('digits.npz'));
  await expect(sets(page)).toHaveCount(1);
  await expect.poll(() => fingerprint(page)).not.toBeNull();
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (value, key) {
      if (String(key).startsWith('set ')) throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, key);
    };
  });
  await rename(page, 'digits', 'my digits');
  await expect(page.locator('#messages')).toContainText('There is no room in this browser to keep your files');
  await expect(own(page)).not.toContainText('gone after a reload');
  await give(page, await fixture('train.csv'));
  await expect(own(page)).toContainText('gone after a reload');
  await page.reload();
  await expect(sets(page)).toContainText(['digits']);
  await sets(page).first().click();
  await expect(own(page)).toContainText(/\d+ training images/);
});

test('a set that was in use is in use again when its removal is undone', async ({ page }) => {
  await begin(page);
  await give(page, await fixture('digits.npz'));
  await expect(sets(page)).toHaveCount(1);
  await expect.poll(() => fingerprint(page)).not.toBeNull();
  const set = fingerprint(page);
  await give(page, await fixture('train.csv'));
  await expect(sets(page)).toHaveCount(2);
  await sets(page).first().click();
  await expect.poll(() => fingerprint(page)).toBe(set);
  await ofSet(page, 'digits', 'Remove');
  await expect.poll(() => fingerprint(page)).not.toBe(set);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(sets(page)).toContainText(['digits', 'train']);
  await expect(sets(page).first()).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => fingerprint(page)).toBe(set);
  // The only one, too.
  await ofSet(page, 'train', 'Remove');
  await ofSet(page, 'digits', 'Remove');
  await expect(page.locator('#field-data')).toHaveValue('mnist');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('#field-data')).toHaveValue('file');
  await expect.poll(() => fingerprint(page)).toBe(set);
});
