// What a person has done in a lab: kept in this browser, so that a prediction once made stays made.

/** @import { Value } from '../core.d.ts' */
/** @import { Choices } from '../engine.js' */

/**
 * @typedef {object} Record
 * @property {Value} [prediction] what the person committed to
 * @property {number} [level] the size of the runs that were made
 * @property {string} [group] of those runs
 * @property {number[]} seeds with which each run was made
 * @property {[string, number][]} runs the label of each run, and its id
 * @property {boolean} [done] whether the lab came to its end
 */

const PREFIX = 'lab ';
const CHOSEN = 'options of lab ';

/** A lab with other options is another question. @param {string} id @param {Choices} options */
const keyOf = (id, options) => `${PREFIX}${id} ${JSON.stringify(Object.entries(options).sort())}`;

/** For browsers that keep nothing. @type {Map<string, string>} */
const here = new Map();

/** @param {string} key */
function get(key) {
  try {
    return localStorage.getItem(key) ?? here.get(key);
  } catch {
    return here.get(key);
  }
}

/** @param {string} key @param {unknown} value */
function put(key, value) {
  const text = JSON.stringify(value);
  here.set(key, text);
  try {
    localStorage.setItem(key, text);
  } catch {
    // It is kept until the page goes away.
  }
}

/** @param {string} id @param {Choices} options @returns {Record} */
export function recall(id, options) {
  const kept = get(keyOf(id, options));
  return kept ? JSON.parse(kept) : { seeds: [], runs: [] };
}

/** @param {string} id @param {Choices} options @param {Record} record */
export function remember(id, options, record) {
  put(keyOf(id, options), record);
}

/** What a person chose last about a lab. @param {string} id @returns {Choices} */
export const keptOptions = (id) => JSON.parse(get(`${CHOSEN}${id}`) ?? '{}');

/** @param {string} id @param {Choices} options */
export const keepOptions = (id, options) => put(`${CHOSEN}${id}`, options);

/** Whether the lab was done, with any options. @param {string} id */
export function wasDone(id) {
  const begin = `${PREFIX}${id} `;
  let kept = [...here];
  try {
    kept = [...kept, ...Object.entries(localStorage)];
  } catch {
    // What is here is all there is.
  }
  return kept.some(([key, text]) => key.startsWith(begin) && JSON.parse(text).done === true);
}
