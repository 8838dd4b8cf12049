// The curves as numbers, to read.

import { h } from '../base/dom.js';
import { downloadCurves } from '../runs/export.js';
import { beside, lossText, number, percent, t } from '../base/i18n.js';
import { nameOf } from '../runs/marks.js';
import { scoreName } from '../runs/list.js';

/** @import { Values } from '../core.d.ts' */
/** @import { RunBook } from '../engine.js' */
/** @import { Run } from '../runs/list.js' */

/** The curves of a run, and what its best value is called. @type {{ key: keyof Values, text: (value: number) => string, best: string }[]} */
const MEASURES = [
  { key: 'train-loss', text: lossText, best: 'charts.least' },
  { key: 'test-loss', text: lossText, best: 'charts.least' },
  { key: 'train-score', text: percent, best: 'charts.most' },
  { key: 'test-score', text: percent, best: 'charts.most' },
];

const TEST_HEADS = ['runs.column.run', 'count.epochs', 'charts.samples', 'charts.test-loss', 'charts.test-score'];

/** @param {Run[]} runs @param {RunBook} book */
export function valuesDialog(runs, book) {
  const score = beside(...new Set(runs.map((run) => scoreName(run.task))));
  const dialog = h('dialog', { class: 'values-dialog', 'aria-labelledby': 'values-title' });
  const name = /** @param {Run} run */ (run) => h('th', { scope: 'row' }, nameOf(run));
  const tests = runs.flatMap((run) => run.tests.map((test) => h('tr', {}, name(run),
    h('td', {}, number(test.step / run.stepsPerEpoch, { maximumFractionDigits: 2 })),
    h('td', {}, number(test.samples)), h('td', {}, lossText(test.loss)), h('td', {}, percent(test.accuracy)))));
  const extremes = runs.map((run) => {
    const values = book.values(run.id);
    return h('tr', {}, name(run), ...MEASURES.flatMap(({ key, text }) => {
      const ends = values?.[key];
      return ends ? [h('td', {}, text(ends.best)), h('td', {}, text(ends.last))] : [h('td'), h('td')];
    }));
  });
  const measures = MEASURES.map(({ key }) => h('th', { scope: 'colgroup', colspan: 2 }, t(`charts.${key}`, { score })));
  const ends = MEASURES.flatMap(({ best }) => [h('th', { scope: 'col' }, t(best)), h('th', { scope: 'col' }, t('charts.last'))]);
  dialog.append(h('h2', { id: 'values-title' }, t('charts.values-title')),
    runs.length > 0
      ? h('div', { class: 'values-body', tabindex: 0, role: 'region', 'aria-labelledby': 'values-title' },
        h('table', { class: 'values-table' }, h('caption', { class: 'caption' }, t('charts.values-extremes')),
          h('thead', {}, h('tr', {}, h('td'), ...measures), h('tr', {}, h('th', { scope: 'col' }, t('runs.column.run')), ...ends)), h('tbody', {}, ...extremes)),
        h('table', { class: 'values-table' }, h('caption', { class: 'caption' }, t('charts.values-epoch')),
          h('thead', {}, h('tr', {}, ...TEST_HEADS.map((head) => h('th', { scope: 'col' }, t(head, { score }))))), h('tbody', {}, ...tests)))
      : h('p', { class: 'caption' }, t('charts.none')),
    h('form', { method: 'dialog', class: 'dialog-end' },
      h('button', { type: 'button', class: 'small', disabled: runs.length === 0, onclick: () => downloadCurves(runs, book) }, t('runs.csv-curves')),
      h('button', { class: 'small primary' }, t('shortcuts.close'))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
