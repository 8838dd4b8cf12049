// The calculator, on figures that are worked out by hand.
import { expect, open, test } from './page.mjs';

const line = (page, name) => page.locator(`[data-line="${name}"] .filled`);

async function openCalculator(page, link) {
  await open(page, link);
  await page.locator('#calculator-button').click();
  await expect(page.locator('#calculator')).toBeVisible();
}

/** The totals of a side: weights, biases, multiply-adds. */
const totals = (page, side) => page.locator('.comparison tfoot tr').evaluate((row, at) => [...row.children].slice(at * 6 + 2, at * 6 + 5).map((cell) => cell.textContent), side);

test('one layer: the numbers, filled into the formulas, live', async ({ page }) => {
  await openCalculator(page);
  await page.getByRole('button', { name: 'RGB 64×64, 4 filters' }).click();
  await expect(line(page, 'weights')).toHaveText('3 · 3 · 3 · 4 = 108');
  await expect(line(page, 'biases')).toHaveText('4');
  await expect(line(page, 'parameters')).toHaveText('108 + 4 = 112');
  await expect(line(page, 'output')).toHaveText('⌊(64 + 2·0 − 1·(3 − 1) − 1) ÷ 1⌋ + 1 = 62 → 4×62×62');
  await expect(line(page, 'multiply-adds')).toHaveText('108 · 62 · 62 = 415,152');
  const source = page.locator('[data-line="output"] .cited');
  await source.locator('summary').press('Enter');
  await expect(source.getByRole('link')).toHaveText(['Dumoulin, Visin 2016', 'PyTorch']);
  await page.locator('#field-padding').fill('1');
  await page.locator('#field-stride').fill('2');
  await expect(line(page, 'output')).toHaveText('⌊(64 + 2·1 − 1·(3 − 1) − 1) ÷ 2⌋ + 1 = 32 → 4×32×32');
  await expect(line(page, 'weights')).toHaveText('3 · 3 · 3 · 4 = 108');
  await page.locator('#field-bias').uncheck();
  await expect(line(page, 'parameters')).toHaveText('108 + 0 = 108');
  await page.getByRole('button', { name: 'Depthwise' }).click();
  await expect(line(page, 'weights')).toHaveText('3 · 3 · (32 ÷ 32) · 32 = 288');
  await page.getByRole('radio', { name: 'Dense' }).check();
  await expect(page.locator('[data-field="kernel"]')).toBeHidden();
  await expect(line(page, 'weights')).toHaveText('32 · 28 · 28 · 32 = 802,816');
});

test('what cannot be is said where it was typed, with the limit', async ({ page }) => {
  await openCalculator(page);
  await page.locator('#field-size').fill('4');
  await page.locator('#field-kernel').fill('5');
  await expect(page.locator('#field-kernel-error')).toHaveText('Kernel size: 5 is outside 1 to 4.');
  await expect(page.locator('.calculator-layer')).toHaveClass(/stale/);
  // The other number mends it too.
  await page.locator('#field-size').fill('9');
  await expect(page.locator('#field-kernel-error')).toHaveText('');
  await expect(line(page, 'output')).toContainText('16×5×5');
  await page.locator('#field-groups').fill('2');
  await expect(page.locator('#field-groups-error')).toContainText('Groups: 2 is outside 1 to 1.');
  await page.locator('#field-channels').fill('3');
  await expect(page.locator('#field-groups-error')).not.toHaveText('');
  await page.locator('#field-channels').fill('4');
  await expect(line(page, 'weights')).toHaveText('5 · 5 · (4 ÷ 2) · 16 = 800');
});

test('the course’s comparisons come out', async ({ page }) => {
  await openCalculator(page);
  await page.getByRole('button', { name: '3×3 directly, or 1×1 first' }).click();
  expect((await totals(page, 0))[0]).toBe('442,368');
  expect((await totals(page, 1))[0]).toBe('126,976');
  await expect(page.locator('.comparison-summary')).toContainText('442,368 → 126,976 (×0.29)');
  await expect(page.locator('.calculator-networks .cited li')).toHaveText('Szegedy et al. 2014, “Going Deeper with Convolutions”, table 1');
  await page.getByRole('button', { name: 'One 5×5, or two 3×3' }).click();
  expect((await totals(page, 0))[0]).toBe('25');
  expect((await totals(page, 1))[0]).toBe('18');
  // Both see five pixels.
  await expect(page.locator('.comparison tbody tr').last().locator('td').last()).toHaveText('5');
  await page.getByRole('button', { name: 'Dense head, or 1×1' }).click();
  expect((await totals(page, 0))[0]).toBe('40,960');
  // The flattened map's shape has no separator.
  await expect(page.locator('.comparison tbody')).toContainText('4096');
  expect((await totals(page, 1))[0]).toBe('640');
  await page.getByRole('button', { name: 'Basic block, or bottleneck' }).click();
  await expect(page.locator('.comparison tbody')).toContainText('16,384');
});

test('the experiment beside another network: what differs is marked', async ({ page }) => {
  await openCalculator(page, 'v=1&net=resnet&blocks=1');
  const first = page.getByLabel('First network');
  const second = page.getByLabel('Second network');
  await expect(first).toHaveValue('now');
  const rows = page.locator('.comparison tbody tr');
  await expect(rows).toHaveCount(await page.locator('.layers tbody tr').count());
  await second.selectOption('now');
  await expect(page.locator('.comparison tbody .differs')).toHaveCount(0);
  await second.selectOption('net cnn');
  await expect(page.locator('.comparison tbody .absent')).not.toHaveCount(0);
  await expect(page.locator('.comparison tbody .differs')).not.toHaveCount(0);
  // It follows the controls.
  await first.selectOption('now');
  await second.selectOption('net resnet');
  const before = (await totals(page, 0))[0];
  await page.locator('#field-net').selectOption('mlp');
  await expect.poll(async () => (await totals(page, 0))[0]).not.toBe(before);
});

test('works before there is any data, by keyboard, and on a phone', async ({ page }) => {
  await page.route('**/data/**', () => {});
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('./');
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  await page.locator('#calculator-button').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#calculator-button')).toHaveAttribute('aria-expanded', 'true');
  await page.getByRole('button', { name: 'Inception’s 3×3' }).click();
  await expect(line(page, 'weights')).toHaveText('3 · 3 · 256 · 192 = 442,368');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.keyboard.press('Escape');
  await expect(page.locator('#calculator')).toBeHidden();
  await expect(page.locator('#calculator-button')).toBeFocused();
});

test('the kernel slides, unless motion is not wanted', async ({ page }) => {
  await openCalculator(page);
  const place = () => page.locator('.sliding .taps').getAttribute('transform');
  const before = await place();
  await expect.poll(place).not.toBe(before);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const still = await place();
  await page.waitForTimeout(1600);
  expect(await place()).toBe(still);
});
