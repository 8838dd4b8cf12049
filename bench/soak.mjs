// Whether a page that trains for long grows: 20,000 steps over 30 runs with its views open, while data sets and
// networks change. A JSON line after each run, a table, and a plot if wanted.
//   node soak.mjs --address A --chromium C [--steps N] [--runs N] [--picture FILE.svg]
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { ready } from './peers/page.mjs';
import { plot } from './plot.mjs';
import { tasks } from './tasks.mjs';

const { values: o } = parseArgs({ options: {
  address: { type: 'string' }, chromium: { type: 'string', default: '/usr/bin/chromium' },
  steps: { type: 'string', default: '20000' }, runs: { type: 'string', default: '30' }, picture: { type: 'string' },
} });
if (!o.address) throw new Error('node soak.mjs --address WHERE-THE-PLAYGROUND-IS-SERVED [--steps 20000] [--runs 30] [--picture FILE.svg]');

/** What is run in turn: every data set, networks of every kind, so that nothing of one run fits the next. */
const LINKS = ['net=cnn&batch=16', 'data=fashion-mnist&net=mlp&batch=16', 'data=cifar10&net=cnn&batch=8', 'net=resnet&blocks=1&batch=8', 'net=lenet&batch=16&permute=fixed', 'net=unet&blocks=2&batch=4'];
/** Views of Look inside, one for each run. */
const VIEWS = ['kernels', 'maps', 'layers', 'why', 'draw'];
const [RUNS, STEPS] = [Number(o.runs), Number(o.steps)];
const MB = 1024 * 1024;
/** Runs that the page keeps. */
const MOST_RUNS = 30;
/** Steps of each run before the measured ones. */
const FEW = 20;

const browser = await chromium.launch({ executablePath: o.chromium, args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const page = await context.newPage();
const wrong = [];
page.on('pageerror', (error) => wrong.push(String(error)));
// Each module tells how much memory it has, on the page and in its workers.
await page.route('**/pkg/*/*.js', async (route) => {
  const response = await route.fetch();
  await route.fulfill({ response, body: `${await response.text()}\nglobalThis.memory = () => wasm?.memory.buffer.byteLength ?? 0;` });
});
await page.addInitScript(() => {
  window.longest = 0;
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration); }).observe({ type: 'longtask' });
});
const session = await context.newCDPSession(page);
await session.send('Performance.enable');
await session.send('HeapProfiler.enable');

const busiest = await tasks(browser);

/** The numbers after a run, with what nobody holds any more thrown away first. @param {number} steps made so far @param {number} from when it began */
async function measure(steps, from) {
  const longest = await page.evaluate(() => Math.round(window.longest));
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  // Further threads share the memory of the worker that trains, and while they wait nobody can ask them.
  const places = [page, ...page.workers().filter((worker) => !worker.url().endsWith('/thread.js'))];
  const memories = await Promise.all(places.map((place) => place.evaluate(() => globalThis.memory?.() ?? 0).catch(() => 0)));
  const point = {
    steps, seconds: Math.round((Date.now() - from) / 1000), heap: of('JSHeapUsedSize') / MB, wasm: memories.reduce((sum, bytes) => sum + bytes, 0) / MB,
    nodes: of('Nodes'), listeners: of('JSEventListeners'), workers: page.workers().length, longest,
  };
  await page.evaluate(() => { window.longest = 0; });
  return point;
}

/** Makes a run to its end, with one of the views open. @param {number} index which run of how many @param {number} steps */
async function run(index, steps) {
  const link = LINKS[index % LINKS.length];
  await page.evaluate((hash) => { location.hash = hash; }, `v=1&device=cpu&stop=steps&train=2000&test=100&steps=${steps}&seed=${index + 1}&${link}`);
  await page.locator('#seen[data-state="ready"]').waitFor();
  await page.locator('#run').click();
  const tab = page.locator(`[data-tab="${VIEWS[index % VIEWS.length]}"]`);
  if (await tab.isVisible()) await tab.click();
  await page.locator('#inside').scrollIntoViewIfNeeded();
  await page.locator('#step:enabled').waitFor({ timeout: 1_200_000 });
  const state = await page.locator('#run-state').textContent();
  if (state !== 'Done') throw new Error(`a run of ${link} ended as “${state}”: ${await page.locator('#messages').textContent()}`);
}

await ready(page, `${o.address}#v=1`);
// The page keeps this many runs. Its list is full before anything is measured, of short runs of the same kinds: what the
// page shows of them is no growth.
for (let index = 0; index < MOST_RUNS; index += 1) {
  await run(index, FEW);
  if (index === 0) await page.locator('#inside-tools').getByRole('button', { name: 'Look inside', exact: true }).click();
}
const from = Date.now();
const points = [];
let made = 0;
for (let index = 0; index < RUNS; index += 1) {
  const steps = Math.round((STEPS * (index + 1)) / RUNS) - made;
  const { ms: processor } = await busiest(() => run(index, steps));
  made += steps;
  const point = { ...(await measure(made, from)), processor };
  points.push(point);
  console.log(JSON.stringify({ run: index + 1, ...point, heap: Number(point.heap.toFixed(2)), wasm: Number(point.wasm.toFixed(1)) }));
}
await browser.close();

console.table(points.map(({ steps, seconds, heap, wasm, nodes, listeners, workers, longest, processor }) => ({
  steps, seconds, 'JS heap, MB': Number(heap.toFixed(1)), 'wasm, MB': Number(wasm.toFixed(1)), nodes, listeners, workers, 'longest task, ms': longest, 'of processor time': processor,
})));
if (o.picture) {
  await writeFile(o.picture, plot('After each of the runs, with what nobody holds thrown away', [
    { title: 'MB', lines: [['JavaScript heap', 'heap'], ['WebAssembly', 'wasm']] },
    { title: 'on the page', lines: [['nodes', 'nodes'], ['listeners', 'listeners']] },
    { title: 'ms', lines: [['longest task, by the clock', 'longest'], ['in processor time', 'processor']] },
  ].map(({ title, lines }) => ({ title, lines: lines.map(([name, key]) => ({ name, points: points.map((point) => [point.steps, point[key]]) })) })), 'steps'));
}
/** The most in one round of the experiments, and in the one before it: what is kept of each run shows here. */
const rounds = (key) => {
  const most = (some) => Math.max(...some.map((point) => point[key]));
  return { what: key, 'round before': Number(most(points.slice(-2 * LINKS.length, -LINKS.length)).toFixed(1)), 'last round': Number(most(points.slice(-LINKS.length)).toFixed(1)) };
};
console.table(['heap', 'wasm', 'nodes', 'listeners'].map(rounds));
for (const [key, name] of [['longest', 'by the clock'], ['processor', 'in processor time']]) {
  const longest = points.map((point) => point[key]).sort((a, b) => a - b);
  console.log(`longest task of a run, ${name}: median ${longest[Math.floor(longest.length / 2)]} ms, at most ${longest.at(-1)} ms`);
}
if (wrong.length > 0) throw new Error(wrong.join('\n'));
