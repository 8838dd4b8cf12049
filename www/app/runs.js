// The runs on the page: what each was, and what came of it.

import { t } from './i18n.js';

/** @import { ExperimentSpec, Problem, Task, Event as TrainingEvent } from './core.d.ts' */
/** @import { Choices } from './engine.js' */
/** @import { RunStore } from './storage.js' */
/** @import { Masks } from './worker-client.js' */

/** @typedef {'starting' | 'training' | 'paused' | 'done' | 'stopped' | 'failed'} RunState */

/** @typedef {{ step: number, samples: number, seconds: number, loss: number, accuracy: number, count: number }} Test */

/**
 * @typedef {object} Run
 * @property {number} id
 * @property {number} number what it is called by
 * @property {number} slot its colour and dash
 * @property {ExperimentSpec} spec
 * @property {Choices} choices
 * @property {Task} task what its accuracies mean
 * @property {string[]} devices on which it ran
 * @property {RunState} state
 * @property {boolean} visible
 * @property {number} parameters
 * @property {number} stepsPerEpoch
 * @property {number} totalSteps
 * @property {number[]} losses of each step's batch
 * @property {number[]} accuracies
 * @property {number[]} samples seen up to each step
 * @property {number[]} seconds up to each step
 * @property {Test[]} tests
 * @property {number} elapsed seconds of work
 * @property {number} training seconds of it without testing
 * @property {Masks} [masks] of its last test, where it marks pixels
 * @property {Problem | null} problem
 */

/** More are not kept; the oldest goes first. */
export const MOST_RUNS = 20;

export class Runs {
  /** @type {Run[]} */
  list = [];
  #next = 1;
  #due = false;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {RunStore} store */
  constructor(store) {
    this.store = store;
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Brings back what was kept. A run that was on when the page went away cannot go on. */
  async restore() {
    const kept = await this.store.all();
    for (const run of kept) {
      if (['starting', 'training', 'paused'].includes(run.state)) run.state = 'stopped';
      // Runs that were kept before there was another task.
      run.task ??= 'classify';
    }
    // A quick person may have begun one meanwhile.
    this.list = [...kept, ...this.list];
    this.#next = Math.max(0, ...this.list.map((run) => run.number)) + 1;
    this.changed();
  }

  /** @param {ExperimentSpec} spec @param {Choices} choices @param {string} device @returns {Run} */
  begin(spec, choices, device) {
    const taken = new Set(this.list.map((run) => run.slot));
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    /** @type {Run} */
    const run = {
      id: Date.now() + this.#next, number: this.#next, slot, spec, choices, task: 'classify', devices: [device], state: 'starting', visible: true,
      parameters: 0, stepsPerEpoch: 0, totalSteps: 0, losses: [], accuracies: [], samples: [], seconds: [],
      tests: [], elapsed: 0, training: 0, problem: null,
    };
    this.#next += 1;
    this.list.push(run);
    for (const old of this.list.slice(0, -MOST_RUNS)) this.remove(old);
    this.changed();
    return run;
  }

  /** @param {Run} run */
  remove(run) {
    this.list = this.list.filter((other) => other !== run);
    if (this.list.length === 0) this.#next = 1;
    void this.store.remove(run.id);
    this.changed();
  }

  /** @param {Run} run */
  save(run) {
    void this.store.put(run);
  }

  /** Whoever shows runs hears of it once a frame at most. */
  changed() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

/**
 * Takes down what happened in a run.
 * @param {Run} run
 * @param {TrainingEvent} event
 * @param {number} seconds of work since it began
 */
export function record(run, event, seconds) {
  switch (event.type) {
    case 'started':
      run.task = event.task;
      run.parameters = event.parameters;
      run.stepsPerEpoch = event.stepsPerEpoch;
      run.totalSteps = event.totalSteps;
      // A run that goes on from a checkpoint makes the steps after it once more.
      for (const list of [run.losses, run.accuracies, run.samples, run.seconds]) list.length = Math.min(list.length, event.step);
      run.tests = run.tests.filter((test) => test.step <= event.step);
      break;
    case 'steps': {
      const before = run.samples.at(-1) ?? 0;
      const from = run.seconds.at(-1) ?? 0;
      event.losses.forEach((loss, at) => {
        run.losses.push(loss);
        run.accuracies.push(event.accuracies[at] ?? NaN);
        // Only the last batch of an epoch is smaller, and no event goes beyond one.
        run.samples.push(Math.min(before + (at + 1) * run.spec.batch, event.samples));
        run.seconds.push(from + ((at + 1) / event.losses.length) * (seconds - from));
      });
      break;
    }
    case 'evaluated':
      run.tests.push({
        step: event.step, samples: run.samples[event.step - 1] ?? 0, seconds,
        loss: event.loss, accuracy: event.accuracy, count: event.samples,
      });
      break;
    case 'finished':
      run.state = 'done';
      break;
    case 'failed':
      run.state = 'failed';
      run.problem = event.problem;
      break;
  }
}

/** Steps made. @param {Run} run */
export const stepsOf = (run) => run.losses.length;

/** Training images a second, testing left out. @param {Run} run */
export const speedOf = (run) => (run.training > 0 ? (run.samples.at(-1) ?? 0) / run.training : 0);

/** @param {Run} run */
export const bestOf = (run) => (run.tests.length > 0 ? Math.max(...run.tests.map((test) => test.accuracy)) : undefined);

/** What an accuracy is called in a sentence: the same figure means another thing for each task. @param {Task} task */
export const scoreName = (task) => t(`score.${task}`);

/** The same for all of these runs, as a title. @param {Task[]} tasks */
export const scoreTitle = (tasks) => [...new Set(tasks)].map((task) => t(`score.title.${task}`)).join(' · ');
