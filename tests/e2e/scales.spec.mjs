// Every picture made of values says what its colours stand for, with numbers, in every family; the numbers are those of the core.
import { AxeBuilder } from '@axe-core/playwright';
import { SMALL, expect, open, run, test } from './page.mjs';

/** A number as the page writes it. */
const read = (text) => Number(text.replace('−', '-').replaceAll(',', ''));
/** The numbers at the ends of a scale, and its colours. */
const ends = async (scale) => {
  const [low, , high] = await scale.locator('span').allTextContents();
  return { colours: await scale.locator('.scale-bar').getAttribute('data-colours'), low: read(low), high: read(high), label: await scale.getAttribute('aria-label') };
};
/** The same with two digits, as scales have them. */
const short = (value) => Number(value.toPrecision(2));
const living = (page) => page.locator('.network-scale .scale');
const named = (page) => page.locator('.network-scale > span').first();
const look = async (page, tab) => {
  const open = page.locator('.inside-tools button');
  if (await open.getAttribute('aria-expanded') === 'false') await open.click();
  await page.locator(`[data-tab="${tab}"]`).click();
};

test('the drawing: its scale says the rule, and the numbers of the box that is pointed at', async ({ page }) => {
  await open(page, `${SMALL}&net=cnn`);
  await expect(page.locator('.answer-when')).toHaveText('before training');
  await expect(named(page)).toHaveText('Each box has its own scale:');
  await expect(living(page)).toHaveText('−largest0largest');
  const height = () => page.locator('.network-key').evaluate((key) => key.offsetHeight);
  const before = await height();
  const last = page.locator('.drawing .part').last();
  await last.hover();
  await expect(named(page)).toHaveText('Colours of fc2:');
  const { colours, low, high } = await ends(living(page));
  expect([colours, low]).toEqual(['signed', -high]);
  expect(await height()).toBe(before);
  // The last box shows the logits, which the arithmetic writes out one by one.
  await last.focus();
  await last.press('Enter');
  const sizes = [];
  for (let at = 1; at <= 10; at += 1) {
    if (at > 1) await page.getByRole('button', { name: 'Next channel' }).click();
    await expect(page.locator('.arithmetic h3')).toHaveText(`fc2, number ${at}`);
    await expect(page.locator('.arithmetic-step').last().locator('p').first()).toContainText(`of the class ${at - 1},`);
    const [, value] = /that is (\S+)\.$/.exec(await page.locator('.arithmetic-step').first().locator('p').first().textContent());
    sizes.push(Math.abs(read(value)));
  }
  expect(high).toBe(short(Math.max(...sizes)));
  // The scale stays that of the open place.
  await page.mouse.move(0, 0);
  await expect(named(page)).toHaveText('Colours of fc2:');
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.activeElement.blur());
  await expect(named(page)).toHaveText('Each box has its own scale:');
  // Behind a ReLU nothing is below zero.
  await page.locator('.drawing .part').nth(2).hover();
  await expect(named(page)).toHaveText('Colours of pool1:');
  expect(await ends(living(page))).toMatchObject({ colours: 'above', low: 0 });
});

test('the drawing of a residual network with gates, and of a U-Net with its masks', async ({ page }) => {
  await open(page, `${SMALL}&net=resnet&blocks=1&width=8&attention=se`);
  await page.locator('.carried').first().scrollIntoViewIfNeeded();
  await expect(page.locator('.carried').first()).toHaveText(/adds [\d.]+/);
  await page.locator('.drawing .kind-sum').first().focus();
  await expect(named(page)).toHaveText('Colours where branches meet:');
  const { colours, high } = await ends(living(page));
  expect(colours).toBe('signed');
  expect(high).toBeGreaterThan(0);
  // A gate's numbers are shares of what it lets through.
  await page.locator('.drawing .kind-gate').first().focus();
  await expect(living(page)).toHaveText('01');

  await open(page, `${SMALL}&net=unet&width=4`);
  await expect(page.locator('.answer-mask')).toHaveCount(2);
  expect(await ends(page.locator('.answer-masks .scale'))).toEqual({ colours: 'grey', low: 0, high: 1, label: 'Brightness: black is 0, white is 1' });
});

