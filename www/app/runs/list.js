// The runs on the page. What each was and came to is in the core; here is what the page shows of it, and what is kept.

import { beside, t } from '../base/i18n.js';
import { afterFrame } from '../base/turns.js';
import { Pointed } from './pointed.js';

/** @import { Change, Event as TrainingEvent, ExperimentSpec, RunState, RunView, Separable, Statistics, Task } from '../core.d.ts' */
/** @import { Choices, RunBook } from '../engine.js' */
/** @import { RunStore } from '../base/storage.js' */
/** @import { Masks } from '../run/worker-client.js' */

/** A run as the page shows it, with what it marked in the images of its last test. Only {@link Runs} changes it. @typedef {Readonly<RunView> & { masks: Masks | null }} Run */

/** A run as it is kept: what the core wrote down, and its masks. Of an earlier version or damaged, it may lack any of it. @typedef {{ id: number, home?: string | null, number?: number, label?: string | null, state?: string, masks?: Masks | null }} RunRecord */

/** What a plan says of a run beside its experiment. @typedef {{ label?: string | null, group?: string | null }} About */

export class Runs {
  /** Oldest first. A run stays the same object for as long as it is here. @type {Run[]} */
  list = [];
  /** Those that another tab trains, which alone may write and end them. @type {Set<number>} */
  elsewhere = new Set();
  /** Milliseconds that tell the runs of one frame from those of another. */
  #apart = 0;
  #due = false;
  pointed = new Pointed(document.body);
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {RunBook} book @param {RunStore} store */
  constructor(book, store) {
    this.book = book;
    this.store = store;
    this.home = store.home;
    // Two frames of a page may begin at once.
    this.#apart = store.home === null ? 0 : Math.floor(Math.random() * 1000);
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /**
   * Brings back what was kept. A record that cannot be read is left out, and stays where it is; a run that has begun meanwhile
   * is here already.
   * @returns {Promise<{ interrupted: Run[], unread: { name: string, detail: string }[] }>} the runs that were on when the page went away, oldest first
   */
  async restore() {
    const kept = await this.store.all();
    const here = new Set(this.list.map(({ id }) => id));
    const records = kept.filter(({ id, home = null }) => home === this.home && !here.has(id));
    const unread = this.book.open(records, [...this.elsewhere]).map(([at, { params }]) => ({ name: keptName(records[at]), detail: params.detail ?? '' }));
    const active = new Set(records.filter((record) => wasActive(record) && !this.elsewhere.has(record.id)).map(({ id }) => id));
    this.#follow(records);
    return { interrupted: this.list.filter(({ id }) => active.has(id)), unread };
  }

  /** @param {ExperimentSpec} spec @param {Choices} choices @param {string} device @param {About} [about] @returns {Run} */
  begin(spec, choices, device, { label = null, group = null } = {}) {
    const { id, gone } = this.book.begin(Date.now() + this.#apart, spec, choices, device, { label, group, home: this.home });
    for (const old of gone) void this.store.remove(old);
    this.#follow();
    return /** @type {Run} */ (this.list.find((run) => run.id === id));
  }

  /**
   * Takes down what happened in a run.
   * @param {Run} run
   * @param {TrainingEvent[]} events
   * @param {number} seconds of work since it began
   * @param {number} training seconds of it without testing
   */
  apply(run, events, seconds, training) {
    this.book.apply(run.id, events, seconds, training);
    this.#refresh([run]);
  }

  /** A run is paused, stopped, or begins once more. Nothing is saved. @param {Run} run @param {RunState} state */
  turn(run, state) {
    this.#change([run], { state });
  }

  /** A run broke down for a reason that it did not tell itself. @param {Run} run @param {import('../core.d.ts').Problem} problem */
  fail(run, problem) {
    this.#change([run], { state: 'failed', problem });
  }

  /** A run is on this device from now on. @param {Run} run @param {string} device @param {number} threads of the CPU */
  runOn(run, device, threads) {
    this.#change([run], { device, threads });
  }

  /** What it marked in the images of its last test. @param {Run} run @param {Masks} masks */
  mark(run, masks) {
    run.masks = masks;
    this.changed();
  }

  /** Takes down what the activations were like after `step` steps, unless that is known nearly enough. @param {Run} run @param {number} step @param {Statistics[]} layers */
  observe(run, step, layers) {
    return this.book.observe(run.id, step, layers);
  }

  /** Changes something about runs that is kept with them. @param {Run[]} runs @param {Pick<Change, 'label' | 'group' | 'pinned' | 'visible'> & { separable?: Separable }} values */
  change(runs, values) {
    this.#change(runs, values);
    for (const run of runs) this.save(run);
  }

  /** Takes in runs of a file. @param {RunRecord[]} records */
  adopt(records) {
    const adopted = this.book.adopt(records);
    this.#follow();
    for (const run of this.list) if (adopted.added.includes(run.id)) this.save(run);
    return adopted;
  }

  /** @param {Run} run */
  remove(run) {
    this.book.remove(run.id);
    if (!this.elsewhere.has(run.id)) void this.store.remove(run.id);
    this.#follow();
  }

  /** A run as it is kept. @param {Run} run @returns {RunRecord} */
  record(run) {
    return { .../** @type {RunRecord} */ (this.book.record(run.id)), masks: run.masks };
  }

  /** Takes back what another tab has kept of a run. Whether that tab left it before its end. @param {RunRecord} record */
  takeBack(record) {
    this.book.open([record], []);
    this.#follow([record]);
    return wasActive(record);
  }

  /** Undoes a removal. @param {RunRecord[]} records as they were before */
  putBack(records) {
    this.book.open(records, []);
    this.#follow(records);
    const ids = new Set(records.map(({ id }) => id));
    for (const run of this.list) if (ids.has(run.id)) this.save(run);
  }

  /** @param {Run} run */
  save(run) {
    if (this.list.includes(run) && !this.elsewhere.has(run.id)) void this.store.put(this.record(run));
  }

  /** Whoever shows runs hears of it once a frame at most, and not within one. */
  changed() {
    if (this.#due) return;
    this.#due = true;
    afterFrame(() => {
      this.#due = false;
      for (const listener of this.#listeners) listener();
    });
  }

  /** @param {Run[]} runs @param {Change} values */
  #change(runs, values) {
    this.book.change(runs.map(({ id }) => id), values);
    this.#refresh(runs);
  }

  /** @param {Run[]} runs */
  #refresh(runs) {
    for (const run of runs) Object.assign(run, this.book.view(run.id));
    this.changed();
  }

  /** Follows the core's list: runs that were here stay the same objects. @param {RunRecord[]} [kept] what has just come back */
  #follow(kept = []) {
    const masks = new Map(kept.map((record) => [record.id, record.masks ?? null]));
    const here = new Map(this.list.map((run) => [run.id, run]));
    this.list = this.book.views().map((view) => {
      const run = here.get(view.id);
      return Object.assign(run ?? { masks: null }, view, masks.has(view.id) ? { masks: masks.get(view.id) ?? null } : {});
    });
    this.changed();
  }
}

/** Whether a run was on when it was kept. @param {RunRecord} record */
const wasActive = ({ state }) => ['starting', 'training', 'paused'].includes(state ?? '');

/** What a record that cannot be read is called. @param {RunRecord | undefined} record */
const keptName = (record) => (typeof record?.label === 'string' ? record.label.slice(0, 60) : typeof record?.number === 'number' ? t('runs.name', { number: record.number }) : '?');

/** What an accuracy is called in a sentence: the same figure means another thing for each task. @param {Task} task */
export const scoreName = (task) => t(`score.${task}`);

/** The same for runs with these tasks, as a title. @param {Task[]} tasks */
export const scoreTitle = (tasks) => beside(...[...new Set(tasks)].map((task) => t(`score.title.${task}`)));
