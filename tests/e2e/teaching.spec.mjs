// The teacher's notes: in the reader's language, from the pages for teachers, with links that open what they name.
import { expect } from './page.mjs';
import { test } from './trouble.mjs';

/** The notes as a teacher reads them. */
async function notes(page, rest = '?lang=en') {
  await page.goto(`teaching.html${rest}`);
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
}

test('one language is shown, and another can be chosen', async ({ page }) => {
  await notes(page);
  await expect(page).toHaveTitle('CNN playground: Teacher’s notes');
  await expect(page.locator('article:visible')).toHaveCount(1);
  await expect(page.locator('article:visible h2').first()).toHaveText('1. Shuffled pixels');
  await page.getByRole('combobox').selectOption('zh-CN');
  await expect(page.locator('article:visible h2').first()).toHaveText('1. 打乱像素');
  await expect(page.locator('article:visible')).toHaveCount(1);
});

test('a reader of a language without notes is told which there are, in that language, and reads the English ones', async ({ page }) => {
  for (const [tag, words, direction] of [['es', 'inglés y chino', 'ltr'], ['fr', 'anglais et chinois', 'ltr'], ['ar', 'الإنجليزية والصينية', 'rtl']]) {
    await notes(page, `?lang=${tag}`);
    const only = page.locator('.notes-only');
    await expect(only).toContainText(words);
    await expect(only).toHaveCSS('direction', direction);
    await expect(page.locator('article:visible')).toHaveAttribute('lang', 'en');
    await expect(page.locator('article:visible')).toHaveCSS('direction', 'ltr');
  }
  for (const tag of ['en', 'zh-CN']) {
    await notes(page, `?lang=${tag}`);
    await expect(page.locator('.notes-only')).toHaveCount(0);
  }
});

test('the contents lead to a lab’s section, and its link opens the lab with what a class needs', async ({ page }) => {
  await notes(page);
  const sections = page.locator('article:visible section');
  expect(await page.locator('article:visible nav a').count()).toBe(await sections.count());
  await page.locator('article:visible nav').getByRole('link', { name: 'Residual connections' }).click();
  const section = sections.filter({ has: page.getByRole('heading', { name: '6. Residual connections' }) });
  await expect(section.getByRole('heading', { name: '6. Residual connections' })).toBeInViewport();
  await section.getByRole('link', { name: 'for a class' }).click();
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  await expect(page.locator('#lab h2')).toHaveText('ResNet: why do residual connections help?');
  await expect(page.locator('#calculator-button')).toBeHidden();
});

test('the builder and the page that checks links lead to the notes, in their language and theme', async ({ page }) => {
  for (const name of ['builder.html', 'check.html']) {
    await page.goto(`${name}?lang=zh-CN&theme=dark`);
    await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
    await page.getByRole('link', { name: '教师手册' }).click();
    await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
    await expect(page.locator('h1')).toHaveText('教师手册');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  }
});

test('a phone scrolls the notes in one direction only', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const tag of ['en', 'zh-CN']) {
    await notes(page, `?lang=${tag}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
});

test('without scripts the notes can be read', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('teaching.html');
  for (const name of ['1. Shuffled pixels', '1. 打乱像素']) await expect(page.getByRole('heading', { name })).toBeVisible();
  await context.close();
});
