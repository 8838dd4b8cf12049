// What one tab has for itself, by name, until it gives it back, is closed, or crashes.

import { inTime } from './in-time.js';

const PREFIX = 'cnn-playground ';
/** Milliseconds in which the other tabs answer, and after which they are asked again, where the browser has no locks. */
const ANSWER = 1000;
const AGAIN = 2000;
/** Seconds that the browser has to say who holds what. */
const PATIENCE = 4;

/**
 * @typedef {object} Locks
 * @property {(name: string) => () => void} hold takes a name, and gives what gives it back
 * @property {() => Promise<Set<string>>} others the names that other tabs hold
 * @property {(name: string) => Promise<void>} free settled once no other tab holds it any more
 */

/** The browser's own. @implements {Locks} */
class BrowserLocks {
  /** @type {Set<string>} */
  #mine = new Set();

  /** @param {string} name */
  hold(name) {
    /** @type {() => void} */
    let over = () => {};
    const until = new Promise((resolve) => { over = () => resolve(undefined); });
    this.#mine.add(name);
    // A frame without an origin has none; nothing is kept there that another tab could see.
    navigator.locks.request(PREFIX + name, () => until).catch(() => {});
    return () => {
      this.#mine.delete(name);
      over();
    };
  }

  async others() {
    const { held = [] } = await inTime(navigator.locks.query(), PATIENCE).catch(() => ({ held: [] }));
    const names = held.flatMap(({ name = '' }) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
    return new Set(names.filter((name) => !this.#mine.has(name)));
  }

  /** @param {string} name */
  async free(name) {
    await navigator.locks.request(PREFIX + name, { mode: 'shared' }, () => {}).catch(() => {});
  }
}

/** For pages that are not served safely, where browsers have none: the tabs ask each other. @implements {Locks} */
class AskedLocks {
  /** @type {Set<string>} */
  #mine = new Set();
  /** @type {Set<string>} */
  #heard = new Set();
  #channel = new BroadcastChannel(`${PREFIX}locks`);

  constructor() {
    this.#channel.onmessage = ({ data }) => {
      if (data === 'who') this.#channel.postMessage([...this.#mine]);
      else for (const name of data) this.#heard.add(name);
    };
  }

  /** @param {string} name */
  hold(name) {
    this.#mine.add(name);
    return () => { this.#mine.delete(name); };
  }

  async others() {
    this.#heard.clear();
    this.#channel.postMessage('who');
    await new Promise((resolve) => setTimeout(resolve, ANSWER));
    return new Set(this.#heard);
  }

  /** @param {string} name */
  async free(name) {
    while ((await this.others()).has(name)) await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
}

/** @returns {Locks} */
export const makeLocks = () => (navigator.locks ? new BrowserLocks() : new AskedLocks());
