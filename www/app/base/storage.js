// What a person made, kept in this browser, where it allows that: runs, what their networks have learned, and the rest by name.

/** @import { Run } from '../runs/list.js' */

const DATABASE = 'cnn-playground';
const VERSION = 4;
const RUNS = 'runs';
const WEIGHTS = 'weights';
const CHECKPOINTS = 'checkpoints';
const THINGS = 'things';
/** More bytes of a run's weights or of its checkpoint are not kept. */
const MOST_BYTES = 32_000_000;

export class RunStore {
  /** @type {IDBDatabase | undefined} */
  #database;
  /** @type {() => void} */
  #opened = () => {};
  /** Settled once it is known whether it works. @type {Promise<void>} */
  ready = new Promise((resolve) => { this.#opened = resolve; });

  /** @param {string | null} home the frame that keeps its own, by its link; null without one */
  constructor(home) {
    this.home = home;
  }

  /** Whether runs survive a reload. */
  get works() {
    return this.#database !== undefined;
  }

  /** Opens it; without storage the page goes on and keeps nothing. */
  async open() {
    try {
      const request = indexedDB.open(DATABASE, VERSION);
      request.onupgradeneeded = ({ oldVersion }) => {
        if (oldVersion < 1) request.result.createObjectStore(RUNS, { keyPath: 'id' });
        if (oldVersion < 2) request.result.createObjectStore(WEIGHTS);
        if (oldVersion < 3) request.result.createObjectStore(CHECKPOINTS);
        if (oldVersion < 4) request.result.createObjectStore(THINGS);
      };
      const database = await done(request);
      // A later version of the page, in another tab, must not have to wait for this one.
      database.onversionchange = () => {
        database.close();
        this.#database = undefined;
      };
      this.#database = database;
      await this.#sweep();
    } catch {
      this.#database = undefined;
    }
    this.#opened();
  }

  /** @returns {Promise<Run[]>} oldest first */
  async all() {
    return (await this.#ask(RUNS, 'readonly', (store) => store.getAll())) ?? [];
  }

  /** @param {Run} run */
  async put(run) {
    await this.#ask(RUNS, 'readwrite', (store) => store.put(run));
  }

  /** Forgets a run. Its weights go when the page is opened anew, since a removal can be undone. @param {number} id */
  async remove(id) {
    await this.#ask(RUNS, 'readwrite', (store) => store.delete(id));
  }

  /** Forgets what belongs to runs that were removed. */
  async #sweep() {
    const runs = new Set(await this.#ask(RUNS, 'readonly', (store) => store.getAllKeys()));
    for (const name of [WEIGHTS, CHECKPOINTS]) {
      const ids = (await this.#ask(name, 'readonly', (store) => store.getAllKeys())) ?? [];
      for (const id of ids) if (!runs.has(id)) await this.#ask(name, 'readwrite', (store) => store.delete(id));
    }
  }

  /** What a run's network has learned, as the core's `State` in bytes. @param {number} id @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} */
  async weights(id) {
    return this.#ask(WEIGHTS, 'readonly', (store) => store.get(id));
  }

  /** @param {number} id @param {Uint8Array<ArrayBuffer>} weights */
  async putWeights(id, weights) {
    if (weights.length <= MOST_BYTES) await this.#ask(WEIGHTS, 'readwrite', (store) => store.put(weights, id));
  }

  /** What a run that is not over can be gone on with. @param {number} id @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} */
  async checkpoint(id) {
    return this.#ask(CHECKPOINTS, 'readonly', (store) => store.get(id));
  }

  /** @param {number} id @param {Uint8Array<ArrayBuffer>} checkpoint */
  async putCheckpoint(id, checkpoint) {
    if (checkpoint.length <= MOST_BYTES) await this.#ask(CHECKPOINTS, 'readwrite', (store) => store.put(checkpoint, id));
  }

  /** Nobody will go on with it. @param {number} id */
  async removeCheckpoint(id) {
    await this.#ask(CHECKPOINTS, 'readwrite', (store) => store.delete(id));
  }

  /** What was kept under a name. @param {string} name @returns {Promise<unknown>} */
  async thing(name) {
    return this.#ask(THINGS, 'readonly', (store) => store.get(this.#own(name)));
  }

  /** Whether there was room for it. @param {string} name @param {unknown} thing what can be cloned @returns {Promise<boolean>} */
  async putThing(name, thing) {
    await this.ready;
    if (!this.#database) return false;
    try {
      const transaction = this.#database.transaction(THINGS, 'readwrite');
      transaction.objectStore(THINGS).put(thing, this.#own(name));
      // A disk that is full shows only at the end, and leaves what was there.
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = reject;
      });
      return true;
    } catch {
      return false;
    }
  }

  /** @param {string} name */
  async removeThing(name) {
    await this.ready;
    await this.#ask(THINGS, 'readwrite', (store) => store.delete(this.#own(name)));
  }

  /** @param {string} name */
  #own(name) {
    return `${name} ${this.home ?? ''}`;
  }

  /**
   * @template Answer
   * @param {string} name
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest<Answer>} question
   * @returns {Promise<Answer | undefined>}
   */
  async #ask(name, mode, question) {
    try {
      return this.#database && (await done(question(this.#database.transaction(name, mode).objectStore(name))));
    } catch {
      // Full or taken away meanwhile: the runs on the page stay.
      this.#database = undefined;
      return undefined;
    }
  }
}

/** @template Answer @param {IDBRequest<Answer>} request @returns {Promise<Answer>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    if (request instanceof IDBOpenDBRequest) request.onblocked = () => reject(new Error('another tab has an earlier version'));
  });
}

/** What the browser did not take, as text; it holds until the page is closed. @type {Map<string, string>} */
const unkept = new Map();
const PREFIX = `${DATABASE}.`;

/** The text of something that was never kept, or is no JSON, is null: other pages of this address keep things too. @param {string} text */
function parsed(text) {
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
