// What looking inside costs: training throughput with the living drawing and without it, with the panel never opened and with
// it closed again, in turn, and how many frames a second the drawing and each view show while the small CNN trains.
import { chromium } from '@playwright/test';
import { parseArgs } from 'node:util';
import { ready, trainingSpeed } from './peers/page.mjs';

const { values: options } = parseArgs({ options: {
  address: { type: 'string' }, chromium: { type: 'string', default: '/usr/bin/chromium' },
  seconds: { type: 'string', default: '10' }, repeat: { type: 'string', default: '3' },
} });
if (!options.address) throw new Error('node inside.mjs --address WHERE-THE-PLAYGROUND-IS-SERVED [--seconds 10] [--repeat 3]');

const LINK = `${options.address}#v=1&device=cpu&train=20000&test=100&epochs=100`;
const SECONDS = Number(options.seconds);
/** Milliseconds from the first step on that are not timed: the data still arrives then. */
const WARM = 5000;
const FLAGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** What is drawn anew for each frame of a view: a canvas, or an element whose children are new. */
const FRAMES = {
  kernels: { canvas: '.kernels canvas' },
  maps: { canvas: '.strip[data-row="0"] canvas' },
  layers: { children: '.statistics tbody' },
  why: { canvas: '.input-heat' },
  draw: { children: '.answers' },
};

const browser = await chromium.launch({ executablePath: options.chromium, headless: true, args: FLAGS });

/** A page on which the small CNN trains, and whether its drawing lives: one that is never on the screen does not. */
async function training({ lives = true } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    // Set by the code that waits for a canvas to be drawn.
    const { putImageData } = CanvasRenderingContext2D.prototype;
    window.drawn = { canvas: null, count: 0 };
    CanvasRenderingContext2D.prototype.putImageData = function (...values) {
      if (this.canvas === window.drawn.canvas) window.drawn.count += 1;
      return putImageData.apply(this, values);
    };
  });
  if (!lives) await page.addInitScript(() => {
    const { observe } = IntersectionObserver.prototype;
    IntersectionObserver.prototype.observe = function (element) {
      if (!element.matches('.drawing')) observe.call(this, element);
    };
  });
  await ready(page, LINK);
  await page.locator('#run').click();
  await page.waitForTimeout(WARM);
  return { page, close: () => context.close() };
}

const panel = (page, name) => page.locator('.inside-tools').getByRole('button', { name, exact: true });

async function look(page) {
  await panel(page, 'Look inside').click();
  await page.locator('#inside').scrollIntoViewIfNeeded();
  await page.locator('.kernels canvas').first().waitFor();
}

/** Frames a second of the view of a tab. */
async function frames(page, name) {
  await page.locator(`[data-tab="${name}"]`).click();
  const { canvas, children } = FRAMES[name];
  await page.locator(canvas ?? children).first().waitFor({ state: 'attached' });
  if (name === 'draw') {
    // Something to classify.
    const box = await page.locator('.sketch').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 4 });
    await page.mouse.up();
  }
  await page.waitForTimeout(1000);
  return page.evaluate(([selector, isCanvas, seconds]) => new Promise((resolve) => {
    const element = document.querySelector(selector);
    let count = 0;
    const seen = new MutationObserver(() => { count += 1; });
    if (isCanvas) window.drawn = { canvas: element, count: 0 };
    else seen.observe(element, { childList: true });
    const from = performance.now();
    setTimeout(() => resolve((1000 * (isCanvas ? window.drawn.count : count)) / (performance.now() - from)), 1000 * seconds);
  }), [canvas ?? children, canvas !== undefined, SECONDS / 2]);
}

const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
const rates = { still: [], never: [], closed: [] };
for (let round = 0; round < Number(options.repeat); round += 1) {
  for (const kind of ['still', 'never', 'closed']) {
    const { page, close } = await training({ lives: kind !== 'still' });
    if (kind === 'closed') {
      await look(page);
      await page.waitForTimeout(2000);
      await panel(page, 'Close').click();
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.waitForTimeout(1500);
    }
    const { rate } = await trainingSpeed(page, SECONDS);
    rates[kind].push(rate);
    console.log(JSON.stringify({ measure: 'training', panel: kind, round: round + 1, images_per_s: Math.round(rate) }));
    await close();
  }
}

/** Frames a second of the living drawing: each says after how many steps it is. */
async function drawn() {
  const { page, close } = await training();
  const rate = await page.locator('.answer-when').evaluate((element, seconds) => new Promise((resolve) => {
    let count = 0;
    new MutationObserver(() => { count += 1; }).observe(element, { childList: true, characterData: true, subtree: true });
    const from = performance.now();
    setTimeout(() => resolve((1000 * count) / (performance.now() - from)), 1000 * seconds);
  }), SECONDS);
  console.log(JSON.stringify({ measure: 'drawing', frames_per_s: Number(rate.toFixed(1)) }));
  await close();
  return rate;
}

const drawing = await drawn();
const { page, close } = await training();
await look(page);
const views = {};
for (const name of Object.keys(FRAMES)) {
  views[name] = await frames(page, name);
  console.log(JSON.stringify({ measure: 'view', view: name, frames_per_s: Number(views[name].toFixed(1)) }));
}
await page.locator('[data-tab="kernels"]').click();
const { rate: open } = await trainingSpeed(page, SECONDS);
console.log(JSON.stringify({ measure: 'training', panel: 'open', images_per_s: Math.round(open) }));
await close();
await browser.close();

const [still, never, closed] = [median(rates.still), median(rates.never), median(rates.closed)];
const lived = 100 * (1 - never / still);
const loss = 100 * (1 - closed / never);
const slowest = Object.entries(views).sort(([, a], [, b]) => a - b)[0];
console.log(`drawing still ${still.toFixed(0)} images/s, living ${never.toFixed(0)} (${lived.toFixed(1)} % less; at most 10), ${drawing.toFixed(1)} frames/s`);
console.log(`panel never opened ${never.toFixed(0)} images/s, closed again ${closed.toFixed(0)} (${loss.toFixed(1)} % less; at most 10), open ${open.toFixed(0)}`);
console.log(`slowest view: ${slowest[0]}, ${slowest[1].toFixed(1)} frames/s (at least 10)`);
process.exitCode = lived <= 10 && loss <= 10 && slowest[1] >= 10 ? 0 : 1;
