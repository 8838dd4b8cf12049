// A data set from a person's own pictures: folders of them, in any format, size and script.
import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { animals, crc, dialog, drawn, folder, ofSet, own } from './own.mjs';
import { download, expect, open, run, test } from './page.mjs';

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG as the specification has it. */
function png({ width, height, depth, kind, lines, more = [] }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, kind], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), ...more, chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))]);
}

/** Sixteen lines of sixteen pixels, the same bytes in each. */
const plain = (pixel) => Buffer.concat(Array.from({ length: 16 }, () => Buffer.concat([Buffer.from([0]), ...Array.from({ length: 16 }, () => Buffer.from(pixel))])));
const SIXTEEN_BIT = png({ width: 16, height: 16, depth: 16, kind: 2, lines: plain([0, 0, 255, 255, 0, 0]) });
const PALETTE = png({ width: 16, height: 16, depth: 8, kind: 3, lines: plain([1]), more: [chunk('PLTE', Buffer.from([0, 0, 0, 0, 255, 0]))] });
const BOMB = png({ width: 30000, height: 30000, depth: 8, kind: 2, lines: Buffer.alloc(100) });

/** A BMP of 24 bits, all of one colour. */
function bmp(blue, green, red) {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + 16 * 16 * 3, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(16, 18);
  header.writeInt32LE(16, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, ...Array.from({ length: 256 }, () => Buffer.from([blue, green, red]))]);
}

/** The smallest GIF: one black pixel. */
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAAAAACwAAAAAAQABAAACAUwAOw==', 'base64');

/** A JPEG whose camera was held on its side. */
function turned(jpeg) {
  const exif = Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0', 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(exif.length + 2);
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), length, exif, Buffer.from(jpeg).subarray(2)]);
}

/** The colour in the middle of the upper and lower half, and of the left and right edge, of the pictures of a class. */
function shown(page, name) {
  return dialog(page).locator('.album-class').filter({ has: page.locator(`input[type="text"][aria-label$=" ${name}"]`) })
    .locator('canvas:not([hidden])').evaluateAll((all) => all.map((canvas) => {
      const at = (x, y) => {
        const [red, green, blue] = canvas.getContext('2d').getImageData(x * canvas.width, y * canvas.height, 1, 1).data;
        return [['black', 0, 0, 0], ['white', 255, 255, 255], ['red', 255, 0, 0], ['lime', 0, 255, 0], ['blue', 0, 0, 255]]
          .find(([, ...of]) => [red, green, blue].every((value, index) => Math.abs(value - of[index]) < 40))?.[0] ?? `${red} ${green} ${blue}`;
      };
      return { above: at(0.5, 0.25), below: at(0.5, 0.75), left: at(0.03, 0.5) };
    }));
}

test('a folder of pictures in several classes becomes a set, trains, is there after a reload, and opens from one file', async ({ page }) => {
  await open(page, 'v=1&net=mlp&stop=steps&steps=20&batch=4');
  const set = await folder({ ...(await animals(page, 14)), '猫/notes.txt': 'my notes', 'readme.md': 'a text' });
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-folder').setInputFiles(set);
  await expect(dialog(page)).toContainText('Pictures: 28. Classes: 2.');
  await expect(dialog(page)).toContainText('notes.txt is a text');
  await dialog(page).getByLabel('Image size').selectOption('16');
  await dialog(page).getByRole('button', { name: 'Make the data set' }).click();
  await expect(own(page)).toContainText('24 training images and 4 test images, 2 classes.');
  await expect(own(page)).toContainText('each one is 25% of the accuracy');
  await expect(own(page)).toContainText('notes.txt is a text');
  await expect(page.locator('.drawing .kind-input')).toContainText('3×16×16');
  await expect(page.locator('#seen .sample-class').filter({ hasText: '猫' }).first()).toBeVisible();
  await run(page);
  await expect(page.locator('[data-counter="test"]')).toHaveText('100.0%');

  await page.reload();
  await expect(own(page)).toContainText('24 training images and 4 test images, 2 classes.');
  await expect(own(page)).not.toContainText('notes.txt');
  const file = await download(page, () => ofSet(page, 'собака, 猫', 'Save as a file'));
  await ofSet(page, 'собака, 猫', 'Remove');
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles([{ name: 'from a friend.album', mimeType: '', buffer: file }]);
  await expect(own(page)).toContainText('24 training images and 4 test images, 2 classes.');
});

