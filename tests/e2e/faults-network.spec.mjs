// The network: modules, manifests and shards that do not come, come late, or come as something else.
import { DESK, FATES, INSTRUCTIONS, MODULES, SCRIPTS, SECOND, SHORT, again, begin, button, count, counted, counter, expect, hold, hurry, messages, open, rows, run, state, steps, test, told, unharmed, worker } from './trouble.mjs';

/** Answers that cannot pass for the file; of text, wrong bytes are another file of the kind. */
const OF_SCRIPTS = ['answers 404', 'is a login page', 'never answers'];
const OF_INSTRUCTIONS = ['answers 500', 'is a login page', 'has wrong bytes', 'never answers'];
const OF_MANIFESTS = ['is a login page', 'cannot be reached', 'never answers'];
const OF_SHARDS = ['answers 404', 'is a login page', 'is cut in half', 'has wrong bytes', 'cannot be reached', 'never answers'];

for (const [what, glob, fates] of [['the worker’s script', DESK, OF_SCRIPTS], ['a script that trains', SCRIPTS, OF_SCRIPTS], ['a module’s instructions', INSTRUCTIONS, OF_INSTRUCTIONS]]) {
  for (const fate of fates) {
    test(`${what}: ${fate}; the next try works`, async ({ page }) => {
      await hurry(page);
      await page.route(glob, FATES[fate]);
      await open(page, SHORT);
      await button(page).click();
      await (fate === 'never answers' ? expect(messages(page)).toContainText('training program') : told(page, 'training program'));
      await expect(messages(page)).not.toContainText('unexpectedly ()');
      await page.unroute(glob);
      await again(page);
      await unharmed(page);
    });
  }
}

test('a worker that ends while data is on its way is told of, and the next one has the run', async ({ page }) => {
  await hurry(page);
  const shard = await hold(page, '**/data/mnist/train-00.png');
  await page.goto(`#${SHORT}&device=cpu`);
  await expect(button(page)).toBeEnabled();
  await button(page).click();
  await expect(state(page)).toContainText('Getting the data');
  void worker(page).evaluate(() => self.close()).catch(() => {});
  await expect(messages(page)).toContainText('said nothing');
  await shard.release();
  await again(page);
  await unharmed(page);
});

test('the list of modules comes after 4 s, and Run was pressed twice: one run', async ({ page }) => {
  const list = await hold(page, MODULES);
  await open(page, SHORT);
  await page.keyboard.press('r');
  await page.keyboard.press('r');
  await list.release();
  // The second press was a pause: of that very run.
  await expect(button(page)).toHaveText('Continue');
  await expect(rows(page)).toHaveCount(1);
  await button(page).click();
  await expect(state(page)).toHaveText('Done');
  await expect(rows(page)).toHaveCount(1);
  await unharmed(page);
});

for (const [what, fate] of Object.entries({
  'never answers': FATES['never answers'],
  'is null': (route) => route.fulfill({ json: null }),
  'is a login page': FATES['is a login page'],
})) {
  test(`the list of modules ${what}: it trains on the CPU`, async ({ page }) => {
    await hurry(page);
    await page.route(MODULES, fate);
    await open(page, SHORT);
    await button(page).click();
    await unharmed(page);
  });
}

for (const fate of ['answers 404', 'is a login page', 'has wrong bytes', 'cannot be reached']) {
  test(`a shard that Look inside needs: ${fate}; the words name the file, and the next try works`, async ({ page }) => {
    await open(page, SHORT);
    await run(page);
    await page.route('**/data/mnist/test-00.png', FATES[fate]);
    await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
    const inside = page.locator('#inside');
    await inside.scrollIntoViewIfNeeded();
    await expect(inside).toContainText('test-00.png');
    await page.unroute('**/data/mnist/test-00.png');
    await inside.getByRole('button', { name: 'Try again' }).click();
    await expect(page.locator('.kernels canvas')).toHaveCount(16);
    await expect(inside).not.toContainText('test-00.png');
  });
}

for (const fate of OF_MANIFESTS) {
  test(`a manifest ${fate}: the words name the data set, and the next try works`, async ({ page }) => {
    await hurry(page);
    await open(page, SHORT);
    await page.route('**/data/fashion-mnist/manifest.json', FATES[fate]);
    await page.locator('#field-data').selectOption('fashion-mnist');
    await button(page).click();
    await told(page, /Fashion-MNIST|fashion-mnist/);
    // Where the images should be, too.
    await expect(page.locator('#seen')).toHaveAttribute('data-state', 'failed');
    await page.unroute('**/data/fashion-mnist/manifest.json');
    await page.locator('#seen').getByRole('button', { name: 'Try again' }).click();
    await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
    await again(page);
    await unharmed(page);
  });
}

