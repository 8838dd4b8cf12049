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

/** @param {string} id @param {Choices} options @returns {Record} */
export function recall(id, options) {
  const kept = get(keyOf(id, options));
  return kept ? JSON.parse(kept) : { seeds: [], runs: [] };
}

/** @param {string} id @param {Choices} options @param {Record} record */
export function remember(id, options, record) {
  const key = keyOf(id, options);
  const text = JSON.stringify(record);
  here.set(key, text);
  try {
    localStorage.setItem(key, text);
  } catch {
    // It is kept until the page goes away.
  }
}

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
