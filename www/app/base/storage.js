// What a person made, kept in this browser, where it allows that: runs, what their networks have learned, and the rest by name.

import { Database } from './database.js';
import { number, t } from './i18n.js';
import { inTime } from './in-time.js';
import { makeLocks } from './locks.js';
import { note } from './messages.js';

/** @import { RunRecord } from '../runs/list.js' */
/** @import { Keeping } from './database.js' */

const DATABASE = 'cnn-playground';
const VERSION = 4;
const RUNS = 'runs';
const WEIGHTS = 'weights';
const CHECKPOINTS = 'checkpoints';
const THINGS = 'things';
/** The setting of whether weights are kept. */
const KEEPS = 'weights.kept';
/** More bytes of a run's weights or of its checkpoint are not kept. */
const MOST_BYTES = 32_000_000;
/** Milliseconds after which the page goes on without storage that does not answer. */
const PATIENCE = 4000;
/** Seconds that it has for an answer, and for a change; what it has not done by then it may still do. */
const PATIENCE_READING = 30;
const PATIENCE_WRITING = 30;

/** No answer in time. */
class Late extends Error {
  name = 'Late';
}
/** @param {string} reason */
const late = (reason) => new Late(reason);

/** What could not be kept. @typedef {'runs' | 'weights' | 'checkpoint' | 'files' | 'queue' | 'drawing'} Kept */
/** Why not. @typedef {'full' | 'forbidden' | 'later-version' | 'late' | 'broken'} Trouble */

/** The trouble behind an error, by the error's name; any other is `broken`. @type {Record<string, Trouble>} */
const TROUBLES = { QuotaExceededError: 'full', SecurityError: 'forbidden', InvalidStateError: 'forbidden', TypeError: 'forbidden', ReferenceError: 'forbidden', VersionError: 'later-version', Late: 'late' };

/** @param {IDBDatabase} database @param {number} from the version that there was */
function upgrade(database, from) {
  if (from < 1) database.createObjectStore(RUNS, { keyPath: 'id' });
  if (from < 2) database.createObjectStore(WEIGHTS);
  if (from < 3) database.createObjectStore(CHECKPOINTS);
  if (from < 4) database.createObjectStore(THINGS);
}

