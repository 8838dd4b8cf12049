// The curves as numbers, to read.

import { h } from '../base/dom.js';
import { downloadCurves } from '../runs/export.js';
import { lossText, number, percent, t } from '../base/i18n.js';
import { nameOf } from '../runs/marks.js';
import { scoreName } from '../runs/list.js';

/** @import { Run } from '../runs/list.js' */

/** The measures of a curve, and of which of its values the best is the least. */
const MEASURES = [
  { key: 'train-loss', of: /** @param {Run} run */ (run) => run.losses, text: lossText, best: Math.min },
  { key: 'test-loss', of: /** @param {Run} run */ (run) => run.tests.map((test) => test.loss), text: lossText, best: Math.min },
  { key: 'train-score', of: /** @param {Run} run */ (run) => run.accuracies, text: percent, best: Math.max },
  { key: 'test-score', of: /** @param {Run} run */ (run) => run.tests.map((test) => test.accuracy), text: percent, best: Math.max },
];

const TEST_HEADS = ['runs.column.run', 'count.epochs', 'charts.samples', 'charts.test-loss', 'charts.test-score'];

/** @param {Run[]} runs */
export function valuesDialog(runs) {
  const score = [...new Set(runs.map((run) => scoreName(run.task)))].join(' · ');
  const dialog = h('dialog', { class: 'values-dialog', 'aria-labelledby': 'values-title' });
  const name = /** @param {Run} run */ (run) => h('th', { scope: 'row' }, nameOf(run));
  const tests = runs.flatMap((run) => run.tests.map((test) => h('tr', {}, name(run),
    h('td', {}, number(test.step / run.stepsPerEpoch, { maximumFractionDigits: 2 })),
    h('td', {}, number(test.samples)), h('td', {}, lossText(test.loss)), h('td', {}, percent(test.accuracy)))));
  const extremes = runs.map((run) => h('tr', {}, name(run), ...MEASURES.flatMap(({ of, text, best }) => {
    const values = of(run);
    const last = values.at(-1);
    return last === undefined ? [h('td'), h('td')]
      : [h('td', {}, text(values.reduce((found, value) => best(found, value)))), h('td', {}, text(last))];
  })));
  const measures = MEASURES.map(({ key }) => h('th', { scope: 'colgroup', colspan: 2 }, t(`charts.${key}`, { score })));
  const ends = MEASURES.flatMap(({ best }) => [h('th', { scope: 'col' }, t(best === Math.min ? 'charts.least' : 'charts.most')), h('th', { scope: 'col' }, t('charts.last'))]);
  dialog.append(h('h2', { id: 'values-title' }, t('charts.values-title')),
    runs.length > 0
      ? h('div', { class: 'values-body', tabindex: 0, role: 'region', 'aria-labelledby': 'values-title' },
        h('table', { class: 'values-table' }, h('caption', { class: 'caption' }, t('charts.values-extremes')),
          h('thead', {}, h('tr', {}, h('td'), ...measures), h('tr', {}, h('th', { scope: 'col' }, t('runs.column.run')), ...ends)), h('tbody', {}, ...extremes)),
        h('table', { class: 'values-table' }, h('caption', { class: 'caption' }, t('charts.values-epoch')),
          h('thead', {}, h('tr', {}, ...TEST_HEADS.map((head) => h('th', { scope: 'col' }, t(head, { score }))))), h('tbody', {}, ...tests)))
      : h('p', { class: 'caption' }, t('charts.none')),
    h('form', { method: 'dialog', class: 'dialog-end' },
      h('button', { type: 'button', class: 'small', disabled: runs.length === 0, onclick: () => downloadCurves(runs) }, t('runs.csv-curves')),
      h('button', { class: 'small primary' }, t('shortcuts.close'))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
