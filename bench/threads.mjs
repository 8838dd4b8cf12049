// What the page's service worker gains where the host sends no headers for threads: images a second on a first visit,
// whose page is not isolated, and on the next one. A JSON line for each run, a table of the medians.
//   node threads.mjs --bundle FOLDER --chromium C [--repeat N]
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { Host } from '../tests/e2e/host.mjs';

const { values: o } = parseArgs({ options: { bundle: { type: 'string' }, chromium: { type: 'string' }, repeat: { type: 'string', default: '3' } } });

/** Networks that a first visit may train, each long enough to be measured. */
const LINKS = { 'small CNN': 'v=1&test=500&stop=steps&steps=300', 'ResNet': 'v=1&net=resnet&blocks=1&test=100&stop=steps&steps=40' };

const host = new Host(o.bundle);
await host.start();
const browser = await chromium.launch({ executablePath: o.chromium, args: ['--no-sandbox'] });
const rates = [];

/** Trains this link, and says how fast that went. */
async function measure(page, network, visit) {
  await page.goto('about:blank');
  await page.goto(`${host.url}#${LINKS[network]}&device=cpu`);
  await page.locator('#seen[data-state="ready"]').waitFor();
  // Whoever does something is not interrupted: so the first visit stays one.
  await page.keyboard.press('Shift');
  await page.locator('#run').click();
  await page.locator('#run-state', { hasText: 'Done' }).waitFor({ timeout: 600_000 });
  const words = await page.locator('[data-counter="speed"]').textContent();
  const one = { network, visit, isolated: await page.evaluate(() => crossOriginIsolated), rate: Number(words.replace(/[^\d.]/g, '')) };
  console.log(JSON.stringify(one));
  rates.push(one);
}

for (let time = 0; time < Number(o.repeat); time += 1) for (const network of Object.keys(LINKS)) {
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  await measure(page, network, 'first');
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await measure(page, network, 'second');
  await context.close();
}

const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
console.table(Object.keys(LINKS).map((network) => {
  const of = (visit) => median(rates.filter((one) => one.network === network && one.visit === visit).map(({ rate }) => rate));
  return { network, 'images/s, first visit': of('first'), 'images/s, second visit': of('second'), gain: (of('second') / of('first')).toFixed(2) };
}));
await browser.close();
await host.stop();
