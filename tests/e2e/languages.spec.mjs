// Each language of the page: found by the browser's wish, whole, and with room for its words.
import { readFileSync } from 'node:fs';
import { expect, open, test } from './page.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(`../../www/locales/${name}.json`, import.meta.url), 'utf8'));
const LANGUAGES = Object.keys(read('index'));
/** A region or a script of each language that has no file of its own. */
const VARIANTS = { en: 'en-NZ', 'zh-CN': 'zh-SG', es: 'es-MX', fr: 'fr-CA', ar: 'ar-EG' };

for (const tag of LANGUAGES) {
  test.describe(`a browser that wishes ${VARIANTS[tag]}`, () => {
    test.use({ locale: VARIANTS[tag] });

    test(`gets ${tag}, also of what stands there before any program`, async ({ page }) => {
      await open(page);
      await expect(page.locator('html')).toHaveAttribute('lang', tag);
      await expect(page.locator('#run')).toHaveText(read(tag)['run.run']);
      await page.goto('404.html');
      await expect(page.locator('.lost [lang]')).toHaveCount(2);
      await expect(page.locator('.lost a')).toHaveText(read(tag)['preview.open']);
    });
  });

  for (const width of [1440, 390]) {
    test(`the words of ${tag} have room at ${width} pixels`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await open(page, `v=1&lang=${tag}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide).toBeLessThanOrEqual(0);
      // Words that may not break and would stand over what is beside them.
      const over = await page.locator('.counter-name, .tools button, .run-bar button').evaluateAll((all) => all.filter((part) => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent));
      expect(over).toEqual([]);
    });
  }
}

test('the forms of a plural are those of the browser', async ({ page }) => {
  await open(page);
  for (const tag of LANGUAGES) {
    const forms = await page.evaluate((tag) => new Intl.PluralRules(tag).resolvedOptions().pluralCategories, tag);
    const own = Object.keys(read(tag)).filter((key) => key.startsWith('terms.count.')).map((key) => key.slice('terms.count.'.length));
    expect(own.sort(), tag).toEqual([...forms].sort());
  }
});

test('a list of numbers is read as such where a comma stands before decimals', async ({ page }) => {
  for (const [tag, list] of [['en', '0.5, 0.25'], ['es', '0,5; 0,25']]) {
    await page.goto('about:blank');
    await open(page, `v=1&lang=${tag}`);
    const text = await page.evaluate(async () => (await import(new URL('app/base/i18n.js', location.href).href)).valueText('mean', [0.5, 0.25]));
    expect(text).toBe(list);
  }
});

test('the notes for teachers are in English where a language has none', async ({ page }) => {
  await page.goto('teaching.html?lang=es');
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await expect(page.locator('article:visible')).toHaveAttribute('lang', 'en');
});
