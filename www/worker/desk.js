// Trains. One call into the module is in flight at a time; every message first ends the loop that is on.

import { isProblem } from '../app/base/is-problem.js';
import { DATA } from '../app/place.js';
import { startThreads } from './threads.js';

/** @import { Event as TrainingEvent, ExperimentSpec, Manifest, Split } from '../app/core.d.ts' */
/** @import { Order, Report } from '../app/run/worker-client.js' */
/** @import { Trainer } from '../pkg/cpu/cpu.js' */

/** Milliseconds that one call should take: short enough to pause at once, long enough to cost nothing. */
const CALL = 125;
/** The same while somebody looks inside, who gets the weights between two calls: ten times a second at least. */
const LOOKED_AT = 60;
/** Milliseconds after which nobody looks any more. */
const FORGOTTEN = 1000;
const MOST_BATCHES = 16;
/** Milliseconds after which a run is kept once more, to be gone on with if the page goes away. */
const KEEP = 5000;
/** Images of a person's own files that the page gets for its preview. */
const PREVIEWED = 500;
/** Test images whose masks the page gets after each test. */
const MASKS = 8;

/** @type {Trainer} */
let trainer;
let going = false;
/** Whether the page has asked for the weights of the run that is on. */
let wanted = false;
/** When it was kept last. */
let kept = 0;
/** When it last did. */
let asked = -Infinity;
let seconds = 0;
let training = 0;
/** Milliseconds that a batch takes, as last seen. */
let pace = CALL;
/** @type {{ name: string, manifest: Manifest } | undefined} */
let served;
/** What a shard's bytes are fetched for, before they are asked for. @type {Map<string, Promise<Uint8Array<ArrayBuffer>>>} */
const coming = new Map();
let arrived = 0;
let expected = 0;

/** @type {Promise<void>} */
let work = Promise.resolve();

/** @param {Report} report @param {Transferable[]} [transfer] */
const tell = (report, transfer = []) => self.postMessage(report, { transfer });

self.onmessage = (/** @type {MessageEvent<Order>} */ { data: order }) => {
  // Between two calls; asking is no reason to pause.
  if (going && (order.kind === 'weights' || order.kind === 'keep')) {
    if (order.kind === 'keep') kept = -Infinity;
    else {
      wanted = true;
      asked = performance.now();
    }
    return;
  }
  going = false;
  work = work.then(() => obey(order)).catch((thrown) => {
    const lost = lostReason();
    if (lost) tell({ kind: 'problem', about: order.kind, problem: { code: 'device-lost', field: null, params: { reason: lost } } });
    else if (isProblem(thrown)) tell({ kind: 'problem', about: order.kind, problem: thrown });
    else tell({ kind: 'crashed', detail: String(thrown) });
  });
};

/** Why the device went away, if it did; a module that has crashed cannot say. */
function lostReason() {
  try {
    return trainer?.lost;
  } catch {
    return undefined;
  }
}

/** @param {Order} order */
async function obey(order) {
  switch (order.kind) {
    case 'open': return open(order.device, order.threads);
    case 'fetch':
      await describe(order.spec);
      return deliver('train', 1);
    case 'files': return read(order.files);
    case 'begin':
      seconds = training = 0;
      await prepare(order.spec);
      happened(trainer.begin(order.spec));
      return;
    case 'resume':
      await prepare(order.spec);
      happened(trainer.resume(order.checkpoint));
      return;
    case 'measure': return measure(order.spec, order.seconds);
    case 'go': return loop();
    case 'step':
      while ((await advance(1)) === 'waited');
      return tell({ kind: 'paused' });
    case 'weights': return handOver(false);
    case 'keep': return keep();
    case 'pause':
      await keep();
      return tell({ kind: 'paused' });
  }
}

/** @param {'cpu' | 'webgpu'} name @param {number} threads */
async function open(name, threads) {
  const { module, alarms } = await load(name, threads);
  trainer = await module.Trainer.open(name);
  tell({ kind: 'ready', alarms }, alarms);
}

