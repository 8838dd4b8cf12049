// The training worker alone, on a page that has nothing else: wishes in, reports out, and an engine that does as it is told to.
import { FATES, SCRIPTS, add, expect, hold, test } from './trouble.mjs';

const SHORT = 'v=1&train=160&test=50&epochs=2&batch=16&device=cpu';
const MANIFEST = '**/data/mnist/manifest.json';

/** Calls into the engine are counted, take a while, and fail when that is asked for. */
const WATCHED = `self.calls = [];
  for (const name of ['begin', 'resume', 'advance', 'checkpoint', 'weights']) {
    const call = Trainer.prototype[name];
    Trainer.prototype[name] = name === 'begin' || name === 'resume'
      ? function (...of) { self.calls.push(name); if (self.refuse === name) throw { code: 'bad-content', field: null, params: { file: 'x', expected: '1', found: '2' } }; return call.apply(this, of); }
      : async function (...of) {
        self.calls.push(name);
        if (self.refuse === name) throw new WebAssembly.RuntimeError('unreachable');
        if (name === 'advance') await new Promise((done) => setTimeout(done, 20 * of[0]));
        return call.apply(this, of);
      };
  }`;

/** A page of this origin with a worker, which has been given nothing to do. */
async function desk(page) {
  await add(page, SCRIPTS, WATCHED);
  await page.goto('locales/index.json');
  await page.evaluate(async () => {
    const core = await import('/pkg/core/core.js');
    await core.default();
    window.specOf = (link) => core.view(core.openLink(link).choices, undefined).spec;
    window.reports = [];
    window.begin = () => {
      window.desk?.terminate();
      window.desk = new Worker('/worker/desk.js', { type: 'module' });
      window.desk.onmessage = ({ data }) => window.reports.push(data);
      window.desk.onerror = (event) => window.reports.push({ kind: 'uncaught', detail: event.message });
      window.desk.postMessage({ open: { device: 'cpu', threads: 1 } });
    };
    window.begin();
  });
}

/** Says what is wanted. */
const want = (page, wish) => page.evaluate(({ link, work, luggage, ...wish }) => {
  const spec = window.specOf(link);
  window.wish = { data: spec.data, until: null, weights: 0, checkpoints: 0, ...wish, work: { kind: 'train', spec, resumed: false, ...work } };
  window.desk.postMessage({ wish: window.wish, luggage: luggage === 'kept' ? { checkpoint: window.kept } : undefined });
}, { link: SHORT, job: 1, ...wish });

/** The same as before but for this. */
const now = (page, change) => page.evaluate((change) => {
  Object.assign(window.wish, change);
  window.desk.postMessage({ wish: window.wish });
}, change);

/** The same as before but for this, as soon as so many steps of the job are told of. */
const onceAt = (page, steps, change) => page.evaluate(([steps, change]) => new Promise((resolve) => {
  const { job } = window.wish;
  window.desk.addEventListener('message', function hear() {
    const made = window.reports.filter((report) => report.job === job).flatMap(({ events = [] }) => events).flatMap((event) => (event.type === 'steps' ? [...event.losses] : []));
    if (made.length <= steps) return;
    window.desk.removeEventListener('message', hear);
    Object.assign(window.wish, change);
    window.desk.postMessage({ wish: window.wish });
    resolve();
  });
}), [steps, change]);

const reports = (page) => page.evaluate(() => window.reports.map(({ kind, job, at, problem, weights, events = [], detail }) =>
  ({ kind, job, at, code: problem?.code, detail, final: kind === 'events' && weights !== undefined, losses: events.flatMap((event) => (event.type === 'steps' ? [...event.losses] : [])) })));
const said = (page, of) => expect.poll(async () => (await reports(page)).filter((report) => Object.entries(of).every(([key, value]) => report[key] === value)).length, { message: JSON.stringify(of) });
const losses = async (page, job) => (await reports(page)).filter((report) => report.job === job).flatMap((report) => report.losses);
const calls = (page) => page.workers()[0].evaluate(() => self.calls);

