// Looking inside: every tab on a small run, while it is on and after a reload.
import { SMALL, choose, download, expect, open, run, test } from './page.mjs';

const inside = (page) => page.locator('#inside');
const tab = (page, name) => page.locator(`[data-tab="${name}"]`).click();

/** Opens the panel and brings it onto the screen. */
async function look(page) {
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  await inside(page).scrollIntoViewIfNeeded();
}

/** The ink of each canvas: how much of it is not clear. */
const ink = (page, selector) => page.locator(selector).evaluateAll((all) => all.map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let at = 3; at < data.length; at += 4) sum += data[at] ?? 0;
  return sum;
}));

test('the first images have their classes under them', async ({ page }) => {
  await open(page, SMALL);
  const names = page.locator('.sample-class');
  await expect(names).toHaveCount(8);
  for (const name of await names.allTextContents()) expect(name).toMatch(/^\d$/);
});

test('kernels, maps and what a place in a map sees', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  await look(page);
  await expect(page.locator('.kernels canvas')).toHaveCount(16);
  await expect(page.locator('.view-facts')).toContainText('16 kernels of 3×3');
  for (const amount of await ink(page, '.kernels canvas')) expect(amount).toBeGreaterThan(0);

  await tab(page, 'maps');
  // Two convolutions, two poolings, four nonlinearities and two dense layers; flattening shows nothing new.
  await expect(page.locator('.strip')).toHaveCount(9);
  await expect(page.locator('.strip[data-row="0"] canvas')).toHaveCount(16);
  const first = page.locator('.strip[data-row="3"] canvas').first();
  await first.scrollIntoViewIfNeeded();
  const box = await first.boundingBox();
  // Line 8 and column 8 of 14: a 3×3 kernel after a 2×2 pooling after a 3×3 kernel sees 8×8.
  await first.click({ position: { x: (box.width * 7.5) / 14, y: (box.height * 7.5) / 14 } });
  await expect(page.locator('.view-facts')).toContainText('conv2, channel 1, row 8, column 8');
  await expect(page.locator('.view-facts')).toContainText('It depends on 8×8 pixels: rows 12 to 19, columns 12 to 19.');
  await expect(page.locator('.window')).toBeVisible();
  const strip = page.locator('.strip[data-row="3"] .strip-tiles');
  await strip.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.view-facts')).toContainText('row 8, column 7');
  await page.keyboard.press('PageDown');
  await expect(page.locator('.view-facts')).toContainText('channel 2');

  // Another picture has other maps.
  const before = await ink(page, '.strip[data-row="0"] canvas');
  await page.locator('.thumb').nth(3).click();
  await expect(page.locator('.thumb').nth(3)).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(async () => JSON.stringify(await ink(page, '.strip[data-row="0"] canvas'))).not.toBe(JSON.stringify(before));

  // A press on a layer of the drawing opens it here.
  await page.locator('.drawing .part', { hasText: 'Dense' }).last().locator('.name').click();
  await expect(page.locator('.strip.lit')).toHaveAttribute('data-row', '9');
});

test('what excites a channel, why, mistakes', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  await look(page);
  await tab(page, 'excite');
  await expect(page.locator('.patch')).toHaveCount(9);
  await expect(page.locator('.excite')).toContainText(/Gradient ascent, 240 steps: mean −?[\d.]+ → [\d.]+/);
  const [, from, to] = /mean (\S+) → (\S+)/.exec(await page.locator('.excite').textContent());
  expect(Number(to)).toBeGreaterThan(Number(from.replace('−', '-')));

  await tab(page, 'why');
  await expect(page.locator('.bars li')).toHaveCount(10);
  await expect(page.locator('.input-heat')).toBeVisible();
  await expect(page.locator('.view-facts')).toContainText('(Grad-CAM)');
  await page.locator('.bar-row').nth(4).click();
  await expect(page.locator('.view-facts')).toContainText(/^4, /);

  await tab(page, 'mistakes');
  await expect(page.locator('.view-facts')).toContainText('of 100 test images are right');
  // The accuracy is the run's own.
  const last = (await page.locator('.runs-table td[data-column="last"]').first().textContent()).trim();
  await expect(page.locator('.view-facts')).toContainText(last);
  const cells = await page.locator('.confusion tbody td').allTextContents();
  expect(cells.reduce((sum, text) => sum + Number(text || 0), 0)).toBe(100);
  await page.locator('.wrong-image').first().click();
  await expect(page.locator('[data-tab="why"]')).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('.input-box .caption')).toContainText('Test image');
});

