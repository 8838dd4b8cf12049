// U-Net marks pixels: scenes, masks and IoU instead of classes and accuracy.
import { counter, curves, expect, open, pixels, run, test } from './page.mjs';

const SMALL = 'v=1&net=unet&train=320&test=50&epochs=1&batch=8&lr=0.003';
const rows = (page) => page.locator('.samples');

/** The brightness of every pixel of a row of small pictures, from 0 on. */
const row = (page, at) => page.locator('canvas.sample').evaluateAll((all, at) => all.slice(8 * at, 8 * at + 8).map((canvas) =>
  [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].filter((_, byte) => byte % 4 === 0)), at);

/** Intersection over union of two rows, picture by picture, in whole percent. */
const overlaps = (predicted, truth) => predicted.map((picture, at) => {
  const pairs = picture.map((value, pixel) => [value > 127, truth[at][pixel] > 127]);
  const both = pairs.filter(([a, b]) => a && b).length;
  return (100 * both) / pairs.filter(([a, b]) => a || b).length;
});

test('the images become scenes with masks, and pixels move with their masks', async ({ page }) => {
  await open(page, SMALL);
  await expect(rows(page)).toContainText('Mask');
  const [scene, input, mask] = [await row(page, 0), await row(page, 1), await row(page, 2)];
  expect(input).not.toEqual(scene);
  const lit = (picture) => picture.filter((value) => value === 255).length;
  expect(mask.every((picture) => lit(picture) > 20 && lit(picture) < 250)).toBe(true);
  await page.getByRole('radio', { name: 'Fixed' }).check();
  const moved = await row(page, 2);
  expect(moved).not.toEqual(mask);
  expect(moved.map(lit)).toEqual(mask.map(lit));
  await expect(page.locator('[data-measure="accuracy"] figcaption')).toContainText('IoU');
});

test('skips help: two runs, their masks beside the truth, and the finding in IoU', async ({ page }) => {
  await open(page, `${SMALL}&residual=off`);
  const box = () => page.locator('#charts').boundingBox();
  const before = await box();
  await run(page);
  await expect(counter(page, 'test')).toHaveText(/^\d+\.\d%$/);
  await expect(page.locator('.counter-name', { hasText: 'Test IoU' })).toBeVisible();
  await expect(rows(page)).toContainText('Run 1');
  await page.locator('[data-switch="residual"]').getByRole('switch').click();
  await run(page);
  await expect(rows(page)).toContainText('Run 2');
  expect(await box()).toEqual(before);

  // The numbers under the masks are those of the pictures above them.
  const truth = await row(page, 2);
  const told = await page.locator('.overlap').allTextContents();
  const found = [...overlaps(await row(page, 3), truth), ...overlaps(await row(page, 4), truth)];
  expect(told).toHaveLength(16);
  told.forEach((text, at) => expect(Math.abs(Number(text.replace('%', '')) - found[at])).toBeLessThan(4));

  // The conclusion is computed from these two runs.
  const tests = (await curves(page)).filter((line) => line.split === 'test');
  const last = [1, 2].map((number) => Number(tests.filter((line) => line.run === number).at(-1).accuracy));
  expect(last[1]).toBeGreaterThan(last[0] + 0.05);
  const words = last.map((share) => `${(100 * share).toFixed(1)}%`);
  await expect(page.locator('#finding')).toContainText(`Residual connections, off → on: test IoU ${words[0]} → ${words[1]}`);
  await page.screenshot({ path: 'target/e2e/segment.png' });
});

test('the masks survive a reload, and another look hides them', async ({ page }) => {
  await open(page, SMALL.replace('train=320', 'train=80'));
  await run(page);
  await expect(rows(page)).toContainText('Run 1');
  const shown = await pixels(page);
  await page.reload();
  await expect(rows(page)).toContainText('Run 1');
  expect(await pixels(page)).toEqual(shown);
  // Another seed is other scenes: what was marked in these does not belong to those.
  await page.getByText('Batch, length, seed').click();
  await page.getByLabel('Seed', { exact: true }).fill('2');
  await expect(rows(page)).not.toContainText('Run 1');
  expect((await pixels(page)).slice(8, 16)).not.toEqual(shown.slice(8, 16));
});

test('inside, a network that marks pixels is shown the scenes that it saw', async ({ page }) => {
  await open(page, SMALL.replace('train=320', 'train=80'));
  await run(page);
  await expect(rows(page)).toContainText('Run 1');
  const [scene] = await row(page, 0);
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  await page.locator('#inside').scrollIntoViewIfNeeded();
  const brightness = (selector) => page.locator(selector).first().evaluate((canvas) =>
    [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].filter((_, byte) => byte % 4 === 0));
  await expect(page.locator('.input-box .caption')).toContainText('Test image 1');
  expect(await brightness('.input-image')).toEqual(scene);
  expect(await brightness('.thumb canvas')).toEqual(scene);
  await page.locator('[data-tab="excite"]').click();
  await expect(page.locator('.patch')).toHaveCount(9);
  for (const name of ['why', 'mistakes', 'draw']) {
    await page.locator(`[data-tab="${name}"]`).click();
    await expect(page.locator('#inside')).toContainText('gives no classes');
  }
});

test('photographs have no masks, and the page says why', async ({ page }) => {
  await open(page, 'v=1&net=unet');
  await page.locator('#field-data').selectOption('cifar10');
  await expect(page.locator('.refusal')).toContainText('only MNIST and Fashion-MNIST have objects on black');
  await expect(page.locator('#run')).toBeDisabled();
});
