// The drawing of the network lives: maps and answers for the chosen image, before training, while it trains, in every family.
import { AxeBuilder } from '@axe-core/playwright';
import { SMALL, expect, open, run, test } from './page.mjs';

/** The pixels of a strip of maps, as one number. */
const prints = (page) => page.locator('.map-strip').evaluateAll((all) => all.map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, byte, at) => (sum * 31 + byte * (at % 97)) % 1e9, 0);
}));
const when = (page) => page.locator('.answer-when');
const shares = (page) => page.locator('.answer-value').allTextContents();
/** The strips whose maps are on the screen are drawn. */
const drawn = (page) => expect.poll(async () => (await prints(page)).filter((sum) => sum !== 0).length);
/** How often the worker of the drawing was asked for a picture. */
const counted = async (page) => {
  await page.addInitScript(() => {
    window.asked = 0;
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (...values) {
      if (values[0]?.question?.kind === 'activations') window.asked += 1;
      return postMessage.apply(this, values);
    };
  });
  return () => page.evaluate(() => window.asked);
};

test('from the first weights on, for the image that is pressed', async ({ page }) => {
  await open(page, `${SMALL}&net=cnn`);
  // The image, two convolutions, two poolings and two dense layers.
  await expect(page.locator('.map-strip')).toHaveCount(7);
  await drawn(page).toBeGreaterThanOrEqual(5);
  await expect(when(page)).toHaveText('before training');
  await expect(page.locator('.answer-of')).toContainText('Training image 1');
  await expect(page.locator('.answer-bars li')).toHaveCount(10);
  const whole = (await shares(page)).map((text) => Number.parseFloat(text)).reduce((sum, share) => sum + share, 0);
  expect(whole).toBeGreaterThan(97);
  expect(whole).toBeLessThan(103);

  const before = JSON.stringify(await prints(page));
  const third = page.getByRole('button', { name: /Follow Training image 3/ });
  await third.click();
  await expect(third).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('.answer-of')).toContainText('Training image 3');
  await expect.poll(async () => JSON.stringify(await prints(page))).not.toBe(before);
  // Any picture of the image is pressed alike.
  await page.locator('canvas.sample').nth(8).click();
  await expect(page.locator('.answer-of')).toContainText('Training image 1');
  await expect.poll(async () => JSON.stringify(await prints(page))).toBe(before);
});

test('while it trains it changes, and a switch begins anew', async ({ page }) => {
  await open(page, 'v=1&train=2000&test=100&epochs=40&batch=16&net=cnn');
  await expect(when(page)).toHaveText('before training');
  const first = JSON.stringify(await prints(page));
  await page.locator('#run').click();
  await expect(when(page)).toHaveText(/^Run 1, after [\d,]+ steps$/);
  const seen = new Set();
  await expect.poll(async () => seen.add(await when(page).textContent()).size, { timeout: 20_000 }).toBeGreaterThan(5);
  expect(JSON.stringify(await prints(page))).not.toBe(first);
  await page.locator('#run').click();
  await page.locator('#reset').click();
  await expect(when(page)).toHaveText('before training');
  await expect.poll(async () => JSON.stringify(await prints(page))).toBe(first);
});

test('nothing is asked for while the drawing is off the screen', async ({ page }) => {
  const asked = await counted(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, 'v=1&train=2000&test=100&epochs=40&batch=16&net=cnn');
  await page.locator('#run').click();
  await page.locator('#network').scrollIntoViewIfNeeded();
  await expect.poll(asked).toBeGreaterThan(3);
  await page.evaluate(() => window.scrollTo(0, 0));
  await expect(page.locator('.drawing')).not.toBeInViewport();
  // What was asked for already may still come; then there is silence, while the run goes on.
  await page.waitForTimeout(300);
  const before = await asked();
  const steps = await page.locator('[data-counter="samples"]').textContent();
  await expect(page.locator('[data-counter="samples"]')).not.toHaveText(steps);
  await page.waitForTimeout(1000);
  expect(await asked()).toBe(before);
  await page.locator('.drawing').scrollIntoViewIfNeeded();
  await expect.poll(asked).toBeGreaterThan(before);
});

