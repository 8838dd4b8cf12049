// The figures of the runs table: what each column says of a run, and of several that repeat each other.

import { compact, duration, number, percent, t } from '../base/i18n.js';
import { spread, stepsTo } from './measures.js';
import { bestOf, speedOf, stepsOf } from './list.js';

/** @import { Bundle } from './groups.js' */
/** @import { Run } from './list.js' */

/** An accuracy to reach, from 0 to 1. @typedef {{ accuracy: number }} Goal */

/**
 * @typedef {object} Column
 * @property {string} key its words are `runs.column.<key>`
 * @property {(run: Run, goal: Goal) => number | undefined} figure
 * @property {(value: number) => string} text
 * @property {'ascending' | 'descending'} first the order that a first press on its head asks for
 * @property {boolean} [alike] whether repeats always have the same one
 */

/** @param {number} value */
const whole = (value) => number(Math.round(value));

/** @param {number} value */
const some = (value) => (value > 0 ? value : undefined);

/** @type {Column[]} */
export const COLUMNS = [
  { key: 'best', first: 'descending', figure: bestOf, text: percent },
  { key: 'last', first: 'descending', figure: (run) => run.tests.at(-1)?.accuracy, text: percent },
  { key: 'reached', first: 'ascending', figure: (run, goal) => reached(run, goal.accuracy), text: whole },
  { key: 'parameters', first: 'ascending', figure: (run) => some(run.parameters), text: number, alike: true },
  { key: 'multiply-adds', first: 'ascending', figure: (run) => some(run.multiplyAdds), text: compact, alike: true },
  { key: 'time', first: 'ascending', figure: (run) => (stepsOf(run) > 0 ? run.elapsed : undefined), text: duration },
  { key: 'speed', first: 'descending', figure: (run) => some(speedOf(run)), text: whole },
];

/** @type {WeakMap<Run, { steps: number, target: number, at: number | undefined }>} */
const known = new WeakMap();

/** @param {Run} run @param {number} target */
function reached(run, target) {
  const before = known.get(run);
  if (before?.steps === stepsOf(run) && before.target === target) return before.at;
  const at = stepsTo(run.accuracies, run.samples, target);
  known.set(run, { steps: stepsOf(run), target, at });
  return at;
}

/** What a column has of each run; nothing as soon as one run has none. @param {Column} column @param {Bundle} bundle @param {Goal} goal */
function figuresOf(column, { runs }, goal) {
  const values = runs.flatMap((run) => column.figure(run, goal) ?? []);
  return values.length === runs.length ? spread(values) : undefined;
}

/** What the table is sorted by. @param {Column} column @param {Bundle} bundle @param {Goal} goal */
export const meanOf = (column, bundle, goal) => figuresOf(column, bundle, goal)?.mean;

/** @param {Column} column @param {Bundle} bundle @param {Goal} goal */
export function textOf(column, bundle, goal) {
  const figures = figuresOf(column, bundle, goal);
  if (!figures) return t('value.none');
  const mean = column.text(figures.mean);
  return column.alike || figures.count === 1 ? mean : t('unit.spread', { mean, deviation: column.text(figures.deviation) });
}
