// A run from Run to its end, on the CPU.
import { SMALL, THREADS, counter, curves, expect, open, run, test } from './page.mjs';

test('trains a small CNN: curves, counters, test accuracy', async ({ page }) => {
  await open(page, SMALL);
  await expect(page.locator('.formula-line')).toContainText('⌈640 ÷ 16⌉ = 40 steps per epoch');
  await run(page);
  await expect(counter(page, 'samples')).toHaveText('640');
  await expect(counter(page, 'steps')).toHaveText('40');
  await expect(counter(page, 'epochs')).toHaveText('1.00');
  await expect(counter(page, 'test')).toHaveText(/^\d+\.\d%$/);
  const lines = await curves(page);
  expect(lines.filter((line) => line.split === 'train').map((line) => line.step)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
  const losses = lines.filter((line) => line.split === 'train').map((line) => Number(line.loss));
  const mean = (part) => part.reduce((sum, loss) => sum + loss, 0) / part.length;
  expect(mean(losses.slice(-8))).toBeLessThan(mean(losses.slice(0, 8)));
  expect(lines.filter((line) => line.split === 'test')).toMatchObject([{ step: 40, samples: 640 }]);
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(1);
  await expect(page.locator('#finding')).toContainText('Run 1 reached');
  // The chart has ink on it.
  const drawn = await page.locator('[data-measure="loss"] canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((byte, at) => at % 4 === 3 && byte > 0).length;
  });
  expect(drawn).toBeGreaterThan(1000);
});

test('more than one thread, and not a bit of a result is another', async ({ page }) => {
  const title = () => page.locator('#device-button');
  const link = `${SMALL}&net=resnet`;
  await open(page, link);
  await expect(title()).toHaveAttribute('title', THREADS);
  await run(page);
  await expect(title()).toHaveAttribute('title', THREADS);
  await page.route('**/pkg/modules.json', (route) => route.fulfill({ json: { core: true, cpu: true } }));
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await expect(title()).not.toHaveAttribute('title', THREADS);
  await run(page);
  const lines = await curves(page);
  const [several, one] = [1, 2].map((number) => lines.filter((line) => line.run === number).map(({ run: _, ...rest }) => rest));
  expect(one.length).toBe(41);
  expect(several).toEqual(one);
});

test('where threads cannot be started, one trains', async ({ context, baseURL }) => {
  // Not the fixture's page, whose test fails where the console tells of a failed request.
  const page = await context.newPage();
  // Not the request itself, which not every version of Chromium shows to Playwright: a worker of a worker asks for it.
  await page.route('**/worker/threads.js', async (route) => {
    const response = await route.fetch({ maxRetries: 3 });
    await route.fulfill({ response, body: (await response.text()).replace('./thread.js', './missing.js') });
  });
  await page.goto(`${baseURL}#${SMALL}`);
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  await run(page);
  await expect(page.locator('#device-button')).not.toHaveAttribute('title', THREADS);
});

test('the main thread stays free while training, and nothing jumps', { tag: '@alone' }, async ({ page }) => {
  await open(page, 'v=1&train=3000&test=200&epochs=50');
  await page.locator('#run').click();
  await expect(counter(page, 'steps')).not.toHaveText('0');
  const box = () => page.locator('#charts').boundingBox();
  const before = await box();
  const watch = () => page.evaluate(async () => {
    const found = { tasks: [], shift: 0 };
    const tasks = new PerformanceObserver((list) => found.tasks.push(...list.getEntries().map((entry) => Math.round(entry.duration))));
    tasks.observe({ type: 'longtask' });
    const shifts = new PerformanceObserver((list) => { for (const entry of list.getEntries()) found.shift += entry.value; });
    shifts.observe({ type: 'layout-shift' });
    await new Promise((resolve) => setTimeout(resolve, 5000));
    tasks.disconnect();
    shifts.disconnect();
    return found;
  });
  // A long task is one by the clock, so a busy machine makes some of its own. What the page does itself
  // it does in every stretch of five seconds: one without any shows that it was not the page.
  let shift = 0;
  await expect(async () => {
    const seen = await watch();
    shift += seen.shift;
    expect(seen.tasks).toEqual([]);
  }).toPass({ timeout: 60_000 });
  expect(shift).toBe(0);
  expect(await box()).toEqual(before);
  await expect(page.locator('#run')).toHaveText('Pause');
});