/** Nothing is called and nothing is said in a while in which nothing is wanted, but of data that was on its way. */
async function rests(page) {
  const seen = async () => [(await calls(page)).length, (await reports(page)).filter(({ kind }) => kind !== 'arriving').length];
  const before = await seen();
  await page.waitForTimeout(600);
  expect(await seen()).toEqual(before);
}

test('trains to the end, names the job in every report, and rests', async ({ page }) => {
  await desk(page);
  await want(page, {});
  await said(page, { at: 'done', kind: 'events' }).toBe(1);
  const all = await reports(page);
  expect(all.filter(({ job }) => job !== 1)).toEqual([]);
  expect(await losses(page, 1)).toHaveLength(20);
  expect(all.filter(({ kind, final }) => kind === 'events' && final)).toHaveLength(1);
  await rests(page);
});

test('the clock of a run begins with it, and not with the one before', async ({ page }) => {
  await desk(page);
  await want(page, {});
  await said(page, { job: 1, at: 'done', kind: 'events' }).toBe(1);
  await page.waitForTimeout(1500);
  const began = Date.now();
  await want(page, { job: 2 });
  await said(page, { job: 2, at: 'done', kind: 'events' }).toBe(1);
  const seconds = await page.evaluate(() => window.reports.filter(({ job, kind }) => job === 2 && kind === 'events').at(-1).seconds);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual((Date.now() - began) / 1000);
});

test('a pause is obeyed within one call, kept, told once; then it goes on to the same curve', async ({ page }) => {
  await desk(page);
  await want(page, {});
  await onceAt(page, 2, { until: 0 });
  await said(page, { at: 'paused' }).toBeGreaterThan(0);
  expect((await calls(page)).at(-1)).toBe('checkpoint');
  await rests(page);
  // The same wish once more is no news.
  await now(page, { until: 0 });
  await rests(page);
  await now(page, { until: null });
  await said(page, { job: 1, at: 'done', kind: 'events' }).toBe(1);
  const first = await losses(page, 1);
  await want(page, { job: 2 });
  await said(page, { job: 2, at: 'done', kind: 'events' }).toBe(1);
  expect(await losses(page, 2)).toEqual(first);
});

test('a pause before the beginning: nothing is trained until more is wanted', async ({ page }) => {
  const module = await hold(page, SCRIPTS.replace('.js', '.wasm'));
  await desk(page);
  await want(page, {});
  await now(page, { until: 0 });
  await module.release();
  await said(page, { at: 'paused' }).toBe(1);
  expect((await calls(page)).filter((name) => name === 'advance')).toEqual([]);
  await rests(page);
  await now(page, { until: null });
  await said(page, { at: 'done', kind: 'events' }).toBe(1);
});

test('so many steps and no more; then one more', async ({ page }) => {
  await desk(page);
  await want(page, { until: 3 });
  await said(page, { at: 'paused' }).toBe(1);
  expect(await losses(page, 1)).toHaveLength(3);
  await now(page, { until: 4 });
  await said(page, { at: 'paused' }).toBe(2);
  expect(await losses(page, 1)).toHaveLength(4);
});

test('a pause while data is on its way, and data that comes then: nothing is trained', async ({ page }) => {
  const shard = await hold(page, '**/data/mnist/train-00.png');
  await desk(page);
  await want(page, {});
  await expect.poll(shard.asked).toBeGreaterThan(0);
  await now(page, { until: 0 });
  await said(page, { at: 'paused' }).toBe(1);
  await shard.release();
  await rests(page);
  expect(await losses(page, 1)).toEqual([]);
  await now(page, { until: null });
  await said(page, { at: 'done', kind: 'events' }).toBe(1);
});