test('a residual network: what a block adds beside what its shortcut carries', async ({ page }) => {
  await open(page, `${SMALL}&net=resnet&blocks=2&width=8`);
  await drawn(page).toBeGreaterThanOrEqual(4);
  const sizes = page.locator('.carried');
  await expect(sizes.first()).toHaveText(/^adds [\d.]+$/);
  await expect(sizes.nth(1)).toHaveText(/^carries [\d.]+$/);
  const before = await sizes.nth(1).textContent();
  await run(page);
  await expect(sizes.nth(1)).not.toHaveText(before);
});

test('Inception: a strip for each branch; a U-Net: its mask beside the true one', async ({ page }) => {
  await open(page, `${SMALL}&net=googlenet&width=4&blocks=1`);
  await drawn(page).toBeGreaterThanOrEqual(4);
  await expect(page.locator('.drawing .cell .ground').first()).toBeAttached();

  await open(page, `${SMALL}&net=unet&width=4`);
  await drawn(page).toBeGreaterThanOrEqual(4);
  await expect(page.locator('.answer-bars')).toBeHidden();
  const masks = page.locator('.answer-mask');
  await expect(masks).toHaveCount(2);
  const white = await masks.first().evaluate((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((byte, at) => at % 4 === 0 && byte === 255).length);
  expect(white).toBeGreaterThan(10);
});

test('gates have their values in the drawing', async ({ page }) => {
  await open(page, `${SMALL}&net=resnet&blocks=1&width=8&attention=se`);
  await drawn(page).toBeGreaterThanOrEqual(4);
  await expect(page.locator('.drawing .kind-gate .ground').first()).toBeAttached();
});

test('nothing moves when the maps come, and the layer table is one press away', async ({ page }) => {
  await page.goto(`#${SMALL}&net=cnn`);
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  const boxes = () => page.locator('.drawing .part').evaluateAll((all) => all.map((part) => { const { x, y, width, height } = part.getBoundingClientRect(); return [x, y, width, height].map(Math.round); }));
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  const before = await boxes();
  await drawn(page).toBeGreaterThanOrEqual(5);
  await run(page);
  expect(await boxes()).toEqual(before);
  await expect(page.locator('.layer-table')).toBeHidden();
  await page.getByRole('button', { name: 'Layer table' }).click();
  await expect(page.locator('.layer-table')).toBeVisible();
});

/** Presses a place of the first map of a strip: `y` and `x` from 0 to 1. */
async function press(page, strip, y, x) {
  const canvas = page.locator('.map-strip').nth(strip);
  await canvas.scrollIntoViewIfNeeded();
  const { left, top, height } = await canvas.evaluate((element) => { const { left, top, height } = element.getBoundingClientRect(); return { left, top, height }; });
  await page.mouse.click(left + height * x, top + height * y);
}
const title = (page) => page.locator('.arithmetic h3');
/** The numbers are those of the place in the title: they come a moment after it. */
const settled = (page) => expect(page.locator('.arithmetic-derived')).toHaveAttribute('aria-busy', 'false');
/** A number as the page writes it. */
const read = (text) => Number(text.replace('−', '-').replaceAll(',', ''));

test('the arithmetic of a pixel, and the way back to the image', async ({ page }) => {
  await open(page, `${SMALL}&net=cnn`);
  await drawn(page).toBeGreaterThanOrEqual(5);
  // Line 8 and column 8 of the fourteen that the first pooling leaves.
  await press(page, 3, 7.5 / 14, 7.5 / 14);
  await expect(title(page)).toHaveText(/^act2, channel 1, line 8, column 8$/);
  const steps = page.locator('.arithmetic-step');
  await expect(steps).toHaveCount(2);
  await expect(steps.first()).toContainText('with the bias');
  const [, sum, bias, value] = /make (?:.* = )?(\S+); with the bias (\S+) that is (\S+)\.$/.exec(await steps.first().locator('p').first().textContent());
  expect(Math.abs(read(sum) + read(bias) - read(value))).toBeLessThan(0.01);
  const [, input, output] = /: (\S+) becomes (\S+)\.$/.exec(await steps.nth(1).locator('p').textContent());
  expect([input, read(output)]).toEqual([value, Math.max(0, read(input))]);
  await expect(page.locator('.map-mark')).toBeVisible();

  // Another channel has another number; the patch of each channel leads to the pooling before, and its winner to the layer before that.
  await page.getByRole('button', { name: 'Next channel' }).click();
  await expect(title(page)).toHaveText(/channel 2, line 8, column 8$/);
  await page.locator('button.arithmetic-from').first().click();
  await expect(title(page)).toHaveText(/^pool1, channel \d+, line 8, column 8$/);
  await expect(steps.first()).toContainText('of 4 numbers the largest goes on');
  await expect(page.locator('.arithmetic-grid [data-winner]')).toHaveCount(1);
  await page.getByRole('button', { name: 'the winner' }).click();
  await expect(title(page)).toHaveText(/^act1, channel \d+, line 1[56], column 1[56]$/);
  // Behind it is the image: nothing leads on.
  await expect(steps.first()).toContainText('the kernel lies');
  await expect(page.locator('button.arithmetic-from')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.locator('.arithmetic')).toBeHidden();
  await expect(page.locator('.answer-of-network')).toBeVisible();
});

for (const [family, link] of [['the small CNN', 'net=cnn'], ['a residual network', 'net=resnet&blocks=1&width=4'], ['a U-Net', 'net=unet&width=4']]) {
  test(`on a phone what a press opens is on the screen: ${family}`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page, `${SMALL}&${link}`);
    await page.locator('section.network').scrollIntoViewIfNeeded();
    await drawn(page).toBeGreaterThanOrEqual(2);
    await press(page, 1, 0.5, 0.5);
    await expect(title(page)).toBeInViewport({ ratio: 1 });
    // Its first sentence is above the bar with Run.
    const first = page.locator('.arithmetic-step p').first();
    await expect(first).toContainText('the kernel lies');
    const ends = await first.evaluate((sentence) => [sentence.getBoundingClientRect().bottom, document.querySelector('#run-bar').getBoundingClientRect().top]);
    expect(ends[0]).toBeLessThan(ends[1]);
  });
}

