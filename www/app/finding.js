// What happened, in one sentence, computed from the runs that were just made.

import { h } from './dom.js';
import { number, percent, plural, t, valueText } from './i18n.js';
import { scoreName } from './runs.js';

/** @import { Engine } from './engine.js' */
/** @import { Run } from './runs.js' */

/** Compares the last run that is done with the latest one before it that differs in a single field.
 * @param {Run[]} list @param {Engine} engine @returns {HTMLElement} */
export function finding(list, engine) {
  const done = list.filter((run) => run.state === 'done' && run.tests.length > 0);
  const last = done.at(-1);
  if (!last) return h('p');
  // The accuracies of two tasks are not the same thing.
  const before = done.slice(0, -1).filter((run) => run.task === last.task).reverse();
  const score = scoreName(last.task);
  if (before.length === 0) return h('p', {}, t('finding.first', { run: name(last), score, accuracy: percent(resultOf(last).accuracy) }));
  const compared = before.map((run) => ({ run, differences: engine.differences([run.spec, last.spec]) }));
  const pair = compared.find(({ differences }) => differences.length === 1);
  const change = pair?.differences[0];
  if (pair && change) return changed(pair.run, last, change);
  const nearest = compared[0];
  if (!nearest) return h('p');
  if (nearest.differences.length === 0) {
    const facts = { before: percent(resultOf(nearest.run).accuracy), after: percent(resultOf(last).accuracy) };
    return h('p', {}, t('finding.repeat', { a: name(nearest.run), b: name(last), score, ...facts }));
  }
  return h('p', {}, plural('finding.many', nearest.differences.length, { a: name(nearest.run), b: name(last) }));
}

/** @param {Run} run */
const name = (run) => t('runs.name', { number: run.number });

/** @param {Run} run */
const resultOf = (run) => /** @type {import('./runs.js').Test} */ (run.tests.at(-1));

/** @param {Run} run @param {Run} last @param {[string, (import('./core.d.ts').Value | null)[]]} change */
function changed(run, last, [field, [from, to]]) {
  const [a, b] = [resultOf(run), resultOf(last)];
  const points = (b.accuracy - a.accuracy) * 100;
  const text = number(points, { signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  // In the sentence, the change itself stands out.
  const [head = '', tail = ''] = t('finding.change', {
    field: t(`field.${field}`), from: valueText(field, from), to: valueText(field, to),
    score: scoreName(last.task), before: percent(a.accuracy), after: percent(b.accuracy), change: '\u0000',
  }).split('\u0000');
  const aside = withinChance(a, b)
    ? plural('finding.within-chance', Math.min(a.count, b.count))
    : t(field === 'seed' ? 'finding.seed' : 'finding.same-seed');
  return h('p', {}, head, h('strong', { class: points < 0 ? 'worse' : 'better' }, t('unit.points', { value: text })), tail, ' ',
    h('span', { class: 'aside' }, aside));
}

/**
 * Whether two shares of so many images differ by less than two standard errors of the difference. A mean of
 * overlaps varies less than a share does, so for masks this asks for a little more than it must.
 * @param {import('./runs.js').Test} a @param {import('./runs.js').Test} b
 */
function withinChance(a, b) {
  const variance = /** @param {import('./runs.js').Test} test */ ({ accuracy, count }) => (accuracy * (1 - accuracy)) / count;
  return Math.abs(a.accuracy - b.accuracy) < 2 * Math.sqrt(variance(a) + variance(b));
}
