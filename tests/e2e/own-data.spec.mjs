// A person's own files.
import { readFile } from 'node:fs/promises';
import { ofSet } from './own.mjs';
import { counter, expect, open, run, SMALL, test } from './page.mjs';
import { DESK, hold } from './trouble.mjs';

const COUNT = 140;
const EDGE = 12;

/** Images of two classes, IDX: bright on the left, bright on the right. */
function images() {
  const header = Buffer.alloc(16);
  [0x803, COUNT, EDGE, EDGE].forEach((value, at) => header.writeUInt32BE(value, at * 4));
  const body = Buffer.alloc(COUNT * EDGE * EDGE);
  for (let image = 0; image < COUNT; image += 1) {
    for (let pixel = 0; pixel < EDGE * EDGE; pixel += 1) {
      const right = pixel % EDGE >= EDGE / 2;
      body[image * EDGE * EDGE + pixel] = right === (image % 2 === 1) ? 200 + (pixel % 50) : (pixel * 7) % 40;
    }
  }
  return Buffer.concat([header, body]);
}

function labels() {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(0x801, 0);
  header.writeUInt32BE(COUNT, 4);
  return Buffer.concat([header, Buffer.from(Array.from({ length: COUNT }, (_, at) => at % 2))]);
}

const file = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer });

/** Drops files somewhere on the page. */
async function drop(page, files) {
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, bytes } of all) data.items.add(new File([new Uint8Array(bytes)], name));
    return data;
  }, files.map(({ name, buffer }) => ({ name, bytes: [...buffer] })));
  await page.locator('#seen').dispatchEvent('drop', { dataTransfer: transfer });
}

test('files dropped on the page become the data set, train, and are there again after a reload', async ({ page }) => {
  await open(page);
  await drop(page, [file('images-idx3-ubyte', images())]);
  await expect(page.locator('#field-data')).toHaveValue('file');
  await expect(page.locator('.own')).toContainText('Images need their labels');
  await drop(page, [file('labels-idx1-ubyte', labels())]);
  await expect(page.locator('.own')).toContainText('120 training images and 20 test images, 2 classes.');
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await expect(page.locator('.drawing .kind-input')).toContainText('1×12×12');
  await page.getByText('Batch, length, seed').click();
  await page.locator('#field-batch').fill('8');
  await run(page);
  await expect(page.locator('[data-counter="test"]')).toHaveText('100.0%');

  // A run of them that a reload interrupts is gone on with.
  await page.locator('#field-epochs').fill('100');
  await page.locator('#run').click();
  await expect.poll(async () => Number((await counter(page, 'steps').textContent()).replace(',', ''))).toBeGreaterThan(0);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  await page.reload();
  await expect(page.locator('.own')).toContainText('120 training images and 20 test images, 2 classes.');
  await expect(page.locator('.drawing .kind-input')).toContainText('1×12×12');
  await page.getByRole('button', { name: 'Resume it' }).click();
  await expect(page.locator('#run-state')).toHaveText('Done');
  await expect(counter(page, 'epochs')).toHaveText('100.00');

  await ofSet(page, 'images-idx3-ubyte and 1 more', 'Remove');
  await expect(page.locator('#field-data')).toHaveValue('mnist');
  await page.reload();
  await page.locator('#field-data').selectOption('file');
  await expect(page.locator('.own')).toContainText('MNIST’s format (IDX)');
  await expect(page.locator('#run')).toBeDisabled();
});

