// The playground as one file, opened from a disk: without a server, a network, or any file beside it.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { begin, conclude } from './lab.mjs';
import { SMALL, choose, download, test as base, expect, open, run } from './page.mjs';

const { SINGLE } = process.env;

const test = base.extend({
  // On a disk of its own, as somebody else would name its folder.
  stick: [async ({}, use) => {
    if (!SINGLE) throw new Error('SINGLE names no file: cargo xtask bundle --single --fast');
    const folder = mkdtempSync(path.join(tmpdir(), 'USB 课程 #1 '));
    const file = path.join(folder, 'cnn playground.html');
    copyFileSync(SINGLE, file);
    await use({ folder, url: pathToFileURL(file).href });
    rmSync(folder, { recursive: true });
  }, { scope: 'worker' }],
  // A request to anything else fails the test.
  baseURL: async ({ stick }, use) => use(stick.url),
});

test.describe.configure({ timeout: 600_000 });

test('it trains, looks inside, and keeps its runs', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  await expect(page.locator('.kernels canvas')).toHaveCount(16);
  await page.locator('[data-tab="mistakes"]').click();
  await expect(page.locator('.confusion tbody td').first()).toBeVisible();
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(1);
});

test('a lab comes to its verdict', async ({ page }) => {
  await begin(page, 'pixel-shuffle', 'Mainly the CNN');
  await conclude(page, 5);
});

for (const [lang, words] of [['en', /fashion-mnist\/manifest\.json is not in this copy/], ['zh-CN', /单文件版.*没有 data\/fashion-mnist\/manifest\.json/]]) {
  test(`what it does not hold is said, and costs nothing: ${lang}`, async ({ page }) => {
    await open(page, `${SMALL}&lang=${lang}`);
    await page.locator('#run').click();
    const tested = page.locator('.runs-table td[data-column="last"]').filter({ hasText: '%' });
    await expect(tested).toHaveCount(1);
    await page.locator('#field-data').selectOption('fashion-mnist');
    await expect(page.locator('#seen')).toContainText(words);
    await page.locator('#run').click();
    await expect(page.locator('#messages')).toContainText(words);
    await page.locator('#field-data').selectOption('mnist');
    await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
    await expect(tested).toHaveCount(1);
  });
}

test('its links work behind the address of any copy, and nothing says where on the disk it lies', async ({ page, stick, browser }) => {
  await open(page, `${SMALL}&permute=fixed`);
  await run(page);
  await page.locator('#share-button').click();
  const text = await page.locator('#share-short').inputValue();
  expect(text).toMatch(/^#v=1&.*permute=fixed/);
  await expect(page.locator('.share-dialog')).toContainText('no address that others can open');
  await expect(page.locator('.share-dialog [role="tab"]')).toHaveText(['Link', 'PyTorch']);
  await page.keyboard.press('Escape');
  for (const item of ['Everything as JSON', 'Table as CSV']) {
    const file = (await download(page, () => choose(page, 'Download', item))).toString('utf8');
    expect(file).toContain('permute');
    expect(file).not.toContain('file:');
  }
  const served = await browser.newPage();
  await served.goto(`${process.env.PLAYGROUND_URL}${text}`);
  await expect(served.getByRole('radio', { name: 'Fixed' })).toBeChecked();
  await served.close();
});

test('it says what it is, and whose what is in it', async ({ page, context }) => {
  await open(page, SMALL);
  await page.getByRole('button', { name: 'About this playground' }).click();
  await expect(page.locator('dialog[open]')).toContainText('one file and needs no network');
  const coming = context.waitForEvent('page');
  await page.getByRole('link', { name: 'All libraries used' }).click();
  const notices = await coming;
  await expect(notices.locator('h1')).toContainText('notices');
  await expect(notices.locator('body')).toContainText('burn');
});

test('PyTorch code is read without a network too', async ({ page }) => {
  await open(page, SMALL);
  await page.getByRole('button', { name: 'Paste code' }).click();
  await page.getByLabel('Code: a script or a notebook').fill('import torch.nn as nn\nnet = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))\n');
  await expect(page.locator('dialog[open]')).toContainText('7,850');
});
