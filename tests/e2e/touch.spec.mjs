// A network that is changed by hand: what is seen of it, what is undone, how it trains on, and that nothing is claimed of that.
import { AxeBuilder } from '@axe-core/playwright';
import { SMALL, expect, open, run, test } from './page.mjs';

/** The pixels of a strip of maps, as one number. */
const prints = (page) => page.locator('.map-strip').evaluateAll((all) => all.map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, byte, at) => (sum * 31 + byte * (at % 97)) % 1e9, 0);
}));
const drawn = (page, least) => expect.poll(async () => (await prints(page)).filter((sum) => sum !== 0).length).toBeGreaterThanOrEqual(least);

/** Presses the first map of a strip in its middle, and opens what can be changed there. */
async function touchAt(page, strip) {
  const canvas = page.locator('.map-strip').nth(strip);
  await canvas.scrollIntoViewIfNeeded();
  const { left, top, height } = await canvas.evaluate((element) => { const { left, top, height } = element.getBoundingClientRect(); return { left, top, height }; });
  await page.mouse.click(left + height / 2, top + height / 2);
  const editor = page.locator('.editor');
  await expect(editor).toBeVisible();
  if (!await editor.evaluate((details) => details.open)) await editor.locator('summary').click();
  return editor;
}
const bar = (page) => page.locator('.touched');
const said = (page) => bar(page).locator('li');
const answer = (page) => page.locator('.touched-answer');

test('the small CNN: a weight, an edge detector and a channel off are seen at once, and undone one by one', async ({ page }) => {
  await open(page, `${SMALL}&net=cnn`);
  await drawn(page, 5);
  await run(page);
  await expect(page.locator('.answer-when')).toContainText('after 40 steps');
  const editor = await touchAt(page, 1);
  const before = JSON.stringify(await prints(page));

  const weight = editor.getByLabel('Weight on channel 1, line 2, column 2');
  await weight.fill('5');
  await weight.press('Enter');
  await expect(said(page)).toHaveText(['conv1: a weight of channel 1 is 5']);
  await expect.poll(async () => JSON.stringify(await prints(page))).not.toBe(before);
  await expect(answer(page)).toHaveText(/^It answers \w+ with [\d.]+.?%\.$/);
  // That is what the bars show, which lie behind the arithmetic.
  const [, named, share] = /^It answers (\w+) with (.+)\.$/.exec(await answer(page).textContent());
  expect(await page.locator('.answer-bars .first .answer-name').textContent()).toBe(named);
  expect(await page.locator('.answer-bars .first .answer-value').textContent()).toBe(share);
  // The arithmetic has the new number, and what follows from it.
  await expect(page.locator('.arithmetic-step').first()).toContainText('with the bias');
  await expect(editor.getByLabel('Weight on channel 1, line 2, column 2')).toHaveValue('5');

  // What holds is said, and nothing else: the whole kernel is in place of its weight, and a channel that is off has neither.
  await editor.getByLabel('Set the kernel to').selectOption('sobel-x');
  await expect(said(page)).toHaveText(['conv1: the kernel of channel 1 is “Upright edges (Sobel x)”']);
  await expect(editor.getByLabel('Weight on channel 1, line 2, column 3')).toHaveValue('0.5');
  await editor.getByRole('button', { name: 'Channel off' }).click();
  await expect(said(page)).toHaveText(['conv1: channel 1 is off']);

  await bar(page).getByRole('button', { name: 'Undo' }).click();
  await expect(said(page)).toHaveText([/kernel of channel 1/]);
  await bar(page).getByRole('button', { name: 'Undo' }).click();
  await expect(said(page)).toHaveText(['conv1: a weight of channel 1 is 5']);
  await editor.getByRole('button', { name: 'Channel off' }).click();
  await editor.getByRole('button', { name: 'Channel on again' }).click();
  await expect(bar(page)).toBeHidden();
  await editor.getByRole('button', { name: 'Freeze the layer' }).click();
  await expect(said(page)).toHaveText(['conv1 is frozen']);
  await bar(page).getByRole('button', { name: 'All as trained' }).click();
  await expect(bar(page)).toBeHidden();
  await expect.poll(async () => JSON.stringify(await prints(page))).toBe(before);

  // What cannot be: a clear word, and nothing has changed.
  const first = editor.getByLabel('Weight on channel 1, line 1, column 1');
  await first.fill('1e9');
  await first.press('Enter');
  await expect(page.locator('.touched-problem')).toContainText('is outside -1000 to 1000');
  await expect(said(page)).toHaveCount(0);
  expect(JSON.stringify(await prints(page))).toBe(before);

  // Another width has none of the changes, which is said; with the first one again they can be made again.
  await editor.getByRole('button', { name: 'Channel off' }).click();
  await expect(said(page)).toHaveText(['conv1: channel 1 is off']);
  const messages = page.locator('#messages');
  await page.evaluate(() => { location.hash += '&width=8'; });
  await expect(messages).toContainText('This network has none of your changes by hand.');
  await expect(bar(page)).toBeHidden();
  await page.goBack();
  await messages.getByRole('button', { name: 'Undo' }).click();
  await expect(said(page)).toHaveText(['conv1: channel 1 is off']);
});

