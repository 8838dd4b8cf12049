// Faults made on purpose, and what has to be true after each: words, a way to try again, and the same curve in the end.
import { test as base, counter, curves, expect, open, run } from './page.mjs';

/** What the browser itself says of a request that failed, of a script that is none, and of a page under another policy. */
const REQUESTS = /^Failed to load (resource|module script)|net::ERR_/;

/** A page whose console may tell of requests that failed. */
export const test = base.extend({ expected: [REQUESTS, { option: true }] });
export { counter, curves, expect, open, run };

/** Forty steps, and a checkpoint after every ten. */
export const SHORT = 'v=1&train=160&test=50&epochs=4&batch=16';
/** The same with images of the second shard, which nobody needs before a run. */
export const SECOND = 'v=1&train=1000&test=50&epochs=1&batch=50';

export const MODULES = '**/pkg/modules.json';
/** The scripts of the modules that train. */
export const SCRIPTS = '**/pkg/{cpu,threads,webgpu}/*.js';
/** And their instructions. */
export const INSTRUCTIONS = '**/pkg/{cpu,threads,webgpu}/*.wasm';
export const DESK = '**/worker/desk.js';

export const messages = (page) => page.locator('#messages');
export const state = (page) => page.locator('#run-state');
export const button = (page) => page.locator('#run');
export const rows = (page) => page.locator('.runs-table tbody tr');
export const steps = async (page) => Number((await counter(page, 'steps').textContent()).replaceAll(',', ''));

const LOGIN = '<!doctype html><title>Sign in</title><h1>Sign in to use this network</h1><form><input name="user"></form>';

/** What can become of a request. */
export const FATES = {
  'answers 404': (route) => route.fulfill({ status: 404, body: 'not found' }),
  'answers 500': (route) => route.fulfill({ status: 500, body: 'internal error' }),
  'is a login page': (route) => route.fulfill({ contentType: 'text/html', body: LOGIN }),
  'is cut in half': (route) => altered(route, (bytes) => bytes.subarray(0, bytes.length / 2)),
  'has wrong bytes': (route) => altered(route, (bytes) => bytes.map((byte, at) => (at > 64 ? byte ^ 0x55 : byte))),
  'cannot be reached': (route) => route.abort('internetdisconnected'),
  'never answers': () => {},
};

async function altered(route, alter) {
  const response = await route.fetch({ maxRetries: 3 });
  await route.fulfill({ response, body: alter(await response.body()) });
}

/** Requests for this wait until they are let go. Gives what lets them, and ends it. */
export async function hold(page, glob) {
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  let asked = 0;
  const wait = async (route) => {
    asked += 1;
    await released;
    await route.continue().catch(() => {});
  };
  await page.route(glob, wait);
  return { asked: () => asked, release: async () => { release(); await page.unroute(glob, wait); } };
}

/** Adds code to the end of a script, or before its first line. */
export async function add(page, glob, code, { before = false } = {}) {
  const adding = async (route) => {
    try {
      const response = await route.fetch({ maxRetries: 3 });
      const text = await response.text();
      await route.fulfill({ response, body: before ? `${code}\n${text}` : `${text}\n${code}` });
    } catch {
      // It was taken back while this answer was on its way, or the page that asked is gone.
      await route.continue().catch(() => {});
    }
  };
  await page.route(glob, adding);
  return () => page.unroute(glob, adding);
}

/**
 * Every call into the module takes this long, so that a run can be disturbed; after so many calls it traps. What is given
 * back ends it for workers to come.
 */
export const slowly = (page, milliseconds = 150, { calls = Infinity } = {}) => add(page, SCRIPTS, `const advance = Trainer.prototype.advance;
  let calls = 0;
  Trainer.prototype.advance = async function (...of) {
    calls += 1;
    await new Promise((done) => setTimeout(done, ${milliseconds}));
    if (calls > ${calls}) throw new WebAssembly.RuntimeError('unreachable');
    return advance.apply(this, of);
  };`);

/** Whoever waits for so many milliseconds or longer, on the page or in its worker, waits a tenth of it: so that a test need not. */
export async function hurry(page, least = 4000) {
  const code = `{ const short = (wait = 0) => (wait >= ${least} ? wait / 10 : wait);
    const { setTimeout: later } = self; self.setTimeout = (act, wait, ...of) => later(act, short(wait), ...of);
    const within = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = (wait) => within(short(wait)); }`;
  await page.addInitScript(code);
  await add(page, DESK, code, { before: true });
}

/** The worker that trains, as Playwright has it. */
export const worker = (page) => page.workers().find((one) => one.url().includes('/worker/desk.js'));

/** Presses Run and waits until so many steps are made. */
export async function begin(page, least = 12) {
  await button(page).click();
  await reach(page, least);
}

export const reach = (page, least) => expect.poll(() => steps(page), { message: 'steps made' }).toBeGreaterThanOrEqual(least);

/** The page is not busy any more, has said what is wrong, and can be asked again. */
export async function told(page, words) {
  await expect(messages(page)).toContainText(words);
  await expect(button(page)).toBeEnabled();
  await expect(button(page)).not.toHaveText('Pause');
  await alive(page);
}

/** The page answers at once, whatever it does. */
export async function alive(page) {
  await page.waitForFunction(() => true, undefined, { timeout: 2000 });
}

/** Takes what the page offers: to go on with the run that was disturbed, else another try. */
export async function again(page) {
  const offered = messages(page).getByRole('button', { name: /^(Resume|Go on|Try again|Start it again)/ });
  await (await offered.count() ? offered.last() : button(page)).click();
}

/** The run comes to its end as if nothing had happened: one that nothing disturbs has the same curve to the last bit. */
export async function unharmed(page) {
  await expect(state(page)).toHaveText('Done');
  const before = await rows(page).count();
  await button(page).click();
  // The words of the run before may still stand there.
  await expect(rows(page)).toHaveCount(before + 1);
  await expect(state(page)).toHaveText('Done');
  const lines = await curves(page);
  const numbers = [...new Set(lines.map((line) => line.run))].sort((a, b) => a - b);
  const [disturbed, undisturbed] = numbers.slice(-2).map((number) => lines.filter((line) => line.run === number).map(({ run: _, ...line }) => line));
  expect(undisturbed.length).toBeGreaterThan(0);
  expect(disturbed).toEqual(undisturbed);
}

/** Counts from now on what the page's workers say, and what it writes down. Before it is opened. */
export const count = (page) => page.addInitScript(() => {
  window.counted = { reports: 0, writes: 0 };
  window.Worker = class extends Worker {
    constructor(...of) {
      super(...of);
      this.addEventListener('message', () => { window.counted.reports += 1; });
    }
  };
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...of) { window.counted.writes += 1; return put.apply(this, of); };
});

/** What was counted in a second in which nothing is wanted. */
export const counted = (page) => page.evaluate(async () => {
  const before = { ...window.counted };
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return { reports: window.counted.reports - before.reports, writes: window.counted.writes - before.writes };
});
