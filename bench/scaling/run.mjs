// How the cost of training an image grows with the batch, the width and the depth of a network: a JSON
// line for each point, a table, and plots.
//   node run.mjs --address A [--chromium C] [--seconds 2] [--json FILE] [--svg FILE] [--from FILE]
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { plots } from './plots.mjs';

const { values: o } = parseArgs({ options: {
  address: { type: 'string' }, chromium: { type: 'string', default: '/usr/bin/chromium' }, seconds: { type: 'string', default: '2' },
  json: { type: 'string' }, svg: { type: 'string' }, from: { type: 'string' },
} });

const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const WIDTHS = [4, 8, 16, 24, 32, 48, 64];
const CNN = { network: 'small CNN', link: 'data=mnist&net=cnn' };
const RESNET8 = { network: 'ResNet-8', link: 'data=cifar10&net=resnet&blocks=1' };
/** Each is a line in a plot: what varies, its values, and the experiment. */
const LINES = [
  { ...CNN, key: 'batch', values: BATCHES },
  { ...RESNET8, key: 'batch', values: BATCHES },
  { ...CNN, key: 'width', values: WIDTHS },
  { ...RESNET8, key: 'width', values: WIDTHS },
  { network: 'ResNet, depth 8 to 44', link: 'data=cifar10&net=resnet', key: 'blocks', values: [1, 2, 3, 4, 5, 6, 7] },
];

/** Times steps of learning and nothing else, in the page. @param {{ base: string, link: string, seconds: number }} what */
async function time({ base, link, seconds }) {
  const core = await import(`${base}pkg/core/core.js`);
  const cpu = await import(`${base}pkg/cpu/cpu.js`);
  await Promise.all([core.default(), cpu.default()]);
  const { choices, problems } = core.openLink(link);
  if (problems.length) throw new Error(`${link}: ${JSON.stringify(problems)}`);
  const { spec, network } = core.view(choices, null);
  const [channels, height, width] = network.rows[0].input;
  const stepper = await cpu.Stepper.open('cpu', spec, channels, height, width, undefined);
  const images = Float32Array.from({ length: spec.batch * channels * height * width }, (_, at) => ((at * 7919) % 1009) / 1009);
  const labels = Uint8Array.from({ length: spec.batch }, (_, at) => at % 10);
  // Milliseconds of so many steps; one is done when its call returns.
  const timed = (steps) => {
    const before = performance.now();
    for (let step = 0; step < steps; step += 1) stepper.step(images, labels);
    return performance.now() - before;
  };
  timed(3);
  const steps = Math.max(1, Math.round(100 / timed(1)));
  const blocks = [];
  for (const end = performance.now() + 1000 * seconds; blocks.length < 3 || performance.now() < end;) blocks.push(timed(steps) / steps);
  stepper.free();
  const ms = blocks.sort((a, b) => a - b)[blocks.length >> 1];
  return { us: (1000 * ms) / spec.batch, multiply_adds: network.multiply_adds };
}

async function measure() {
  const browser = await chromium.launch({ executablePath: o.chromium, args: ['--no-sandbox'] });
  const points = [];
  for (const { network, key, values, link } of LINES) for (const value of values) {
    // A page for each, so that none pays for what another one left behind.
    const page = await browser.newPage();
    // Any file of the playground: what counts is its origin.
    await page.goto(`${o.address}locales/en.json`);
    const whole = `v=1&${link}&${key}=${value}`;
    const point = { network, key, value, link: whole, ...await page.evaluate(time, { base: o.address, link: whole, seconds: +o.seconds }) };
    console.log(JSON.stringify(point));
    points.push(point);
    await page.close();
  }
  await browser.close();
  return points;
}

const points = o.from ? JSON.parse(readFileSync(o.from, 'utf8')) : await measure();
// A step of learning is about three passes: forward, and the gradients of inputs and of weights.
console.table(points.map(({ network, key, value, us, multiply_adds }) => ({
  network, [key]: value, 'µs an image': +us.toFixed(1), 'GFLOP/s': +((6 * multiply_adds) / us / 1000).toFixed(1),
})));
if (o.json) writeFileSync(o.json, `[\n${points.map((point) => JSON.stringify(point)).join(',\n')}\n]\n`);
if (o.svg) writeFileSync(o.svg, await plots(points));
