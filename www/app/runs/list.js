// The runs on the page: what each was, and what came of it.

import { bundleKey } from './groups.js';
import { t } from '../base/i18n.js';

/** @import { ExperimentSpec, Problem, WholeRun, Separable, Statistics, Task, Event as TrainingEvent } from '../core.d.ts' */
/** @import { Choices } from '../engine.js' */
/** @import { RunStore } from '../base/storage.js' */
/** @import { Masks } from '../run/worker-client.js' */

/** @typedef {'starting' | 'training' | 'paused' | 'done' | 'stopped' | 'failed'} RunState */

/** @typedef {{ step: number, samples: number, seconds: number, loss: number, accuracy: number, count: number }} Test */

/**
 * @typedef {object} Run
 * @property {number} id
 * @property {number} number what it is called by
 * @property {string | null} label what it is called by instead, if somebody gave it a name
 * @property {string | null} group of the runs that were planned together
 * @property {string | null} home the frame that it is of, by its link
 * @property {boolean} pinned on top of the table, and never pushed out
 * @property {number} slot its colour and dash; repeats of a run share them
 * @property {ExperimentSpec} spec
 * @property {Choices} choices
 * @property {Task} task what its accuracies mean
 * @property {string[]} devices on which it ran
 * @property {RunState} state
 * @property {boolean} visible
 * @property {number} parameters
 * @property {number} multiplyAdds for one image; 0 where that is not known
 * @property {number} stepsPerEpoch
 * @property {number} totalSteps
 * @property {number[]} losses of each step's batch
 * @property {number[]} accuracies
 * @property {number[]} samples seen up to each step
 * @property {number[]} seconds up to each step
 * @property {Test[]} tests
 * @property {string[]} layers paths of those with weights
 * @property {{ step: number, norms: number[] }[]} gradients L2 norm of each of these layers' gradients, now and then
 * @property {{ step: number, layers: Statistics[] }[]} activations what is behind each nonlinearity, whenever somebody looked
 * @property {number} elapsed seconds of work
 * @property {number} training seconds of it without testing
 * @property {Masks | null} masks of its last test, where it marks pixels
 * @property {Separable} [separable] how well the classes are apart in each of its layers, if a lab asked
 * @property {Problem | null} problem
 */

/** What a plan says of a run beside its experiment. @typedef {{ label?: string | null, group?: string | null }} About */

/** Looks at a run's activations that are kept, about; a chart has no room for more. */
const MOST_LOOKS = 400;

/** More that are not pinned are not kept; the oldest goes first. */
export const MOST_RUNS = 30;

export class Runs {
  /** @type {Run[]} */
  list = [];
  /** Those that another tab trains, which alone may write and end them. @type {Set<number>} */
  elsewhere = new Set();
  #next = 1;
  /** Milliseconds that tell the runs of one frame from those of another. */
  #apart = 0;
  #due = false;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {RunStore} store */
  constructor(store) {
    this.store = store;
    this.home = store.home;
    // Two frames of a page may begin at once.
    this.#apart = store.home === null ? 0 : Math.floor(Math.random() * 1000);
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Brings back what was kept. Gives the runs that were on when the page went away, oldest first. */
  async restore() {
    const kept = (await this.store.all()).filter((run) => (run.home ?? null) === this.home);
    const interrupted = new Set(kept.filter((run) => isActive(run) && !this.elsewhere.has(run.id)).map(({ id }) => id));
    for (const run of kept) if (interrupted.has(run.id)) run.state = 'stopped';
    // Earlier versions of the page kept less of a run. A quick person may have begun one meanwhile.
    this.list = [...kept.map((run) => ({ ...LATER, ...run, layers: run.layers ?? [], gradients: run.gradients ?? [], activations: run.activations ?? [] })), ...this.list];
    this.#count();
    this.changed();
    return this.list.filter(({ id }) => interrupted.has(id));
  }

  /** Those with a number go on from the highest. Of two tabs that counted alike, the later run gets another number and colour. */
  #count() {
    this.#next = Math.max(0, ...this.list.map((run) => run.number)) + 1;
    this.list.forEach((run, at) => {
      const before = this.list.slice(0, at);
      if (!before.some((other) => other.number === run.number)) return;
      run.number = this.#next;
      run.slot = this.#slot(run, before);
      this.#next += 1;
    });
  }

  /** @param {ExperimentSpec} spec @param {Choices} choices @param {string} device @param {About} [about] @returns {Run} */
  begin(spec, choices, device, { label = null, group = null } = {}) {
    const id = Date.now() + this.#next + this.#apart;
    /** @type {Run} */
    const run = {
      ...LATER, id, number: this.#next, label, group, slot: this.#slot({ id, group, spec }), spec, choices,
      devices: [device], state: 'starting', home: this.home, visible: true, parameters: 0, stepsPerEpoch: 0, totalSteps: 0, losses: [], accuracies: [], samples: [], seconds: [],
      tests: [], layers: [], gradients: [], activations: [], elapsed: 0, training: 0, problem: null,
    };
    this.#next += 1;
    this.list.push(run);
    for (const old of this.list.filter((other) => !other.pinned).slice(0, -MOST_RUNS)) this.remove(old);
    this.changed();
    return run;
  }