test('a join that nothing follows in its place is pointed at, has its scale, and opens like any other', async ({ page }) => {
  for (const link of ['net=own&layers=conv8,relu,add(conv8),gap,fc', 'net=unet&width=4']) {
    await page.goto('about:blank');
    await open(page, `${SMALL}&${link}`);
    const join = page.locator('.drawing .kind-sum').first();
    await join.scrollIntoViewIfNeeded();
    await expect(page.locator('.carried').first()).toHaveText(/adds [\d.]+/);
    // What it stands for is drawn elsewhere, and not named again.
    await expect(join.locator('.shape')).toHaveText('');
    // Its sign lies on its circle.
    await join.locator('circle').hover({ force: true });
    await expect(named(page), link).toHaveText('Colours where branches meet:');
    const { colours, low, high } = await ends(living(page));
    // What comes from a convolution has both signs.
    expect([colours, low]).toEqual(['signed', -high]);
    expect(high).toBeGreaterThan(0);
    await join.focus();
    await join.press('Enter');
    await expect(page.locator('.arithmetic-step').first()).toBeVisible();
  }
});

test('the arithmetic of a pixel says what the tint of its cells is', async ({ page }) => {
  await open(page, `${SMALL}&net=googlenet&width=4&blocks=1`);
  await expect(page.locator('.answer-when')).toHaveText('before training');
  const first = page.locator('.drawing .part').nth(1);
  await first.focus();
  await first.press('Enter');
  await expect(page.locator('.arithmetic-grid').first()).toBeVisible();
  await expect(page.locator('.signs')).toHaveText(['above 0below 0']);
  const ground = (of) => page.locator(of).first().evaluate((element) => [getComputedStyle(element).backgroundColor, getComputedStyle(element, '::before').backgroundColor]);
  for (const sign of ['above', 'below']) {
    const [cell] = await ground(`.arithmetic-grid .${sign}`);
    const [, swatch] = await ground(`.signs .${sign}`);
    expect(swatch, sign).toBe(cell);
  }
});

for (const [name, link] of Object.entries({ cnn: 'net=cnn', 'a residual network on colours': 'data=cifar10&net=resnet&blocks=1&width=8', googlenet: 'net=googlenet&width=4&blocks=1' })) {
  test(`looking inside: kernels, maps, reasons and mistakes have their scales: ${name}`, async ({ page }) => {
    await open(page, `${SMALL}&${link}`);
    await run(page);
    await look(page, 'kernels');
    const [, largest] = /largest weight is ([\d.]+\d)/.exec(await page.locator('.view-facts', { hasText: 'largest' }).textContent());
    const kernels = await ends(page.locator('.view-head .scale'));
    expect(kernels).toMatchObject({ colours: link.includes('cifar') ? 'dark' : 'signed', high: short(read(largest)), low: -short(read(largest)) });
    await expect(page.locator('.view > .caption')).toContainText(link.includes('cifar') ? 'Grey is zero' : 'Zero is transparent');

    await look(page, 'maps');
    const strips = page.locator('.strip').filter({ has: page.locator('canvas') });
    await expect(strips.nth(2).locator('.strip-facts')).toHaveText(/mean/);
    for (const strip of [strips.nth(0), strips.nth(1), strips.nth(2)]) {
      const [, low, high] = /^(\S+) to (\S+), mean/.exec(await strip.locator('.strip-facts').textContent());
      const largest = Math.max(Math.abs(read(low)), Math.abs(read(high)));
      expect(await ends(strip.locator('.scale'))).toMatchObject(read(low) < 0 ? { colours: 'signed', low: -largest, high: largest } : { colours: 'above', low: 0, high: largest });
    }

    await look(page, 'why');
    await expect(page.locator('.scale-line .scale')).toBeVisible();
    const heat = await ends(page.locator('.scale-line .scale'));
    expect(heat).toMatchObject({ colours: 'above', low: 0 });
    expect(heat.high).toBeGreaterThan(0);

    await look(page, 'mistakes');
    await expect(page.locator('.confusion-key .scale')).toHaveText(['0%100%', '0%25% or more']);
    await look(page, 'excite');
    await expect(page.locator('.excite .scale')).toHaveText('01');
    const { violations } = await new AxeBuilder({ page }).include('#inside').analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`)).toEqual([]);
  });
}

test('where no place speaks for a class there are no colours, and no scale', async ({ page }) => {
  await open(page, `${SMALL}&net=mlp`);
  await run(page);
  await look(page, 'why');
  await expect(page.locator('.bars li')).toHaveCount(10);
  await expect(page.locator('.scale-line')).toBeHidden();
});