export class RunStore {
  /** @type {Keeping} */
  #database;
  /** Which tab trains which run, and which planned what: whose it is to write. */
  locks = makeLocks();
  /** What was said already: each thing once for each reason. @type {Set<string>} */
  #said = new Set();
  /** Runs that found no room: they are put again with the next one that does. @type {Map<number, RunRecord>} */
  #unkept = new Map();
  #asked = false;
  /** @type {() => void} */
  #settle = () => {};
  /** Settled once it is known whether it works, or has not answered in time. @type {Promise<void>} */
  ready = new Promise((resolve) => { this.#settle = resolve; });
  /** Whether runs survive a reload. */
  works = false;
  /** Runs of which it is kept what they have learned. @type {Set<number>} */
  #learned = new Set();
  /** What was learned last: it can be had without being kept. @type {{ id: number, weights: Uint8Array<ArrayBuffer> } | undefined} */
  #last;

  /** @param {string | null} home the frame that keeps its own, by its link; null without one @param {Keeping} [database] */
  constructor(home, database = new Database(DATABASE, VERSION, upgrade)) {
    this.home = home;
    this.#database = database;
  }

  /** Opens it, however long that takes; who cannot wait waits for `ready`. Without storage the page goes on and keeps nothing. */
  async open() {
    /** @type {Element | undefined} */
    let slow;
    const deadline = setTimeout(() => {
      slow = note(t('storage.slow'));
      this.#settle();
    }, PATIENCE);
    try {
      await this.#database.connect();
      this.works = true;
      await inTime(this.#sweep(), PATIENCE_READING, late);
    } catch (thrown) {
      this.#fail('runs', thrown);
    }
    clearTimeout(deadline);
    slow?.remove();
    this.#settle();
  }

  /** @returns {Promise<RunRecord[]>} oldest first, without those that the browser itself cannot read any more */
  async all() {
    const whole = await this.#read(RUNS, (store) => store.getAll());
    if (whole) return whole;
    const ids = (await this.#read(RUNS, (store) => store.getAllKeys())) ?? [];
    const runs = await Promise.all(ids.map((id) => this.#read(RUNS, (store) => store.get(id))));
    return runs.filter((run) => run !== undefined);
  }

  /** One run as it was kept last. @param {number} id @returns {Promise<RunRecord | undefined>} */
  async run(id) {
    return this.#read(RUNS, (store) => store.get(id));
  }

  /** @param {RunRecord} run */
  async put(run) {
    if (run.state === 'done') this.#askToStay();
    if (!(await this.#put(run))) {
      this.#unkept.set(run.id, run);
      return;
    }
    this.#unkept.delete(run.id);
    for (const other of [...this.#unkept.values()]) {
      if (!(await this.#put(other))) return;
      this.#unkept.delete(other.id);
    }
  }

  /** Whether it is kept. @param {RunRecord} run @returns {Promise<boolean>} */
  async #put(run) {
    let thrown = await this.#change([RUNS], (store) => { store(RUNS).put(run); });
    if (thrown && troubleOf(thrown) === 'full') {
      // What the network has learned takes far more room than its curves, and can be learned again.
      const without = await this.#change([RUNS, WEIGHTS, CHECKPOINTS], (store) => {
        store(WEIGHTS).delete(run.id);
        this.#learned.delete(run.id);
        store(CHECKPOINTS).delete(run.id);
        store(RUNS).put(run);
      });
      if (!without) this.#fail('weights', thrown);
      thrown = without;
    }
    return this.#kept('runs', thrown);
  }

  /** Forgets a run. Its weights go when the page is opened anew, since a removal can be undone. @param {number} id */
  async remove(id) {
    this.#unkept.delete(id);
    await this.#write('runs', RUNS, (store) => store.delete(id));
  }

  /** Forgets what belongs to runs that were removed. */
  async #sweep() {
    const [runs, ...others] = await Promise.all([RUNS, WEIGHTS, CHECKPOINTS].map(async (name) => (await this.#database.read(name, (store) => store.getAllKeys())) ?? []));
    const known = new Set(runs);
    for (const id of others[0] ?? []) if (known.has(id)) this.#learned.add(Number(id));
    const orphans = others.map((ids) => ids.filter((id) => !known.has(id)));
    if (orphans.every((ids) => ids.length === 0)) return;
    await this.#database.write([WEIGHTS, CHECKPOINTS], (store) => {
      [WEIGHTS, CHECKPOINTS].forEach((name, at) => { for (const id of orphans[at] ?? []) store(name).delete(id); });
    });
  }

  /** What a run's network has learned, as the core's `State` in bytes. @param {number} id @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} */
  async weights(id) {
    return this.#last?.id === id ? this.#last.weights : this.#read(WEIGHTS, (store) => store.get(id));
  }

  /** @param {number} id @param {Uint8Array<ArrayBuffer>} weights */
  async putWeights(id, weights) {
    this.#last = { id, weights };
    if (!this.keepsWeights || weights.length > MOST_BYTES) return;
    this.#learned.add(id);
    if (!(await this.#write('weights', WEIGHTS, (store) => store.put(weights, id)))) this.#learned.delete(id);
  }

  /** Whether it can be had what a run has learned. @param {number} id */
  hasWeights(id) {
    return this.#last?.id === id || this.#learned.has(id);
  }

  /** Whether what runs learn is kept with them: as long as nobody says otherwise. */
  get keepsWeights() {
    return setting(KEEPS) !== false;
  }

  set keepsWeights(keeps) {
    keepSetting(KEEPS, keeps);
  }

  /** What a run that is not over can be gone on with. @param {number} id @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} */
  async checkpoint(id) {
    return this.#read(CHECKPOINTS, (store) => store.get(id));
  }

  /** @param {number} id @param {Uint8Array<ArrayBuffer>} checkpoint */
  async putCheckpoint(id, checkpoint) {
    if (checkpoint.length <= MOST_BYTES) await this.#write('checkpoint', CHECKPOINTS, (store) => store.put(checkpoint, id));
  }

  /** Nobody will go on with it. @param {number} id */
  async removeCheckpoint(id) {
    await this.#write('checkpoint', CHECKPOINTS, (store) => store.delete(id));
  }

  /** What was kept under a name. @param {string} name @returns {Promise<unknown>} */
  async thing(name) {
    return this.#read(THINGS, (store) => store.get(this.#own(name)));
  }

  /** The names of all things that begin so. @param {string} prefix @returns {Promise<string[]>} */
  async thingNames(prefix) {
    const keys = (await this.#read(THINGS, (store) => store.getAllKeys())) ?? [];
    const end = this.#own('');
    return keys.map(String).filter((key) => key.startsWith(prefix) && key.endsWith(end)).map((key) => key.slice(0, key.length - end.length));
  }

  /** Whether there was room for it. @param {string} name @param {unknown} thing what can be cloned @param {Kept} kind @returns {Promise<boolean>} */
  async putThing(name, thing, kind = 'drawing') {
    return this.#write(kind, THINGS, (store) => store.put(thing, this.#own(name)));
  }

  /**
   * Keeps something with files in it. Where the browser keeps no files, as WebKit in a private window, their bytes are kept.
   * @param {string} name @param {unknown} thing @param {() => Promise<unknown>} inBytes the same with bytes in place of files @returns {Promise<boolean>} whether there was room
   */
  async putFiles(name, thing, inBytes) {
    this.#askToStay();
    const thrown = await this.#change([THINGS], (store) => { store(THINGS).put(thing, this.#own(name)); });
    if (!thrown || troubleOf(thrown) !== 'broken') return this.#kept('files', thrown);
    // A file that cannot be read cannot be kept either.
    const bytes = await inBytes().catch(() => undefined);
    return bytes === undefined ? this.#kept('files', thrown) : this.putThing(name, bytes, 'files');
  }

  /** @param {string} name @param {Kept} kind */
  async removeThing(name, kind = 'drawing') {
    await this.#write(kind, THINGS, (store) => store.delete(this.#own(name)));
  }

  /** @param {string} name */
  #own(name) {
    return `${name} ${this.home ?? ''}`;
  }

  /** Asks the browser not to clear this away when room is short. A frame's page does not ask in the name of another. */
  #askToStay() {
    if (this.#asked || this.home !== null) return;
    this.#asked = true;
    void navigator.storage?.persist?.().catch(() => {});
  }

  /**
   * Nothing where it cannot be read, now or at all.
   * @template Answer
   * @param {string} name
   * @param {(store: IDBObjectStore) => IDBRequest<Answer>} question
   * @returns {Promise<Answer | undefined>}
   */
  async #read(name, question) {
    await this.ready;
    if (this.#database.pending) return undefined;
    return inTime(this.#database.read(name, question), PATIENCE_READING, late).catch((thrown) => {
      if (thrown instanceof Late) this.#say('unread');
      return undefined;
    });
  }

  /** Why a change was not made. @param {string[]} stores @param {(store: (name: string) => IDBObjectStore) => void} change @returns {Promise<unknown>} */
  async #change(stores, change) {
    try {
      await inTime(this.#database.write(stores, change), PATIENCE_WRITING, late);
    } catch (thrown) {
      return thrown ?? new Error();
    }
    return undefined;
  }

  /** @param {Kept} what @param {string} name @param {(store: IDBObjectStore) => void} change @returns {Promise<boolean>} */
  async #write(what, name, change) {
    return this.#kept(what, await this.#change([name], (store) => change(store(name))));
  }

  /** @param {Kept} what @param {unknown} thrown */
  #kept(what, thrown) {
    if (thrown) this.#fail(what, thrown);
    else this.works = true;
    return !thrown;
  }

  /** Says once what is not kept, why, and what to do. @param {Kept} what @param {unknown} thrown */
  #fail(what, thrown) {
    const trouble = troubleOf(thrown);
    const before = this.works;
    if (trouble === 'forbidden' || trouble === 'later-version') this.works = false;
    // Where nothing was ever kept, the table of runs says so.
    if (trouble === 'forbidden' && !before) return;
    this.#say(trouble, { what: t(`storage.what.${what}`), detail: String(thrown) });
  }

  /** Each thing once for each reason. @param {Trouble | 'unread'} trouble @param {Record<string, string>} [facts] */
  #say(trouble, facts = {}) {
    const key = `${facts.what} ${trouble}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    note(t(`storage.${trouble}`, { seconds: number(PATIENCE_WRITING), ...facts }));
  }
}

/** @param {unknown} thrown @returns {Trouble} */
const troubleOf = (thrown) => TROUBLES[/** @type {Error} */ (thrown).name] ?? 'broken';

/** What the browser did not take, as text; it holds until the page is closed. @type {Map<string, string>} */
const unkept = new Map();
const PREFIX = `${DATABASE}.`;

/** The text of something that was never kept, or is no JSON, is null: other pages of this address keep things too. @param {string} text @returns {unknown} */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** All text that is kept under this page's names, without their prefix. @returns {Map<string, string>} */
function keptTexts() {
  /** @type {Map<string, string>} */
  const texts = new Map();
  try {
    for (const [key, text] of Object.entries(localStorage)) {
      if (key.startsWith(PREFIX)) texts.set(key.slice(PREFIX.length), text);
    }
  } catch {
    // Forbidden: what this page has set is all there is.
  }
  for (const [name, text] of unkept) texts.set(name, text);
  return texts;
}

/** A small setting of this browser's, by name; null if there is none. @param {string} name @returns {unknown} */
export const setting = (name) => parsed(keptTexts().get(name) ?? 'null');

/** Every setting whose name begins so. @param {string} prefix @returns {[name: string, value: unknown][]} */
export const settings = (prefix) => [...keptTexts()].filter(([name]) => name.startsWith(prefix)).map(([name, text]) => [name, parsed(text)]);

/** Hears of settings whose names begin so, when another tab writes them. @param {string} prefix @param {() => void} changed */
export function whenSet(prefix, changed) {
  window.addEventListener('storage', ({ key }) => { if (key?.startsWith(PREFIX + prefix)) changed(); });
}

/** @param {string} name @param {unknown} value */
export function keepSetting(name, value) {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(PREFIX + name, text);
    unkept.delete(name);
  } catch {
    // Full or forbidden.
    unkept.set(name, text);
  }
}

/** @param {string} name */
export function forgetSetting(name) {
  unkept.delete(name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Forbidden: nothing was kept.
  }
}
