// The curves as numbers: a table to read, files to keep.

import { h } from './dom.js';
import { lossText, number, percent, t } from './i18n.js';
import { scoreTitle } from './runs.js';

/** @import { Run } from './runs.js' */

/** @param {Run[]} runs */
export function valuesDialog(runs) {
  const dialog = h('dialog', { class: 'values-dialog', 'aria-labelledby': 'values-title' });
  const heads = ['runs.column.run', 'count.epochs', 'charts.samples', 'charts.test-loss', 'charts.test-score'];
  const score = scoreTitle(runs.map((run) => run.task));
  const rows = runs.flatMap((run) => run.tests.map((test) => h('tr', {},
    h('th', { scope: 'row' }, t('runs.name', { number: run.number })),
    h('td', {}, number(test.step / run.stepsPerEpoch, { maximumFractionDigits: 2 })),
    h('td', {}, number(test.samples)), h('td', {}, lossText(test.loss)), h('td', {}, percent(test.accuracy)))));
  dialog.append(h('h2', { id: 'values-title' }, t('charts.values-title')),
    rows.length > 0
      ? h('table', { class: 'values-table' },
        h('caption', { class: 'caption' }, t('charts.values-epoch')),
        h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, t(head, { score }))))), h('tbody', {}, ...rows))
      : h('p', { class: 'caption' }, t('charts.none')),
    h('form', { method: 'dialog', class: 'dialog-end' },
      h('button', { type: 'button', class: 'small', disabled: runs.length === 0, onclick: () => downloadRuns(runs) }, t('runs.csv-all')),
      h('button', { class: 'small primary' }, t('shortcuts.close'))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Every step and every test of these runs, in full precision. @param {Run[]} runs */
export function csvOf(runs) {
  const lines = runs.flatMap((run) => [
    ...run.losses.map((loss, at) => [run.number, 'train', at + 1, run.samples[at], run.seconds[at]?.toFixed(3), loss, run.accuracies[at]]),
    ...run.tests.map((test) => [run.number, 'test', test.step, test.samples, test.seconds.toFixed(3), test.loss, test.accuracy]),
  ]);
  return ['run,split,step,samples,seconds,loss,accuracy', ...lines.map((line) => line.join(','))].join('\n') + '\n';
}

/** @param {Run[]} runs */
export function downloadRuns(runs) {
  const numbers = runs.map((run) => run.number).join('-');
  const href = URL.createObjectURL(new Blob([csvOf(runs)], { type: 'text/csv' }));
  h('a', { href, download: `cnn-playground-run-${numbers}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
