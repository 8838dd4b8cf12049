// What the page asks of a chart's curves: they are made in the core, and again only where a run has changed.

import { beside, lossText, number, percent, t, valueText } from '../base/i18n.js';
import { bundlesOf, idsOf } from '../runs/groups.js';
import { scoreName } from '../runs/list.js';
import { bundleName, nameOf } from '../runs/marks.js';

/** @import { ExperimentSpec } from '../core.d.ts' */
/** @import { Axis, Chart, Curve, Measure, RunBook } from '../engine.js' */
/** @import { Bundle } from '../runs/groups.js' */
/** @import { Run } from '../runs/list.js' */

/** What the charts show: some runs, along an axis, before the experiment that is run next. @typedef {{ book: RunBook, runs: Run[], axis: Axis, next: ExperimentSpec, classes: number | undefined }} Shown */

/** A chart, and whose curves it has. @typedef {Chart & { bundles: Bundle[] }} Drawn */

/**
 * A curve, the runs that it is of, and the first of them, which has their colour; `dots` if its single batches are drawn.
 * @typedef {{ curve: Curve, run: Run, ids: number[], several: boolean, dots: boolean }} Line
 */

/** Curves whose single batches are drawn, the newest ones: the dots of more are a fog, and take long to draw. */
const MOST_DOTTED = 4;

/** @param {Shown} shown @param {Measure} measure @returns {Drawn} */
export function chartOf({ book, runs, axis, next, classes }, measure) {
  const bundles = bundlesOf(runs);
  return { ...book.chart(idsOf(bundles), measure, axis, next, classes), bundles };
}

/** @param {Drawn} chart @returns {Line[]} */
export function linesOf({ bundles, curves }) {
  const lines = bundles.flatMap(({ runs }, at) => (curves[at] ? [{ curve: curves[at], run: runs[0], ids: runs.map(({ id }) => id), several: runs.length > 1, dots: runs.length === 1 }] : []));
  for (const line of lines.slice(0, -MOST_DOTTED)) line.dots = false;
  return lines;
}

/**
 * Whose curve each is, and what tells them apart; of each difference, whether its value is a word, which says enough where there is
 * little room.
 * @param {Bundle[]} bundles @param {RunBook} book
 */
export function legendOf(bundles, book) {
  const facts = book.facts(idsOf(bundles));
  return bundles.map((bundle, at) => {
    const name = bundleName(bundle);
    const differs = (facts[at] ?? []).map(([field, value]) => ({ field: t(`field.${field}`), value: valueText(field, value), word: typeof value === 'string' }));
    return { run: bundle.runs[0], name, differs, words: beside(name, ...differs.map(({ field, value }) => `${field} ${value}`)) };
  });
}

/** What is drawn how. @param {Bundle[]} bundles */
export const keyOf = (bundles) => t(bundles.some(({ runs }) => runs.length > 1) ? 'charts.key-seeds' : 'charts.key');

/** What a run has come to, for who does not see its curve. @param {Run} run */
export function summaryOf(run) {
  const test = run.tests.at(-1);
  const facts = { run: nameOf(run), loss: lossText(run.loss ?? 0), samples: number(run.samples) };
  return test ? t('charts.summary', { ...facts, score: scoreName(run.task), accuracy: percent(test.accuracy) }) : t('charts.summary-untested', facts);
}

/** The running mean at a place on the x axis. @param {Curve} curve @param {number} x */
export function valueAt({ x: columns, mean }, x) {
  const after = columns.findIndex((column) => column > x);
  return after === 0 ? undefined : mean.at(after === -1 ? -1 : after - 1);
}