/** @param {'cpu' | 'webgpu'} name @param {number} threads */
async function load(name, threads) {
  if (name === 'cpu' && threads > 1) {
    try {
      return await startThreads(threads);
    } catch {
      // One gives the same numbers, later.
      tell({ kind: 'alone' });
    }
  }
  const module = name === 'webgpu' ? await import('../pkg/webgpu/webgpu.js') : await import('../pkg/cpu/cpu.js');
  await module.default();
  return { module, alarms: [] };
}

/** @param {File[]} files */
async function read(files) {
  for (const file of files) {
    tell({ kind: 'reading', name: file.name });
    const facts = trainer.addFile(file.name, new Uint8Array(await file.arrayBuffer()));
    if (facts) {
      const pixels = trainer.firstPixels(PREVIEWED);
      const labels = trainer.firstLabels(PREVIEWED);
      tell({ kind: 'facts', facts, pixels, labels }, [pixels.buffer, labels.buffer]);
    } else tell({ kind: 'incomplete', name: file.name });
  }
}

/** Learns what the spec's data set consists of. @param {ExperimentSpec} spec */
async function describe(spec) {
  if (served?.name === spec.data) return served.manifest;
  coming.clear();
  const answer = await get('manifest.json', spec.data);
  const manifest = /** @type {Manifest} */ (await answer.json());
  served = { name: spec.data, manifest };
  trainer.openData(manifest);
  return manifest;
}

/** Gets the first shard of the spec's data set, and begins to fetch the others. @param {ExperimentSpec} spec */
async function prepare(spec) {
  if (spec.data === 'file') return;
  const manifest = await describe(spec);
  const files = [...needed(manifest.train, spec.train), ...needed(manifest.test, spec.test)];
  const missing = files.filter((shard) => !coming.has(shard.file));
  arrived = 0;
  expected = missing.reduce((sum, shard) => sum + shard.bytes, 0);
  // One after the other, so that the first ones are here soon.
  let before = Promise.resolve();
  for (const shard of missing) {
    const bytes = before.then(() => fetchBytes(shard.file, spec.data));
    // Whoever waits for it hears of a failure, and the next try fetches again.
    before = bytes.then(() => {}, () => { coming.delete(shard.file); });
    coming.set(shard.file, bytes);
  }
  await deliver('train', 1);
}

/** @param {Manifest['train']} shards @param {number} samples */
function needed(shards, samples) {
  let here = 0;
  return shards.filter((shard) => {
    const wanted = here < samples;
    here += shard.samples;
    return wanted;
  });
}

/** @param {string} file @param {string} data */
async function get(file, data) {
  const answer = await fetch(new URL(`${data}/${file}`, DATA)).catch(() => undefined);
  if (!answer?.ok) throw { code: 'no-data', field: null, params: { data: `${data}/${file}` } };
  return answer;
}

/** @param {string} file @param {string} data */
async function fetchBytes(file, data) {
  const bytes = new Uint8Array(await (await get(file, data)).arrayBuffer());
  arrived += bytes.length;
  tell({ kind: 'arriving', bytes: arrived, total: expected });
  return bytes;
}

/** Hands over shards until the first so many samples of a split are here. @param {Split} split @param {number} samples */
async function deliver(split, samples) {
  for (let file; (file = trainer.nextShard(split, samples)) !== undefined;) {
    const bytes = await (coming.get(file) ?? fetchBytes(file, served?.name ?? ''));
    trainer.addShard(split, bytes);
    // The module has its copy; the entry stays as a sign that the shard is here.
    coming.set(file, Promise.resolve(bytes.subarray(0, 0)));
  }
}

