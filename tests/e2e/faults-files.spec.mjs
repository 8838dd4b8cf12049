// Files that come by accident while a run trains.
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { SCRIPTS, SHORT, add, begin, button, expect, hurry, messages, open, rows, slowly, state, test, unharmed } from './trouble.mjs';

/** Drags what is on the disk onto the page, as a person does: folders arrive as such. */
async function drag(page, context, files) {
  const session = await context.newCDPSession(page);
  const box = await page.locator('#seen').boundingBox();
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await session.send('Input.dispatchDragEvent', { type, x: box.x + box.width / 2, y: box.y + 20, data });
  }
}

/** A JPEG's first bytes. */
const PHOTO = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]);

async function made(name, of) {
  const folder = test.info().outputPath('dropped');
  await mkdir(folder, { recursive: true });
  await of(`${folder}/${name}`);
  return `${folder}/${name}`;
}

const DROPPED = {
  'a photo': ['photo.jpg', (path) => writeFile(path, PHOTO)],
  'a folder without data': ['holiday', async (path) => { await mkdir(path); await writeFile(`${path}/photo.jpg`, PHOTO); }],
  'a file larger than any that is read': ['huge', async (path) => { await writeFile(path, Buffer.from([0, 0, 8, 3])); await truncate(path, 200_000_001); }],
  'an empty file': ['empty', (path) => writeFile(path, '')],
};

for (const [what, [name, make]] of Object.entries(DROPPED)) {
  test(`${what} dropped while a run trains is refused in words, and the run goes on`, async ({ page, context }) => {
    const asUsual = await slowly(page);
    await open(page, SHORT);
    await begin(page, 3);
    await drag(page, context, [await made(name, make)]);
    await expect(page.locator('#messages, .own, #announcer').filter({ hasText: /photo|holiday|huge|empty/ }).first()).toBeAttached();
    await expect(page.locator('#field-data')).toHaveValue('mnist');
    await expect(button(page)).toHaveText('Pause');
    await asUsual();
    await unharmed(page);
    await expect(messages(page)).not.toContainText('unexpectedly');
  });
}

test('a file that is gone before it is read is named, and the page goes on', async ({ page }) => {
  await open(page, SHORT);
  await page.locator('#field-data').selectOption('file');
  await page.evaluate(() => {
    // What a browser does when a chosen file was changed or moved meanwhile.
    File.prototype.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
    Blob.prototype.slice = () => { throw new DOMException('gone', 'NotReadableError'); };
  });
  for (const one of page.workers()) {
    await one.evaluate(() => { Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError')); });
  }
  await page.locator('#own-files').setInputFiles([{ name: 'moved-images', mimeType: 'application/octet-stream', buffer: Buffer.alloc(100) }]);
  await expect(page.locator('.own')).toContainText('moved-images');
  await expect(messages(page)).not.toContainText('unexpectedly');
  await page.locator('#field-data').selectOption('mnist');
  await button(page).click();
  await expect(state(page)).toHaveText('Done');
  await expect(rows(page)).toHaveCount(1);
});

test('a program that crashes over files says so where they were given', async ({ page }) => {
  await add(page, SCRIPTS, `Trainer.prototype.addFile = () => { throw new WebAssembly.RuntimeError('unreachable'); };`);
  await open(page, SHORT);
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles([{ name: 'images', mimeType: 'application/octet-stream', buffer: Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, 0]) }]);
  await expect(page.locator('.own [role=status]')).toContainText('unexpectedly');
});

test('a worker that never comes back from a file is told of, and another one reads it', async ({ page }) => {
  await hurry(page);
  const asUsual = await add(page, SCRIPTS, 'Trainer.prototype.addFile = () => { for (;;); };');
  await open(page, SHORT);
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles([{ name: 'labels', mimeType: 'application/octet-stream', buffer: Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, 0]) }]);
  await expect(messages(page)).toContainText('said nothing');
  await asUsual();
  await messages(page).getByRole('button', { name: 'Start it again' }).click();
  await expect(page.locator('.own [role=status] .bad')).not.toBeEmpty();
});

test('saved runs are read beside the page: where that fails there are words, and the next try works', async ({ page }) => {
  await open(page, SHORT);
  await page.route('**/worker/read.js', (route) => route.fulfill({ status: 404 }));
  const input = page.locator('#saved-runs');
  const file = { name: 'runs.json', mimeType: 'application/json', buffer: Buffer.from('{"format":1,"runs":[]}') };
  await input.setInputFiles(file);
  await expect(messages(page)).toContainText('runs.json: ');
  await page.unroute('**/worker/read.js');
  await input.setInputFiles({ ...file, buffer: Buffer.from('no runs') });
  await expect(messages(page)).toContainText('This is not a file of runs');
});