  /** The first colour and dash that are free among others, or those of the runs that this one repeats. @param {Pick<Run, 'id' | 'group' | 'spec'>} run */
  #slot(run, others = this.list) {
    const key = bundleKey(run);
    const repeated = others.find((other) => bundleKey(other) === key);
    if (repeated) return repeated.slot;
    const taken = new Set(others.map((other) => other.slot));
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    return slot;
  }

  /** Changes something about runs that is kept with them. @param {Run[]} runs @param {Partial<Run>} values */
  change(runs, values) {
    for (const run of runs) {
      Object.assign(run, values);
      this.save(run);
    }
    this.changed();
  }

  /**
   * Takes in runs of a file. Those that are here already stay as they are, and none that is here gives way to them.
   * @param {WholeRun[]} found @returns {{ added: number, here: number, over: number }}
   */
  adopt(found) {
    let [here, over] = [0, 0];
    const added = found.flatMap((saved) => {
      const { begun, link, ...kept } = saved;
      let id = Date.parse(begun) || Date.now();
      const before = this.list.find((run) => run.id === id);
      if (before?.losses.length === kept.losses.length && before.losses.every((loss, at) => loss === kept.losses[at])) {
        here += 1;
        return [];
      }
      if (!kept.pinned && this.list.filter((run) => !run.pinned).length >= MOST_RUNS) {
        over += 1;
        return [];
      }
      while (this.list.some((run) => run.id === id)) id += 1;
      /** @type {Run} */
      const run = { ...LATER, ...kept, id, number: this.#next, slot: this.#slot({ id, group: kept.group, spec: kept.spec }), visible: true };
      if (isActive(run)) run.state = 'stopped';
      this.#next += 1;
      this.list.push(run);
      return [run];
    });
    this.list.sort((a, b) => a.id - b.id);
    for (const run of added) this.save(run);
    this.changed();
    return { added: added.length, here, over };
  }

  /** Undoes a removal. @param {Run[]} runs */
  putBack(runs) {
    this.list = [...this.list, ...runs].sort((a, b) => a.id - b.id);
    this.#count();
    for (const run of runs) this.save(run);
    this.changed();
  }

  /** @param {Run} run */
  remove(run) {
    this.list = this.list.filter((other) => other !== run);
    if (this.list.length === 0) this.#next = 1;
    if (!this.elsewhere.has(run.id)) void this.store.remove(run.id);
    this.changed();
  }

  /** @param {Run} run */
  save(run) {
    if (!this.elsewhere.has(run.id)) void this.store.put(run);
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

/** What runs did not always have. @type {Pick<Run, 'task' | 'masks' | 'label' | 'group' | 'home' | 'pinned' | 'multiplyAdds'>} */
const LATER = { task: 'classify', masks: null, label: null, group: null, home: null, pinned: false, multiplyAdds: 0 };

/** Whether it is on. @param {Run} run */
export const isActive = (run) => ['starting', 'training', 'paused'].includes(run.state);

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
      run.multiplyAdds = event.multiplyAdds;
      run.stepsPerEpoch = event.stepsPerEpoch;
      run.totalSteps = event.totalSteps;
      // A run that goes on from a checkpoint makes the steps after it once more.
      for (const list of [run.losses, run.accuracies, run.samples, run.seconds]) list.length = Math.min(list.length, event.step);
      run.tests = run.tests.filter((test) => test.step <= event.step);
      run.layers = event.layers;
      run.gradients = run.gradients.filter((gradient) => gradient.step <= event.step);
      run.activations = run.activations.filter((seen) => seen.step <= event.step);
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
    case 'gradients':
      run.gradients.push({ step: event.step, norms: event.norms });
      break;
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

/**
 * Takes down what the activations were like after so many steps, unless that is known nearly enough.
 * @param {Run} run @param {number} step @param {Statistics[]} layers
 */
export function observe(run, step, layers) {
  const last = run.activations.at(-1)?.step ?? -Infinity;
  if (step <= last || (step < run.totalSteps && step - last < run.totalSteps / MOST_LOOKS)) return false;
  run.activations.push({ step, layers });
  return true;
}

/** Steps made. @param {Run} run */
export const stepsOf = (run) => run.losses.length;

/** Training images a second, testing left out. @param {Run} run */
export const speedOf = (run) => (run.training > 0 ? (run.samples.at(-1) ?? 0) / run.training : 0);

/** @param {Run} run */
export const bestOf = (run) => (run.tests.length > 0 ? Math.max(...run.tests.map((test) => test.accuracy)) : undefined);

/** What an accuracy is called in a sentence: the same figure means another thing for each task. @param {Task} task */
export const scoreName = (task) => t(`score.${task}`);

/** The same for runs with these tasks, as a title. @param {Task[]} tasks */
export const scoreTitle = (tasks) => [...new Set(tasks)].map((task) => t(`score.title.${task}`)).join(' · ');
