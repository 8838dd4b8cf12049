// A page that is read from right to left: its text and the order of its parts follow, mathematics does not.
import { AxeBuilder } from '@axe-core/playwright';
import { directionOf, isolated } from '../../www/app/base/direction.js';
import { SMALL, expect, open, test } from './page.mjs';

const ARABIC = `${SMALL}&lang=ar`;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong, a line each. */
async function flaws(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).exclude('#live iframe').analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** Pixels that can be scrolled sideways; fewer than none where room is kept for a scroll bar. */
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** The left edge of each of these, in pixels. */
const lefts = (page, selector) => page.locator(selector).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));

/** Where each of these pieces of an element's text is, from the left. */
const placesOf = (locator, pieces) => locator.evaluate((element, wanted) => {
  const range = document.createRange();
  return wanted.map((piece) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(piece);
      if (at < 0) continue;
      range.setStart(node, at);
      range.setEnd(node, at + piece.length);
      return range.getBoundingClientRect().left;
    }
    throw new Error(`no ${piece} in ${element.textContent}`);
  });
}, pieces);

const rising = (numbers) => numbers.every((one, at) => at === 0 || one > numbers[at - 1]);
const falling = (numbers) => rising([...numbers].reverse());

const run = async (page) => {
  await page.locator('#run').click();
  await expect(page.locator('[data-counter="epochs"]')).toContainText('1.00');
};

test('what runs from left to right in an Arabic text is set off, and nothing else is', () => {
  for (const [tag, direction] of Object.entries({ ar: 'rtl', 'ar-EG': 'rtl', he: 'rtl', fa: 'rtl', en: 'ltr', 'zh-CN': 'ltr', fr: 'ltr', 'az-Arab': 'rtl' })) expect(directionOf(tag), tag).toBe(direction);
  // What is set off stands between bars here.
  for (const text of [
    'نواة |3×3|، وصورة |16×32×32|.', 'فيكون |3 · 3 · 3 · 4 = 108| أوزان', 'من |−1| إلى 1', 'بنسبة |75.5%| الآن', 'مع |Normalize(0.5, 0.5)|: من |[0, 1] → [−1, 1]|', 'هو |model.eval()|.', 'ملف |(.npy, .npz)|',
    'التشغيل 2 |(75.5%)|', 'تعلّمت ResNet منها', 'العدد 109,386 هنا', '⌈N / حجم الدفعة⌉ + 1', 'حين |x > 0|: |ReLU′(x) = 1|، وإلا 0', 'الحجم + 2·الحشو', 'عدد |1 ÷ (1 + e⁻ˣ)| — ثم |k · k|',
  ]) {
    const bare = text.replaceAll('|', '');
    expect(isolated(bare).replaceAll(/[\u2066\u2069]/g, '|')).toBe(text);
  }
  // What is set off already stays in one piece with what it is part of, and is never torn.
  expect(isolated('شكل \u20664×4\u2069 → \u20662×2\u2069 هنا')).toBe('شكل \u2066\u20664×4\u2069 → \u20662×2\u2069\u2069 هنا');
  expect(isolated('\u2067CNN صغيرة\u2069 · 5×5')).toBe('\u2067CNN صغيرة\u2069 · 5×5');
});

for (const [width, height] of [[1440, 900], [390, 844]]) {
  test(`every page in Arabic reads leftwards, has nothing to scroll sideways and no flaw, ${width} wide`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, ARABIC);
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    await run(page);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    expect(await flaws(page)).toEqual([]);
    for (const address of ['builder.html?lang=ar#v=1', 'check.html?lang=ar', 'teaching.html?lang=ar', '?embed#v=1&lang=ar&embed=1&net=resnet']) {
      await page.goto(address);
      await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
      await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
      expect(await sideways(page), address).toBeLessThanOrEqual(0);
      expect(await flaws(page), address).toEqual([]);
    }
  });
}

test('parts, switches and buttons stand in the order of reading', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const [lang, inOrder] of [['ar', falling], ['en', rising]]) {
    await open(page, `${SMALL}&lang=${lang}`);
    expect(inOrder(await lefts(page, '.experiment, .training, .network'))).toBe(true);
    expect(inOrder(await lefts(page, '#switches [data-field="permute"] .segments label'))).toBe(true);
    expect(inOrder(await lefts(page, '#run, #step, #reset'))).toBe(true);
    // The switch of a heading is at the end of its line.
    const [toggle, panel] = [await page.locator('.toggle.large').boundingBox(), await page.locator('#switches').boundingBox()];
    expect(lang === 'ar' ? toggle.x - panel.x : panel.x + panel.width - toggle.x - toggle.width).toBeLessThan(30);
    await page.goto('about:blank');
  }
});

test('curves, drawings, images, formulas and links run from left to right', async ({ page }) => {
  await open(page, ARABIC);
  await run(page);
  for (const part of ['.chart-plot', '#network svg', 'canvas.sample', '.histogram-axis']) await expect(page.locator(part).first()).toHaveCSS('direction', 'ltr');
  // The vertical axis is at the left of what is drawn, and takes room there.
  const [over, plot] = [await page.locator('.chart-plot .u-over').first().boundingBox(), await page.locator('.chart-plot').first().boundingBox()];
  expect(over.x - plot.x).toBeGreaterThan(20);
  expect(over.x - plot.x).toBeGreaterThan(plot.x + plot.width - over.x - over.width);
  // Least at the left.
  expect(rising(await lefts(page, '.histogram-axis > *'))).toBe(true);
  // A formula between words, a shape in the drawing, and a number with its sign.
  expect(rising(await placesOf(page.locator('#counters'), ['⌈640', '÷', '⌉ =', '40']))).toBe(true);
  expect(rising(await placesOf(page.locator('.histogram-axis'), ['−', '0.424']))).toBe(true);
  const label = page.locator('#network .kind-conv2d .name').first();
  expect(falling(await placesOf(label, ['التفاف', '3×3', 'ReLU']))).toBe(true);

  await page.locator('#share-button').click();
  const link = page.locator('textarea.copy-text').first();
  await expect(link).toHaveValue(/#v=1&train=640/);
  await expect(link).toHaveCSS('direction', 'ltr');
});

test('arrow keys go where they point, and a name is read as it is written', async ({ page }) => {
  await open(page, ARABIC);
  await run(page);
  await page.locator('#share-button').click();
  await page.getByRole('tab').first().focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('tab').nth(1)).toBeFocused();
  await page.keyboard.press('Escape');
  await page.locator('.run-name-text').dblclick();
  await page.locator('.rename').fill('my run (2)');
  await page.keyboard.press('Enter');
  await expect(page.locator('.run-name-text')).toHaveCSS('direction', 'ltr');
  await expect(page.locator('#runs table')).toHaveCSS('direction', 'rtl');
});
