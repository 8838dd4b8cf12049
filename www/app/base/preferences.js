// How the page shows itself, which lab is open, and where it trains: no part of the experiment, but of its link.

/** What `auto` leaves to the page. */
export const AUTO = 'auto';

/** @typedef {'device' | 'theme' | 'lang' | 'lab' | 'budget' | 'embed' | 'start' | 'hide' | 'lock' | 'goal'} Preference */

export class Preferences {
  /** @type {Record<string, string>} */
  #values = {};
  /** @type {Set<(changed: string[]) => void>} */
  #listeners = new Set();

  /** @param {(changed: string[]) => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** @param {Preference} key */
  get(key) {
    return this.#values[key] ?? AUTO;
  }

  /** @param {Preference} key @param {string} value */
  set(key, value) {
    this.open({ ...this.#values, [key]: value });
  }

  /** @param {Record<string, string>} values */
  open(values) {
    const before = this.#values;
    this.#values = values;
    const changed = Object.keys({ ...before, ...values }).filter((key) => before[key] !== values[key]);
    if (changed.length > 0) for (const listener of this.#listeners) listener(changed);
  }

  /** What differs from leaving it to the page. */
  chosen() {
    return Object.entries(this.#values).filter(([, value]) => value !== AUTO);
  }
}