test('images that are moved: the curve of each run on the chart, and the figures behind it', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  const last = (await page.locator('.runs-table td[data-column="last"]').first().textContent()).trim();
  await page.goto(`./#${SMALL}&net=mlp`);
  await run(page);
  await look(page);
  await tab(page, 'shift');
  const rows = page.locator('.shift-table tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1).locator('td').last()).toHaveText(/%$/);
  await expect(page.locator('.shift-line circle')).toHaveCount(10);
  // Where nothing is moved, the accuracy is the run's own.
  await expect(rows.first().locator('td').first()).toHaveText(last);
  await expect(page.locator('.view-facts')).toContainText(`Run 1: ${last} of 100 test images are right as they are`);
  await expect(rows.first().locator('td').last()).toHaveAttribute('title', /^Right [\d.]+%, left [\d.]+%, down [\d.]+%, up [\d.]+%$/);
  // The pictures above the columns show how far.
  const sums = await page.locator('.shift-image').evaluateAll((all) => all.map((canvas) => {
    const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let [mass, place] = [0, 0];
    for (let at = 0; at < data.length; at += 4) [mass, place] = [mass + data[at], place + data[at] * ((at / 4) % width)];
    return place / mass;
  }));
  expect(sums.map((sum) => Math.round(sum - sums[0]))).toEqual([0, 1, 2, 3, 4]);
});

test('gradients and statistics of the layers, plain beside residual', async ({ page }) => {
  await open(page, 'v=1&net=resnet&width=4&train=320&test=50&epochs=1&batch=16');
  await run(page);
  await page.locator('.switch[data-switch="residual"] .toggle').click();
  await run(page);
  await look(page);
  await tab(page, 'layers');
  await expect(page.locator('.gradients figure')).toHaveCount(2);
  for (const amount of await ink(page, '.gradients canvas')) expect(amount).toBeGreaterThan(1000);
  await expect(page.locator('.statistics tbody tr').first()).toContainText('conv1');
  await expect(page.locator('.gradients figure').first()).toHaveAttribute('aria-label', /gradient norm of conv1 [\d.]+/);
});

