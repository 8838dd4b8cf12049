// The glossary: every term in both languages, found in either, by keyboard and on a phone.
import { AxeBuilder } from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import { expect, open, test } from './page.mjs';

const words = (tag) => JSON.parse(readFileSync(new URL(`../../www/locales/${tag}.json`, import.meta.url), 'utf8'));
const WORDS = { en: words('en'), 'zh-CN': words('zh-CN'), es: words('es') };
const TERMS = Object.keys(WORDS.en).filter((key) => /^glossary\.[^.]+$/.test(key)).map((key) => key.slice('glossary.'.length));
/** An explanation as it is read, with what it takes from tips. */
const about = (tag, term) => WORDS[tag][`glossary.${term}.about`].replaceAll(/\{([\w.-]+)\}/g, (_, key) => WORDS[tag][key]);

const dialog = (page) => page.locator('#glossary');
const rows = (page) => dialog(page).locator('.glossary-row');
const opener = (page, name = 'Glossary') => page.locator('#about').getByRole('button', { name, exact: true });
const names = (page, tag) => rows(page).locator(`[lang="${tag}"] dfn`).allTextContents();
/** Opens it at a term, as a link from elsewhere on the page would. */
const openAt = (page, term) => page.evaluate(async (term) => {
  const { openGlossary } = await import(new URL('app/base/glossary.js', location.href).href);
  await openGlossary(term);
}, term);

for (const [tag, other] of [['en', 'zh-CN'], ['zh-CN', 'en'], ['es', 'en']]) {
  test(`each term stands there in both languages, sorted by that of the page, ${tag}`, async ({ page }) => {
    await open(page, `v=1&lang=${tag}`);
    await opener(page, WORDS[tag]['terms.title']).click();
    await expect(rows(page)).toHaveCount(TERMS.length);
    await expect(dialog(page).locator(`[lang="${other}"]`)).toHaveCount(TERMS.length);
    for (const term of TERMS) {
      const row = page.locator(`#glossary-${term}`);
      for (const [at, each] of [tag, other].entries()) {
        const part = row.locator('> div').nth(at);
        await expect(part).toHaveAttribute('lang', each);
        await expect(part.locator('dfn')).toHaveText(WORDS[each][`glossary.${term}`]);
        await expect(part.locator('p')).toHaveText(about(each, term));
      }
    }
    const found = await names(page, tag);
    const sorted = await page.evaluate(([all, tag]) => [...all].sort(new Intl.Collator(tag, { numeric: true }).compare), [found, tag]);
    expect(found).toEqual(sorted);
    await expect(dialog(page)).not.toContainText(/[{}]/);
  });
}

test('what is typed in either language is found, in names before explanations', async ({ page }) => {
  await open(page);
  await opener(page).click();
  const search = dialog(page).getByRole('searchbox');
  const count = dialog(page).locator('.glossary-count');
  await expect(search).toBeFocused();
  await expect(count).toHaveText(`${TERMS.length} terms`);
  await search.fill('SoftMax');
  await expect(rows(page).first()).toHaveId('glossary-softmax');
  expect(await names(page, 'en')).toContain('Logit');
  await search.fill('交叉熵');
  await expect(rows(page).first()).toHaveId('glossary-loss');
  for (const [text, term] of [['1x1', 'conv1x1'], ['cross entropy', 'loss'], ['iteration', 'step'], ['fully connected', 'dense'], ['验证集', 'sets'], ['ＲｅＬＵ', 'relu'], ['过拟合', 'overfitting']]) {
    await search.fill(text);
    await expect(rows(page).first()).toHaveId(`glossary-${term}`);
  }
  await search.fill('skip shortcut paper');
  await expect(rows(page)).toHaveCount(1);
  await expect(count).toHaveText('1 term');
  await search.fill('<b>zebra');
  await expect(rows(page)).toHaveCount(0);
  await expect(count).toHaveText('No term here contains “<b>zebra”.');
  await search.fill('');
  await expect(rows(page)).toHaveCount(TERMS.length);
});