async function loop() {
  going = true;
  kept = performance.now();
  while (going) {
    const call = performance.now() - asked < FORGOTTEN ? LOOKED_AT : CALL;
    const batches = Math.min(MOST_BATCHES, Math.max(1, Math.round(call / pace)));
    if ((await advance(batches)) === 'over') return;
    if (wanted) await handOver(false);
    if (performance.now() - kept > KEEP) await keep();
    await turn();
  }
}

/** Gives the page what it needs to go on with the run as it is. */
async function keep() {
  const checkpoint = await trainer?.keep();
  kept = performance.now();
  if (checkpoint) tell({ kind: 'checkpoint', checkpoint }, [checkpoint.buffer]);
}

/** Gives the page the network's numbers as they are. @param {boolean} final whether the run is over with them */
async function handOver(final) {
  wanted = false;
  const weights = await trainer.weights();
  if (weights) tell({ kind: 'weights', weights, final }, [weights.buffer]);
}

/** Gives the page what the network marks in a few test images, where that is its task. */
async function tellMasks() {
  const found = await trainer.predictMasks(MASKS);
  if (!found) return;
  const { before, after, mask, predicted, overlaps } = found;
  found.free();
  const masks = { before, after, mask, predicted, overlaps };
  tell({ kind: 'masks', masks }, Object.values(masks).map((array) => array.buffer));
}

/** Tells how many images a second the experiment trains at, in about so many seconds. @param {ExperimentSpec} spec @param {number} seconds */
async function measure(spec, seconds) {
  await prepare(spec);
  // The first step compiles, and brings the data.
  await timed(spec, 1);
  let measured = { took: 0, images: 0 };
  // All tries together take at most twice the last, and the last twice as long as it must.
  for (let steps = 1; measured.took < seconds / 4; steps *= 2) measured = await timed(spec, steps);
  tell({ kind: 'measured', speed: measured.images / measured.took });
}

/** A whole small run, so that nothing is left on the device when the clock stops. @param {ExperimentSpec} spec @param {number} steps */
async function timed(spec, steps) {
  trainer.begin({ ...spec, stop: 'steps', steps });
  const started = performance.now();
  let images = 0;
  for (;;) {
    /** @type {TrainingEvent[]} */
    const events = await trainer.advance(MOST_BATCHES);
    for (const event of events) {
      if (event.type === 'steps') images = event.samples;
      if (event.type === 'waiting') await deliver(event.split, event.needed);
      if (event.type === 'failed') throw event.problem;
      if (event.type === 'finished') return { took: (performance.now() - started) / 1000, images };
    }
  }
}

/** One call. @param {number} batches @returns {Promise<'on' | 'waited' | 'over'>} */
async function advance(batches) {
  const started = performance.now();
  /** @type {TrainingEvent[]} */
  const events = await trainer.advance(batches);
  const took = performance.now() - started;
  const waiting = events.find((event) => event.type === 'waiting');
  seconds += took / 1000;
  if (events.some((event) => event.type === 'steps')) training += took / 1000;
  if (!waiting) pace = took / batches;
  // Before the page hears of the end, since it may begin another run then.
  if (events.some((event) => event.type === 'evaluated')) await tellMasks();
  if (events.some((event) => event.type === 'finished')) await handOver(true);
  if (!happened(events)) return 'over';
  if (!waiting) return 'on';
  await deliver(waiting.split, waiting.needed);
  return 'waited';
}

/** Passes events on. Whether the run goes on. @param {TrainingEvent[]} events */
function happened(events) {
  const failed = events.find((event) => event.type === 'failed');
  if (failed && lostReason()) throw failed.problem;
  tell({ kind: 'events', events, seconds, training });
  // Even a short epoch is worth more than what it costs to keep it.
  if (events.some((event) => event.type === 'evaluated')) kept = -Infinity;
  return !events.some((event) => event.type === 'failed' || event.type === 'finished');
}

/** Lets messages in. */
function turn() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => { port1.close(); resolve(undefined); };
    port2.postMessage(null);
  });
}
