// Experiments that wait for each other: planned together, run one after another, and stopped together. They are kept in
// this browser while they last, so that what waits still waits when the page comes back.

import { t } from '../base/i18n.js';
import { note } from '../base/messages.js';

/** @import { Progress } from '../core.d.ts' */
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

/**
 * What is kept: of each place the experiment and which run was made of it, and at how many visits going on was offered.
 * @typedef {{ places: { planned: Planned, run: number | undefined }[], offered: number }} Kept
 */

/** Under which name, with something behind it that tells the tabs apart. */
const KEPT = 'queue';
/** Visits at which it is offered to go on with what nobody goes on with. */
const MOST_OFFERS = 3;

export class Queue {
  /** What was planned last, each with its run as soon as it has one. @type {Place[]} */
  places = [];
  /** Index of the one that is on; undefined when none is. @type {number | undefined} */
  at;
  /** What the page went away from, or what somebody began something else over, with the runs that were kept. @type {Place[]} */
  interrupted = [];
  /** Whether that was on this page, and not when one was closed. */
  halted = false;
  /** What other tabs are at, by what its places share. @type {Set<string>} */
  elsewhere = new Set();
  /** Under which name what is on is kept, and held for this tab. */
  #name = `${KEPT} ${performance.timeOrigin}`;
  /** Under which name what was interrupted is kept. */
  #left = '';
  /** How often that happened on this page. */
  #halts = 0;
  #release = () => {};
  /** Whether it is being found out if what was interrupted is still left. */
  #asking = false;
  /** The place whose run is being begun. @type {Place | undefined} */
  #beginning;
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

  /**
   * Finds what was planned when a page went away, once the runs are back. What another tab is at stays that tab's, until
   * it is closed or done.
   * @param {() => void} changed told when a tab has left what it was at
   */
  async restore(changed) {
    const store = this.#store;
    const others = await store.locks.others();
    this.elsewhere = new Set();
    for (const name of await store.thingNames(KEPT)) {
      if (name === this.#name) continue;
      const kept = asKept(await store.thing(name));
      if (!kept) continue;
      if (others.has(name)) {
        this.elsewhere.add(kept.places[0]?.planned.group ?? '');
        void store.locks.free(name).then(changed);
      } else await this.#offer(name, kept);
    }
    this.#tell();
  }

  /** @param {string} name @param {Kept} kept */
  async #offer(name, { places, offered }) {
    const { list } = this.training.runs;
    const found = places.map(({ planned, run: id }) => ({ planned, run: list.find((run) => run.id === id) }));
    const removed = places.some(({ run }) => run !== undefined) && found.every(({ run }) => !run);
    if (removed || offered >= MOST_OFFERS) return this.#store.removeThing(name, 'queue');
    // A quick person may have begun other ones meanwhile.
    if (this.busy) return;
    this.interrupted = found;
    this.halted = false;
    this.#left = name;
    await this.#store.putThing(name, { places, offered: offered + 1 }, 'queue');
  }

  /** Nobody wants to go on with what was interrupted. */
  decline() {
    void this.#store.removeThing(this.#left, 'queue');
    this.interrupted = [];
    this.#tell();
  }

  /** Goes on where the page went away, unless another tab does by now. Whether it came to the end. @returns {Promise<boolean>} */
  async goOn() {
    const { interrupted } = this;
    const name = this.#left;
    if (interrupted.length === 0 || this.#asking) return false;
    this.#asking = true;
    const isLeft = !(await this.#store.locks.others()).has(name) && (await this.#store.thing(name)) !== undefined;
    this.#asking = false;
    // Meanwhile it may have been declined, or begun anew.
    if (this.interrupted !== interrupted) return false;
    this.interrupted = [];
    if (!isLeft) {
      note(t('queue.elsewhere'));
      this.#tell();
      return false;
    }
    this.stop();
    this.#name = name;
    return this.#run(interrupted);
  }

  /** @param {Place[]} places @returns {Promise<boolean>} */
  #run(places) {
    this.stop();
    this.places = places;
    this.interrupted = [];
    this.#release = this.#store.locks.hold(this.#name);
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

  /** How much of all the work is done, 0 to 1, and the seconds that are left. @returns {Progress} */
  get progress() {
    return this.training.runs.book.progress(this.places.map(({ planned, run }) => ({ run: run?.id ?? null, seconds: planned.seconds ?? null })));
  }

  /** Begins the first that is not over, from this one on. @param {number} from */
  async #begin(from) {
    const index = this.places.findIndex(({ run }, at) => at >= from && !run?.ended);
    const place = this.places[index];
    if (!place) return this.#end(true);
    this.at = index;
    this.#beginning = place;
    const stopped = () => this.at !== index || this.places[index] !== place;
    // The page shows what is running: its images, its network.
    this.experiment.open(place.planned.choices, 'replace');
    const { view } = this.experiment;
    this.#keep();
    const checkpoint = place.run && (await this.#store.checkpoint(place.run.id));
    await this.training.device.ready;
    if (stopped()) return;
    if (place.run && checkpoint) this.training.goOn(place.run, checkpoint, this.training.device.choice.device);
    else {
      // It had only just begun; beside the new one it would look like a repetition.
      if (place.run) this.training.forget(place.run);
      await this.training.begin(view.spec, view.choices, 'go', place.planned);
      if (stopped()) return;
    }
    this.#beginning = undefined;
    place.run = this.training.run;
    this.#keep();
    this.#tell();
  }

  get #store() {
    return this.training.runs.store;
  }

  #keep() {
    /** @type {Kept} */
    const kept = { places: this.places.map(({ planned, run }) => ({ planned, run: run?.id })), offered: 0 };
    void this.#store.putThing(this.#name, kept, 'queue');
  }

  /** Goes on when a run is over, and waits for a press when somebody else began one, or gave it up. */
  #look() {
    const place = this.busy ? this.places[this.at ?? 0] : undefined;
    if (!place || this.#beginning) return;
    const { run } = place;
    // After one that has failed the rest waits: the page offers to go on with it.
    if (run !== this.training.run || run?.state === 'stopped') return this.#halt();
    if (run?.ended) {
      const next = (this.at ?? 0) + 1;
      // The training tells everybody first that this one is over.
      queueMicrotask(() => { if (this.at === next - 1) void this.#begin(next); });
    }
  }

  /** What is left is kept, as if the page had gone away from it. */
  #halt() {
    this.interrupted = this.places;
    this.halted = true;
    this.#left = this.#name;
    this.#halts += 1;
    this.#name = `${KEPT} ${performance.timeOrigin} ${this.#halts}`;
    this.#release();
    this.#over(false);
  }

  /** @param {boolean} whole */
  #end(whole) {
    void this.#store.removeThing(this.#name, 'queue').then(this.#release);
    this.#over(whole);
  }

  /** @param {boolean} whole */
  #over(whole) {
    this.at = undefined;
    this.#beginning = undefined;
    const ended = this.#ended;
    this.#ended = undefined;
    this.#tell();
    ended?.(whole);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

/** What was kept under a queue's name, if that is what it is; an earlier version kept the places alone. @param {unknown} kept @returns {Kept | undefined} */
function asKept(kept) {
  const whole = /** @type {Partial<Kept>} */ (Array.isArray(kept) ? { places: kept } : kept);
  const { places, offered = 0 } = whole ?? {};
  if (!Array.isArray(places) || !places.every((place) => place?.planned?.choices)) return undefined;
  return { places, offered };
}
