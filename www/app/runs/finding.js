// What happened, in one sentence.

import { h } from '../base/dom.js';
import { number, percent, pieces, plural, t, valueText } from '../base/i18n.js';
import { bundleName, nameOf as nameOfRun } from './marks.js';
import { OF_RUN } from './pointed.js';
import { scoreName } from './list.js';

/** @import { Finding, Spread } from '../core.d.ts' */
/** @import { Runs } from './list.js' */

/** What happened, and which runs say nothing of it. @param {Runs} runs @returns {HTMLElement} */
export function finding(runs) {
  const said = compared(runs);
  const out = runs.list.filter(({ id }) => runs.book.leftOut().includes(id));
  if (out.length > 0) said.append(' ', h('span', { class: 'aside left-out' }, plural('finding.left-out', out.length, { runs: out.map(nameOfRun).join(', ') })));
  return said;
}

/** @param {Runs} runs @returns {HTMLElement} */
function compared(runs) {
  const found = runs.book.finding();
  if (!found) return h('p');
  const b = nameOf(found.b, runs);
  if (found.kind === 'first') return h('p', {}, ...pieces('finding.first', { score: scoreName(found.task), run: ofRun(found.b, b), accuracy: ofRun(found.b, accuracyText(found.after)) }));
  const a = nameOf(found.a, runs);
  if (found.kind === 'many') return h('p', {}, plural('finding.many', found.count, { a, b }));
  const said = { a: ofRun(found.a, a), b: ofRun(found.b, b), score: scoreName(found.task), before: ofRun(found.a, accuracyText(found.before)), after: ofRun(found.b, accuracyText(found.after)) };
  return found.kind === 'repeat' ? h('p', {}, ...pieces('finding.repeat', said)) : changed(found, said);
}

/** @param {number[]} ids @param {Runs} runs */
function nameOf(ids, { list }) {
  const [first, ...rest] = list.filter((run) => ids.includes(run.id));
  return first ? bundleName({ key: first.bundle, runs: [first, ...rest] }) : '';
}

/** What is said of these runs, which points at their curve and their row. @param {number[]} ids @param {string} text */
const ofRun = ([id], text) => h('span', { class: 'of-run', [OF_RUN]: id }, text);

/** @param {Spread} accuracy */
function accuracyText({ mean, deviation, count }) {
  return count > 1 ? t('unit.spread', { mean: percent(mean), deviation: percent(deviation) }) : percent(mean);
}

/** @param {Extract<Finding, { kind: 'change' }>} found @param {Record<string, string | HTMLElement>} said of the runs */
function changed({ field, from, to, change, certainty, images }, said) {
  const points = number(change * 100, { signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const aside = certainty === 'within-chance' ? plural('finding.within-chance', images) : t(`finding.${certainty}`);
  return h('p', {}, ...pieces('finding.change', {
    ...said, field: t(`field.${field}`), from: valueText(field, from), to: valueText(field, to),
    change: h('strong', { class: change === 0 ? '' : change < 0 ? 'worse' : 'better' }, t('unit.points', { value: points })),
  }), ' ', h('span', { class: 'aside' }, aside));
}
