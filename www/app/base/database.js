// One IndexedDB database: opened once, opened again where it was closed meanwhile, and every change waited for until it
// is certain. A full disk shows only when a transaction ends.

/**
 * What keeps things, or keeps nothing.
 * @typedef {object} Keeping
 * @property {boolean} pending
 * @property {() => Promise<unknown>} connect
 * @property {<Answer>(store: string, question: (store: IDBObjectStore) => IDBRequest<Answer>) => Promise<Answer | undefined>} read
 * @property {(stores: string[], change: (store: (name: string) => IDBObjectStore) => void) => Promise<void>} write
 */

/** @implements {Keeping} */
export class Database {
  /** @type {IDBDatabase | undefined} */
  #open;
  /** @type {Promise<IDBDatabase> | undefined} */
  #opening;

  /** @param {string} name @param {number} version @param {(database: IDBDatabase, from: number) => void} upgrade from an earlier version, 0 for none */
  constructor(name, version, upgrade) {
    this.name = name;
    this.version = version;
    this.upgrade = upgrade;
  }

  /** Whether an answer to opening it is still awaited. */
  get pending() {
    return this.#opening !== undefined;
  }

  /** Opens it if it is not open. After a failure, the next call tries again. @returns {Promise<IDBDatabase>} */
  async connect() {
    if (this.#open) return this.#open;
    this.#opening ??= this.#connect().finally(() => { this.#opening = undefined; });
    return this.#opening;
  }

  async #connect() {
    const request = indexedDB.open(this.name, this.version);
    request.onupgradeneeded = ({ oldVersion }) => this.upgrade(request.result, oldVersion);
    const database = await answered(request);
    // A later version of the page, in another tab, must not have to wait for this one.
    database.onversionchange = () => {
      database.close();
      this.#open = undefined;
    };
    // The browser may take it away, for room or by a person's order.
    database.onclose = () => { this.#open = undefined; };
    this.#open = database;
    return database;
  }

  /**
   * @template Answer
   * @param {string} store
   * @param {(store: IDBObjectStore) => IDBRequest<Answer>} question
   * @returns {Promise<Answer>}
   */
  async read(store, question) {
    const database = this.#open ?? (await this.connect());
    return answered(question(database.transaction(store).objectStore(store)));
  }

  /**
   * Makes a change, whole or not at all. Where the database is open, it is handed to the browser before this returns,
   * so that it is made even if the page goes away.
   * @param {string[]} stores
   * @param {(store: (name: string) => IDBObjectStore) => void} change
   */
  async write(stores, change) {
    const database = this.#open ?? (await this.connect());
    await new Promise((resolve, reject) => {
      const transaction = database.transaction(stores, 'readwrite');
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
      // WebKit completes a transaction whose commit was asked for, though one of its requests failed.
      transaction.onerror = ({ target }) => reject(/** @type {IDBRequest} */ (target).error);
      try {
        change((name) => transaction.objectStore(name));
        transaction.commit();
      } catch (thrown) {
        transaction.abort();
        reject(thrown);
      }
    });
  }
}

/** @template Answer @param {IDBRequest<Answer>} request @returns {Promise<Answer>} */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
