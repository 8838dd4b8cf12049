// The worker that trains: it ends, it hangs, it was frozen with the page.
import { readFileSync } from 'node:fs';
import { THREADS } from './page.mjs';
import { SHORT, again, alive, begin, button, curves, expect, hurry, messages, open, reach, rows, run, slowly, state, steps, test, told, unharmed, worker } from './trouble.mjs';

const CHINESE = JSON.parse(readFileSync(new URL('../../www/locales/zh-CN.json', import.meta.url), 'utf8'));

const ENDS = 'closes itself';
const FAULTS = {
  [ENDS]: () => self.close(),
  'never comes back from a call': () => { for (;;); },
};

for (const [fault, make] of Object.entries(FAULTS)) {
  test(`a worker that ${fault} is told of, and the run goes on from what was kept`, async ({ page }) => {
    const asUsual = await slowly(page);
    await hurry(page);
    await open(page, SHORT);
    await begin(page);
    await asUsual();
    void worker(page).evaluate(make).catch(() => {});
    await expect(messages(page)).toContainText('said nothing');
    await alive(page);
    await expect(rows(page)).toHaveCount(1);
    await again(page);
    await unharmed(page);
  });

  test(`a worker that ${fault}, and a reload: the run goes on from what was kept`, async ({ page }) => {
    const asUsual = await slowly(page);
    await open(page, SHORT);
    await begin(page);
    await asUsual();
    void worker(page).evaluate(make).catch(() => {});
    await page.reload();
    await expect(messages(page)).toContainText('Run 1 was interrupted');
    await again(page);
    await unharmed(page);
  });

  test(`Pause after a worker that ${fault} does not wait for ever`, async ({ page }) => {
    const asUsual = await slowly(page);
    await hurry(page);
    await open(page, SHORT);
    await begin(page);
    await asUsual();
    void worker(page).evaluate(make).catch(() => {});
    await button(page).click();
    await expect(messages(page)).toContainText('said nothing');
    await again(page);
    await unharmed(page);
  });

  test(`a worker that ${fault} while it is not needed: the next run gets another`, async ({ page }) => {
    await hurry(page);
    await open(page, SHORT);
    await expect.poll(() => worker(page) !== undefined).toBe(true);
    void worker(page).evaluate(make).catch(() => {});
    await button(page).click();
    // A worker whose program had not come is replaced at once; of another one the person is told.
    const silent = messages(page).getByText('said nothing');
    await expect(silent.or(state(page).getByText('Done', { exact: true })).first()).toBeVisible();
    if (await silent.isVisible()) await again(page);
    await expect(state(page)).toHaveText('Done');
    await unharmed(page);
  });
}

test('a call that traps, and a reload: the run goes on from what was kept', async ({ page }) => {
  const asUsual = await slowly(page, 150, { calls: 15 });
  await open(page, SHORT);
  await button(page).click();
  await told(page, 'stopped unexpectedly');
  await asUsual();
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  await again(page);
  await expect(state(page)).toHaveText('Done');
});

test('a page that was frozen in the middle of a run goes on as if nothing had happened', async ({ page, context }) => {
  const asUsual = await slowly(page);
  await open(page, SHORT);
  await begin(page, 5);
  const session = await context.newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  // Longer than any deadline that the page could have for its worker.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await asUsual();
  await unharmed(page);
  await expect(page.locator('.message')).toHaveCount(0);
});

for (const after of [1, 12]) {
  test(`a reload after step ${after} of a run keeps it`, async ({ page }) => {
    const asUsual = await slowly(page);
    await open(page, SHORT);
    await begin(page, after);
    await asUsual();
    await page.reload();
    await expect(messages(page)).toContainText('Run 1 was interrupted');
    await expect(rows(page)).toHaveCount(1);
    expect((await curves(page)).length).toBeGreaterThan(0);
    await again(page);
    await unharmed(page);
  });
}

test('who goes to another page and comes back finds the run', async ({ page }) => {
  const asUsual = await slowly(page);
  await open(page, SHORT);
  await begin(page, 3);
  await asUsual();
  await page.goto('builder.html');
  await page.goBack();
  await expect(messages(page)).toContainText('Run 1 was interrupted');
  await again(page);
  await unharmed(page);
});

