// Runs as files: curves and the table as CSV, everything as JSON, which can be opened again.

import { home, oneFile } from '../base/around.js';
import { download } from '../base/download.js';
import { nameOf } from './marks.js';

/** @import { Claim } from '../core.d.ts' */
/** @import { Engine, RunBook } from '../engine.js' */
/** @import { Goal } from './columns.js' */
/** @import { Run } from './list.js' */

/** The address of the page, without an experiment. Where on a person's disk it lies is nobody's business. */
const page = () => (oneFile ? home ?? '' : new URL('', location.href.split('#')[0]).href);

/** The address of the page with this link's text. @param {string} text */
export const addressOf = (text) => `${page()}#${text}`;

/** The address of the page with this run's experiment, and what it came to. @param {Pick<Run, 'choices'>} run @param {Engine} engine @param {Claim | null} [claim] */
export const linkOf = (run, engine, claim = null) => addressOf(engine.linkText(run.choices, {}, claim, false));

/** @param {Run[]} runs */
const ids = (runs) => runs.map(({ id }) => id);

/** @param {Run[]} runs @param {RunBook} book */
export const downloadCurves = (runs, book) => download(book.curvesCsv(ids(runs)), 'text/csv', `${nameFor(runs)}-curves.csv`);

/** @param {Run[]} runs @param {RunBook} book @param {Goal} goal */
export const downloadTable = (runs, book, goal) => download(book.tableCsv(ids(runs), runs.map(nameOf), page(), goal.accuracy), 'text/csv', `${nameFor(runs)}.csv`);

/** @param {Run[]} runs @param {RunBook} book */
export const downloadJson = (runs, book) => download(book.save(ids(runs), page()), 'application/json', `${nameFor(runs)}.json`);

/** @param {Run[]} runs */
const nameFor = (runs) => `cnn-playground-run-${runs.map((run) => run.number).join('-').slice(0, 60)}`;
