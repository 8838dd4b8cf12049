// Runs side by side: the table, repeats over seeds, what is kept, and pictures.
import { SMALL, choose, curves, download, expect, open, run, test } from './page.mjs';

const rows = (page) => page.locator('.runs-table tbody tr');
const row = (page, name) => rows(page).filter({ has: page.getByRole('checkbox', { name: `Show ${name}`, exact: true }) });
const cell = (page, name, column) => row(page, name).locator(`[data-column="${column}"]`);
const names = (page) => page.locator('.run-name-text').allTextContents();

/** Two runs that differ in the network, few samples each. */
async function twoRuns(page) {
  await open(page, `${SMALL}&net=mlp`);
  await run(page);
  await page.locator('#field-net').selectOption('cnn');
  await run(page);
  await expect(rows(page)).toHaveCount(2);
  await expect(page.locator('.runs-note')).toHaveText('The last 30 runs and all pinned ones are kept in this browser.');
}

test('the table says of each run what differs, what it cost and what came of it', async ({ page }) => {
  await twoRuns(page);
  await expect(row(page, 'Run 1').locator('.differs')).toContainText('Network Dense network (MLP)');
  await expect(row(page, 'Run 2').locator('.differs')).toContainText('Network Small CNN');
  // The same figures as in the table of layers.
  const foot = page.locator('.layers tfoot td');
  await expect(cell(page, 'Run 2', 'multiply-adds')).toHaveText(await foot.nth(4).textContent());
  const all = (await foot.allTextContents()).map((text) => Number(text.replaceAll(',', '')));
  await expect(cell(page, 'Run 2', 'parameters')).toHaveText((all[2] + all[3]).toLocaleString('en'));
  for (const name of ['Run 1', 'Run 2']) {
    await expect(cell(page, name, 'best')).toHaveText(/^\d+\.\d%$/);
    await expect(cell(page, name, 'time')).toHaveText(/^[\d.]+ s$/);
    await expect(cell(page, name, 'speed')).toHaveText(/^[\d,]+$/);
  }
});

test('steps to an accuracy follow from the curves, whatever the goal', async ({ page }) => {
  await open(page, 'v=1&train=1500&test=100&epochs=2&batch=50');
  await run(page);
  const lines = (await curves(page)).filter((line) => line.split === 'train');
  for (const goal of [30, 60]) {
    await page.getByLabel('Accuracy to reach', { exact: true }).fill(String(goal));
    await expect(page.locator('th.reached')).toHaveText(`Steps to ${goal}%`);
    // By hand: the mean of the last ten batches of fifty.
    const mean = (at) => lines.slice(at - 10, at).reduce((sum, line) => sum + Number(line.accuracy), 0) / 10;
    const expected = lines.findIndex((_, at) => at + 1 >= 10 && mean(at + 1) >= goal / 100 - 1e-6) + 1;
    expect(expected).toBeGreaterThan(0);
    await expect(cell(page, 'Run 1', 'reached')).toHaveText(String(expected));
  }
  await page.getByLabel('Accuracy to reach', { exact: true }).fill('100');
  await expect(cell(page, 'Run 1', 'reached')).toHaveText('–');
  await page.reload();
  await expect(page.getByLabel('Accuracy to reach', { exact: true })).toHaveValue('100');
});

test('sorts by a press on a head, and stays so after a reload', async ({ page }) => {
  await twoRuns(page);
  expect(await names(page)).toEqual(['Run 2', 'Run 1']);
  const head = page.getByRole('columnheader', { name: 'Parameters' });
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  const figures = async () => (await rows(page).locator('[data-column="parameters"]').allTextContents()).map((text) => Number(text.replaceAll(',', '')));
  const up = await figures();
  expect(up[0]).toBeLessThan(up[1]);
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  expect(await figures()).toEqual([...up].reverse());
  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  expect(await figures()).toEqual([...up].reverse());
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'none');
  expect(await names(page)).toEqual(['Run 2', 'Run 1']);
});

