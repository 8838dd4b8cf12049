// What a person has done in a lab: kept in this browser, so that a prediction once made stays made, and so does what the
// lab's runs came to, however many runs come after.

import { keepSetting, parsed, setting, settings, whenSet } from '../base/storage.js';

/** @import { RunFacts, Value } from '../core.d.ts' */
/** @import { Choices } from '../engine.js' */

/**
 * @typedef {object} Record
 * @property {Value} [prediction] what the person committed to
 * @property {string} [words] the person's own explanation
 * @property {number} [level] the size of the runs that were made
 * @property {string} [group] of those runs
 * @property {number[]} seeds with which each run was made
 * @property {[label: string, id: number, facts?: RunFacts][]} runs the label of each run, its id, and what the conclusion needs of it, which earlier versions did not keep
 * @property {boolean} [done] whether the lab came to its end
 * @property {boolean} [rehearsed] whether its runs were too short to say anything
 */

const LAB = 'lab ';
const CHOSEN = 'options of lab ';

/** A lab with other options is another question. @param {string} id @param {Choices} options */
const nameOf = (id, options) => `${LAB}${id} ${JSON.stringify(Object.entries(options).sort())}`;

/** @param {unknown} value @returns {value is { [key: string]: unknown }} */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether it is what this page keeps of a lab: another page, or a fault of the disk, may have left something else. @param {unknown} value @returns {value is Record} */
const isRecord = (value) => isObject(value)
  && (value.words === undefined || typeof value.words === 'string')
  && Array.isArray(value.seeds) && value.seeds.every((seed) => typeof seed === 'number')
  && Array.isArray(value.runs) && value.runs.every((run) => Array.isArray(run) && typeof run[0] === 'string' && typeof run[1] === 'number');

/** The first versions kept labs under names without this page's prefix. They are given it; what is not theirs stays. */
export function takeOver() {
  try {
    for (const [key, text] of Object.entries(localStorage)) {
      if (!key.startsWith(LAB) && !key.startsWith(CHOSEN)) continue;
      const value = parsed(text);
      if (key.startsWith(LAB) ? !isRecord(value) : !isObject(value)) continue;
      if (setting(key) === null) keepSetting(key, value);
      localStorage.removeItem(key);
    }
  } catch {
    // Forbidden: nothing to take over.
  }
}

/** @param {string} id @param {Choices} options @returns {Record} */
export function recall(id, options) {
  const kept = setting(nameOf(id, options));
  return isRecord(kept) ? kept : { seeds: [], runs: [] };
}

/** @param {string} id @param {Choices} options @param {Record} record */
export const remember = (id, options, record) => keepSetting(nameOf(id, options), record);

/** Hears of what another tab remembers. @param {() => void} changed */
export const whenRemembered = (changed) => whenSet(LAB, changed);

/** What a person chose last about a lab. @param {string} id @returns {Choices} */
export function keptOptions(id) {
  const kept = setting(CHOSEN + id);
  return isObject(kept) ? /** @type {Choices} */ (kept) : {};
}

/** @param {string} id @param {Choices} options */
export const keepOptions = (id, options) => keepSetting(CHOSEN + id, options);

/** Whether the lab was done, with any options. @param {string} id */
export const wasDone = (id) => settings(`${LAB}${id} `).some(([, record]) => isObject(record) && record.done === true && record.rehearsed !== true);
