// Experiments that wait for each other: planned together, run one after another, and stopped together.

import { stepsOf } from './runs.js';

/** @import { Choices } from './engine.js' */
/** @import { Experiment } from './experiment.js' */
/** @import { Run } from './runs.js' */
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

/** The only problem that says something about the experiment, and nothing about the machine. */
const RESULT = 'not-finite';

export class Queue {
  /** What was planned last, each with its run as soon as it has one. @type {Place[]} */
  places = [];
  /** Index of the one that is on; undefined when none is. @type {number | undefined} */
  at;
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
    this.stop();
    this.places = planned.map((one) => ({ planned: one, run: undefined }));
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

  /** @param {number} index */
  async #begin(index) {
    const place = this.places[index];
    this.at = index;
    if (!place) return this.#end(true);
    this.#beginning = true;
    // The page shows what is running: its images, its network.
    this.experiment.open(place.planned.choices, 'replace');
    const { view } = this.experiment;
    await this.training.begin(view.spec, view.choices, 'go', place.planned);
    this.#beginning = false;
    if (this.places[index] !== place || this.at !== index) return;
    place.run = this.training.run;
    this.#tell();
  }

  /** Goes on when a run is over, and stops when somebody else began one. */
  #look() {
    const place = this.busy ? this.places[this.at ?? 0] : undefined;
    if (!place || this.#beginning) return;
    const { run } = place;
    if (run !== this.training.run || run?.state === 'stopped') return this.#end(false);
    if (run?.state === 'failed' && run.problem?.code !== RESULT) return this.#end(false);
    if (run?.state === 'done' || run?.state === 'failed') {
      const next = (this.at ?? 0) + 1;
      // The training tells everybody first that this one is over.
      queueMicrotask(() => { if (this.at === next - 1) void this.#begin(next); });
    }
  }

  /** @param {boolean} whole */
  #end(whole) {
    this.at = undefined;
    const ended = this.#ended;
    this.#ended = undefined;
    this.#tell();
    ended?.(whole);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

/** How far a run is, 0 to 1. @param {Run | undefined} run */
export function shareOf(run) {
  if (!run) return 0;
  if (run.state === 'done' || run.state === 'failed') return 1;
  return run.totalSteps > 0 ? stepsOf(run) / run.totalSteps : 0;
}
