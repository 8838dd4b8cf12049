// The page on a slow phone: at a phone's size, as fast as this machine is, and four and six times slower. What a finger waits for,
// images a second, and how long the labs take beside what the page says before they begin. A JSON line for each speed, a table.
//   node phone.mjs --address A [--chromium C] [--slower 1,4,6] [--seconds 10] [--labs epoch-batch,residual]
//
// Chromium's own throttle slows the main thread alone. So the workers that train and look inside wait after each call into their
// module until it has taken as many times as long. What the browser itself does in workers, such as compiling, is not slowed.
import { chromium } from '@playwright/test';
import { parseArgs } from 'node:util';
import { ready, trainingSpeed } from './peers/page.mjs';

const { values: o } = parseArgs({ options: {
  address: { type: 'string' }, chromium: { type: 'string', default: '/usr/bin/chromium' }, slower: { type: 'string', default: '1,4,6' },
  seconds: { type: 'string', default: '10' }, labs: { type: 'string', default: 'epoch-batch,residual' },
} });
if (!o.address) throw new Error('node phone.mjs --address WHERE-THE-PLAYGROUND-IS-SERVED [--slower 1,4,6] [--seconds 10] [--labs epoch-batch,residual]');

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true, locale: 'en-US' };
const FLAGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** Milliseconds that anything of it may take. */
const PATIENCE = 3_600_000;

const browser = await chromium.launch({ executablePath: o.chromium, args: FLAGS });

/** What a module's script gets behind it: each call of its classes takes so many times as long. @param {number} times */
const slowed = (times) => `
const still = new Int32Array(new SharedArrayBuffer(4));
/** Of a call that began then. */
const wait = (from) => { Atomics.wait(still, 0, 0, ${times - 1} * (performance.now() - from)); };
for (const { prototype } of [Insides, Trainer]) {
  for (const name of Object.getOwnPropertyNames(prototype).filter((name) => !/^(constructor|free|__.*)$/.test(name))) {
    const { value: call } = Object.getOwnPropertyDescriptor(prototype, name);
    if (call) prototype[name] = function (...of) {
      const from = performance.now();
      const made = call.apply(this, of);
      if (made instanceof Promise) return made.finally(() => wait(from));
      wait(from);
      return made;
    };
  }
}`;

/** A page of a phone that is so many times slower. @param {number} times */
async function phone(times) {
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: times });
  if (times > 1) await page.route(/\/pkg\/(cpu|threads)\/\w+\.js$/, async (route) => {
    const response = await route.fetch();
    const script = await response.text();
    await route.fulfill({ response, body: script + (script.includes('class Insides') ? slowed(times) : slowed(times).replace('Insides, ', '')) });
  });
  await page.addInitScript(() => {
    window.seen = { longest: 0, answer: 0 };
    new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.seen.longest = Math.max(window.seen.longest, duration); }).observe({ type: 'longtask' });
    new PerformanceObserver((list) => { for (const { duration, interactionId } of list.getEntries()) if (interactionId) window.seen.answer = Math.max(window.seen.answer, duration); }).observe({ type: 'event', durationThreshold: 16 });
  });
  return { page, close: () => context.close() };
}

/** The most of each since the last time, in milliseconds: tasks of less than 50 are none. */
const seen = (page) => page.evaluate(() => {
  const { longest, answer } = window.seen;
  window.seen = { longest: 0, answer: 0 };
  return { task: Math.round(longest), answer: Math.round(answer) };
});

/** What a finger does while a run is on: switches, a pause, the list of devices, each view of Look inside. */
async function fingers(page) {
  for (const way of ['fixed', 'off']) await page.locator(`[name="switch-permute"][value="${way}"]`).tap();
  for (const state of ['Paused', 'Training']) {
    await page.locator('#run').tap();
    await page.locator('#run-state', { hasText: state }).waitFor();
  }
  await page.locator('#inside-tools').getByRole('button', { name: 'Look inside', exact: true }).tap();
  for (const tab of await page.locator('.inside-body [data-tab]').all()) await tab.tap();
  await page.locator('#inside-tools').getByRole('button', { name: 'Close', exact: true }).tap();
}

/** A lab, from the press to its conclusion, beside what the page says once it has measured the device. @param {number} times @param {string} name @param {'auto' | 'quick'} budget */
async function lab(times, name, budget) {
  const { page, close } = await phone(times);
  await ready(page, `${o.address}#v=1&lab=${name}&budget=${budget}&device=cpu`);
  await page.locator('.lab-answers :is(label, input[type="number"])').first().tap();
  await page.getByRole('button', { name: 'Commit to this prediction' }).tap();
  const pressed = Date.now();
  await page.locator('#lab-run').tap();
  await page.waitForFunction(() => document.querySelector('.lab-left')?.textContent || document.querySelector('.lab-verdict'));
  const measured = Date.now();
  const [fit, left] = await Promise.all(['.lab-state', '.lab-left'].map((css) => page.locator(css).textContent()));
  await page.locator('.lab-verdict').waitFor();
  const seconds = (from) => Math.round((Date.now() - from) / 1000);
  const row = { slower: times, lab: name, budget, fit, left, runs: seconds(measured), all: seconds(pressed) };
  console.log(JSON.stringify(row));
  await close();
  return row;
}

const rows = [];
const labs = [];
for (const times of o.slower.split(',').map(Number)) {
  const { page, close } = await phone(times);
  const opened = Date.now();
  await ready(page, `${o.address}#v=1&device=cpu&train=20000&test=500&epochs=100`);
  const usable = Date.now() - opened;
  const { task: opening } = await seen(page);
  const pressed = Date.now();
  await page.locator('#run').tap();
  await page.waitForFunction(() => document.querySelector('[data-counter="steps"]').textContent !== '0');
  const first = Date.now() - pressed;
  const { rate } = await trainingSpeed(page, Number(o.seconds));
  const { task: training } = await seen(page);
  await fingers(page);
  const { task: touched, answer } = await seen(page);
  const row = { slower: times, 'usable, ms': usable, 'first step, ms': first, 'images/s': Math.round(rate), 'longest task, ms: opening': opening, training, touched, 'a finger sees its answer after, ms': answer };
  console.log(JSON.stringify(row));
  rows.push(row);
  await close();
  for (const name of o.labs.split(',').filter(Boolean)) for (const budget of ['quick', 'auto']) labs.push(await lab(times, name, budget));
}
console.table(rows);
console.table(labs.map(({ slower, lab, budget, left, runs, all }) => ({ slower, lab, budget, 'it says': left, 'the runs took, s': runs, 'with measuring, s': all })));
await browser.close();
