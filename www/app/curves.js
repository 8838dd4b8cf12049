// From a run's numbers to what a chart draws: a faint sample of the batches, a running mean, test points.

/** @import { Run } from './runs.js' */

/** @typedef {'samples' | 'seconds'} Axis */
/** @typedef {'loss' | 'accuracy'} Measure */

/**
 * @typedef {object} Curve
 * @property {Run} run
 * @property {number[]} x
 * @property {number[]} raw
 * @property {number[]} smooth
 * @property {number[]} testX
 * @property {number[]} test
 */

/** More points than this would only cover each other. */
const MOST_POINTS = 400;
/** Neighbours on each side that the mean takes in: fewer in a short run, more in a long one. */
const NEIGHBOURS = 6;
const SHORT = 0.05;
const LONG = 0.01;

/** @type {WeakMap<Run, Map<string, { steps: number, tests: number, curve: Curve }>>} */
const made = new WeakMap();

/** @param {Run} run @param {Measure} measure @param {Axis} axis @returns {Curve} */
export function curveOf(run, measure, axis) {
  const kept = made.get(run) ?? new Map();
  made.set(run, kept);
  const before = kept.get(measure + axis);
  if (before?.steps === run.losses.length && before.tests === run.tests.length) return before.curve;
  const curve = makeCurve(run, measure, axis);
  kept.set(measure + axis, { steps: run.losses.length, tests: run.tests.length, curve });
  return curve;
}

/** @param {Run} run @param {Measure} measure @param {Axis} axis @returns {Curve} */
function makeCurve(run, measure, axis) {
  const values = measure === 'loss' ? run.losses : run.accuracies;
  const along = axis === 'samples' ? run.samples : run.seconds;
  const every = Math.max(1, Math.ceil(values.length / MOST_POINTS));
  /** @type {Curve} */
  const curve = { run, x: [], raw: [], smooth: [], testX: [], test: [] };
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  const reach = Math.round(Math.max(Math.min(NEIGHBOURS, values.length * SHORT), values.length * LONG));
  values.forEach((value, step) => {
    if ((step + 1) % every !== 0 && step !== values.length - 1 && step !== 0) return;
    // Neighbours on both sides, so that the mean neither lags nor leads.
    const from = Math.max(0, step - reach);
    const to = Math.min(values.length, step + reach + 1);
    curve.x.push(along[step] ?? NaN);
    curve.raw.push(value);
    curve.smooth.push(((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from));
  });
  for (const test of run.tests) {
    curve.testX.push(axis === 'samples' ? test.samples : test.seconds);
    curve.test.push(measure === 'loss' ? test.loss : test.accuracy);
  }
  return curve;
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

/** Where the loss axis ends: what the first few batches cost must not flatten all that follows. @param {Curve[]} curves */
export function topOf(curves) {
  const later = curves.flatMap(({ smooth, test }) => [...smooth.slice(Math.floor(smooth.length * 0.03)), ...test]);
  return later.reduce((top, value) => Math.max(top, value), 0.1) * 1.08;
}

/** Where the x axis ends: at the run's planned end, so that it stands still. @param {Run[]} runs @param {Axis} axis */
export function endOf(runs, axis) {
  const ends = runs.map((run) => {
    if (axis === 'seconds') return run.elapsed;
    const seen = run.samples.at(-1) ?? 0;
    const active = ['starting', 'training', 'paused'].includes(run.state);
    const planned = Math.min(run.totalSteps * run.spec.batch, (run.totalSteps / run.stepsPerEpoch) * run.spec.train || 0);
    return active ? Math.max(seen, planned) : seen;
  });
  // A little room, so that the last point is whole.
  return Math.max(1, ...ends) * 1.02;
}
