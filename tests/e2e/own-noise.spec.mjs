// Browsers that protect from fingerprinting give noise, or one colour, where a page reads a canvas back: drawing works all the same,
// and what cannot work says why.
import { animals, dialog, folder, own } from './own.mjs';
import { expect, open, run, SMALL, test } from './page.mjs';

/** Before any script: what a page, and a worker, gets of a canvas. */
const NOISE = `for (const context of [globalThis.CanvasRenderingContext2D, globalThis.OffscreenCanvasRenderingContext2D]) {
  if (!context) continue;
  const { getImageData } = context.prototype;
  context.prototype.getImageData = function (...of) {
    const image = getImageData.apply(this, of);
    CHANGE
    return image;
  };
}`;
const WHITE = NOISE.replace('CHANGE', 'image.data.fill(255);');
const FAINT = NOISE.replace('CHANGE', 'for (let at = 0; at < image.data.length; at += 3) image.data[at] ^= 1;');

/** Has the page and its workers see this. */
async function protect(page, script) {
  await page.addInitScript(script);
  await page.route('**/worker/pictures.js*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}

/** Draws a one. */
async function draw(page, pad) {
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + width * 0.5, y + height * 0.15);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.48, y + height * 0.85, { steps: 6 });
  await page.mouse.up();
}

/** What the first run takes the drawing for: all names and shares. */
async function answer(page) {
  await open(page, SMALL.replace('train=640', 'train=1600'));
  await run(page);
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  await page.locator('[data-tab="draw"]').click();
  await draw(page, page.locator('.sketch'));
  await expect(page.locator('.answer .bar-name').first()).toHaveText('1');
  // It follows the pen; the last one stays.
  let said = '';
  await expect.poll(async () => {
    const before = said;
    said = await page.locator('.answer .bars').textContent();
    return said === before;
  }, { intervals: [500] }).toBe(true);
  return said;
}

test('a drawing is taken for the same where the canvas may not be read back', async ({ page, browser, baseURL }) => {
  await protect(page, WHITE);
  const seen = await answer(page);
  const other = await (await browser.newContext({ baseURL })).newPage();
  expect(await answer(other)).toBe(seen);
  // It is there after a reload, and can be cleared.
  await page.reload();
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  await page.locator('[data-tab="draw"]').click();
  await expect(page.locator('.answer .bar-name').first()).toHaveText('1');
  await other.context().close();
});

test('signs that are drawn become classes where the canvas may not be read back', async ({ page }) => {
  await protect(page, WHITE);
  await open(page, 'v=1&net=mlp&stop=steps&steps=40&batch=4');
  await page.locator('#field-data').selectOption('file');
  await page.getByRole('button', { name: 'draw signs', exact: true }).click();
  const pad = dialog(page).locator('.sketch');
  for (let at = 0; at < 7; at += 1) {
    for (const [name, key] of [['Class 1', 'ArrowDown'], ['Class 2', 'ArrowRight']]) {
      await pad.focus();
      for (let step = 0; step < 6; step += 1) await page.keyboard.press(`Shift+${key}`);
      await dialog(page).getByRole('button', { name: `Add the drawing to the class ${name}` }).click();
      await pad.focus();
      for (let step = 0; step < 6; step += 1) await page.keyboard.press(key === 'ArrowDown' ? 'ArrowUp' : 'ArrowLeft');
    }
  }
  await dialog(page).getByRole('button', { name: 'Make the data set' }).click();
  await expect(own(page)).toContainText('12 training images and 2 test images, 2 classes.');
  await run(page);
  await expect(page.locator('[data-counter="test"]')).toHaveText('100.0%');
});

test('pictures of which the page would get one colour are refused in words, and a faint noise is no reason', async ({ page, browser, baseURL }) => {
  await protect(page, WHITE);
  await open(page);
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-folder').setInputFiles(await folder(await animals(page, 7)));
  await dialog(page).getByRole('button', { name: 'Make the data set' }).click();
  await expect(dialog(page)).toContainText('The browser gives the page noise in place of the pixels of 0.png');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'use the camera', exact: true }).click();
  await expect(dialog(page)).toContainText('The browser gives the page noise in place of what the camera sees');

  const other = await (await browser.newContext({ baseURL })).newPage();
  await protect(other, FAINT);
  await open(other);
  await other.locator('#field-data').selectOption('file');
  await other.locator('#own-folder').setInputFiles(await folder(await animals(other, 7)));
  await dialog(other).getByRole('button', { name: 'Make the data set' }).click();
  await expect(own(other)).toContainText('12 training images and 2 test images, 2 classes.');
  await other.context().close();
});
