// The three switches change everything that can be seen, before anything trains.
import { expect, open, pixels, test } from './page.mjs';

test('shuffling moves the pixels and leaves the values alone', async ({ page }) => {
  await open(page);
  const before = await pixels(page);
  const histogram = await page.locator('.histogram path').first().getAttribute('d');
  await page.getByRole('radio', { name: 'Fixed' }).check();
  const fixed = await pixels(page);
  expect(fixed.slice(0, 8)).toEqual(before.slice(0, 8));
  expect(fixed.slice(8)).not.toEqual(before.slice(8));
  expect(await page.locator('.histogram path').first().getAttribute('d')).toBe(histogram);
  await page.getByRole('radio', { name: 'Per image' }).check();
  expect((await pixels(page)).slice(8)).not.toEqual(fixed.slice(8));
  await expect(page).toHaveURL(/#v=1&permute=per-image$/);
});

test('normalizing changes the histogram, with numbers of one’s own too', async ({ page }) => {
  await open(page, 'v=1&normalize=unit');
  const axis = page.locator('.histogram-axis span');
  await expect(axis).toHaveText(['0', '1']);
  await page.getByLabel('Normalize', { exact: true }).selectOption('half');
  await expect(axis).toHaveText(['−1', '1']);
  await page.getByLabel('Normalize', { exact: true }).selectOption('custom');
  await page.getByLabel('Standard deviation (Grey)').fill('0.25');
  await expect(axis).toHaveText(['−2', '2']);
  await page.getByLabel('Standard deviation (Grey)').press('Tab');
  await page.getByLabel('Standard deviation (Grey)').fill('0');
  await expect(page.locator('[data-field="std"] .field-error')).toContainText('outside');
  await expect(axis).toHaveText(['−2', '2']);
});

test('residual connections are arcs; where there are no blocks, one press gets some', async ({ page }) => {
  await open(page);
  const card = page.locator('[data-switch="residual"]');
  await expect(card).toContainText('Small CNN has no residual blocks.');
  await card.getByRole('button', { name: 'Use a ResNet' }).click();
  await expect(page.locator('.drawing .arc')).toHaveCount(3);
  const rows = page.locator('.layers tbody tr');
  const withShortcuts = await rows.count();
  await card.getByRole('switch').click();
  await expect(page.locator('.drawing .arc')).toHaveCount(0);
  expect(await rows.count()).toBeLessThan(withShortcuts);
  await expect(page).toHaveURL(/net=resnet&residual=off/);
});

test('pointing at a part of the drawing marks its rows and writes its weights out', async ({ page }) => {
  await open(page);
  await page.locator('.drawing .kind-conv2d').nth(1).hover();
  await expect(page.locator('.layers tr.lit')).toHaveCount(2);
  await expect(page.locator('.formula')).toHaveText('conv2: 3 · 3 · 16 · 32 = 4,608 weights, 32 biases');
});

test('the weights of a gate are written out as they are', async ({ page }) => {
  const formula = async (link, layer) => {
    await open(page, link);
    const table = page.getByRole('button', { name: 'Layer table' });
    if ((await table.getAttribute('aria-expanded')) === 'false') await table.click();
    await page.locator('.layers tbody tr', { has: page.locator(`th[title$="${layer}"]`) }).hover();
    return page.locator('.formula').textContent();
  };
  expect(await formula('v=1&attention=eca', 'attention1.gate.conv')).toBe('attention1.gate.conv: 3 = 3 weights, 0 biases');
  expect(await formula('v=1&attention=cbam', 'attention1.channels.gate.mlp')).toBe('attention1.channels.gate.mlp: 2 · 16 · 4 = 128 weights, 20 biases');
});

test('an impossible combination names the two shapes that do not fit', async ({ page }) => {
  await open(page, 'v=1&net=resnet');
  await page.getByText('Network details').click();
  await page.getByRole('radio', { name: 'Identity' }).check();
  const refusal = page.locator('.refusal');
  await expect(refusal).toBeVisible();
  await expect(refusal).toContainText('stage2.block1');
  await expect(refusal).toContainText('32×14×14');
  await expect(refusal).toContainText('16×28×28');
  await expect(page.locator('#run')).toBeDisabled();
});

test('a run that needs more memory than a browser gives is refused before it is pressed', async ({ page }) => {
  const network = 'v=1&data=cifar10&net=resnet&blocks=9&width=64&attention=cbam';
  await open(page, `${network}&batch=512`);
  const refusal = page.locator('.refusal');
  await expect(refusal).toContainText(/would take about \d+\.\d GB of memory; a browser gives 3\.0 GB/);
  await expect(page.locator('#run')).toBeDisabled();
  const [, fits] = /A batch of at most (\d+) fits/.exec(await refusal.innerText());
  await page.getByText('Batch, length, seed').click();
  await page.getByLabel('Batch size', { exact: true }).fill(fits);
  await page.keyboard.press('Tab');
  await expect(refusal).toBeHidden();
  await expect(page.locator('#run')).toBeEnabled();
});

test('first screen of a laptop needs no scrolling', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page);
  for (const part of ['[data-switch="permute"]', '[data-switch="normalize"]', '[data-switch="residual"]', '#field-data', '#field-net', '#run', '#step', '#reset', '[data-measure="loss"]', '[data-measure="accuracy"]', '.samples', '.histogram', '.drawing', '.answer-of-network', '.table-toggle']) {
    await expect(page.locator(part)).toBeInViewport({ ratio: 0.95 });
  }
});
