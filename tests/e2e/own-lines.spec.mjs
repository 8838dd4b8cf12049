// A network of one's own, edited line by line: with the mouse, with the keyboard alone, and on a phone; a mistake and its ways out.
import { AxeBuilder } from '@axe-core/playwright';
import { SMALL, choose, expect, open, run, test } from './page.mjs';

/** Opens the list, which is closed at first. */
const unfold = (page) => page.locator('.own-list > summary').click();
const OWN = `${SMALL}&net=own&layers=conv8,relu,max,gap,fc`;
const text = (page) => page.locator('.own-network textarea');
const lines = (page) => page.locator('.own-line');
const line = (page, name) => lines(page).filter({ hasText: name }).first();
const more = (page, at, name) => `More for line ${at}, ${name}`;

test('a line is added, repeated, moved, wrapped and removed; each step is taken back', async ({ page }) => {
  await open(page, OWN);
  await unfold(page);
  await expect(lines(page)).toHaveCount(5);
  await expect(line(page, 'Convolution').locator('.own-line-shape')).toHaveText('8×28×28 · 80');
  const texts = [await text(page).inputValue()];
  const then = async (expected) => {
    await expect(text(page)).toHaveValue(expected);
    texts.push(expected);
  };
  await choose(page, 'Add behind line 2, ReLU', 'Residual block');
  await then('conv8,relu,(:add(conv8,bn,relu,conv8,bn),act:relu),max,gap,fc');
  await choose(page, more(page, 3, 'Sequence'), 'Repeat once more');
  await then('conv8,relu,2x(:add(conv8,bn,relu,conv8,bn),act:relu),max,gap,fc');
  await choose(page, more(page, 2, 'ReLU'), 'Remove');
  await then('conv8,2x(:add(conv8,bn,relu,conv8,bn),act:relu),max,gap,fc');
  await choose(page, more(page, 11, 'Max pooling'), 'Duplicate');
  await then('conv8,2x(:add(conv8,bn,relu,conv8,bn),act:relu),max,max,gap,fc');
  await line(page, 'Convolution').getByLabel('out_channels').fill('8');
  await choose(page, more(page, 1, 'Convolution'), 'Show all numbers');
  await line(page, 'Convolution').getByLabel('kernel_size', { exact: true }).fill('5');
  await line(page, 'Convolution').getByLabel('kernel_size', { exact: true }).press('Tab');
  await then('conv8k5,2x(:add(conv8,bn,relu,conv8,bn),act:relu),max,max,gap,fc');
  await run(page);
  for (const before of texts.slice(0, -1).reverse()) {
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(text(page)).toHaveValue(before);
  }
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled();
});

test('with the keyboard alone', async ({ page }) => {
  await open(page, OWN);
  await unfold(page);
  await page.getByRole('button', { name: more(page, 2, 'ReLU') }).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(text(page)).toHaveValue('conv8,max,relu,gap,fc');
  await expect(page.getByRole('button', { name: more(page, 3, 'ReLU') })).toBeFocused();
  await page.keyboard.press('Alt+Delete');
  await expect(text(page)).toHaveValue('conv8,max,gap,fc');
  await expect(page.getByRole('button', { name: more(page, 3, 'Global average pooling') })).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(text(page)).toHaveValue('conv8,max,relu,gap,fc');
  await page.getByRole('button', { name: 'Add behind line 1, Convolution' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(text(page)).toHaveValue('conv8,add(conv32k1,bn,relu,conv32g32,bn,relu,conv8k1,bn),max,relu,gap,fc');
});

test('a mistake stands in its line, with ways out that lead out', async ({ page }) => {
  await open(page, OWN);
  await unfold(page);
  await choose(page, more(page, 1, 'Convolution'), 'Make it a residual block');
  await expect(text(page)).toHaveValue('add(conv8),relu,max,gap,fc');
  const wrong = page.locator('.own-line[data-wrong]');
  await expect(wrong).toContainText('Add branches');
  await expect(page.locator('.refusal')).toContainText('8×28×28');
  // What comes before the mistake keeps its shape.
  await expect(line(page, 'Convolution').locator('.own-line-shape')).toHaveText('8×28×28 · 80');
  await expect(page.locator('#run')).toBeDisabled();
  await page.locator('.own-ways').getByRole('button', { name: 'Project the shortcut (1×1)' }).click();
  await expect(text(page)).toHaveValue('add(conv8;conv8k1,bn),relu,max,gap,fc');
  await expect(wrong).toHaveCount(0);
  // A number that no text can say is named, and the field has the old one again.
  const filters = line(page, 'Convolution').getByLabel('out_channels');
  await filters.fill('-3');
  await filters.press('Enter');
  await expect(page.getByText('-3 is outside 0 to 1000000.')).toBeVisible();
  await expect(filters).toHaveValue('8');
  await run(page);
});

test('on a phone nothing is wider than the screen, and axe finds nothing', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `${SMALL}&net=own&layers=conv16,bn,relu,2x(:add(conv16,bn,relu,conv16,bn),act:relu),cat(conv4;conv4s2),gap,fc`);
  await unfold(page);
  await expect(page.locator('.own-line[data-wrong]')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  const found = await new AxeBuilder({ page }).include('.own-list').analyze();
  expect(found.violations).toEqual([]);
  await page.getByRole('button', { name: 'Take the stride away' }).click();
  await expect(page.locator('.own-line[data-wrong]')).toHaveCount(0);
});