test('pictures of every format are decoded: on white, the right way up, and none of the others is harmed by a bad one', async ({ page }) => {
  await open(page);
  const [png8, jpeg, webp, clear] = await drawn(page, [
    { width: 60, height: 40, above: 'red', below: 'blue', type: 'image/png' }, { width: 40, height: 40, above: 'red', below: 'blue', type: 'image/jpeg' },
    { width: 40, height: 40, above: 'red', below: 'blue', type: 'image/webp' }, { width: 40, height: 40, above: 'none', below: 'blue', type: 'image/png' },
  ]);
  const [tall] = await drawn(page, [{ width: 64, height: 64, above: 'lime', below: 'black', type: 'image/jpeg' }]);
  const set = await folder({
    'plain/1.png': Buffer.from(png8), 'plain/2.jpg': Buffer.from(jpeg), 'plain/3.webp': Buffer.from(webp), 'plain/4.png': Buffer.from(clear),
    'odd/1.png': SIXTEEN_BIT, 'odd/2.png': PALETTE, 'odd/3.bmp': bmp(0, 0, 255), 'odd/4.gif': GIF, 'turned/1.jpg': turned(tall),
    'turned/bomb.png': BOMB, 'turned/cut.png': Buffer.from(png8).subarray(0, 60), 'turned/.DS_Store': 'x',
  });
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-folder').setInputFiles(set);
  await expect(dialog(page)).toContainText('Pictures: 11. Classes: 3.');
  await expect.poll(() => shown(page, 'plain')).toHaveLength(4);
  const halves = { above: 'red', below: 'blue' };
  expect(await shown(page, 'plain')).toMatchObject([halves, halves, halves, { above: 'white', below: 'blue' }]);
  const all = (colour) => ({ above: colour, below: colour });
  expect(await shown(page, 'odd')).toMatchObject(['lime', 'lime', 'red', 'black'].map(all));
  // Turned by a quarter, what was above is to the right.
  expect(await shown(page, 'turned')).toMatchObject([{ left: 'black' }]);
  await dialog(page).getByLabel('To a square').selectOption('pad');
  await expect.poll(async () => (await shown(page, 'plain'))[0]?.above).toBe('red');
  await dialog(page).getByRole('button', { name: 'Make the data set' }).click();
  await expect(own(page)).toContainText('3 classes.');
  await expect(own(page)).toContainText('bomb.png has 30000 × 30000 pixels; pictures of up to 50 million pixels are decoded.');
  await expect(own(page)).toContainText('cut.png is damaged, or this browser cannot read pictures of its kind.');
  await expect(page.locator('#run')).toBeEnabled();
});

test('classes are renamed, merged and left out; train and test folders stay what they are', async ({ page }) => {
  await open(page);
  const [bright, dark] = await drawn(page, ['#eee', '#222'].map((above) => ({ width: 20, height: 20, above, type: 'image/png' })));
  const files = { 'train/cat': 6, 'train/dog': 5, 'train/Cats': 4, 'train/junk': 3, 'test/cat': 2, 'test/dog': 2 };
  const set = await folder(Object.fromEntries(Object.entries(files).flatMap(([path, count]) =>
    Array.from({ length: count }, (_, at) => [`${path}/${at}.png`, Buffer.from(path.endsWith('dog') ? dark : bright)]))));
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-folder').setInputFiles(set);
  await expect(dialog(page)).toContainText('Pictures: 22. Classes: 4.');
  await expect(dialog(page)).toContainText('Your folders say which pictures are for training');
  await dialog(page).getByLabel('Name of the class Cats').fill('cat');
  await dialog(page).getByLabel('Use the class junk').uncheck();
  await expect(dialog(page)).toContainText('Pictures: 19. Classes: 2.');
  await dialog(page).getByLabel('Use the class dog').uncheck();
  await expect(dialog(page)).toContainText('The number of classes is 1');
  await expect(dialog(page).getByRole('button', { name: 'Make the data set' })).toBeDisabled();
  await dialog(page).getByLabel('Use the class dog').check();
  await dialog(page).getByRole('button', { name: 'Make the data set' }).click();
  await expect(own(page)).toContainText('15 training images and 4 test images, 2 classes.');
});

