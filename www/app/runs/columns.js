// How each column of the runs table writes its figure.

import { compact, duration, number, percent, t } from '../base/i18n.js';

/** @import { Figures } from '../core.d.ts' */

/** An accuracy to reach, from 0 to 1. @typedef {{ accuracy: number }} Goal */

/**
 * @typedef {object} Column
 * @property {keyof Figures} key its words are `runs.column.<key>`
 * @property {(value: number) => string} text
 * @property {'ascending' | 'descending'} first the order that a first press on its head asks for
 * @property {boolean} [explained] whether its head has a mark that explains it, with `tip.<key>`
 * @property {boolean} [alike] whether repeats always have the same one
 */

/** @param {number} value */
const whole = (value) => number(value, { maximumFractionDigits: 0 });

/** @type {Column[]} */
export const COLUMNS = [
  { key: 'best', first: 'descending', text: percent, explained: true },
  { key: 'last', first: 'descending', text: percent },
  { key: 'reached', first: 'ascending', text: whole },
  { key: 'parameters', first: 'ascending', text: number, alike: true },
  { key: 'multiply-adds', first: 'ascending', text: compact, alike: true },
  { key: 'time', first: 'ascending', text: duration },
  { key: 'speed', first: 'descending', text: whole },
];

/** @param {Column} column @param {Figures} figures */
export function textOf(column, figures) {
  const figure = figures[column.key];
  if (!figure) return t('value.none');
  const text = column.text(figure.mean);
  return column.alike || figure.count === 1 ? text : t('unit.spread', { mean: text, deviation: column.text(figure.deviation) });
}
