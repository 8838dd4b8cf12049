// Experiments that wait for each other: planned together, run one after another, and stopped together. They are kept in
// this browser while they last, so that what waits still waits when the page comes back.

import { stepsOf } from '../runs/list.js';

/** @import { Choices } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { Training } from './training.js' */

/**
 * What is to be run.
 * @typedef {object} Planned
 * @property {Choices} choices
 * @property {string | null} label what its run is called, if it has a name
 * @property {string} [entry] what whoever planned it knows it by
 * @property {string} group what the others of its kind share
 * @property {number | null} [seconds] that it should take, if somebody knows
 */

/** @typedef {{ planned: Planned, run: Run | undefined }} Place */

/** What is kept of a place: the experiment, and which run was made of it. @typedef {{ planned: Planned, run: number | undefined }} Kept */

/** Under which name. */
const KEPT = 'queue';
/** The only problem that says something about the experiment, and nothing about the machine. */
const RESULT = 'not-finite';

export class Queue {
  /** What was planned last, each with its run as soon as it has one. @type {Place[]} */
  places = [];
  /** Index of the one that is on; undefined when none is. @type {number | undefined} */
  at;
  /** What the page went away from, with the runs that were kept. @type {Place[]} */
  interrupted = [];
  #beginning = false;
  /** @type {((whole: boolean) => void) | undefined} */
  #ended;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {Experiment} experiment @param {Training} training */
  constructor(experiment, training) {
    this.experiment = experiment;
    this.training = training;
    training.subscribe(() => this.#look());
    training.runs.subscribe(() => { if (this.busy) this.#tell(); });
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  get busy() {
    return this.at !== undefined;
  }

  /** What the places that are on share. */
  get group() {
    return this.busy ? this.places[0]?.planned.group : undefined;
  }

  /** Runs all of these in order. Whether it came to the end. @param {Planned[]} planned @returns {Promise<boolean>} */
  start(planned) {
    return this.#run(planned.map((one) => ({ planned: one, run: undefined })));
  }

  /** Finds what was on when the page went away, once the runs are back. */
  async restore() {
    const kept = /** @type {Kept[]} */ ((await this.#store.thing(KEPT)) ?? []);
    // A quick person may have begun other ones meanwhile.
    if (this.busy) return;
    const { list } = this.training.runs;
    this.interrupted = kept.map(({ planned, run: id }) => ({ planned, run: list.find((run) => run.id === id) }));
    if (kept.length > 0) this.#tell();
  }

  /** Goes on where the page went away. Whether it came to the end. @returns {Promise<boolean>} */
  goOn() {
    return this.#run(this.interrupted);
  }

  /** @param {Place[]} places @returns {Promise<boolean>} */
  #run(places) {
    this.stop();
    this.places = places;
    this.interrupted = [];
    return new Promise((resolve) => {
      this.#ended = resolve;
      void this.#begin(0);
    });
  }

  /** Gives up what is on and what waits; what is done stays. */
  stop() {
    if (!this.busy) return;
    const place = this.places[this.at ?? 0];
    this.#end(false);
    if (place?.run && place.run === this.training.run) this.training.reset();
  }

  /** How much of all the work is done, 0 to 1. */
  get progress() {
    const weights = this.places.map(({ planned }) => planned.seconds ?? 1);
    const done = this.places.map(({ run }, index) => (weights[index] ?? 0) * shareOf(run));
    const sum = /** @param {number[]} list */ (list) => list.reduce((total, value) => total + value, 0);
    return sum(done) / Math.max(sum(weights), Number.MIN_VALUE);
  }

  /** Seconds that are left, as soon as that can be told. */
  get left() {
    const { progress } = this;
    const elapsed = this.places.reduce((total, { run }) => total + (run?.elapsed ?? 0), 0);
    return this.busy && progress > 0 ? (elapsed / progress) * (1 - progress) : undefined;
  }

  /** Begins the first that is not over, from this one on. @param {number} from */
  async #begin(from) {
    const index = this.places.findIndex(({ run }, at) => at >= from && !isOver(run));
    const place = this.places[index];
    if (!place) return this.#end(true);
    this.at = index;
    this.#beginning = true;
    // The page shows what is running: its images, its network.
    this.experiment.open(place.planned.choices, 'replace');
    const { view } = this.experiment;
    const checkpoint = place.run && (await this.#store.checkpoint(place.run.id));
    await this.training.device.ready;
    if (place.run && checkpoint) this.training.goOn(place.run, checkpoint, this.training.device.choice.device);
    else {
      // It had only just begun; beside the new one it would look like a repetition.
      if (place.run) this.training.forget(place.run);
      await this.training.begin(view.spec, view.choices, 'go', place.planned);
    }
    this.#beginning = false;
    if (this.places[index] !== place || this.at !== index) return;
    place.run = this.training.run;
    this.#keep();
    this.#tell();
  }

  get #store() {
    return this.training.runs.store;
  }

  #keep() {
    /** @type {Kept[]} */
    const kept = this.places.map(({ planned, run }) => ({ planned, run: run?.id }));
    void this.#store.putThing(KEPT, kept);
  }

  /** Goes on when a run is over, and stops when somebody else began one. */
  #look() {
    const place = this.busy ? this.places[this.at ?? 0] : undefined;
    if (!place || this.#beginning) return;
    const { run } = place;
    if (run !== this.training.run || run?.state === 'stopped') return this.#end(false);
    if (run?.state === 'failed' && run.problem?.code !== RESULT) return this.#end(false);
    if (isOver(run)) {
      const next = (this.at ?? 0) + 1;
      // The training tells everybody first that this one is over.
      queueMicrotask(() => { if (this.at === next - 1) void this.#begin(next); });
    }
  }

  /** @param {boolean} whole */
  #end(whole) {
    this.at = undefined;
    void this.#store.removeThing(KEPT);
    const ended = this.#ended;
    this.#ended = undefined;
    this.#tell();
    ended?.(whole);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

/** Whether a run came to its end. @param {Run | undefined} run */
export const isOver = (run) => run?.state === 'done' || (run?.state === 'failed' && run.problem?.code === RESULT);

/** How far a run is, 0 to 1. @param {Run | undefined} run */
export function shareOf(run) {
  if (!run) return 0;
  if (run.state === 'done' || run.state === 'failed') return 1;
  return run.totalSteps > 0 ? stepsOf(run) / run.totalSteps : 0;
}
