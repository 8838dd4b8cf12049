// The training worker: brings itself to what the page wants, one step after the other. What the steps are, the engine
// says (`src/desk`); here they are made. One call into the engine at a time, and the latest wish is asked before each.

import { whenItArrives } from '../app/base/arrival.js';
import { isProblem } from '../app/base/is-problem.js';
import { Data } from './data.js';
import { problem } from '../app/base/fetch.js';
import { lost, openTrainer } from './open.js';

/** @import { Event as TrainingEvent, Problem, Step, Wish } from '../app/core.d.ts' */
/** @import { Order, Payload } from '../app/run/worker-client.js' */
/** @import { Trainer } from '../pkg/cpu/cpu.js' */

/** Test images whose masks the page gets after each test. */
const MASKS = 8;
/** Milliseconds that a lost device may take to say so. */
const LOSS = 200;
/** Batches in one call while the speed is measured. */
const MEASURED = 16;

/** What the page wants; nothing after a failure. @type {Wish | undefined} */
let wish;
/** What came with the job's first wish. @type {NonNullable<Order['luggage']>} */
let luggage = {};
/** @type {Trainer | undefined} */
let trainer;
/** @type {Data} */
let data;
/** Seconds of work on the job, and of them those without testing. */
let worked = { seconds: 0, training: 0 };

/** Ends the rest, or the wait for data, when the page says what it wants. @type {() => void} */
let wake = () => {};
/** How often the page has said what it wants. */
let wishes = 0;

// Whatever is on when the device goes away does not come to an end; the page ends this worker then.
void lost.then((reason) => report(wish?.job ?? 0, problem('device-lost', { reason })));
// A trap inside a promise of the module's cannot be caught otherwise.
self.addEventListener('error', (event) => {
  event.preventDefault();
  void fail(wish?.job ?? 0, event.message);
});

// What did not come through the service worker, since that arrived only meanwhile, is asked for once more, so that it is kept.
whenItArrives(() => {
  /** @type {Set<string>} */
  const asked = new Set();
  new PerformanceObserver((list) => {
    for (const { name, workerStart } of /** @type {PerformanceResourceTiming[]} */ (list.getEntries())) {
      if (workerStart > 0 || asked.has(name)) continue;
      asked.add(name);
      void fetch(name).catch(() => {});
    }
  }).observe({ type: 'resource', buffered: true });
});

self.onmessage = (/** @type {MessageEvent<Order>} */ { data: order }) => {
  if (order.wish?.job !== wish?.job) luggage = {};
  wish = order.wish;
  luggage = { ...luggage, ...order.luggage };
  wishes += 1;
  wake();
  if (order.open) void work(order.open.device, order.open.threads);
};

/** Settles with the first wish after the first `seen` ones. @param {number} seen @returns {Promise<void>} */
const wished = (seen) => new Promise((resolve) => {
  wake = resolve;
  if (wishes > seen) resolve();
});

/** @param {'cpu' | 'webgpu'} device @param {number} threads */
async function work(device, threads) {
  for (;;) {
    if (!wish) await wished(wishes);
    if (!wish) continue;
    const { job } = wish;
    try {
      trainer ??= await open(device, threads);
      const step = trainer.next(wish, performance.now());
      if (step.kind === 'rest') await wished(wishes);
      else await take(step, trainer, wish);
    } catch (thrown) {
      // A failed job is wanted no more; the page hears of it and decides what it wants then.
      if (wish?.job === job) wish = undefined;
      await fail(job, thrown);
    }
    await turn();
  }
}

/** @param {'cpu' | 'webgpu'} device @param {number} threads */
async function open(device, threads) {
  const { trainer, alarms, alone } = await openTrainer(device, threads);
  data = new Data(trainer, (news, transfer) => { if (wish) tell(wish, news, transfer); });
  if (wish) tell(wish, { kind: 'open', alarms, alone }, alarms);
  return trainer;
}

/** What settles with any wish that comes from now on. */
function interrupted() {
  const seen = wishes;
  return () => wished(seen);
}

