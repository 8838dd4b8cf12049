// Runs as files: curves and the table as CSV, everything as JSON, which can be opened again.

import { download } from '../base/download.js';
import { COLUMNS } from './columns.js';
import { nameOf } from './marks.js';

/** @import { Claim } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { Goal } from './columns.js' */
/** @import { Run } from './list.js' */

/** One that holds a comma, a quote or a line break stands in quotes. @param {unknown} value */
function cell(value) {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {unknown[][]} lines */
const csv = (lines) => `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`;

/** Every step and every test of these runs, in full precision. @param {Run[]} runs */
function curvesOf(runs) {
  return csv([['run', 'split', 'step', 'samples', 'seconds', 'loss', 'accuracy'], ...runs.flatMap((run) => [
    ...run.losses.map((loss, at) => [run.number, 'train', at + 1, run.samples[at], run.seconds[at]?.toFixed(3), loss, run.accuracies[at]]),
    ...run.tests.map((test) => [run.number, 'test', test.step, test.samples, test.seconds.toFixed(3), test.loss, test.accuracy]),
  ])]);
}

/** A line for each run: what differs, what came of it, and the link. @param {Run[]} runs @param {Engine} engine @param {Goal} goal */
function tableOf(runs, engine, goal) {
  const differences = engine.differences(runs.map((run) => run.spec));
  const heads = ['run', 'name', ...differences.map(([field]) => field), ...COLUMNS.map(({ key }) => key), 'device', 'state', 'link'];
  return csv([heads, ...runs.map((run, at) => [
    run.number, nameOf(run), ...differences.map(([, values]) => values[at] ?? ''),
    ...COLUMNS.map(({ figure }) => figure(run, goal)), run.devices.join(' '), run.state, linkOf(run, engine),
  ])]);
}

/** The address of the page with this run's experiment, and what it came to. @param {Run} run @param {Engine} engine @param {Claim | null} [claim] */
export const linkOf = (run, engine, claim = null) => new URL(`#${engine.linkText(run.choices, {}, claim, false)}`, location.href).href;

/** Whole runs. @param {Run[]} runs @param {Engine} engine */
const jsonOf = (runs, engine) => engine.saveRuns(runs.map((run) => ({ ...run, begun: new Date(run.id).toISOString(), link: linkOf(run, engine) })));

/** @param {Run[]} runs */
export const downloadCurves = (runs) => download(curvesOf(runs), 'text/csv', `${nameFor(runs)}-curves.csv`);

/** @param {Run[]} runs @param {Engine} engine @param {Goal} goal */
export const downloadTable = (runs, engine, goal) => download(tableOf(runs, engine, goal), 'text/csv', `${nameFor(runs)}.csv`);

/** @param {Run[]} runs @param {Engine} engine */
export const downloadJson = (runs, engine) => download(jsonOf(runs, engine), 'application/json', `${nameFor(runs)}.json`);

/** @param {Run[]} runs */
const nameFor = (runs) => `cnn-playground-run-${runs.map((run) => run.number).join('-').slice(0, 60)}`;
