// What a person has done in a lab: kept in this browser, so that a prediction once made stays made, and so does what the
// lab's runs came to, however many runs come after.

import { keepSetting, parsed, setting, settings, whenSet } from '../base/storage.js';

/** @import { KeptWork, RunFacts, Value } from '../core.d.ts' */
/** @import { Choices } from '../engine.js' */

/**
 * @typedef {object} Record
 * @property {Value} [prediction] what the person committed to
 * @property {string} [words] the person's own explanation
 * @property {number} [level] the size of the runs that were made
 * @property {string} [group] of those runs
 * @property {number[]} seeds with which each run was made
 * @property {[label: string, id: number, facts?: RunFacts][]} runs the label of each run, its id, and what the conclusion needs of it, which earlier versions did not keep
 * @property {number[]} [answered] which of its questions were answered right
 * @property {string[]} [touched] the labels of those that were changed by hand, and so left out
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
  && (value.answered === undefined || (Array.isArray(value.answered) && value.answered.every((at) => typeof at === 'number')))
  && (value.touched === undefined || (Array.isArray(value.touched) && value.touched.every((label) => typeof label === 'string')))
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

/**
 * What a person did in a lab, for another machine.
 * @param {string} id @param {Choices} options @param {Record} record @param {{ label: string, facts: RunFacts }[]} made
 * @returns {Pick<KeptWork, 'lab' | 'words' | 'runs'>}
 */
export function keptOf(id, options, { prediction, level, seeds, answered = [], rehearsed = false, words, done }, made) {
  const runs = done && made.length > 0 ? made.map(({ label, facts }) => ({ label, facts })) : null;
  return { lab: { id, options, prediction: prediction ?? null, level: level ?? null, seeds, answered, rehearsed }, words: words ?? null, runs };
}

/** The record of that; without a lab, that of a new person. @param {KeptWork} kept @returns {Record} */
export function recordOf({ lab, words, runs }) {
  const { prediction = null, level = null, seeds = [], answered = [], rehearsed = false } = lab ?? {};
  return {
    seeds, answered, rehearsed, done: runs !== null,
    ...(prediction === null ? {} : { prediction }), ...(level === null ? {} : { level }), ...(words === null ? {} : { words }),
    // Ids are of this browser's runs, of which none is meant.
    runs: (runs ?? []).map(({ label, facts }) => [label, 0, facts]),
  };
}

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
