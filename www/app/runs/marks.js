// How a run is told apart: a name, a colour and a dash that stay with it everywhere.

import { colour } from '../base/colours.js';
import { svg } from '../base/dom.js';
import { number, t } from '../base/i18n.js';

/** @import { Bundle } from './groups.js' */
/** @import { Run } from './list.js' */

const COLOURS = 8;
/** @type {number[][]} */
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [14, 4], [4, 4, 1, 4], [1, 2]];

/** @param {Run} run */
export const nameOf = (run) => run.label ?? t('runs.name', { number: run.number });

/** The name of a run, or of all that repeat it. @param {Bundle} bundle */
export function bundleName({ runs }) {
  const name = nameOf(runs[0]);
  return runs.length > 1 ? t('runs.name-seeds', { name, count: number(runs.length) }) : name;
}

/** What the page's styles call its colour. @param {Run} run */
export const tokenOf = (run) => `--run-${run.slot % COLOURS}`;

/** @param {Run} run */
export const colourOf = (run) => colour(tokenOf(run));

/** @param {Run} run @returns {number[]} */
export const dashOf = (run) => DASHES[(run.slot + Math.floor(run.slot / COLOURS)) % DASHES.length] ?? [];

/** Its colour, for a style. @param {Run} run */
export const inkOf = (run) => `var(${tokenOf(run)})`;

/** A piece of the run's line. @param {Run} run */
export function swatch(run) {
  const picture = svg('svg', { class: 'swatch', viewBox: '0 0 36 12', 'aria-hidden': 'true' },
    svg('line', { x1: 0, x2: 36, y1: 6, y2: 6, 'stroke-width': 2.5, 'stroke-dasharray': dashOf(run).join(' ') || 'none' }),
    svg('circle', { cx: 18, cy: 6, r: 4 }));
  picture.style.color = inkOf(run);
  return picture;
}