test('pins, renames by keyboard, removes and undoes; all of it survives a reload', async ({ page }) => {
  await twoRuns(page);
  await page.getByRole('button', { name: 'Pin Run 1 on top' }).click();
  expect(await names(page)).toEqual(['Run 1', 'Run 2']);

  await page.getByRole('button', { name: 'Open Run 2' }).focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('my <b>CNN</b>');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'More for my <b>CNN</b>' })).toBeFocused();
  // Nothing but letters: the page has no such element.
  expect(await page.locator('.run-name-text b').count()).toBe(0);
  await expect(page.locator('#finding')).toContainText('Network, Dense network (MLP) → Small CNN');

  await choose(page, 'More for my <b>CNN</b>', 'Remove');
  await expect(rows(page)).toHaveCount(1);
  const before = await curves(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows(page)).toHaveCount(2);
  expect((await curves(page)).length).toBeGreaterThan(before.length);
  await page.reload();
  expect(await rows(page).count().then(() => expect(rows(page)).toHaveCount(2)).then(() => names(page))).toEqual(['Run 1', 'my <b>CNN</b>']);

  await page.getByRole('button', { name: 'Remove all but pinned' }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Pin Run 1 on top' })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
});

test('a menu works by keyboard alone', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  const more = page.getByRole('button', { name: 'More for Run 1' });
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByRole('menuitem', { name: 'Remove' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(more).toBeFocused();
});

test('repeats over seeds become a mean with its spread, and a band on the charts', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  await choose(page, 'More for Run 1', 'Repeat with other seeds …');
  await page.getByLabel('Runs with different seeds, in total').fill('3');
  await expect(page.getByRole('dialog')).toContainText('2 more runs');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const all = 'Run 1 × 3 seeds';
  await expect(cell(page, all, 'last')).toHaveText(/^\d+\.\d% ± \d+\.\d%$/);
  await expect(rows(page)).toHaveCount(1);

  const tests = (await curves(page)).filter((line) => line.split === 'test').map((line) => Number(line.accuracy));
  expect(tests).toHaveLength(3);
  const mean = tests.reduce((sum, one) => sum + one, 0) / 3;
  const deviation = Math.sqrt(tests.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2);
  const words = (share) => share.toLocaleString('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  await expect(cell(page, all, 'last')).toHaveText(`${words(mean)} ± ${words(deviation)}`);
  await expect(page.locator('#finding')).toContainText(`${all} reached a test accuracy of ${words(mean)} ± ${words(deviation)}`);

  await page.getByRole('button', { name: `The 3 runs of ${all}` }).click();
  await expect(rows(page)).toHaveCount(4);
  await expect(page.locator('tr.member .differs')).toHaveText(['Seed 1', 'Seed 2', 'Seed 3']);

  await page.reload();
  await expect(cell(page, all, 'last')).toHaveText(`${words(mean)} ± ${words(deviation)}`);
});

test('the table goes as CSV, and everything as JSON', async ({ page, baseURL }) => {
  await twoRuns(page);
  const table = (await download(page, () => choose(page, 'Download', 'Table as CSV'))).toString('utf8').trim().split('\n').map((line) => line.split(','));
  const at = (line, name) => table[line][table[0].indexOf(name)];
  expect(at(1, 'net')).toBe('mlp');
  expect(at(2, 'net')).toBe('cnn');
  expect(at(2, 'link')).toBe(`${baseURL}#v=1&train=640&test=100&batch=16&epochs=1`);
  const json = JSON.parse((await download(page, () => choose(page, 'Download', 'Everything as JSON'))).toString('utf8'));
  expect(json.format).toBe(1);
  expect(json.runs).toHaveLength(2);
  const [first] = json.runs;
  expect(first.spec).toMatchObject({ net: 'mlp', train: 640, batch: 16 });
  expect(first.losses).toHaveLength(40);
  expect(first.link).toBe(`${baseURL}#v=1&train=640&test=100&net=mlp&batch=16&epochs=1`);
  expect(first.tests).toHaveLength(1);
  expect(Number(at(1, 'last'))).toBe(first.tests[0].accuracy);
  expect(Number(at(1, 'parameters'))).toBe(first.parameters);
});

test('charts and images are pictures to keep, with their words and colours', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await twoRuns(page);
  const size = (bytes) => ({ width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), kind: bytes.subarray(1, 4).toString() });
  const chart = await download(page, () => choose(page, 'More for the chart: Accuracy', 'Save as picture'));
  expect(size(chart)).toMatchObject({ kind: 'PNG', width: 1648 });
  // Both runs' colours are in it, and no more than the surface elsewhere.
  const colours = await page.evaluate(async (bytes) => {
    const { colour } = await import('./app/base/colours.js');
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
    const ctx = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    ctx.drawImage(bitmap, 0, 0);
    const { data } = ctx.getImageData(0, 0, bitmap.width, bitmap.height);
    const count = (name) => {
      const [red, green, blue] = colour(name).match(/\d+/g).map(Number);
      let found = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) found += 1;
      return found;
    };
    return { all: data.length / 4, surface: count('--surface'), first: count('--run-0'), second: count('--run-1') };
  }, [...chart]);
  expect(colours.first).toBeGreaterThan(500);
  expect(colours.second).toBeGreaterThan(500);
  expect(colours.surface).toBeGreaterThan(colours.all / 2);

  const seen = await download(page, () => choose(page, 'More for the images', 'Save as picture'));
  expect(size(seen).kind).toBe('PNG');
  await choose(page, 'More for the chart: Loss', 'Copy picture');
  await expect.poll(() => page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => item.types))).toEqual(['image/png']);
});

