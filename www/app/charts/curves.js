// What the page asks of a chart's curves: they are made in the core, and again only where a run has changed.

import { bundlesOf, idsOf } from '../runs/groups.js';

/** @import { ExperimentSpec } from '../core.d.ts' */
/** @import { Axis, Chart, Curve, Measure, RunBook } from '../engine.js' */
/** @import { Bundle } from '../runs/groups.js' */
/** @import { Run } from '../runs/list.js' */

/** What the charts show: some runs, along an axis, before the experiment that is run next. @typedef {{ book: RunBook, runs: Run[], axis: Axis, next: ExperimentSpec, classes: number | undefined }} Shown */

/** A chart, and whose curves it has. @typedef {Chart & { bundles: Bundle[] }} Drawn */

/** @param {Shown} shown @param {Measure} measure @returns {Drawn} */
export function chartOf({ book, runs, axis, next, classes }, measure) {
  const bundles = bundlesOf(runs);
  return { ...book.chart(idsOf(bundles), measure, axis, next, classes), bundles };
}

/** The running mean at a place on the x axis. @param {Curve} curve @param {number} x */
export function valueAt({ x: columns, mean }, x) {
  const after = columns.findIndex((column) => column > x);
  return after === 0 ? undefined : mean.at(after === -1 ? -1 : after - 1);
}