test('a table beside pictures takes the place of no set, and pictures that cannot be decoded are named', async ({ page }) => {
  await open(page);
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles('tests/fixtures/own/train.csv');
  await expect(own(page)).toContainText(/\d+ training images/);
  const set = await folder({ 'a/1.png': BOMB, 'a/2.png': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'b/1.png': PALETTE, 'b/digits.csv': await readFile('tests/fixtures/own/digits.csv') });
  const before = await own(page).textContent();
  await page.locator('#own-folder').setInputFiles(set);
  await expect(dialog(page)).toContainText('digits.csv lies beside pictures');
  await dialog(page).getByRole('button', { name: 'Make the data set' }).click();
  await expect(dialog(page)).toContainText('1.png has 30000 × 30000 pixels');
  await page.keyboard.press('Escape');
  await expect(own(page)).toHaveText(before);
});

test('what is given comes in place of kept files that nobody has read', async ({ page }) => {
  await open(page);
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles('tests/fixtures/own/digits.npz');
  await expect(own(page)).toContainText(/\d+ training images/);
  const [alone] = /\d+ training images and \d+ test images, \d+ classes/.exec(await own(page).textContent());
  await ofSet(page, 'digits', 'Remove');
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles('tests/fixtures/own/digits.csv');
  await expect(own(page)).toContainText(/\d+ training images/);
  await expect(own(page)).not.toContainText('gone after a reload');
  await page.locator('#field-data').selectOption('mnist');
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await page.locator('#own-files').setInputFiles('tests/fixtures/own/digits.npz');
  await expect(own(page)).toContainText(alone);
});

test('pictures that the camera takes while a button is held become classes, and a refusal is told in words', async ({ page }) => {
  await page.addInitScript(() => {
    // A camera that sees a colour; the first time, the person refuses it.
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    globalThis.see = (colour) => {
      context.fillStyle = colour;
      context.fillRect(0, 0, canvas.width, canvas.height);
    };
    let asked = 0;
    navigator.mediaDevices.getUserMedia = async () => {
      asked += 1;
      if (asked === 1) throw new DOMException('', 'NotAllowedError');
      setInterval(() => context.fillRect(0, 0, 1, 1), 30);
      return canvas.captureStream();
    };
  });
  await open(page);
  await page.locator('#field-data').selectOption('file');
  await page.getByRole('button', { name: 'use the camera', exact: true }).click();
  await expect(dialog(page)).toContainText('The page may not use the camera. Allow it beside the address');
  await dialog(page).getByRole('button', { name: 'Use the camera' }).click();
  for (const [name, colour] of [['Class 1', '#f00'], ['Class 2', '#00f']]) {
    await page.evaluate((of) => globalThis.see(of), colour);
    const button = page.getByRole('button', { name: `Hold to take pictures of the class ${name}` });
    const row = page.locator('.album-class', { has: button });
    await expect.poll(() => page.locator('.album-video').evaluate((video) => video.videoWidth)).toBeGreaterThan(0);
    await button.dispatchEvent('pointerdown');
    await expect.poll(async () => Number.parseInt(await row.locator('.album-count').textContent(), 10)).toBeGreaterThan(6);
    await button.dispatchEvent('pointerup');
  }
  await expect(dialog(page)).toContainText('Classes: 2.');
  await dialog(page).getByRole('button', { name: 'Make the data set' }).click();
  await expect(own(page)).toContainText('2 classes.');
  await expect(page.locator('#run')).toBeEnabled();
});