test('a file of another kind is refused in words', async ({ page }) => {
  await open(page);
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles([file('photo.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]))]);
  await expect(page.locator('.own')).toContainText('photo.jpg is a picture, not a data set');
  await page.locator('#own-files').setInputFiles([file('cut', images().subarray(0, 500))]);
  await expect(page.locator('.own .bad')).toContainText('cut');
  await expect(page.locator('#run')).toBeDisabled();
});

test('files of another size take the place of the first ones, and bound what a run may use', async ({ page }) => {
  await open(page, 'v=1&train=5000');
  const sizes = () => page.locator('#field-train, #field-test').evaluateAll((all) => all.map((field) => field.value));
  await page.getByText('How much data').click();
  await drop(page, [file('images-idx3-ubyte', images()), file('labels-idx1-ubyte', labels())]);
  await expect(page.locator('.own')).toContainText('120 training images and 20 test images');
  expect(await sizes()).toEqual(['120', '20']);
  const fewer = 70;
  const cut = (buffer, bytes) => {
    const part = Buffer.from(buffer.subarray(0, bytes));
    part.writeUInt32BE(fewer, 4);
    return part;
  };
  await drop(page, [file('few-images', cut(images(), 16 + fewer * EDGE * EDGE)), file('few-labels', cut(labels(), 8 + fewer))]);
  await expect(page.locator('.own')).toContainText('60 training images and 10 test images');
  expect(await sizes()).toEqual(['60', '10']);
  await expect(page.locator('.formula-line')).toContainText('⌈60 ÷ 64⌉ = 1 step per epoch');
  // What they bound is theirs: another set is used as it was chosen, and the link says so.
  await page.locator('#field-data').selectOption('mnist');
  await expect(page.locator('#field-train')).toHaveValue('5000');
  expect(new URL(page.url()).hash).toBe('#v=1&train=5000');
});

/** The first so many of these images or labels. */
function first(count, buffer, header, each) {
  const part = Buffer.from(buffer.subarray(0, header + count * each));
  part.writeUInt32BE(count, 4);
  return part;
}
const PHOTO = file('photo.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]));
const PAIR = [file('images-idx3-ubyte', images()), file('labels-idx1-ubyte', labels())];
const own = (page) => page.locator('.own');

test('the four files of a whole set say their sizes once all are read', async ({ page }) => {
  await open(page);
  const train = images();
  // Another picture, so that the test images are not the training images.
  train[20] = 255;
  await drop(page, [
    file('t10k-images-idx3-ubyte', first(70, images(), 16, EDGE * EDGE)), file('t10k-labels-idx1-ubyte', first(70, labels(), 8, 1)),
    file('train-images-idx3-ubyte', train), file('train-labels-idx1-ubyte', labels()),
  ]);
  await expect(own(page)).toContainText('140 training images and 70 test images, 2 classes.');
  await expect(page.locator('#announcer')).toContainText('140 training images and 70 test images, 2 classes.');
  await run(page);
});

test('a file that is no data is named and left out, and the others are read, also after a reload', async ({ page }) => {
  await open(page);
  await drop(page, [PHOTO, ...PAIR, file('notes.txt', Buffer.from('my notes'))]);
  await expect(own(page)).toContainText('120 training images and 20 test images');
  await expect(own(page)).toContainText('Left out (2 files): photo.jpg is a picture');
  await expect(own(page)).toContainText('notes.txt is a text');
  // What is well is not in the colour of what is not.
  await expect(own(page).locator('.bad')).toHaveText(/^Left out .* text.*commas\.$/);
  await page.reload();
  await expect(own(page)).toContainText('120 training images and 20 test images');
  await expect(own(page)).not.toContainText('photo.jpg');
});

test('a file that turns out to be damaged takes nothing from the set that is here', async ({ page }) => {
  await open(page);
  await drop(page, PAIR);
  await expect(own(page)).toContainText('120 training images and 20 test images');
  await drop(page, [file('cut-images', images().subarray(0, 500))]);
  await expect(own(page)).toContainText('cut-images');
  await expect(page.locator('#run')).toBeEnabled();
  await run(page);
  await page.reload();
  await expect(own(page)).toContainText('120 training images and 20 test images');
});

test('half a set waits for the other half, also while another set trains', async ({ page }) => {
  await open(page, SMALL);
  await drop(page, [PAIR[0]]);
  await expect(own(page)).toContainText('Images need their labels');
  await page.locator('#field-data').selectOption('mnist');
  await run(page);
  await drop(page, [PAIR[1]]);
  await expect(own(page)).toContainText('120 training images and 20 test images');
});

test('files that are dropped while a run trains wait for a word', async ({ page }) => {
  await open(page, 'v=1&train=5000&test=100&epochs=50&batch=16');
  await page.locator('#run').click();
  await expect(counter(page, 'steps')).not.toHaveText('0');
  await drop(page, [PHOTO]);
  await expect(page.locator('#messages')).toContainText('photo.jpg is a picture');
  await drop(page, PAIR);
  await expect(page.locator('#messages')).toContainText('using these files stops the run that is training');
  await expect(page.locator('#run')).toHaveText('Pause');
  await expect(page.locator('#field-data')).toHaveValue('mnist');
  await page.locator('#messages').getByRole('button', { name: 'Stop it and use them' }).click();
  await expect(own(page)).toContainText('120 training images and 20 test images');
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(1);
});

test('a few images train', async ({ page }) => {
  await open(page);
  await drop(page, [file('few-images', first(20, images(), 16, EDGE * EDGE)), file('few-labels', first(20, labels(), 8, 1))]);
  await expect(own(page)).toContainText('18 training images and 2 test images');
  await page.getByText('How much data').click();
  await expect(page.locator('#field-train')).toHaveAttribute('title', /18/);
  await page.locator('#field-train').fill('19');
  await expect(page.locator('#field-train-error')).toContainText('19 is outside 1 to 18');
  await page.locator('#field-train').fill('18');
  await run(page);
});

test('images and labels of different counts are named with both', async ({ page }) => {
  await open(page);
  await drop(page, [file('train-images', images()), file('train-labels', first(20, labels(), 8, 1))]);
  await expect(own(page)).toContainText('train-images holds 140 images, but train-labels holds 20 labels');
  await drop(page, [file('train-labels', labels())]);
  await expect(own(page)).toContainText('120 training images and 20 test images');
  // Names that do not say that the two belong together.
  await drop(page, [file('pictures', images()), file('classes', first(20, labels(), 8, 1))]);
  await expect(own(page)).toContainText('pictures holds 140 images, but classes holds 20 labels');
});

test('files dropped a second time under the same names are the ones that are used', async ({ page }) => {
  await open(page, SMALL.replace('epochs=1', 'epochs=100'));
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toContainText('Training');
  const half = (whole, header, each) => { const cut = Buffer.from(whole.subarray(0, header + each * 70)); cut.writeUInt32BE(70, 4); return cut; };
  await drop(page, [file('my-images', images()), file('my-labels', labels())]);
  await expect(page.locator('#messages')).toContainText('my-images');
  await drop(page, [file('my-images', half(images(), 16, EDGE * EDGE)), file('my-labels', half(labels(), 8, 1))]);
  await expect(page.locator('.message')).toHaveCount(1);
  await page.waitForTimeout(300);
  await page.locator('#messages').getByRole('button', { name: 'Stop it and use them' }).click();
  await expect(page.locator('.own')).toContainText('60 training images and 10 test images, 2 classes.');
});

test('while other files are read there is no run of the ones before', async ({ page }) => {
  await open(page);
  await drop(page, [file('a-images', images()), file('a-labels', labels())]);
  await expect(page.locator('.own')).toContainText('120 training images and 20 test images');
  const worker = await hold(page, DESK);
  await drop(page, [file('b-images', images()), file('b-labels', labels())]);
  await expect.poll(worker.asked).toBe(1);
  await expect(page.locator('#run')).toBeDisabled();
  await worker.release();
  await expect(page.locator('#run')).toBeEnabled();
});

test('a set that is dropped while another is read takes its place, and is not mixed with it', async ({ page }) => {
  await open(page);
  const worker = await hold(page, DESK);
  await drop(page, [file('a-images', images()), file('a-labels', labels())]);
  await expect.poll(worker.asked).toBe(1);
  await drop(page, [file('b-images', first(70, images(), 16, EDGE * EDGE)), file('b-labels', first(70, labels(), 8, 1))]);
  await worker.release();
  await expect(own(page)).toContainText('60 training images and 10 test images, 2 classes.');
  await expect(page.locator('.own-sets .own-set')).toHaveCount(2);
  await expect(page.locator('.own-sets .own-set').nth(1)).toHaveAttribute('aria-pressed', 'true');
});

test('files whose reading a run has ended are read when they are wanted again, and others can take their place', async ({ page }) => {
  await open(page, SMALL);
  const worker = await hold(page, DESK);
  await drop(page, [file('a-images', images()), file('a-labels', labels())]);
  await expect.poll(worker.asked).toBe(1);
  await page.locator('#field-data').selectOption('mnist');
  await page.locator('#run').click();
  await worker.release();
  await expect(page.locator('#run-state')).toHaveText('Done');
  await page.locator('#field-data').selectOption('file');
  await expect(own(page)).toContainText('120 training images and 20 test images, 2 classes.');
  await run(page);
});

const FIXTURES = new URL('../fixtures/own/', import.meta.url);
const OTHERS = {
  'a table': ['train.csv', /\d+ training images and \d+ test images, 10 classes/, '1×8×8'],
  'Keras’s archive of arrays': ['mnist-compressed.npz', /28 training images and 14 test images, 10 classes/, '1×28×28'],
  'CIFAR-10 for Python': ['cifar-10-python.tar.gz', /10 training images and 2 test images, 10 classes/, '3×32×32'],
};
for (const [what, [name, sizes, shape]] of Object.entries(OTHERS)) {
  test(`${what} becomes a data set, trains, and is there after a reload`, async ({ page }) => {
    await open(page, 'v=1&stop=steps&steps=5');
    await drop(page, [file(name, await readFile(new URL(name, FIXTURES)))]);
    await expect(own(page)).toContainText(sizes);
    await expect(own(page)).not.toContainText('Left out');
    await expect(page.locator('.drawing .kind-input')).toContainText(shape);
    await run(page);
    await expect(counter(page, 'steps')).toHaveText('5');
    await page.reload();
    await expect(own(page)).toContainText(sizes);
  });
}

test('a table that is wrong in one place says in which', async ({ page }) => {
  await open(page);
  const rows = (await readFile(new URL('train.csv', FIXTURES), 'utf8')).split('\n');
  rows[4] = rows[4].replace(',200,', ',x,');
  await drop(page, [file('mine.csv', Buffer.from(rows.join('\n')))]);
  await expect(own(page)).toContainText('mine.csv has “x” in row 5, column 9, where a number is needed');
});
