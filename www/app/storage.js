// Runs kept in this browser, where it allows that.

/** @import { Run } from './runs.js' */

const DATABASE = 'cnn-playground';
const STORE = 'runs';

export class RunStore {
  /** @type {IDBDatabase | undefined} */
  #database;

  /** Whether runs survive a reload. */
  get works() {
    return this.#database !== undefined;
  }

  /** Opens it; without storage the page goes on and keeps nothing. */
  async open() {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
      this.#database = await done(request);
    } catch {
      this.#database = undefined;
    }
  }

  /** @returns {Promise<Run[]>} oldest first */
  async all() {
    return (await this.#ask('readonly', (store) => store.getAll())) ?? [];
  }

  /** @param {Run} run */
  async put(run) {
    await this.#ask('readwrite', (store) => store.put(run));
  }

  /** @param {number} id */
  async remove(id) {
    await this.#ask('readwrite', (store) => store.delete(id));
  }

  /**
   * @template Answer
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest<Answer>} question
   * @returns {Promise<Answer | undefined>}
   */
  async #ask(mode, question) {
    try {
      return this.#database && (await done(question(this.#database.transaction(STORE, mode).objectStore(STORE))));
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
  });
}

/** Small settings of this browser's, by name. @param {string} name @returns {unknown} */
export function setting(name) {
  try {
    return JSON.parse(localStorage.getItem(`${DATABASE}.${name}`) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {string} name @param {unknown} value */
export function keepSetting(name, value) {
  try {
    localStorage.setItem(`${DATABASE}.${name}`, JSON.stringify(value));
  } catch {
    // Full or forbidden: it holds until the page is closed.
  }
}
