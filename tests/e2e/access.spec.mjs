// A phone, and a keyboard alone.
import { SMALL, counter, expect, open, test } from './page.mjs';

test('a narrow phone scrolls in one direction only, and Run is always there', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, SMALL);
  for (const net of ['cnn', 'resnet']) {
    await page.locator('#field-net').selectOption(net);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect(page.locator('#run')).toBeInViewport();
  const small = await page.locator('button:visible, select:visible, summary:visible, .segments label:visible').evaluateAll((all) => all.flatMap((element) => {
    const { width, height } = element.getBoundingClientRect();
    // Marks beside a label have their room around them, as a pseudo-element.
    const around = getComputedStyle(element, '::after').position === 'absolute' ? 28 : 0;
    return element.matches('.term') || Math.min(width, height) + around >= 40 ? [] : [`${element.outerHTML.slice(0, 60)} ${width}×${height}`];
  }));
  expect(small).toEqual([]);
});

test('the keyboard alone sets, runs, pauses, steps and resets', async ({ page }) => {
  await open(page, 'v=1&train=3000&test=100&normalize=unit&epochs=2');
  await page.keyboard.press('1');
  await expect(page.getByRole('radio', { name: 'Fixed' })).toBeChecked();
  await page.keyboard.press('2');
  await expect(page.getByLabel('Normalize', { exact: true })).toHaveValue('half');
  await page.keyboard.press('3');
  await expect(page.locator('#field-net')).toHaveValue('resnet');
  await page.keyboard.press('3');
  await expect(page.locator('#switch-residual')).not.toBeChecked();
  await page.keyboard.press('s');
  await expect(page.locator('#run-state')).toHaveText('Paused');
  await page.keyboard.press('Space');
  await expect(page.locator('#run')).toHaveText('Pause');
  await page.keyboard.press('r');
  await expect(page.locator('#run-state')).toHaveText('Paused');
  await page.keyboard.press('x');
  await expect(counter(page, 'steps')).toHaveText('0');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Run or pause');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toBeVisible();
});

test('a term is explained on focus, and the bubble goes with Escape', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'About: Shuffle pixels' }).focus();
  await expect(page.getByRole('tooltip')).toContainText('A convolution needs neighbouring pixels');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toBeHidden();
});

test('the way past the controls leads to Run, and leaves the experiment as it is', async ({ page }) => {
  await open(page, 'v=1&net=mlp');
  await page.locator('#skip').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#run')).toBeFocused();
  await expect(page).toHaveURL(/#v=1&net=mlp$/);
  await expect(page.locator('.message')).toHaveCount(0);
});