test('a manifest that names no shard is a file at fault, and no limit of a field', async ({ page }) => {
  await open(page, SHORT);
  await page.route('**/data/fashion-mnist/manifest.json', async (route) => {
    const response = await route.fetch({ maxRetries: 3 });
    await route.fulfill({ response, json: { ...(await response.json()), train: [] } });
  });
  await page.locator('#field-data').selectOption('fashion-mnist');
  await button(page).click();
  await told(page, 'manifest.json');
});

for (const fate of OF_SHARDS) {
  test(`a shard ${fate}: the words name the file, what was learned is kept, and it goes on`, async ({ page }) => {
    await hurry(page);
    await page.route('**/data/mnist/train-01.png', FATES[fate]);
    await open(page, SECOND);
    await button(page).click();
    await told(page, 'train-01.png');
    await expect(rows(page)).toHaveCount(1);
    await page.unroute('**/data/mnist/train-01.png');
    await again(page);
    await unharmed(page);
  });
}

test('the network goes away in the middle of a run and comes back', async ({ page, context }) => {
  const shard = await hold(page, '**/data/mnist/train-01.png');
  await open(page, SECOND);
  await button(page).click();
  await expect.poll(shard.asked).toBeGreaterThan(0);
  await context.setOffline(true);
  await shard.release();
  await told(page, 'train-01.png');
  await context.setOffline(false);
  await again(page);
  await unharmed(page);
});

test('a run is done, the network is gone, another data set is run: the page lives, says why, and nothing spins', async ({ page, context }) => {
  await count(page);
  await open(page, SHORT);
  await button(page).click();
  await expect(state(page)).toHaveText('Done');
  await context.setOffline(true);
  await page.locator('#field-data').selectOption('cifar10');
  await button(page).click();
  await told(page, /CIFAR-10|cifar10/);
  const { reports, writes } = await counted(page);
  expect(reports).toBeLessThan(5);
  expect(writes).toBe(0);
  // The run before is what it was.
  await expect(rows(page).last()).toContainText('Run 1');
  await context.setOffline(false);
  await again(page);
  await unharmed(page);
});

for (const [what, glob] of Object.entries({
  'the list of modules': MODULES, 'the module': INSTRUCTIONS, 'the manifest': '**/data/fashion-mnist/manifest.json',
  'the first shard': '**/data/fashion-mnist/train-00.png', 'the second shard': '**/data/fashion-mnist/train-01.png',
})) {
  test(`Pause while ${what} is on its way is obeyed, and Continue goes on`, async ({ page }) => {
    await open(page, SECOND);
    // A worker that has nothing yet.
    const held = await hold(page, glob);
    if (glob === MODULES || glob === INSTRUCTIONS) await page.reload();
    await page.locator('#field-data').selectOption('fashion-mnist');
    await button(page).click();
    await expect(button(page)).toHaveText('Pause');
    await button(page).click();
    await expect(button(page)).toHaveText('Continue');
    await held.release();
    const made = await steps(page);
    await page.waitForTimeout(500);
    expect(await steps(page)).toBe(made);
    await expect(button(page)).toHaveText('Continue');
    await button(page).click();
    await unharmed(page);
  });
}

test('a reload while a shard never comes keeps the run', async ({ page }) => {
  await page.route('**/data/mnist/train-01.png', FATES['never answers']);
  await open(page, SECOND);
  await begin(page, 5);
  await page.unroute('**/data/mnist/train-01.png');
  await page.reload();
  await expect(messages(page)).toContainText('Run 1 was interrupted');
  await again(page);
  await unharmed(page);
});

test('another data set is chosen and run while a shard of the first never comes', async ({ page }) => {
  await page.route('**/data/mnist/train-01.png', FATES['never answers']);
  await open(page, SECOND);
  await begin(page, 5);
  await page.locator('#field-data').selectOption('fashion-mnist');
  await button(page).click();
  await expect(button(page)).toHaveText('Run');
  await button(page).click();
  await expect(state(page)).toHaveText('Done');
  await expect(counter(page, 'steps')).toHaveText('20');
});