test('what moves while it trains is drawn between two frames, one chart after each', async ({ page }) => {
  await page.addInitScript(() => {
    /** Which canvases each piece of work draws on; those that are drawn on within a frame. */
    globalThis.drawn = { within: 0, pieces: [] };
    let inFrame = false;
    let piece;
    const ask = requestAnimationFrame;
    globalThis.requestAnimationFrame = (work) => ask((time) => {
      inFrame = true;
      // Not at the end of the call: the charts' library draws in a microtask behind it.
      setTimeout(() => { inFrame = false; });
      work(time);
    });
    const { stroke } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.stroke = function (...path) {
      if (!piece) {
        globalThis.drawn.pieces.push(piece = new Set());
        // A piece ends with the task that it is in.
        setTimeout(() => { piece = undefined; });
      }
      if (inFrame) globalThis.drawn.within += 1;
      piece.add(this.canvas);
      return stroke.apply(this, path);
    };
  });
  await open(page, `${SMALL}&train=2000`);
  await page.evaluate(() => { globalThis.drawn.pieces.length = 0; });
  await run(page);
  const { within, most, pieces } = await page.evaluate(() => ({
    within: globalThis.drawn.within, pieces: globalThis.drawn.pieces.length, most: Math.max(...globalThis.drawn.pieces.map((piece) => piece.size)),
  }));
  expect(pieces).toBeGreaterThan(2);
  expect({ within, most }).toEqual({ within: 0, most: 1 });
});

test('pause, step, continue, reset', async ({ page }) => {
  await open(page, 'v=1&train=3000&test=100&epochs=2');
  await page.locator('#step').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  await expect(counter(page, 'steps')).toHaveText('1');
  await page.locator('#step').click();
  await expect(counter(page, 'steps')).toHaveText('2');
  await page.locator('#run').click();
  await expect.poll(async () => Number(await counter(page, 'steps').textContent())).toBeGreaterThan(5);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  const steps = await counter(page, 'steps').textContent();
  await page.waitForTimeout(500);
  await expect(counter(page, 'steps')).toHaveText(steps ?? '');
  await page.locator('#reset').click();
  await expect(page.locator('#run-state')).toHaveText('Ready');
  await expect(counter(page, 'steps')).toHaveText('0');
  await expect(page.locator('.runs-table tbody tr')).toContainText('Stopped');
});

test('a loss that is not finite says at which step, and what to do', async ({ page }) => {
  await open(page, 'v=1&train=640&test=100&epochs=1&batch=8&optimizer=sgd&lr=10&decay=1');
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Failed');
  await expect(page.locator('#messages')).toContainText('no longer a finite number');
});

test('the screen stays on as long as a run trains on a page that is seen', async ({ page }) => {
  await page.addInitScript(() => {
    globalThis.locks = [];
    navigator.wakeLock.request = async (kind) => {
      const lock = { kind, released: false, release: async () => { lock.released = true; } };
      globalThis.locks.push(lock);
      return lock;
    };
  });
  await open(page, 'v=1&train=5000&test=100&epochs=50&batch=16');
  const held = () => page.evaluate(() => globalThis.locks.map(({ kind, released }) => `${kind} ${released ? 'released' : 'held'}`));
  expect(await held()).toEqual([]);
  await page.locator('#run').click();
  await expect(counter(page, 'steps')).not.toHaveText('0');
  expect(await held()).toEqual(['screen held']);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  expect(await held()).toEqual(['screen released']);
});
