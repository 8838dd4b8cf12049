// The first minute: something happens at once, on a laptop and on a phone, and nothing by itself where somebody else decides.
import { expect, open, test } from './page.mjs';

/** Milliseconds from opening the page cold to a picture that training changes. */
const FIRST = 10_000;
/** The maps of the drawing and the curves, as far as they are on the screen, as one number. */
const picture = (page) => page.evaluate(() => [...document.querySelectorAll('.map-strip, .chart canvas')].filter((canvas) => {
  const { top, bottom } = canvas.getBoundingClientRect();
  return top < innerHeight && bottom > 0;
}).map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, byte, at) => (sum * 31 + byte * (at % 97)) % 1e9, 0);
}).join(' '));

for (const [name, viewport] of Object.entries({ laptop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } })) {
  test(`cold, on a ${name}: one press, and a picture that training changes is on the screen within ten seconds`, async ({ page }) => {
    await page.setViewportSize(viewport);
    const opened = Date.now();
    await page.goto('./');
    // The first thing that a person can press.
    await page.locator('#run').click();
    // What came before the first step was not learned.
    await expect(page.locator('[data-counter="steps"]')).not.toHaveText(/^0\b/);
    await expect.poll(() => page.evaluate(() => ['.training', '.network'].some((panel) => {
      const { top, bottom } = document.querySelector(panel).getBoundingClientRect();
      return Math.min(bottom, innerHeight) - Math.max(top, 0) > 120;
    })), { intervals: [100] }).toBe(true);
    const before = await picture(page);
    expect(before).not.toBe('');
    await expect.poll(() => picture(page), { intervals: [100], timeout: FIRST }).not.toBe(before);
    expect(Date.now() - opened).toBeLessThan(FIRST);
  });
}

test('Run scrolls to what moves on a phone, and leaves the page where it is on a laptop and where it moves already', async ({ page }) => {
  await open(page, 'v=1&train=2000&test=100&epochs=40&batch=16&net=cnn');
  const top = () => page.evaluate(() => scrollY);
  await page.locator('#run').click();
  await expect(page.locator('#run')).toHaveText('Pause');
  expect(await top()).toBe(0);
  await page.locator('#run').click();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(() => scrollTo(0, 0));
  await page.locator('#run').click();
  await expect(page.locator('#charts')).toBeInViewport();
  const there = await top();
  expect(there).toBeGreaterThan(100);
  await page.locator('#run').click();
  await page.locator('#run').click();
  expect(await top()).toBe(there);
});

test('nothing begins by itself', async ({ page }) => {
  for (const link of ['', 'v=1&net=resnet', 'v=1&lab=pixel-shuffle', 'v=1&embed=on']) {
    await page.goto('about:blank');
    await open(page, link);
    await page.waitForTimeout(1500);
    await expect(page.locator('#run-state'), link).toHaveText('Ready');
    expect(await page.evaluate(() => scrollY)).toBe(0);
  }
});

test('the tips of the three switches show their effect on the image that is followed', async ({ page }) => {
  await open(page);
  const mark = (key) => page.locator(`[data-switch="${key}"] .tip-mark`).first();
  const tip = page.getByRole('tooltip');
  const images = () => tip.locator('canvas').evaluateAll((all) => all.map((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.join()));
  await mark('permute').hover();
  await expect(tip).toContainText('A convolution needs neighbouring pixels');
  const [plain, fixed, other] = await images();
  // The same pixels in other places.
  const sorted = (text) => text.split(',').map(Number).sort((a, b) => a - b).join();
  expect(fixed).not.toBe(plain);
  expect(other).not.toBe(fixed);
  expect(sorted(fixed)).toBe(sorted(plain));
  // It is that of the page.
  const first = () => page.locator('canvas.sample').nth(8).evaluate((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.join());
  expect(plain).toBe(await first());
  await mark('normalize').hover();
  await expect(tip.locator('figcaption span')).toHaveText(['0 to 255', /^.0\.42\d to 2\.82$/]);
  await mark('residual').hover();
  await expect(tip.locator('.effect-block')).toHaveCount(2);
  await expect(tip.locator('.effect-shortcut')).toHaveCount(1);
  // Another image, another picture; by the keyboard too.
  await page.getByRole('button', { name: /Follow Training image 3/ }).click();
  await mark('permute').focus();
  await expect(tip.locator('canvas')).toHaveCount(3);
  expect((await images())[0]).not.toBe(plain);
});
