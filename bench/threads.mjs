// What the page's service worker gains where the host sends no headers for threads: images a second on a first visit,
// whose page is not isolated, and on the next one. A JSON line for each run, a table of the medians.
//   node threads.mjs --bundle FOLDER [--chromium C | --engine firefox | --engine webkit] [--repeat N]
// Firefox and WebKit are driven as `tests/engines` does: `cargo xtask bench` names their programs.
import { parseArgs } from 'node:util';
import { Host } from '../tests/e2e/host.mjs';
import { handsIn } from './hands.mjs';

const { values: o } = parseArgs({ options: {
  bundle: { type: 'string' }, engine: { type: 'string', default: 'chromium' }, chromium: { type: 'string', default: '/usr/bin/chromium' }, repeat: { type: 'string', default: '3' },
} });
if (!o.bundle) throw new Error('node threads.mjs --bundle FOLDER [--engine firefox] [--repeat 3]');

/** Networks that a first visit may train, each long enough to be measured. */
const LINKS = { 'small CNN': 'v=1&test=500&stop=steps&steps=300', 'ResNet': 'v=1&net=resnet&blocks=1&test=100&stop=steps&steps=40' };

const host = new Host(o.bundle);
await host.start();
const rates = [];

/** Trains this link, and says how fast that went. @param {import('./hands.mjs').Hands} hands */
async function measure(hands, network, visit) {
  await hands.open(`${host.url}#${LINKS[network]}&device=cpu`);
  await hands.ask(() => document.querySelector('#run').click());
  await hands.says('#run-state', /Done/);
  const [isolated, words] = await hands.ask(() => [crossOriginIsolated, document.querySelector('[data-counter="speed"]').textContent]);
  const one = { engine: o.engine, network, visit, isolated, rate: Number(words.replace(/[^\d.]/g, '')) };
  console.log(JSON.stringify(one));
  if (isolated !== (visit === 'second')) throw new Error(`the ${visit} visit is ${isolated ? '' : 'not '}isolated`);
  rates.push(one);
}

for (let time = 0; time < Number(o.repeat); time += 1) for (const network of Object.keys(LINKS)) {
  const hands = await handsIn(o.engine, o.chromium);
  // As whoever does something at once, for whom no page is loaded once more: so the first visit stays one.
  await hands.go(`${host.url}notices.html`);
  await hands.ask(() => localStorage.setItem('cnn-playground.loaded-for-threads', 'true'));
  await measure(hands, network, 'first');
  await hands.until(() => navigator.serviceWorker.controller !== null);
  await measure(hands, network, 'second');
  await hands.stop();
}

const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
console.table(Object.keys(LINKS).map((network) => {
  const of = (visit) => median(rates.filter((one) => one.network === network && one.visit === visit).map(({ rate }) => rate));
  return { engine: o.engine, network, 'images/s, first visit': of('first'), 'images/s, second visit': of('second'), gain: (of('second') / of('first')).toFixed(2) };
}));
await host.stop();