test('the arithmetic with the keyboard alone, of a dense layer, and what axe says', async ({ page }) => {
  await open(page, `${SMALL}&net=mlp`);
  await drawn(page).toBeGreaterThanOrEqual(2);
  await page.locator('.drawing .part[tabindex="0"]').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page.locator('.arithmetic-step')).toHaveCount(2);
  await expect(page.locator('.arithmetic')).toContainText('Softmax');
  await expect(page.locator('.arithmetic')).toContainText('The 4 largest products');
  const { violations } = await new AxeBuilder({ page }).include('#network').analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`)).toEqual([]);
});

for (const [family, link, edges] of [['the small CNN', 'net=cnn', 4], ['a residual network', 'net=resnet&blocks=1&width=4', 8], ['a U-Net', 'net=unet&width=4', 13]]) {
  test(`the gradient of each layer is on the drawing’s edges while it trains: ${family}`, async ({ page }) => {
    await open(page, `v=1&train=2000&test=100&epochs=40&batch=16&${link}`);
    const words = page.locator('.gradient-words');
    await expect(words).toHaveCount(edges);
    await expect(words.first()).toHaveText('');
    await page.locator('.drawing').scrollIntoViewIfNeeded();
    await page.locator('#run').click();
    for (const one of await words.all()) await expect(one).toHaveText(/^gradient [\d.]+$/);
    // All of one moment: each is above zero, and the larger it is, the wider is its edge.
    const edge = await page.locator('.gradient').evaluateAll((all) => all.map((line) => [Number(line.getAttribute('stroke-width')), line.nextElementSibling.textContent]));
    const sorted = edge.map(([width, text]) => ({ width, norm: read(text.replace('gradient ', '')) })).sort((a, b) => a.norm - b.norm || a.width - b.width);
    expect(sorted.length).toBe(edges);
    expect(sorted[0].norm).toBeGreaterThan(0);
    expect(sorted[0].width).toBeGreaterThan(1);
    expect(sorted.at(-1).norm).toBeGreaterThan(sorted[0].norm);
    expect(sorted.at(-1).width).toBeGreaterThan(sorted[0].width);
    for (const [at, { width }] of sorted.entries()) expect(width).toBeGreaterThanOrEqual(sorted[at - 1]?.width ?? 0);
  });
}

test('a plain deep network is seen to starve at its first layers, and with shortcuts it is not', async ({ page }) => {
  const first = {};
  for (const residual of ['off', 'on']) {
    await page.goto('about:blank');
    await open(page, `v=1&train=2000&test=100&epochs=40&batch=16&net=resnet&blocks=4&width=4&batchnorm=off&residual=${residual}`);
    await page.locator('.drawing').scrollIntoViewIfNeeded();
    await page.locator('#run').click();
    await expect(page.locator('.gradient-words').first()).toHaveText(/\d/);
    const [at, ...others] = await page.locator('.gradient-words').evaluateAll((all) => all.map((words) => words.textContent));
    first[residual] = read(at.replace('gradient ', '')) / Math.max(...others.map((one) => read(one.replace('gradient ', ''))));
  }
  expect(first.off).toBeLessThan(first.on / 10);
});

test('the arithmetic of a residual network: both passes of batch norm, a sum of what its branches bring, and the way on', async ({ page }) => {
  await open(page, `${SMALL}&net=resnet&blocks=1&width=4&batchnorm=on`);
  await drawn(page).toBeGreaterThanOrEqual(3);
  await press(page, 1, 0.5, 0.5);
  const derived = page.locator('.arithmetic-derived');
  await expect(derived).toContainText('the running mean');
  await expect(derived).toContainText('While training it is another number: in a batch of');
  const sum = page.locator('.drawing .kind-sum').first();
  await sum.focus();
  await sum.press('Enter');
  const terms = page.locator('.arithmetic-step', { hasText: 'Where branches meet' }).first();
  const [, written, value] = /the branches are added: (.+) is (\S+)\.$/.exec(await terms.locator('p').first().textContent());
  const total = written.split(' + ').reduce((sum, term) => sum + read(term.replaceAll(/[()]/g, '')), 0);
  expect(Math.abs(total - read(value))).toBeLessThan(0.02);
  await expect(terms.locator('tbody tr')).toHaveCount(2);
});

test('the arithmetic within an Inception module and of a U-Net leads back to the image', async ({ page }) => {
  for (const link of ['net=googlenet&width=4&blocks=1', 'net=unet&width=4']) {
    await open(page, `${SMALL}&${link}`);
    await drawn(page).toBeGreaterThanOrEqual(4);
    const late = page.locator(link.includes('unet') ? '.drawing .kind-conv2d' : '.drawing .cell').nth(4);
    await late.focus();
    await late.press('Enter');
    const back = page.locator('button.arithmetic-from');
    const places = new Set();
    for (let step = 0; step < 20; step += 1) {
      await settled(page);
      await expect(page.locator('.arithmetic-step').first()).toBeVisible();
      const place = await title(page).textContent();
      expect(places.has(place), place).toBe(false);
      places.add(place);
      if (await back.count() === 0) break;
      await back.first().click();
      await expect(title(page)).not.toHaveText(place);
    }
    // The first layer has nothing before it but the image.
    await expect(back, [...places].join(' ← ')).toHaveCount(0);
    expect(places.size, link).toBeGreaterThan(3);
  }
});

/** What is not drawn in the tests above. */
const OTHERS = ['mlp', 'lenet1', 'lenet', 'alexnet', 'vgg', 'densenet', 'mobilenet', 'exercise1-dense', 'exercise1', 'exercise3', 'own'];

/** The strips within the drawing's window, and those of them that show nothing. */
const strips = (page) => page.locator('.drawing').evaluate((drawing) => {
  const frame = drawing.getBoundingClientRect();
  const all = [...drawing.querySelectorAll('.map-strip')];
  const shown = all.filter((canvas) => { const { top, bottom } = canvas.getBoundingClientRect(); return top >= frame.top && bottom <= frame.bottom; });
  const empty = shown.filter((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.every((byte) => byte === 0));
  return { shown: shown.map((canvas) => all.indexOf(canvas)), empty: empty.map((canvas) => all.indexOf(canvas)), all: all.length };
});

test('every family lives: maps of each of its layers, and an answer', async ({ page }) => {
  test.slow();
  await page.setViewportSize({ width: 1440, height: 1200 });
  for (const family of OTHERS) {
    await page.goto('about:blank');
    await open(page, `${SMALL}&net=${family}`);
    await expect(when(page), family).toHaveText('before training');
    const seen = new Set();
    const { all } = await strips(page);
    for (let at = 0; seen.size < all && at < 40; at += 1) {
      await expect.poll(async () => (await strips(page)).empty, { message: `${family}, ${[...seen]} of ${all}` }).toEqual([]);
      for (const one of (await strips(page)).shown) seen.add(one);
      await page.locator('.drawing').evaluate((drawing) => { drawing.scrollTop += drawing.clientHeight / 2; });
    }
    expect(seen.size, family).toBe(all);
    expect(all, family).toBeGreaterThan(2);
    await expect(page.locator('.answer-bars .first'), family).toHaveCount(1);
    const whole = (await shares(page)).map((text) => Number.parseFloat(text)).reduce((sum, share) => sum + share, 0);
    expect(Math.abs(whole - 100), family).toBeLessThan(3);
  }
});

test('the dense layers of a gate and the zeros of a shortcut explain themselves too', async ({ page }) => {
  await open(page, `${SMALL}&net=cnn&attention=cbam&batchnorm=on`);
  await drawn(page).toBeGreaterThanOrEqual(4);
  const gate = page.locator('.drawing .kind-gate').first();
  await gate.focus();
  await gate.press('Enter');
  const first = page.locator('.arithmetic-step').first();
  await expect(first).toContainText('the same two dense layers take the channels’ means');
  const [, means, largest, bias, value] = /make (\S+), and their largest values, which make \(?([^\s)]+)\)?\. Each adds the bias (\S+): together (\S+)\.$/.exec(await first.locator('p').first().textContent());
  expect(Math.abs(read(means) + read(largest) + 2 * read(bias) - read(value))).toBeLessThan(0.02);
  await expect(first.locator('.values-table')).toHaveCount(4);

  await open(page, `${SMALL}&net=resnet&blocks=1&width=4&shortcut=zero-pad`);
  await drawn(page).toBeGreaterThanOrEqual(4);
  const { violations } = await new AxeBuilder({ page }).include('#network').analyze();
  expect(violations).toEqual([]);
});

for (const [name, width, height] of [['a laptop', 1440, 900], ['a phone', 390, 844], ['a phone on its side', 844, 390]]) {
  test(`the drawing as large as the window, on ${name}: the same drawing, larger maps, and nothing behind it moves`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, `${SMALL}&net=cnn`);
    const larger = page.getByRole('button', { name: 'As large as the window' });
    await larger.scrollIntoViewIfNeeded();
    await drawn(page).toBeGreaterThanOrEqual(2);
    await page.evaluate(() => { window.same = document.querySelector('.drawing svg'); });
    const boxOf = (of) => page.locator(of).first().evaluate((element) => { const { x, y, width, height } = element.getBoundingClientRect(); return [x, y, width, height].map(Math.round); });
    const [runs, network, map] = [await boxOf('.runs'), await boxOf('section.network'), await boxOf('.map-strip')];
    await larger.focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('section.network')).toHaveAttribute('data-enlarged', '');
    const [left, top, wide, high] = await boxOf('section.network');
    expect([left, top]).toEqual([0, 0]);
    expect(wide).toBeGreaterThanOrEqual(width - 20);
    expect(high).toBeGreaterThanOrEqual(height - 2);
    expect((await boxOf('.map-strip'))[3]).toBeGreaterThanOrEqual(map[3]);
    if (width > 1000) expect((await boxOf('.map-strip'))[3]).toBeGreaterThan(1.5 * map[3]);
    expect(await page.evaluate(() => window.same === document.querySelector('.drawing svg') && document.querySelectorAll('.drawing svg').length)).toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    // The rest of the page is out of reach, and the arithmetic is within.
    await press(page, 1, 0.5, 0.5);
    await expect(title(page)).toBeInViewport();
    await expect(page.locator('.arithmetic-step').first()).toContainText('the kernel lies');
    const { violations } = await new AxeBuilder({ page }).include('section.network').analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.locator('.arithmetic')).toBeHidden();
    await page.keyboard.press('Escape');
    await expect(page.locator('section.network')).not.toHaveAttribute('data-enlarged');
    await expect(page.getByRole('button', { name: 'As large as the window' })).toBeVisible();
    expect([await boxOf('.runs'), await boxOf('section.network')]).toEqual([runs, network]);
  });
}