test('another job takes the place of one whose data never comes, and of one that trains', async ({ page }) => {
  await page.route('**/data/fashion-mnist/train-00.png', FATES['never answers']);
  await desk(page);
  await want(page, { link: `${SHORT}&data=fashion-mnist` });
  await said(page, { job: 1, at: 'loading' }).toBeGreaterThan(0);
  await want(page, { job: 2, link: SHORT.replace('epochs=2', 'epochs=50') });
  await expect.poll(async () => (await losses(page, 2)).length).toBeGreaterThan(2);
  await want(page, { job: 3 });
  await said(page, { job: 3, at: 'done', kind: 'events' }).toBe(1);
  const of = (await reports(page)).map(({ job }) => job);
  // Once a job has spoken, none before it does.
  expect([...of].sort((a, b) => a - b)).toEqual(of);
  expect(await losses(page, 3)).toHaveLength(20);
});

test('a session that is done, and the next job’s data that cannot be had: one problem, and it rests', async ({ page }) => {
  await desk(page);
  await want(page, {});
  await said(page, { job: 1, at: 'done', kind: 'events' }).toBe(1);
  await page.route('**/data/cifar10/**', FATES['cannot be reached']);
  await want(page, { job: 2, link: 'v=1&data=cifar10&train=160&test=50&device=cpu' });
  await said(page, { job: 2, kind: 'problem', at: 'failed' }).toBe(1);
  await rests(page);
  // The same wish is no reason to try again.
  await page.unroute('**/data/cifar10/**');
  await want(page, { job: 3 });
  await said(page, { job: 3, at: 'done', kind: 'events' }).toBe(1);
});

for (const [what, refuse, code] of [['a begin that is refused', 'begin', 'bad-content'], ['a call that traps', 'advance', 'crashed']]) {
  test(`${what}: one problem of that job, and it rests`, async ({ page }) => {
    const module = await hold(page, SCRIPTS.replace('.js', '.wasm'));
    await desk(page);
    await expect.poll(() => page.workers().length).toBeGreaterThan(0);
    await page.workers()[0].evaluate((name) => { self.refuse = name; }, refuse);
    await want(page, {});
    await module.release();
    await said(page, { job: 1, kind: 'problem', at: 'failed' }).toBe(1);
    expect((await reports(page)).find(({ kind }) => kind === 'problem').code).toBe(code);
    await rests(page);
  });
}

test('a manifest that cannot be had is asked for again by the next job', async ({ page }) => {
  await page.route(MANIFEST, FATES['answers 500']);
  await desk(page);
  await want(page, {});
  await said(page, { job: 1, kind: 'problem', at: 'failed' }).toBe(1);
  await page.unroute(MANIFEST);
  await want(page, { job: 2 });
  await said(page, { job: 2, at: 'done', kind: 'events' }).toBe(1);
});

test('weights and checkpoints come as often as they are asked for, paused or not, and another worker goes on from one', async ({ page }) => {
  await desk(page);
  await want(page, {});
  await now(page, { weights: 1 });
  await onceAt(page, 4, { until: 0 });
  await said(page, { at: 'paused' }).toBeGreaterThan(0);
  await now(page, { weights: 2, checkpoints: 1 });
  await said(page, { kind: 'weights', final: false }).toBe(2);
  await expect.poll(() => page.evaluate(() => { window.kept = window.reports.findLast(({ kind }) => kind === 'checkpoint')?.checkpoint; return window.kept !== undefined; })).toBe(true);
  await rests(page);
  const before = await losses(page, 1);
  await page.evaluate(() => window.begin());
  await want(page, { job: 2, work: { resumed: true }, luggage: 'kept' });
  await said(page, { job: 2, at: 'done', kind: 'events' }).toBe(1);
  const after = await losses(page, 2);
  await want(page, { job: 3 });
  await said(page, { job: 3, at: 'done', kind: 'events' }).toBe(1);
  expect([...before, ...after]).toEqual(await losses(page, 3));
});