test('the values of the curves can be read: lowest, highest and last', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  const losses = (await curves(page)).filter((line) => line.split === 'train').map((line) => Number(line.loss));
  await choose(page, 'More for the chart: Loss', 'Values');
  const cells = page.locator('.values-table').first().locator('tbody td');
  await expect(cells.nth(0)).toHaveText(Math.min(...losses).toFixed(3));
  await expect(cells.nth(1)).toHaveText(losses.at(-1).toFixed(3));
});

test('on a phone each run is a card, and nothing is wider than the screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await twoRuns(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expect(page.locator('.runs-table thead')).toBeHidden();
  await page.getByLabel('Sort by').selectOption({ label: 'Parameters' });
  const figures = (await rows(page).locator('[data-column="parameters"]').allTextContents()).map((text) => Number(text.replaceAll(',', '')));
  expect(figures[0]).toBeLessThan(figures[1]);
});

test('the legend says what differs, and in few words where there is little room', async ({ page }) => {
  const legend = page.locator('.chart-legend li');
  await open(page, `${SMALL}&net=mlp`);
  await expect(legend).toHaveCount(0);
  const { height } = await page.locator('.chart-legend').boundingBox();
  await run(page);
  await expect(legend).toHaveText(['Run 1']);
  await page.locator('#field-net').selectOption('cnn');
  await run(page);
  await expect(legend).toHaveText(['Network Dense network (MLP)', 'Network Small CNN'], { useInnerText: true });
  await page.locator('[data-switch="permute"] label', { hasText: 'Fixed' }).click();
  await run(page);
  await expect(legend).toHaveText(['Off · Dense network (MLP)', 'Off · Small CNN', 'Fixed · Small CNN'], { useInnerText: true });
  await expect(legend.last()).toHaveAttribute('title', /^Run 3 · .*Shuffle pixels Fixed/);
  expect((await page.locator('.chart-legend').boundingBox()).height).toBe(height);
  for (const _ of [4, 5]) await run(page);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a run that is pointed at in one view is marked in the others', async ({ page }) => {
  await twoRuns(page);
  const plot = page.locator('[data-measure="loss"] .chart-plot');
  const pixels = () => plot.locator('canvas').evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  await page.mouse.move(2, 2);
  // The last drawing of the second run is a moment after its end.
  let before;
  await expect.poll(async () => before === (before = await pixels()), { intervals: [400] }).toBe(true);
  await row(page, 'Run 1').locator('.differs').hover();
  await expect(row(page, 'Run 1')).toHaveClass(/pointed/);
  await expect.poll(async () => await pixels() !== before).toBe(true);
  const first = await pixels();
  await row(page, 'Run 2').locator('.differs').hover();
  await expect.poll(async () => ![before, first].includes(await pixels())).toBe(true);
  await page.mouse.move(2, 2);
  await expect.poll(async () => await pixels() === before).toBe(true);
  // From a figure in the sentence, and from the legend, to the curve and the row.
  const legend = page.locator('.chart-legend li');
  for (const [shown, at] of [[page.locator('#finding .of-run').first(), 0], [page.locator('#finding .of-run').last(), 1], [legend.first(), 0], [legend.last(), 1]]) {
    await shown.hover();
    await expect(row(page, `Run ${at + 1}`)).toHaveClass(/pointed/);
    await expect(legend.nth(at)).toHaveClass(/pointed/);
    await expect(page.locator('.chart-legend .pointed')).toHaveCount(1);
    await expect.poll(async () => await pixels() !== before).toBe(true);
    await page.mouse.move(2, 2);
    await expect.poll(async () => await pixels() === before).toBe(true);
  }
  // From the curve to the row: the pointer goes down the chart until it is on one.
  const box = await plot.boundingBox();
  for (let down = 0.05; down < 1 && await page.locator('tr.pointed').count() === 0; down += 0.04) await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * down);
  await expect(page.locator('tr.pointed')).toHaveCount(1);
  await expect(page.locator('.reading.pointed')).toHaveCount(2);
});