test('the accuracy on the test images follows, and a new run begins with the changed network', async ({ page }) => {
  await open(page, `${SMALL}&net=cnn`);
  await drawn(page, 5);
  await run(page);
  const editor = await touchAt(page, 1);
  await editor.getByRole('button', { name: 'Layer off' }).click();
  await bar(page).getByRole('button', { name: 'Test accuracy' }).click();
  const accuracy = page.locator('.touched-accuracy');
  await expect(accuracy).toHaveText(/^Test accuracy [\d.]+.?%; as trained [\d.]+.?%$/, { timeout: 20_000 });
  const [off, trained] = (await accuracy.textContent()).match(/[\d.]+(?=.?%)/g).map(Number);
  // Without its first layer it answers the same to every image.
  expect(off).toBeLessThan(30);
  expect(trained).toBeGreaterThan(50);
  // Once asked for, it follows.
  await bar(page).getByRole('button', { name: 'Undo' }).click();
  await editor.getByRole('button', { name: 'Channel off' }).click();
  await expect(said(page)).toHaveText(['conv1: channel 1 is off']);
  const follows = async () => (await accuracy.textContent()).match(/^Test accuracy ([\d.]+).?%; as trained ([\d.]+).?%$/)?.slice(1).map(Number);
  await expect.poll(async () => (await follows())?.[0], { timeout: 20_000 }).toBeGreaterThan(off);
  expect((await follows())[1]).toBe(trained);

  await bar(page).getByRole('button', { name: 'Train a new run from here' }).click();
  await expect(page.locator('#run-state')).toHaveText('Done', { timeout: 30_000 });
  const row = page.locator('#runs tr[data-run]').filter({ hasText: 'Run 2' });
  await expect(row.locator('.run-touched')).toHaveText(['From the weights of Run 1', 'Changed by hand: conv1: channel 1 is off']);
  // It is no claim: no link that claims, and its line in a table is marked.
  await row.getByRole('button', { name: /More/ }).click();
  // What a link or a seed cannot say is not offered: it would be another network.
  await expect(page.getByRole('menuitem', { name: /Rename/ })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /link|again|seeds/i })).toHaveCount(0);
  await expect(page.getByRole('menuitem', { name: /result/i })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.locator('#finding .left-out')).toHaveText('Run 2 is left out: its network was changed by hand, or began from given weights.');
  const one = page.locator('#runs tr[data-run]').last();
  await one.getByRole('button', { name: /More/ }).click();
  await expect(page.getByRole('menuitem', { name: /result/i })).toHaveCount(1);
  await page.keyboard.press('Escape');
  // It is said after a reload as well.
  await page.reload();
  await expect(page.locator('.run-touched')).toHaveText(['From the weights of Run 1', 'Changed by hand: conv1: channel 1 is off']);
});