/** @param {Step} step @param {Trainer} trainer @param {Wish} wish */
async function take(step, trainer, wish) {
  switch (step.kind) {
    case 'bring':
      tell(wish, { kind: 'at' });
      if (await data.bring(dataOf(wish), step.split, step.samples, interrupted())) trainer.arrived();
      return;
    case 'begin':
      worked = { seconds: 0, training: 0 };
      return tell(wish, { kind: 'events', events: begin(trainer, wish), ...worked });
    case 'advance': return advance(trainer, wish, step.batches);
    case 'weights': {
      const weights = await trainer.weights();
      if (weights) tell(wish, { kind: 'weights', weights }, [weights.buffer]);
      return;
    }
    case 'checkpoint': {
      const checkpoint = await trainer.checkpoint();
      if (checkpoint) tell(wish, { kind: 'checkpoint', checkpoint }, [checkpoint.buffer]);
      return;
    }
    case 'measure': return measure(trainer, wish, step.steps);
    case 'pause':
    case 'finish': return tell(wish, { kind: 'at' });
  }
}

/** @param {Wish} wish */
const dataOf = ({ data, work }) => ({ name: data, files: luggage.files, coarse: luggage.coarse, spec: 'spec' in work ? work.spec : undefined });

/** @param {Trainer} trainer @param {Wish} wish @returns {TrainingEvent[]} */
function begin(trainer, { work }) {
  if (work.kind !== 'train') return [];
  const { touches = [], weights, name = '' } = luggage;
  if (!work.resumed) return weights || touches.length > 0 ? trainer.beginTouched(work.spec, weights, name, touches) : trainer.begin(work.spec);
  const events = trainer.resume(luggage.checkpoint ?? new Uint8Array(), touches);
  luggage.checkpoint = undefined;
  return events;
}

/** One call. @param {Trainer} trainer @param {Wish} wish @param {number} batches */
async function advance(trainer, wish, batches) {
  const started = performance.now();
  /** @type {TrainingEvent[]} */
  const events = await trainer.advance(batches);
  const took = (performance.now() - started) / 1000;
  worked.seconds += took;
  if (events.some(({ type }) => type === 'steps')) worked.training += took;
  const tested = events.some(({ type }) => type === 'evaluated');
  const masks = tested ? await trainer.predictMasks(MASKS) : undefined;
  const weights = events.some(({ type }) => type === 'finished') ? await trainer.weights() : undefined;
  const arrays = [weights, ...Object.values(masks ?? {})].flatMap((array) => (array ? [array.buffer] : []));
  // In one report: the page may begin another run on the news of the end, and hears nothing of this one then.
  tell(wish, { kind: 'events', events, masks, weights, ...worked }, arrays);
}

/** A whole small run by the clock, so that nothing is left on the device when it stops. @param {Trainer} trainer @param {Wish} wish @param {number} steps */
async function measure(trainer, wish, steps) {
  if (wish.work.kind !== 'measure') return;
  const { spec } = wish.work;
  trainer.begin({ ...spec, stop: 'steps', steps });
  const started = performance.now();
  for (let images = 0; isWanted(wish);) {
    /** @type {TrainingEvent[]} */
    const events = await trainer.advance(MEASURED);
    for (const event of events) {
      if (event.type === 'steps') images = event.samples;
      if (event.type === 'waiting') await data.bring(dataOf(wish), event.split, event.needed, interrupted());
      if (event.type === 'failed') throw event.problem;
      if (event.type === 'finished') {
        const speed = trainer.measured(wish, images, (performance.now() - started) / 1000);
        return speed === undefined ? undefined : tell(wish, { kind: 'measured', speed });
      }
    }
    await turn();
  }
}

/** Whether a job is still what the page wants. @param {Wish} of */
const isWanted = (of) => wish?.job === of.job;

/** @param {number} job @param {unknown} thrown */
async function fail(job, thrown) {
  try {
    trainer?.fail();
  } catch {
    // A module that has crashed cannot hear it.
  }
  // A device that is lost is the reason for whatever else goes wrong in that moment, and tells so itself.
  await new Promise((resolve) => setTimeout(resolve, isProblem(thrown) ? 0 : LOSS));
  report(job, isProblem(thrown) ? thrown : problem('crashed', { detail: String(thrown) }));
}

/** Tells the page why a job cannot go on. @param {number} job @param {Problem} why */
const report = (job, why) => self.postMessage({ kind: 'problem', problem: why, job, at: 'failed' });

/** Tells the page something of a job. @param {Wish} of @param {Payload} payload @param {Transferable[]} [transfer] */
function tell({ job }, payload, transfer = []) {
  self.postMessage({ ...payload, job, at: trainer?.phase(job) ?? 'starting' }, { transfer });
}

/** Lets messages in. @returns {Promise<undefined>} */
function turn() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => { port1.close(); resolve(undefined); };
    port2.postMessage(null);
  });
}