test('other pictures are added to the set that is here, or take its place', async ({ page }) => {
  await open(page);
  const set = await folder(await animals(page, 7));
  const [grey] = await drawn(page, [{ width: 30, height: 30, above: '#888', type: 'image/png' }]);
  const more = await folder({ ...Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`../more/fish/${at}.png`, Buffer.from(grey)])) });
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-folder').setInputFiles(set);
  await dialog(page).getByLabel('Image size').selectOption('24');
  await dialog(page).getByRole('button', { name: 'Make the data set' }).click();
  await expect(own(page)).toContainText('12 training images and 2 test images, 2 classes.');
  await page.locator('#own-folder').setInputFiles(more.replace(/set$/, 'more'));
  await dialog(page).getByLabel('The set that is here').selectOption('Add to it');
  await expect(dialog(page)).toContainText('Pictures: 21. Classes: 3.');
  await expect(dialog(page).getByLabel('Image size')).toHaveValue('24');
  await expect(dialog(page).getByLabel('Image size')).toBeDisabled();
  await dialog(page).getByRole('button', { name: 'Make the data set' }).click();
  await expect(own(page)).toContainText('18 training images and 3 test images, 3 classes.');
});

test('a picture that is looked into lies on white, keeps its proportions, and a bomb is refused by name', async ({ page }) => {
  await open(page, 'v=1&train=100&test=10&net=mlp&stop=steps&steps=2');
  await run(page);
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  await page.locator('#inside').scrollIntoViewIfNeeded();
  const input = page.locator('.input-box input[type="file"]');
  await expect(page.locator('.input-box .caption')).toContainText('Test image 1');
  const [clear] = await drawn(page, [{ width: 100, height: 50, above: 'none', below: 'black', type: 'image/png' }]);
  await input.setInputFiles([{ name: 'clear.png', mimeType: 'image/png', buffer: Buffer.from(clear) }]);
  await expect(page.locator('.input-box .caption')).toHaveText('Your own image');
  // Black ink on nothing is white ink on black, as the digits are; beside a wide picture there is nothing.
  const at = (x, y) => page.locator('.input-image').evaluate((canvas, [left, top]) => canvas.getContext('2d').getImageData(left * canvas.width, top * canvas.height, 1, 1).data[0], [x, y]);
  expect([await at(0.5, 0.6) > 200, await at(0.5, 0.4) < 60, await at(0.5, 0.9) < 60]).toEqual([true, true, true]);
  await input.setInputFiles([{ name: 'bomb.png', mimeType: 'image/png', buffer: BOMB }]);
  await expect(page.locator('.input-box .caption')).toContainText('bomb.png has 30000 × 30000 pixels');
});

test('a pasted picture is looked into where that is open, and what was said against it is taken back', async ({ page }) => {
  await open(page, 'v=1&train=100&test=10&net=mlp&stop=steps&steps=2');
  await run(page);
  const [picture] = await drawn(page, [{ width: 100, height: 50, above: 'white', below: 'black', type: 'image/png' }]);
  const paste = () => page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], 'image.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, picture);
  const left = page.locator('.own .bad');
  await paste();
  await expect(page.locator('#messages')).toContainText('image.png is a picture, not a data set');
  await expect(left).toContainText('image.png');
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  await page.locator('#inside').scrollIntoViewIfNeeded();
  await expect(page.locator('.input-box .caption')).toContainText('Test image 1');
  await paste();
  await expect(page.locator('.input-box .caption')).toHaveText('Your own image');
  await expect(left).toBeEmpty();
  await expect(page.locator('#messages')).not.toContainText('image.png');
  // The drawing pad's answers are about it too.
  await page.locator('[data-tab="draw"]').click();
  await page.locator('.thumb').first().click();
  await expect(page.locator('.input-box .caption')).toContainText('Test image 1');
  await paste();
  await expect(page.locator('.input-box .caption')).toHaveText('Your own image');
  await expect(page.locator('.answer')).toHaveCount(1);
  // A picture that is given as data is none, here as before.
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles([{ name: 'one.png', mimeType: 'image/png', buffer: Buffer.from(picture) }]);
  await expect(left).toContainText('one.png is a picture, not a data set');
});