test('gradients of any size are drawn, from nothing to more than any number', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  const file = JSON.parse((await download(page, () => choose(page, 'Download', 'Everything as JSON'))).toString('utf8'));
  const [whole] = file.runs;
  // On the first of these scales, uPlot's own grid has no end.
  const sizes = [[0.0148294, 8.9], [1e-38, 1], [1, 3e38], [0, 0]];
  file.runs = sizes.map((size, at) => ({
    ...whole, begun: new Date(at * 1000).toISOString(), gradients: whole.gradients.map(({ step, norms }) => ({ step, norms: norms.map((_, layer) => size[layer % 2]) })),
  }));
  await page.locator('#saved-runs').setInputFiles({ name: 'sizes.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) });
  const rows = page.locator('.runs-table tbody tr');
  await expect(rows).toHaveCount(5);
  for (const box of await rows.getByRole('checkbox').all()) await box.setChecked(false);
  await look(page);
  await tab(page, 'layers');
  const charts = page.locator('.layer-curves.gradients figure');
  for (const box of await rows.getByRole('checkbox').all()) {
    await box.check();
    await expect(charts).toHaveCount(1);
    await charts.scrollIntoViewIfNeeded();
    await expect(charts.locator('canvas')).toHaveCount(1);
    await box.uncheck();
    await expect(charts).toHaveCount(0);
  }
});

test('what is behind each nonlinearity is drawn over the steps, as long as somebody looks', async ({ page }) => {
  await open(page, 'v=1&train=2000&test=100&epochs=3&batch=16');
  await page.locator('#run').click();
  await expect(page.locator('[data-counter="steps"]')).not.toHaveText('0');
  await look(page);
  await tab(page, 'layers');
  const charts = page.locator('.activations figure');
  await expect(charts).toHaveCount(3);
  const words = () => charts.first().getAttribute('aria-label');
  const before = await words();
  await expect.poll(words).not.toBe(before);
  await expect(page.locator('#run-state')).toHaveText('Done', { timeout: 60_000 });
  await expect(charts.nth(2)).toHaveAttribute('aria-label', /^Run 1, Dead channels: act1 ends at [\d.]+, act3 at [\d.]+\.$/);
  // The last network is looked at behind the run's end.
  await expect(async () => {
    const [file] = JSON.parse((await download(page, () => choose(page, 'Download', 'Everything as JSON'))).toString('utf8')).runs;
    const steps = file.activations.map(({ step }) => step);
    expect(steps.length).toBeGreaterThan(3);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(file.totalSteps);
  }).toPass({ timeout: 30_000 });
  await page.screenshot({ path: 'target/e2e/activations.png' });
});

test('a drawing is classified by every run on the chart, shuffled as each saw its images', async ({ page }) => {
  await open(page, 'v=1&train=1200&test=100&epochs=1&batch=16');
  await run(page);
  await page.getByRole('radio', { name: 'Fixed' }).check();
  await run(page);
  await look(page);
  await tab(page, 'draw');
  const sketch = page.locator('.sketch');
  await sketch.scrollIntoViewIfNeeded();
  const box = await sketch.boundingBox();
  // A one.
  await page.mouse.move(box.x + box.width * 0.52, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.48, box.y + box.height * 0.8, { steps: 8 });
  await page.mouse.up();
  await expect(page.locator('.answer canvas')).toHaveCount(2);
  await expect(page.locator('.answer').first().locator('.bar-name').first()).toHaveText('1');
  const seen = await page.locator('.answer canvas').evaluateAll((all) => all.map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return [...data].filter((_, at) => at % 4 === 0);
  }));
  expect(seen[0]).not.toEqual(seen[1]);
  expect([...seen[0]].sort()).toEqual([...seen[1]].sort());

  // A drawing outlives a reload.
  const strokes = () => sketch.evaluate((canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].reduce((sum, byte) => sum + byte, 0));
  const before = await strokes();
  await page.reload();
  await look(page);
  await tab(page, 'draw');
  await expect(page.locator('.input-box .caption')).toHaveText('Your own image');
  await expect(page.locator('.answer').first().locator('.bar-name').first()).toHaveText('1');
  expect(await strokes()).toBe(before);
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.locator('.input-box .caption')).toHaveText('Your own image');
});

test('what is open follows the weights while a run is on, and survives a reload', async ({ page }) => {
  await open(page, 'v=1&train=3000&test=100&epochs=20');
  await page.locator('#run').click();
  await expect(page.locator('[data-counter="steps"]')).not.toHaveText('0');
  await look(page);
  await expect(page.locator('.kernels canvas')).toHaveCount(16);
  const kernels = async () => JSON.stringify(await ink(page, '.kernels canvas'));
  const before = await kernels();
  await expect.poll(kernels).not.toBe(before);
  await page.locator('#reset').click();

  await page.goto(`./#${SMALL}`);
  await page.reload();
  await run(page);
  await page.reload();
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  await look(page);
  await expect(page.locator('.kernels canvas')).toHaveCount(16);
});
