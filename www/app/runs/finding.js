// What happened, in one sentence.

import { h } from '../base/dom.js';
import { number, percent, plural, t, valueText } from '../base/i18n.js';
import { bundleName } from './marks.js';
import { scoreName } from './list.js';

/** @import { Finding, Spread } from '../core.d.ts' */
/** @import { Runs } from './list.js' */

/** @param {Runs} runs @returns {HTMLElement} */
export function finding(runs) {
  const found = runs.book.finding();
  if (!found) return h('p');
  const names = { a: 'a' in found ? nameOf(found.a, runs) : '', b: nameOf(found.b, runs) };
  switch (found.kind) {
    case 'first': return h('p', {}, t('finding.first', { score: scoreName(found.task), run: names.b, accuracy: accuracyText(found.after) }));
    case 'repeat': return h('p', {}, t('finding.repeat', { ...names, score: scoreName(found.task), before: accuracyText(found.before), after: accuracyText(found.after) }));
    case 'many': return h('p', {}, plural('finding.many', found.count, names));
    case 'change': return changed(found);
  }
}

/** @param {number[]} ids @param {Runs} runs */
function nameOf(ids, { list }) {
  const [first, ...rest] = list.filter((run) => ids.includes(run.id));
  return first ? bundleName({ key: first.bundle, runs: [first, ...rest] }) : '';
}

/** @param {Spread} accuracy */
function accuracyText({ mean, deviation, count }) {
  return count > 1 ? t('unit.spread', { mean: percent(mean), deviation: percent(deviation) }) : percent(mean);
}

/** @param {Extract<Finding, { kind: 'change' }>} found */
function changed({ field, from, to, task, before, after, change, certainty, images }) {
  const points = number(change * 100, { signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  // In the sentence, the change itself stands out.
  const [head = '', tail = ''] = t('finding.change', {
    field: t(`field.${field}`), from: valueText(field, from), to: valueText(field, to),
    score: scoreName(task), before: accuracyText(before), after: accuracyText(after), change: '\u0000',
  }).split('\u0000');
  const aside = certainty === 'within-chance' ? plural('finding.within-chance', images) : t(`finding.${certainty}`);
  return h('p', {}, head, h('strong', { class: change < 0 ? 'worse' : 'better' }, t('unit.points', { value: points })), tail, ' ', h('span', { class: 'aside' }, aside));
}
