// What happened, in one sentence, computed from the runs that were just made.

import { h } from '../base/dom.js';
import { bundlesOf } from './groups.js';
import { number, percent, plural, t, valueText } from '../base/i18n.js';
import { bundleName } from './marks.js';
import { spread } from './measures.js';
import { scoreName } from './list.js';
import { chosenDifferences } from './differences.js';

/** @import { Value } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { Bundle } from './groups.js' */
/** @import { Run, Test } from './list.js' */

/** What came of a run or of its repeats. @typedef {{ bundle: Bundle, accuracy: number, deviation: number, images: number }} Result */

/** Compares the last run that is done with the latest one before it that differs in a single field.
 * @param {Run[]} list @param {Engine} engine @returns {HTMLElement} */
export function finding(list, engine) {
  const results = bundlesOf(list.filter((run) => run.state === 'done' && run.tests.length > 0)).map(resultOf);
  // The one that was added to last.
  results.sort((a, b) => newest(a) - newest(b));
  const last = results.at(-1);
  if (!last) return h('p');
  // The accuracies of two tasks are not the same thing.
  const before = results.slice(0, -1).filter((result) => taskOf(result) === taskOf(last)).reverse();
  const score = scoreName(taskOf(last));
  if (before.length === 0) return h('p', {}, t('finding.first', { score, run: bundleName(last.bundle), accuracy: accuracyText(last) }));
  const compared = before.map((result) => ({ result, differences: differencesOf(engine, result, last) }));
  const pair = compared.find(({ differences }) => differences.length === 1);
  const change = pair?.differences[0];
  if (pair && change) return changed(pair.result, last, change);
  const nearest = compared[0];
  if (!nearest) return h('p');
  const names = { a: bundleName(nearest.result.bundle), b: bundleName(last.bundle) };
  if (nearest.differences.length === 0) {
    return h('p', {}, t('finding.repeat', { ...names, score, before: accuracyText(nearest.result), after: accuracyText(last) }));
  }
  return h('p', {}, plural('finding.many', nearest.differences.length, names));
}

/** @param {Bundle} bundle @returns {Result} */
function resultOf(bundle) {
  const tests = bundle.runs.map((run) => /** @type {Test} */ (run.tests.at(-1)));
  const { mean, deviation } = spread(tests.map((test) => test.accuracy));
  return { bundle, accuracy: mean, deviation, images: Math.min(...tests.map((test) => test.count)) };
}

/** @param {Result} result */
const taskOf = ({ bundle }) => bundle.runs[0].task;

/** @param {Result} result */
const newest = ({ bundle }) => Math.max(...bundle.runs.map((run) => run.id));

/** @param {Engine} engine @param {Result} a @param {Result} b */
function differencesOf(engine, a, b) {
  const found = chosenDifferences([a.bundle.runs[0], b.bundle.runs[0]], engine);
  // Repeats over several seeds stand for no seed of their own.
  return isRepeated(a) || isRepeated(b) ? found.filter(([field]) => field !== 'seed') : found;
}

/** @param {Result} result */
const isRepeated = ({ bundle }) => bundle.runs.length > 1;

/** @param {Result} result */
function accuracyText(result) {
  const mean = percent(result.accuracy);
  return isRepeated(result) ? t('unit.spread', { mean, deviation: percent(result.deviation) }) : mean;
}

/** @param {Result} a @param {Result} b @param {[string, (Value | null)[]]} change */
function changed(a, b, [field, [from, to]]) {
  const points = (b.accuracy - a.accuracy) * 100;
  const text = number(points, { signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  // In the sentence, the change itself stands out.
  const [head = '', tail = ''] = t('finding.change', {
    field: t(`field.${field}`), from: valueText(field, from), to: valueText(field, to),
    score: scoreName(taskOf(b)), before: accuracyText(a), after: accuracyText(b), change: '\u0000',
  }).split('\u0000');
  return h('p', {}, head, h('strong', { class: points < 0 ? 'worse' : 'better' }, t('unit.points', { value: text })), tail, ' ',
    h('span', { class: 'aside' }, aside(a, b, field)));
}

/** @param {Result} a @param {Result} b @param {string} field */
function aside(a, b, field) {
  if (isRepeated(a) && isRepeated(b)) return t(withinChance(a, b) ? 'finding.within-seeds' : 'finding.beyond-seeds');
  if (withinChance(a, b)) return plural('finding.within-chance', Math.min(a.images, b.images));
  if (isRepeated(a) || isRepeated(b)) return t('finding.one-seed');
  return t(field === 'seed' ? 'finding.seed' : 'finding.same-seed');
}

/** Whether two accuracies differ by less than two standard errors of the difference. @param {Result} a @param {Result} b */
function withinChance(a, b) {
  return Math.abs(a.accuracy - b.accuracy) < 2 * Math.sqrt(errorOf(a) + errorOf(b));
}

/** The squared standard error of an accuracy: from its spread over seeds, or that of a share of so many
 * images. A mean of overlaps varies less than a share does, so for masks it asks for a little more than it must. @param {Result} result */
function errorOf({ bundle, accuracy, deviation, images }) {
  return bundle.runs.length > 1 ? deviation ** 2 / bundle.runs.length : (accuracy * (1 - accuracy)) / images;
}
