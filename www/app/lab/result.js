// What a lab's runs came to: the sentence, the prediction beside it, and the figures.

import { h } from '../base/dom.js';
import { pieces, t } from '../base/i18n.js';
import { sourced, sourceNote } from '../base/sources.js';
import { OF_RUN } from '../runs/pointed.js';
import { swatch } from '../runs/marks.js';
import { doubts, facts, figureText, judgedText, labText, runText, saidKeys, verdictText } from './words.js';

/** @import { Conclusion, Table, Value } from '../core.d.ts' */
/** @import { Made } from './labs.js' */

/** The sentences, in which what is said of one run points at its curve and its row. @param {string} id @param {Conclusion} conclusion @param {Made[]} made */
function sentences(id, conclusion, made) {
  const { params, whose } = conclusion;
  const said = Object.fromEntries(Object.entries(facts(id, params)).map(([name, text]) => {
    const run = made.find(({ label }) => label === whose[name])?.run;
    return [name, run ? h('span', { class: 'of-run', [OF_RUN]: run.id }, text) : text];
  }));
  return saidKeys(id, conclusion).map((key, at) => sourced(at === 0 ? 'lab-lead' : 'lab-also', pieces(key, said), key));
}

/** @param {string} id @param {Conclusion} conclusion @param {Value | undefined} prediction @param {Made[]} made @returns {HTMLElement[]} */
export function verdict(id, conclusion, prediction, made) {
  const { verdict: word, slip } = conclusion;
  const parts = [
    h('p', { class: `lab-verdict ${word}` }, verdictText(conclusion)),
    ...sentences(id, conclusion, made),
  ];
  const doubt = doubts(conclusion);
  if (doubt.length > 0) parts.push(h('p', { class: 'lab-hint' }, doubt.join(' ')));
  if (prediction !== undefined) {
    const { key, text } = judgedText(id, conclusion, prediction);
    parts.push(h('p', { class: `lab-judged ${key}` }, text));
    if (slip !== null) parts.push(h('p', { class: 'lab-slip' }, labText(id, `slip.${slip}`)));
  }
  return parts;
}

/** @param {string} id @param {Table} table @param {Made[]} made */
export function resultTable(id, table, made) {
  const heads = table.columns.map((column) => h('th', { scope: 'col' }, t(`lab.column.${column}`)));
  const rows = table.rows.map(({ label, figures }) => {
    const run = table.name === 'runs' ? made.find((one) => one.label === label)?.run : undefined;
    return h('tr', { 'data-label': label, [OF_RUN]: run?.id },
      h('th', { scope: 'row' }, run ? swatch(run) : null, ' ', runText(id, label)),
      ...figures.map((figure, at) => h('td', { 'data-column': table.columns[at] }, figureText(figure))));
  });
  const name = table.name === 'runs' ? t('lab.table.runs') : labText(id, `table.${table.name}`);
  return h('table', { class: 'lab-table' },
    h('caption', { class: table.name === 'runs' ? 'unseen' : 'caption' }, name, ' ', sourceNote(`lab.${id}.table.${table.name}`)),
    h('thead', {}, h('tr', {}, h('td'), ...heads)), h('tbody', {}, ...rows));
}
