// How the time for an image grows with the batch, the width and the depth of a network, on the CPU: steps of
// training alone, on random numbers. A JSON line for each point, a table, and a picture if wanted.
//   node scaling.mjs --address A --chromium C [--seconds S] [--picture FILE]
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const { values: o } = parseArgs({ options: {
  address: { type: 'string' }, chromium: { type: 'string' },
  seconds: { type: 'string', default: '3' }, picture: { type: 'string' },
} });

const CNN = { network: 'small CNN', link: 'net=cnn', image: [1, 28, 28] };
const RESNET = { network: 'ResNet', link: 'data=cifar10&net=resnet&blocks=1', image: [3, 32, 32] };
/** What varies: its values, what a plot has along, and whether each is twice the one before. */
const PLOTS = [
  { key: 'batch', values: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512], networks: [CNN, RESNET], title: 'by images a batch', doubling: true, along: (point) => point.value },
  { key: 'width', values: [4, 8, 16, 24, 32, 48], networks: [CNN, RESNET], title: 'wider, by M multiply-adds', along: (point) => point.operations / 1e6 },
  { key: 'blocks', values: [1, 2, 3, 4, 5], networks: [RESNET], title: 'deeper, by M multiply-adds', along: (point) => point.operations / 1e6 },
];

/** Microseconds an image, the median of five blocks of steps. Runs in the page. */
async function measure({ address, link, image, seconds }) {
  const start = async (name) => {
    const module = await import(`${address}pkg/${name}/${name}.js`);
    await module.default();
    return module;
  };
  globalThis.modules ??= await Promise.all([start('core'), start('cpu')]);
  const [core, { Stepper }] = globalThis.modules;
  const { choices, problems } = core.openLink(link);
  if (problems.length) throw new Error(`${link}: ${JSON.stringify(problems)}`);
  const { spec, network } = core.view(choices, null);
  const stepper = await Stepper.open('cpu', spec, ...image);
  const size = image.reduce((product, side) => product * side);
  const images = Float32Array.from({ length: spec.batch * size }, () => 2 * Math.random() - 1);
  const labels = Uint8Array.from({ length: spec.batch }, (_, index) => index % 10);
  const timed = (steps) => {
    const before = performance.now();
    for (let step = 0; step < steps; step += 1) stepper.step(images, labels);
    return performance.now() - before;
  };
  timed(3);
  const steps = Math.max(1, Math.round((1000 * seconds) / 5 / (timed(3) / 3)));
  const blocks = Array.from({ length: 5 }, () => timed(steps)).sort((a, b) => a - b);
  stepper.free();
  return { us: (1000 * blocks[2]) / steps / spec.batch, operations: network.multiply_adds };
}

const browser = await chromium.launch({ executablePath: o.chromium, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 400 } });
// Any file of the playground: what counts is its origin.
await page.goto(`${o.address}locales/en.json`);
const points = [];
for (const { key, values, networks } of PLOTS) for (const { network, link, image } of networks) for (const value of values) {
  const whole = `v=1&${link.replace(/&blocks=1/, key === 'blocks' ? '' : '$&')}&${key}=${value}`;
  const measured = await page.evaluate(measure, { address: o.address, link: whole, image, seconds: Number(o.seconds) });
  const point = { network, key, value, link: whole, ...measured };
  console.log(JSON.stringify(point));
  points.push(point);
}
// A step of learning is about three passes: forward, and the gradients of inputs and of weights.
console.table(points.map(({ network, key, value, us, operations }) => ({
  network, varies: `${key} ${value}`, 'µs an image': Number(us.toFixed(1)), 'GFLOP/s': Number(((6 * operations) / us / 1000).toFixed(2)),
})));
if (o.picture) await draw(o.picture);
await browser.close();

/** Draws with the page's own library. @param {string} file where the plots go, as PNG */
async function draw(file) {
  const plots = PLOTS.map(({ key, networks, title, doubling, along }) => ({
    title: `µs an image, ${title}`, doubling: doubling ?? false,
    lines: networks.map(({ network }) => {
      const own = points.filter((point) => point.key === key && point.network === network);
      return { network, x: own.map(along), y: own.map(({ us }) => us) };
    }),
  }));
  await page.evaluate(async ({ address, plots }) => {
    const { default: uPlot } = await import(`${address}vendor/uplot.js`);
    const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${address}vendor/uplot.css` });
    document.head.append(sheet);
    await new Promise((resolve) => { sheet.onload = resolve; });
    document.body.replaceChildren();
    Object.assign(document.body.style, { display: 'flex', margin: '0', background: 'white', font: '13px system-ui' });
    for (const { title, doubling, lines } of plots) {
      const place = document.body.appendChild(document.createElement('div'));
      const data = uPlot.join(lines.map(({ x, y }) => [x, y]));
      const looks = [{ stroke: '#0072b2' }, { stroke: '#d55e00', dash: [6, 4] }];
      new uPlot({
        title, width: 400, height: 340, legend: { live: false }, axes: [{}, { size: 60 }],
        scales: { x: doubling ? { time: false, distr: 3, log: 2 } : { time: false, range: (_, low, high) => [0, high * 1.05] }, y: { range: (_, low, high) => [0, high * 1.1] } },
        series: [{}, ...lines.map(({ network }, at) => ({ label: network, width: 2, spanGaps: true, points: { show: true, size: 7 }, ...looks[at] }))],
      }, data, place);
    }
  }, { address: o.address, plots });
  await page.screenshot({ path: file });
}
