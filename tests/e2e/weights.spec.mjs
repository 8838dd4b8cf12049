// What a run has learned as a file for PyTorch, and such a file, or another run's weights, as what a run begins from.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { choose, download, expect, open, run, test } from './page.mjs';

/** A small network whose last layer is a matter of classes. */
const LINK = 'v=1&net=mlp&blocks=1&width=16&train=640&test=100&batch=16&epochs=1';

const given = (page) => page.locator('.given');
const row = (page, at = 0) => page.locator('#runs tbody tr').nth(at);

/** Drops a file somewhere on the page. */
async function drop(page, name, buffer) {
  const transfer = await page.evaluateHandle(({ name, bytes }) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name));
    return data;
  }, { name, bytes: [...buffer] });
  await page.locator('#seen').dispatchEvent('drop', { dataTransfer: transfer });
}

/** The tensors of a file: shapes and numbers by name. */
function tensors(file) {
  const length = Number(file.readBigUInt64LE(0));
  const { __metadata__: about, ...all } = JSON.parse(file.subarray(8, 8 + length).toString('utf8'));
  expect(about).toEqual({ format: 'pt' });
  return new Map(Object.entries(all).map(([name, { shape, data_offsets: [from, to] }]) => [name, { shape, bytes: file.subarray(8 + length + from, 8 + length + to).toString('hex') }]));
}

/** The weights of the network that is chosen, from the share dialog. */
async function saved(page) {
  await page.locator('#share-button').click();
  await page.getByRole('tab', { name: 'PyTorch' }).click();
  const file = await download(page, () => page.locator('.share-dialog').getByRole('button', { name: 'Weights (.safetensors)' }).click());
  await page.keyboard.press('Escape');
  return file;
}

test('what a run has learned is saved as the terminal saves it, and another run begins from the file', async ({ page }) => {
  const [link, digest] = (await readFile('tests/fixtures/weights.txt', 'utf8')).trim().split(' ');
  await open(page, link);
  await page.locator('#share-button').click();
  await page.getByRole('tab', { name: 'PyTorch' }).click();
  await expect(page.locator('.share-dialog')).toContainText('Once this network has been trained here, its weights can be saved too.');
  await page.keyboard.press('Escape');
  await run(page);
  const file = await saved(page);
  expect(createHash('sha256').update(file).digest('hex')).toBe(digest);

  await drop(page, 'mine.safetensors', file);
  await expect(given(page)).toContainText('They fit this network. The next run begins from them.');
  await run(page);
  await expect(row(page)).toContainText('From the weights of mine.safetensors');
  // It is no run that its link comes to: nothing is claimed of it, and nothing repeats it.
  await page.getByRole('button', { name: 'More for Run 2' }).click();
  for (const label of ['Run again', 'Copy link with result', 'Copy link']) await expect(page.getByRole('menuitem', { name: label, exact: true })).toHaveCount(0);
  await page.keyboard.press('Escape');
  // It went on from where the first one ended.
  const further = tensors(await saved(page));
  for (const [name, { bytes }] of tensors(file)) expect(further.get(name).bytes, name).not.toBe(bytes);
  await page.reload();
  await expect(row(page)).toContainText('From the weights of mine.safetensors');

  // The drawing shows them, before there is a run. Put away, the next run is that of its link again.
  await drop(page, 'mine.safetensors', file);
  await expect(page.locator('#network')).toContainText('with the weights of mine.safetensors');
  await page.getByRole('button', { name: 'Do without these weights' }).click();
  await expect(given(page)).toBeHidden();
});

test('a file that does not fit is refused with the first tensor that differs, and a bad one with what it is', async ({ page }) => {
  await open(page, LINK);
  const fixture = (name) => readFile(`tests/fixtures/saved/${name}.pt`);
  await drop(page, 'state.pt', await fixture('state'));
  await expect(given(page)).toContainText('fc1.weight has the shape 8×16 in the file and 16×784 in this network.');
  await drop(page, 'old.pth', await fixture('old'));
  await expect(given(page)).toContainText('before PyTorch 1.6');
  await drop(page, 'network.pt', await fixture('network'));
  await expect(given(page)).toContainText('This file holds no state_dict');
  await drop(page, 'words.safetensors', Buffer.from('no weights at all'));
  await expect(given(page)).toContainText('neither a safetensors file nor a state_dict');
  // A run begins as ever.
  await run(page);
  await expect(row(page)).not.toContainText('From the weights');
});

test('the body of a trained network is kept for other classes, frozen, and its last layer learns them', async ({ page }) => {
  await open(page, LINK);
  await run(page);
  const file = await saved(page);
  // Two classes of the person's own.
  const image = Buffer.alloc(16 + 140 * 784, 0);
  [0x803, 140, 28, 28].forEach((value, at) => image.writeUInt32BE(value, at * 4));
  for (let at = 16; at < image.length; at += 1) image[at] = ((at - 16) % 28 >= 14) === (Math.floor((at - 16) / 784) % 2 === 1) ? 220 : at % 31;
  const label = Buffer.alloc(8 + 140);
  [0x801, 140].forEach((value, at) => label.writeUInt32BE(value, at * 4));
  for (let at = 0; at < 140; at += 1) label[8 + at] = at % 2;
  const files = [['train-images-idx3-ubyte', image], ['train-labels-idx1-ubyte', label], ['t10k-images-idx3-ubyte', image], ['t10k-labels-idx1-ubyte', label]];
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const [name, bytes] of all) data.items.add(new File([new Uint8Array(bytes)], name));
    return data;
  }, files.map(([name, buffer]) => [name, [...buffer]]));
  await page.locator('#seen').dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.locator('#network')).toContainText('12,');
  await drop(page, 'digits.safetensors', file);
  await expect(given(page)).toContainText('fc2.weight has the shape 10×16 in the file and 2×16 in this network, so its last layer begins anew. All others fit.');
  await given(page).getByRole('checkbox', { name: 'Freeze all layers but the last' }).check();
  await run(page);
  await expect(row(page)).toContainText('From the weights of digits.safetensors');
  await expect(row(page)).toContainText('fc1 is frozen');
  const [before, after] = [tensors(file), tensors(await saved(page))];
  expect(after.get('fc1.weight')).toEqual(before.get('fc1.weight'));
  expect(after.get('fc1.bias')).toEqual(before.get('fc1.bias'));
  expect(after.get('fc2.weight').shape).toEqual([2, 16]);
});

test('a run goes on from the weights of another one, unless a person wants none kept', async ({ page }) => {
  await open(page, LINK);
  await run(page);
  await choose(page, 'More for Run 1', 'Train on from its weights');
  await expect(page.locator('#run-state')).toHaveText('Done');
  await expect(row(page)).toContainText('From the weights of Run 1');
  await choose(page, 'Load weights', 'The weights of Run 2');
  await expect(given(page)).toContainText('They fit this network.');
  await page.getByRole('checkbox', { name: 'Keep the weights of finished runs with them' }).uncheck();
  await run(page);
  await expect(row(page)).toContainText('From the weights of Run 2');
  await page.reload();
  await expect(page.getByRole('checkbox', { name: 'Keep the weights of finished runs with them' })).not.toBeChecked();
  await page.getByRole('button', { name: 'More for Run 3' }).click();
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Train on from its weights' })).toHaveCount(0);
});