test('by keyboard: typing, scrolling, Escape, and the focus is where it was', async ({ page }) => {
  await open(page);
  await opener(page).focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.type('rx');
  // In a dialog, letters are letters.
  await expect(page.locator('#run-state')).toHaveText('Ready');
  await expect(dialog(page).getByRole('searchbox')).toHaveValue('rx');
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Tab');
  const body = dialog(page).getByRole('region', { name: 'Glossary' });
  await expect(body).toBeFocused();
  await page.keyboard.press('End');
  await expect.poll(() => body.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
  // Past the sources of the terms.
  const sources = await body.locator('summary').count();
  expect(sources).toBeGreaterThan(0);
  for (let pressed = 0; pressed <= sources; pressed += 1) await page.keyboard.press('Tab');
  await expect(dialog(page).getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(opener(page)).toBeFocused();
  // Opened again it begins anew.
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(TERMS.length);
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
});

test('from the labs, and back to them', async ({ page }) => {
  await open(page);
  await page.locator('#labs-button').click();
  const labs = page.locator('#labs-dialog');
  await expect(labs.locator('.lab-choice').first()).toBeFocused();
  const button = labs.getByRole('button', { name: 'Glossary', exact: true });
  await button.click();
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(labs).toBeVisible();
  await expect(button).toBeFocused();
});

test('opened at a term, that term is on the screen and has the focus, before and after the other language came', async ({ page }) => {
  await open(page);
  for (const term of ['vanishing', 'dense', 'vanishing']) {
    await openAt(page, term);
    const row = page.locator(`#glossary-${term}`);
    await expect(row).toBeFocused();
    // Its upper edge may share a pixel with the line above it.
    await expect(row).toBeInViewport({ ratio: 0.9 });
    await expect(row).toHaveClass(/sought/);
    await expect(dialog(page).locator('.sought')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toBeHidden();
  }
  await openAt(page, 'no-such-term');
  await expect(dialog(page).locator('.sought')).toHaveCount(0);
  await expect(dialog(page).getByRole('searchbox')).toBeFocused();
});

test.describe('a reader of two languages', () => {
  test.use({ locale: 'fr-CH' });

  test('has the other one beside the page\'s', async ({ page }) => {
    await open(page, 'v=1&lang=en');
    await opener(page).click();
    await expect(dialog(page).locator('[lang="fr"]')).toHaveCount(TERMS.length);
    await expect(dialog(page).locator('.caption').first()).toContainText('Français');
  });
});

test('the other language is asked for when it is first needed, and once', async ({ page }) => {
  const asked = [];
  page.on('request', (request) => { if (request.url().endsWith('zh-CN.json')) asked.push(request.url()); });
  await open(page);
  expect(asked).toEqual([]);
  for (let time = 0; time < 2; time += 1) {
    await opener(page).click();
    await expect(dialog(page).locator('[lang="zh-CN"]')).toHaveCount(TERMS.length);
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toBeHidden();
  }
  expect(asked).toHaveLength(1);
});

test.describe('without the other language', () => {
  test.use({ expected: /Failed to load resource|ERR_/ });

  for (const [kind, answer] of [
    ['offline', (route) => route.abort('internetdisconnected')],
    ['missing', (route) => route.fulfill({ status: 404, body: '' })],
    ['damaged', (route) => route.fulfill({ contentType: 'application/json', body: '{"glossary.adam": ' })],
  ]) {
    test(`it shows the one that is there and says so, and tries again when it is opened again: ${kind}`, async ({ page }) => {
      await page.route('**/locales/zh-CN.json', answer);
      await open(page);
      await opener(page).click();
      await expect(dialog(page).getByText('The words in 简体中文 could not be loaded')).toBeVisible();
      await expect(rows(page)).toHaveCount(TERMS.length);
      await expect(dialog(page).locator('[lang="zh-CN"]')).toHaveCount(0);
      await dialog(page).getByRole('searchbox').fill('dropout');
      await expect(rows(page).first()).toHaveId('glossary-dropout');
      await dialog(page).getByRole('button', { name: 'Close' }).click();
      await page.unroute('**/locales/zh-CN.json');
      await opener(page).click();
      await expect(dialog(page).locator('[lang="zh-CN"]')).toHaveCount(TERMS.length);
      await expect(dialog(page).locator('.glossary-note')).toBeHidden();
    });
  }
});

test('a page in Chinese has English at hand, also offline', async ({ page, context }) => {
  await open(page, 'v=1&lang=zh-CN');
  await context.setOffline(true);
  await opener(page, '术语表').click();
  await expect(dialog(page).locator('[lang="en"]')).toHaveCount(TERMS.length);
  await expect(dialog(page).locator('.glossary-note')).toBeHidden();
});

for (const theme of ['light', 'dark']) {
  for (const [width, height] of [[1280, 800], [390, 844]]) {
    test(`axe finds nothing, and nothing has to be scrolled sideways: ${theme}, ${width} pixels`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await open(page, `v=1&theme=${theme}`);
      await openAt(page, 'skip');
      for (const text of ['', 'batch', 'zebra']) {
        await dialog(page).getByRole('searchbox').fill(text);
        const { violations } = await new AxeBuilder({ page }).include('#glossary').withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
        expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))).toEqual([]);
        const wide = await dialog(page).evaluate((element) => [element, ...element.querySelectorAll('.glossary-body, .glossary-row')].filter((part) => part.scrollWidth > part.clientWidth).length);
        expect(wide).toBe(0);
      }
      const box = await dialog(page).boundingBox();
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      await expect(dialog(page).getByRole('button', { name: 'Close' })).toBeInViewport({ ratio: 1 });
    });
  }
}

test('on a phone one language stands under the other, and the keyboard waits until it is asked for', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await open(page);
  await opener(page).tap();
  await expect(dialog(page).locator('[lang="zh-CN"]')).toHaveCount(TERMS.length);
  await expect(dialog(page).getByRole('searchbox')).not.toBeFocused();
  const [own, other] = await rows(page).first().locator('> div').evaluateAll((all) => all.map((part) => part.getBoundingClientRect().toJSON()));
  expect(other.top).toBeGreaterThanOrEqual(own.bottom);
  expect(other.left).toBe(own.left);
  await context.close();
});

test('the head of “Best test” says what a validation set is for', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page, 'v=1&train=640&test=100&epochs=1&batch=16');
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Done');
  await page.getByRole('button', { name: 'About: Best test' }).focus();
  await expect(page.getByRole('tooltip')).toContainText('Choosing is what a validation set is for');
});