for (const paused of [false, true]) {
  test(`another language while a run is ${paused ? 'paused' : 'on'}: all runs are there, and one press goes on with it`, async ({ page }) => {
    const language = page.locator('#language select');
    await open(page, SHORT);
    await run(page);
    const asUsual = await slowly(page);
    await page.reload();
    await begin(page);
    await asUsual();
    if (paused) {
      await button(page).click();
      await expect(state(page)).toHaveText('Paused');
    }
    await language.selectOption('zh-CN');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expect(rows(page)).toHaveCount(2);
    await messages(page).getByRole('button', { name: CHINESE['runs.go-on'] }).click();
    await expect(state(page)).toHaveText(CHINESE['state.done']);
    await language.selectOption('en');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(rows(page)).toHaveCount(2);
    const lines = await curves(page);
    const of = (number) => lines.filter((line) => line.run === number).map(({ run: _, ...line }) => line);
    expect(of(1).length).toBeGreaterThan(0);
    expect(of(2)).toEqual(of(1));
  });
}

test('Pause, Continue, Pause, as fast as they can be pressed: what the button says is so', async ({ page }) => {
  await slowly(page, 50);
  // It may not end before the last press, however fast the machine is.
  await open(page, SHORT.replace('train=160', 'train=640').replace('epochs=4', 'epochs=8'));
  for (let press = 0; press < 9; press += 1) await page.keyboard.press('r');
  // Run, and four times Pause and Continue.
  await expect(button(page)).toHaveText('Pause');
  await reach(page, 3);
  await page.keyboard.press('r');
  await expect(button(page)).toHaveText('Continue');
  await expect(state(page)).toHaveText('Paused');
  const made = await steps(page);
  await page.waitForTimeout(500);
  expect(await steps(page)).toBe(made);
  await button(page).click();
  await reach(page, made + 1);
  await unharmed(page);
  await alive(page);
});

test('threads that never say that they are there: after thirty seconds one trains, and the page does not say that it has more', async ({ page }) => {
  await hurry(page, 30_000);
  // Each thread is a worker of the training worker with this line for a script.
  await page.route('**/worker/threads.js', async (route) => {
    const response = await route.fetch({ maxRetries: 3 });
    await route.fulfill({ response, body: (await response.text()).replace(/`import .*?`/, '`self.onmessage = () => {};`') });
  });
  await open(page, `${SHORT}&device=cpu`);
  await expect(page.locator('#device-button')).toHaveAttribute('title', THREADS);
  await run(page);
  await expect(page.locator('#device-button')).not.toHaveAttribute('title', THREADS);
  await unharmed(page);
});

test('a worker that looks inside and says nothing: told after a minute, and the next question gets another, in the panel and in the drawing', async ({ page }) => {
  await hurry(page, 30_000);
  const words = 'has given no answer for 60 seconds, and was ended';
  // With the headers that a worker of an isolated page must have.
  const silent = async (route) => route.fulfill({ response: await route.fetch({ maxRetries: 3 }), body: 'self.onmessage = () => {};' });
  await page.route('**/worker/look.js', silent);
  let begun = 0;
  page.on('worker', (one) => { begun += Number(one.url().includes('/worker/look.js')); });
  await open(page, SHORT);
  const drawing = page.locator('#network');
  await expect(drawing).toContainText(words);
  // The drawing asks again by itself, for as long as it is seen.
  await expect.poll(() => begun).toBeGreaterThan(2);
  await page.unroute('**/worker/look.js', silent);
  await expect(drawing).toContainText('before training');
  await expect(drawing).not.toContainText(words);
  await run(page);
  await page.route('**/worker/look.js', silent);
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  const panel = page.locator('.inside-content');
  await expect(panel.getByText(words)).toBeVisible();
  await alive(page);
  await page.unroute('**/worker/look.js', silent);
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.locator('canvas').first()).toBeVisible();
  await expect(panel.getByText(words)).toBeHidden();
  await unharmed(page);
});

test('a worker that looks inside and whose script does not come: the file is named, and comes at a press', async ({ page }) => {
  await open(page, SHORT);
  await run(page);
  const refuse = (route) => route.fulfill({ status: 500, body: 'internal error' });
  await page.route('**/worker/look.js', refuse);
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  const panel = page.locator('.inside-content');
  await expect(panel.getByText('worker/look.js could not be fetched')).toBeVisible();
  await page.unroute('**/worker/look.js', refuse);
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.locator('canvas').first()).toBeVisible();
});
