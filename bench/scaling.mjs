// How the cost of a training step grows with the batch, the width and the depth of a network: the
// page's own worker measures each, as a lab does, and the page's own plotting library draws them.
//   node scaling.mjs --address A --chromium C [--seconds S] [--picture FILE]
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const { values: o } = parseArgs({ options: {
  address: { type: 'string' }, chromium: { type: 'string' },
  seconds: { type: 'string', default: '4' }, picture: { type: 'string' },
} });

/** Each is a line in a plot: what varies, its values, and the experiment. */
const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const WIDTHS = [4, 8, 16, 24, 32, 48];
const LINES = [
  { network: 'small CNN', key: 'batch', values: BATCHES, link: 'net=cnn' },
  { network: 'ResNet-8', key: 'batch', values: BATCHES, link: 'data=cifar10&net=resnet&blocks=1' },
  { network: 'small CNN', key: 'width', values: WIDTHS, link: 'net=cnn' },
  { network: 'ResNet-8', key: 'width', values: WIDTHS, link: 'data=cifar10&net=resnet&blocks=1' },
  { network: 'ResNet', key: 'blocks', values: [1, 2, 3, 4, 5], link: 'data=cifar10&net=resnet' },
];
/** What each plot has along: the value itself, or the multiply-adds that it comes to. */
const PLOTS = [
  { key: 'batch', title: 'µs an image, by images a batch', x: (point) => point.value, log: true },
  { key: 'width', title: 'µs an image, by million multiply-adds: wider', x: (point) => point.operations / 1e6 },
  { key: 'blocks', title: 'µs an image, by million multiply-adds: deeper', x: (point) => point.operations / 1e6 },
];

const browser = await chromium.launch({ executablePath: o.chromium, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 420 } });
// Any file of the playground: what counts is its origin.
await page.goto(`${o.address}locales/en.json`);
await page.evaluate(async (base) => {
  const core = await import(`${base}pkg/core/core.js`);
  await core.default();
  const worker = new Worker(`${base}worker.js`, { type: 'module' });
  const answer = (order, kind) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.kind === kind) resolve(data);
      if (data.kind === 'problem' || data.kind === 'crashed') reject(new Error(JSON.stringify(data)));
    };
    worker.postMessage(order);
  });
  await answer({ kind: 'open', device: 'cpu' }, 'ready');
  globalThis.measure = async (link, seconds) => {
    const { choices, problems } = core.openLink(link);
    if (problems.length) throw new Error(`${link}: ${JSON.stringify(problems)}`);
    const { spec, network } = core.view(choices, null);
    const { speed } = await answer({ kind: 'measure', spec, seconds }, 'measured');
    return { speed, operations: network.multiply_adds };
  };
}, o.address);

const points = [];
for (const { network, key, values, link } of LINES) {
  for (const value of values) {
    const whole = `v=1&${link}&${key}=${value}&train=5000`;
    const { speed, operations } = await page.evaluate(([link, seconds]) => measure(link, seconds), [whole, +o.seconds]);
    const point = { network, key, value, link: whole, us: 1e6 / speed, operations };
    console.log(JSON.stringify(point));
    points.push(point);
  }
}
// A step of learning is about three passes: forward, and the gradients of inputs and of weights.
console.table(points.map(({ network, key, value, us, operations }) => ({
  network, [key]: value, 'µs an image': +us.toFixed(1), 'GFLOP/s': +((6 * operations) / us / 1000).toFixed(2),
})));
if (o.picture) await draw(o.picture);
await browser.close();

/** @param {string} file where the plots go, as PNG */
async function draw(file) {
  const plots = PLOTS.map(({ key, title, x, log }) => {
    const lines = LINES.filter((line) => line.key === key);
    return { title, log: log ?? false, lines: lines.map(({ network }) => {
      const own = points.filter((point) => point.key === key && point.network === network);
      return { network, x: own.map(x), y: own.map(({ us }) => us) };
    }) };
  });
  await page.evaluate(async ({ base, plots }) => {
    const { default: uPlot } = await import(`${base}vendor/uplot.js`);
    const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${base}vendor/uplot.css` });
    document.head.append(sheet);
    await new Promise((resolve) => { sheet.onload = resolve; });
    document.body.replaceChildren();
    Object.assign(document.body.style, { display: 'flex', margin: '0', background: 'white', font: '13px system-ui' });
    const colours = ['#0072b2', '#d55e00'];
    for (const { title, log, lines } of plots) {
      const place = document.createElement('div');
      document.body.append(place);
      const data = uPlot.join(lines.map(({ x, y }) => [x, y]));
      new uPlot({
        title, width: 400, height: 360,
        scales: { x: { time: false, distr: log ? 3 : 1, log: 2 }, y: { range: (_, low, high) => [0, high * 1.1] } },
        series: [{}, ...lines.map(({ network }, at) => ({
          label: network, stroke: colours[at], width: 2, dash: at ? [6, 4] : undefined, spanGaps: true, points: { show: true, size: 7 },
        }))],
        legend: { live: false },
      }, data, place);
    }
  }, { base: o.address, plots });
  await page.screenshot({ path: file });
}
