// From a run's numbers to what a chart draws: a faint sample of the batches, a running mean, test points.

import { spread } from '../runs/measures.js';
import { isActive } from '../runs/list.js';

/** @import { View } from '../core.d.ts' */
/** @import { Bundle } from '../runs/groups.js' */
/** @import { Run, Test } from '../runs/list.js' */

/** @typedef {'samples' | 'seconds'} Axis */
/** @typedef {'loss' | 'accuracy'} Measure */

/**
 * What is drawn for a run. For repeats of one: their mean, and from `low` to `high` one standard deviation on either side.
 * @typedef {object} Curve
 * @property {Run} run the first of them, which has their colour
 * @property {number} count how many they are
 * @property {number[]} x
 * @property {number[]} raw of single batches; of repeats there are none
 * @property {number[]} smooth
 * @property {number[]} low
 * @property {number[]} high
 * @property {number[]} testX
 * @property {number[]} test
 * @property {number[]} testSpread one standard deviation
 */

/** More points than this would only cover each other. */
const MOST_POINTS = 400;
/** Neighbours on each side that the mean takes in: fewer in a short run, more in a long one. */
const NEIGHBOURS = 6;
const SHORT = 0.05;
const LONG = 0.01;

/** @type {WeakMap<Run, Map<string, { state: string, curve: Curve }>>} */
const made = new WeakMap();

/** @param {Bundle} bundle @param {Measure} measure @param {Axis} axis @returns {Curve} */
export function curveOf({ runs }, measure, axis) {
  const [first] = runs;
  const kept = made.get(first) ?? new Map();
  made.set(first, kept);
  const state = runs.map((run) => [run.id, run.losses.length, run.tests.length].join()).join(' ');
  const before = kept.get(measure + axis);
  if (before?.state === state) return before.curve;
  const curve = makeCurve(runs, measure, axis);
  kept.set(measure + axis, { state, curve });
  return curve;
}

/** @param {[Run, ...Run[]]} runs @param {Measure} measure @param {Axis} axis @returns {Curve} */
function makeCurve(runs, measure, axis) {
  const values = runs.map((run) => (measure === 'loss' ? run.losses : run.accuracies));
  const along = runs.map((run) => (axis === 'samples' ? run.samples : run.seconds));
  const steps = Math.max(...values.map((list) => list.length));
  const every = Math.max(1, Math.ceil(steps / MOST_POINTS));
  const reach = Math.round(Math.max(Math.min(NEIGHBOURS, steps * SHORT), steps * LONG));
  const means = values.map((list) => runningMean(list, reach));
  const single = values.length === 1 ? values[0] : undefined;
  /** @type {Curve} */
  const curve = { run: runs[0], count: runs.length, x: [], raw: [], smooth: [], low: [], high: [], testX: [], test: [], testSpread: [] };
  for (let step = 0; step < steps; step += 1) {
    if ((step + 1) % every !== 0 && step !== steps - 1 && step !== 0) continue;
    const there = values.flatMap((list, at) => (step < list.length ? [at] : []));
    curve.x.push(spread(there.map((at) => along[at]?.[step] ?? NaN)).mean);
    const { mean, deviation } = spread(there.map((at) => means[at]?.(step) ?? NaN));
    curve.smooth.push(mean);
    if (single) {
      curve.raw.push(single[step] ?? NaN);
    } else {
      curve.low.push(mean - deviation);
      curve.high.push(mean + deviation);
    }
  }
  for (const tests of sameStep(runs.flatMap((run) => run.tests))) {
    curve.testX.push(spread(tests.map((test) => (axis === 'samples' ? test.samples : test.seconds))).mean);
    const { mean, deviation } = spread(tests.map((test) => (measure === 'loss' ? test.loss : test.accuracy)));
    curve.test.push(mean);
    curve.testSpread.push(deviation);
  }
  return curve;
}

/** The mean over neighbours on both sides, so that it neither lags nor leads. @param {number[]} values @param {number} reach */
function runningMean(values, reach) {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return /** @param {number} step */ (step) => {
    const from = Math.max(0, step - reach);
    const to = Math.min(values.length, step + reach + 1);
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  };
}

/** @param {Test[]} tests @returns {Test[][]} in the order of their steps */
function sameStep(tests) {
  const steps = [...new Set(tests.map((test) => test.step))].sort((a, b) => a - b);
  return steps.map((step) => tests.filter((test) => test.step === step));
}

/** The running mean at a place on the x axis. @param {Curve} curve @param {number} x */
export function valueAt(curve, x) {
  let low = 0;
  let high = curve.x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((curve.x[middle] ?? 0) <= x) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : curve.smooth[low - 1];
}

/** Where the loss axis ends before there is a curve: a little above what guessing among ten classes costs. */
const TOP = 2.5;

/** Where the loss axis ends: what the first few batches cost must not flatten all that follows. @param {Curve[]} curves */
export function topOf(curves) {
  if (curves.length === 0) return TOP;
  const later = curves.flatMap(({ smooth, high, test }) => [smooth, high].flatMap((line) => line.slice(Math.floor(line.length * 0.03))).concat(test));
  return later.reduce((top, value) => Math.max(top, value), 0.1) * 1.08;
}

/** Where the x axis of seconds ends before there is a curve. */
const SECONDS = 10;

/** Images that a whole run sees. @param {Pick<Run, 'spec' | 'totalSteps' | 'stepsPerEpoch'>} run */
const plannedImages = ({ spec, totalSteps, stepsPerEpoch }) => Math.min(totalSteps * spec.batch, (totalSteps / stepsPerEpoch) * spec.train || 0);

/** Where the x axis ends: at the run's planned end, so that it stands still. @param {Run[]} runs @param {Axis} axis @param {View} next the experiment that is run next */
export function endOf(runs, axis, next) {
  const ends = runs.map((run) => {
    if (axis === 'seconds') return run.elapsed;
    const seen = run.samples.at(-1) ?? 0;
    return isActive(run) ? Math.max(seen, plannedImages(run)) : seen;
  });
  if (runs.length === 0) ends.push(axis === 'seconds' ? SECONDS : plannedImages(next));
  // A little room, so that the last point is whole.
  return Math.max(1, ...ends) * 1.02;
}