test('a residual network: a block without its shortcut; a run goes on with a frozen layer, also after a reload', async ({ page }) => {
  await open(page, 'v=1&train=2000&test=100&epochs=20&batch=16&net=resnet&blocks=1&width=4');
  await page.locator('#run').click();
  await expect(page.locator('.answer-when')).toHaveText(/^Run 1, after [\d,]+ steps$/);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  const editor = await touchAt(page, 2);
  const before = JSON.stringify(await prints(page));
  await editor.getByRole('button', { name: 'Shortcut off' }).click();
  await expect(said(page)).toHaveText([/has no shortcut$/]);
  await page.locator('.carried').nth(1).scrollIntoViewIfNeeded();
  await expect(page.locator('.carried').nth(1)).toHaveText('carries 0');
  await expect.poll(async () => JSON.stringify(await prints(page))).not.toBe(before);
  await editor.getByRole('button', { name: 'Freeze the layer' }).click();
  await expect(said(page)).toHaveCount(2);
  // The drawing has the weights that the run was paused with.
  const steps = /[\d,]+/.exec(await page.locator('[data-counter="steps"]').textContent())[0];
  await expect(page.locator('.answer-when')).toHaveText(`Run 1, after ${steps} steps`);
  // The channels that add most come first, and those may be others later.
  const weights = () => page.locator('.editor-kernel input').evaluateAll((all) => all.map((field) => field.value).sort());
  const frozen = await weights();
  expect(frozen.length).toBeGreaterThan(8);
  await bar(page).getByRole('button', { name: 'Go on training from here' }).click();
  await expect(bar(page)).toBeHidden();
  await expect(page.locator('.run-touched')).toHaveText(/has no shortcut · .* is frozen$/);
  const samples = await page.locator('[data-counter="samples"]').textContent();
  await expect(page.locator('[data-counter="samples"]')).not.toHaveText(samples);
  // What is off stays off in the pictures of newer weights.
  const when = page.locator('.answer-when');
  for (const before of [await when.textContent(), undefined]) {
    await expect(when).not.toHaveText(before ?? await when.textContent());
    expect(await page.locator('.carried').nth(1).textContent()).toBe('carries 0');
  }
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  // What is frozen has learned nothing, and the layer before it has.
  const again = await touchAt(page, 2);
  await expect(again.getByRole('button', { name: 'Train the layer further' })).toBeVisible();
  expect(await weights()).toEqual(frozen);
  // What is off or frozen is taken back; what was learned meanwhile stays.
  await again.getByRole('button', { name: 'Train the layer further' }).click();
  await expect(said(page)).toHaveText([/is trained further$/]);
  await bar(page).getByRole('button', { name: 'Undo' }).click();
  await expect(again.getByRole('button', { name: 'Train the layer further' })).toBeVisible();
  await again.getByRole('button', { name: 'Shortcut on again' }).click();
  await expect(said(page)).toHaveText([/has its shortcut again$/]);
  await page.locator('.carried').nth(1).scrollIntoViewIfNeeded();
  await expect(page.locator('.carried').nth(1)).not.toHaveText('carries 0');
  await bar(page).getByRole('button', { name: 'All as trained' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Resume it' }).click();
  await expect(page.locator('[data-counter="samples"]')).not.toHaveText(samples);
  await expect(page.locator('.run-touched')).toHaveText(/has no shortcut · .* is frozen$/);
  await expect(page.locator('#runs tr[data-run]')).toHaveCount(1);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  const last = await touchAt(page, 2);
  await last.getByRole('button', { name: 'Shortcut on again' }).click();
  await last.getByRole('button', { name: 'Train the layer further' }).click();
  await expect(said(page)).toHaveCount(2);
  await bar(page).getByRole('button', { name: 'Go on training from here' }).click();
  // It stays no run of its experiment.
  await expect(page.locator('.run-touched')).toHaveText('Changed by hand: everything is taken back; what was learned meanwhile stays');
});

test('a dense network and a U-Net are changed in the same way', async ({ page }) => {
  await open(page, `${SMALL}&net=mlp`);
  await drawn(page, 3);
  let editor = await touchAt(page, 1);
  const plain = JSON.stringify(await prints(page));
  await expect(editor.getByLabel('Set the kernel to')).toHaveCount(0);
  await editor.getByLabel('Bias').fill('2');
  await editor.getByLabel('Bias').press('Enter');
  await expect(said(page)).toHaveText([/^fc1: the bias of channel \d+ is 2$/]);
  await expect.poll(async () => JSON.stringify(await prints(page))).not.toBe(plain);
  await editor.getByRole('button', { name: 'Channel off' }).click();
  await expect(said(page)).toHaveText([/^fc1: channel \d+ is off$/]);
  // What is off has no numbers.
  await expect(editor.getByLabel('Bias')).toBeDisabled();

  await open(page, `${SMALL}&net=unet&width=4`);
  await expect(bar(page)).toBeHidden();
  await drawn(page, 4);
  editor = await touchAt(page, 1);
  const before = JSON.stringify(await prints(page));
  await editor.getByLabel('Set the kernel to').selectOption('laplace');
  await expect(said(page)).toHaveCount(1);
  await expect.poll(async () => JSON.stringify(await prints(page))).not.toBe(before);
  await bar(page).getByRole('button', { name: 'Test IoU' }).click();
  await expect(page.locator('.touched-accuracy')).toHaveText(/^Test IoU [\d.]+.?%/, { timeout: 30_000 });
});

test('on a phone, with a finger: a weight, a kernel, off, frozen, and back', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await open(page, `${SMALL}&net=cnn`);
  await page.locator('section.network').scrollIntoViewIfNeeded();
  await drawn(page, 2);
  const canvas = page.locator('.map-strip').nth(1);
  await canvas.scrollIntoViewIfNeeded();
  const { left, top, height } = await canvas.evaluate((element) => { const { left, top, height } = element.getBoundingClientRect(); return { left, top, height }; });
  await page.touchscreen.tap(left + height / 2, top + height / 2);
  await expect(page.locator('.arithmetic h3')).toBeInViewport({ ratio: 1 });
  const editor = page.locator('.editor');
  await editor.locator('summary').tap();
  // The drawing is off the screen now: the sum that is written out follows.
  const sum = () => page.locator('.arithmetic-step p').first().textContent();
  await expect(page.locator('.arithmetic-derived')).toHaveAttribute('aria-busy', 'false');
  const before = await sum();
  const weight = editor.getByLabel('Weight on channel 1, line 2, column 2');
  await weight.tap();
  await weight.fill('5');
  await weight.blur();
  await expect(said(page)).toHaveText(['conv1: a weight of channel 1 is 5']);
  await expect.poll(sum).not.toBe(before);
  await editor.getByLabel('Set the kernel to').selectOption('sobel-x');
  await expect(said(page)).toHaveText([/the kernel of channel 1/]);
  for (const [name, words] of [['Channel off', 'conv1: channel 1 is off'], ['Freeze the layer', 'conv1 is frozen']]) {
    await editor.getByRole('button', { name }).tap();
    await expect(said(page).last()).toHaveText(words);
  }
  // All that is pressed is as large as a finger, and none of it lies below the bar with Run.
  const small = await page.locator('.editor :is(input, select, button, summary), .touched button, .arithmetic-tools button').evaluateAll((all) => all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 90)));
  expect(small).toEqual([]);
  const undo = bar(page).getByRole('button', { name: 'Undo' });
  for (const left of [['conv1: channel 1 is off'], [/the kernel of channel 1/], ['conv1: a weight of channel 1 is 5']]) {
    await undo.tap();
    await expect(said(page)).toHaveText(left);
  }
  await undo.tap();
  await expect(bar(page)).toBeHidden();
  await expect.poll(sum).toBe(before);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await context.close();
});

test('changing by hand is accessible, and done with the keyboard', async ({ page }) => {
  await open(page, `${SMALL}&net=cnn`);
  await drawn(page, 5);
  const editor = await touchAt(page, 1);
  const off = editor.getByRole('button', { name: 'Channel off' });
  await off.focus();
  await page.keyboard.press('Enter');
  await expect(said(page)).toHaveCount(1);
  const { violations } = await new AxeBuilder({ page }).include('#network').analyze();
  expect(violations).toEqual([]);
  await page.keyboard.press('Tab');
  const undo = bar(page).getByRole('button', { name: 'All as trained' });
  await undo.focus();
  await page.keyboard.press('Enter');
  await expect(bar(page)).toBeHidden();
  await expect(page.locator('.arithmetic h3')).toBeFocused();
});
