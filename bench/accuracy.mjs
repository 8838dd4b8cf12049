// What a person waits for: from entering the page's address until a test accuracy, and from starting PyTorch until the same, each from
// a cold start, in turn. A JSON line for each run, a table of the medians.
//   node accuracy.mjs --address A --data FOLDER --chromium C [--repeat N] [--only 98]
// TORCH_PYTHON names the Python that has torch, numpy and pillow.
import { spawn } from 'node:child_process';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const { values: o } = parseArgs({ options: {
  address: { type: 'string' }, data: { type: 'string' }, chromium: { type: 'string' }, repeat: { type: 'string', default: '3' }, only: { type: 'string' },
} });
const THREADS = os.cpus().length;
const MNIST = 'data=mnist&train=60000&test=10000&normalize=own&net=cnn&optimizer=adam&batch=64&stop=accuracy';
const CIFAR = 'data=cifar10&train=50000&test=10000&normalize=own&net=resnet&optimizer=adam&batch=64&stop=accuracy&augment=flip-crop';
/** Each as a link of the page; PyTorch is told the same. */
const TASKS = {
  'MNIST, 98 %': `${MNIST}&lr=0.001&epochs=10&until=0.98`,
  'MNIST, 99 %': `${MNIST}&lr=0.004&schedule=one-cycle&epochs=5&until=0.99`,
  'CIFAR-10, 70 %': `${CIFAR}&blocks=1&width=16&lr=0.01&schedule=one-cycle&epochs=10&until=0.7`,
  'CIFAR-10, 80 %': `${CIFAR}&stages=4&blocks=2&width=16&lr=0.01&schedule=one-cycle&epochs=15&until=0.8`,
};

/** The page, in a browser that has never been there; also the network's source, after the clock has stopped. */
async function page(link) {
  const browser = await chromium.launch({ executablePath: o.chromium, args: ['--no-sandbox'] });
  try {
    const context = await browser.newContext({ locale: 'en-US' });
    const tab = await context.newPage();
    const from = performance.now();
    await tab.goto(`${o.address}#v=1&${link}&device=cpu`, { waitUntil: 'commit' });
    await tab.locator('#run:enabled').click({ timeout: 60_000 });
    await tab.locator('#run-state', { hasText: 'Done' }).waitFor({ timeout: 3_600_000 });
    const seconds = (performance.now() - from) / 1000;
    const found = await tab.evaluate(async (link) => {
      const core = await import(new URL('pkg/core/core.js', location.href).href);
      await core.default();
      const words = { parameters: '{count}', shapes: '{input} {output}', auxiliary: '', permuted: '' };
      return core.pytorch(core.openLink(link).choices, null, words);
    }, `v=1&${link}`);
    const [accuracy, steps] = await Promise.all(['test', 'steps'].map((name) => tab.locator(`[data-counter="${name}"]`).textContent()));
    return { seconds, accuracy, steps, source: found };
  } finally {
    await browser.close();
  }
}

/** PyTorch, from the start of its process. */
const torch = (link, source, seed) => new Promise((resolve, reject) => {
  const from = performance.now();
  const python = spawn(process.env.TORCH_PYTHON ?? 'python3', ['accuracy.py', '--data', o.data, '--threads', String(THREADS), '--seed', String(seed), link], { cwd: import.meta.dirname });
  let [said, failed] = ['', ''];
  python.stdout.on('data', (data) => { said += data; });
  python.stderr.on('data', (data) => { failed += data; });
  python.on('error', reject);
  python.on('close', (code) => (code === 0 ? resolve({ seconds: (performance.now() - from) / 1000, ...JSON.parse(said) }) : reject(new Error(failed.trim()))));
  python.stdin.end(source);
});

const all = [];
const tell = (line) => { console.log(JSON.stringify(line)); all.push(line); };
const tasks = Object.entries(TASKS).filter(([name]) => !o.only || name.includes(o.only));
for (let seed = 1; seed <= Number(o.repeat); seed += 1) for (const [name, link] of tasks) {
  const { source, ...here } = await page(`${link}&seed=${seed}`);
  tell({ task: name, who: 'page', seed, ...here });
  tell({ task: name, who: 'PyTorch', seed, ...await torch(link, source, seed) });
}
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(`${os.cpus()[0].model}, ${THREADS} cores`);
console.table(tasks.map(([name]) => {
  const of = (who) => median(all.filter((line) => line.task === name && line.who === who).map(({ seconds }) => seconds));
  return { task: name, 'the page, s': of('page').toFixed(1), 'PyTorch, s': of('PyTorch').toFixed(1), 'the page by PyTorch': (of('page') / of('PyTorch')).toFixed(2) };
}));
