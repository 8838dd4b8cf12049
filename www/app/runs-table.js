// The legend of the charts: each run with its line, what sets it apart, and what came of it.

import { h, setText } from './dom.js';
import { duration, number, percent, problemText, t, valueText } from './i18n.js';
import { finding } from './finding.js';
import { swatch } from './marks.js';
import { announce } from './messages.js';
import { bestOf, MOST_RUNS, speedOf, stepsOf } from './runs.js';
import { downloadRuns } from './values.js';

/** @import { Value } from './core.d.ts' */
/** @import { Engine } from './engine.js' */
/** @import { Experiment } from './experiment.js' */
/** @import { Run, Runs } from './runs.js' */
/** @import { Training } from './training.js' */

const COLUMNS = ['run', 'differs', 'best', 'last', 'parameters', 'time', 'speed', 'device', 'actions'];

export class RunsTable {
  /** What the rows were made for; figures inside them change without making them anew. */
  #made = '';
  /** What the finding was computed from. */
  #found = '';
  /** @type {Map<number, Map<string, HTMLElement>>} */
  #cells = new Map();

  /**
   * @param {{ body: HTMLElement, tools: HTMLElement, finding: HTMLElement }} places
   * @param {Engine} engine @param {Experiment} experiment @param {Runs} runs @param {Training} training
   */
  constructor(places, engine, experiment, runs, training) {
    this.engine = engine;
    this.experiment = experiment;
    this.runs = runs;
    this.training = training;
    this.finding = places.finding;
    this.csv = h('button', { type: 'button', class: 'quiet', onclick: () => downloadRuns(runs.list) }, t('runs.csv-all'));
    this.clear = h('button', { type: 'button', class: 'quiet', onclick: () => [...runs.list].forEach((run) => training.forget(run)) }, t('runs.clear'));
    places.tools.replaceChildren(this.csv, this.clear);
    this.empty = h('p', { class: 'runs-empty' }, t('runs.empty'));
    this.rows = h('tbody');
    const heads = COLUMNS.map((column) => h('th', { scope: 'col', class: ['run', 'differs'].includes(column) ? `${column} left` : column }, t(`runs.column.${column}`)));
    this.table = h('table', { class: 'runs-table' }, h('thead', {}, h('tr', {}, ...heads)), this.rows);
    this.note = h('p', { class: 'runs-note' });
    places.body.replaceChildren(this.empty, this.table, this.note);
    runs.subscribe(() => this.show());
    this.show();
  }

  show() {
    const { list } = this.runs;
    const some = list.length > 0;
    this.empty.hidden = some;
    this.table.hidden = this.note.hidden = this.csv.hidden = this.clear.hidden = !some;
    const made = JSON.stringify(list.map((run) => [run.id, run.visible]));
    if (made !== this.#made) {
      this.#made = made;
      this.#build(list);
      setText(this.note, this.runs.store.works ? t('runs.kept', { count: number(MOST_RUNS) }) : t('runs.not-kept'));
    }
    for (const run of list) this.#fill(run);
    const done = JSON.stringify(list.map((run) => [run.id, run.state, run.tests.length]));
    if (done === this.#found) return;
    this.#found = done;
    this.finding.replaceChildren(finding(list, this.engine));
  }

  /** @param {Run[]} list */
  #build(list) {
    const differences = list.length > 1 ? this.engine.differences(list.map((run) => run.spec)) : [];
    this.#cells = new Map();
    this.rows.replaceChildren(...[...list].reverse().map((run) => this.#row(run, describe(run, list.indexOf(run), differences))));
  }

  /** @param {Run} run @param {Node[]} differs */
  #row(run, differs) {
    const name = t('runs.name', { number: run.number });
    const show = h('input', { type: 'checkbox', checked: run.visible, 'aria-label': t('runs.show', { run: name }), onchange: () => {
      run.visible = show.checked;
      this.runs.save(run);
      this.runs.changed();
    } });
    /** @param {string} key @param {() => void} act */
    const action = (key, act) => h('button', { type: 'button', class: 'quiet', 'aria-label': t(`runs.${key}-label`, { run: name }), onclick: act }, t(`runs.${key}`));
    const actions = h('div', { class: 'run-actions' },
      action('open', () => this.experiment.open(run.choices, 'push')),
      action('rerun', () => {
        this.experiment.open(run.choices, 'push');
        void this.training.begin(run.spec, run.choices, 'go');
      }),
      action('csv', () => downloadRuns([run])),
      action('remove', () => {
        this.training.forget(run);
        announce(t('runs.removed', { run: name }));
      }));
    const cells = new Map(COLUMNS.slice(2, -1).map((column) => [column, h('td', { 'data-name': t(`runs.column.${column}`), 'data-column': column })]));
    this.#cells.set(run.id, cells);
    return h('tr', { 'data-run': run.id, class: run.visible ? '' : 'hidden-run' },
      h('th', { scope: 'row', class: 'left wide' }, h('label', { class: 'run-name' }, show, swatch(run), name)),
      h('td', { class: 'left differs wide' }, ...differs), ...cells.values(), h('td', { class: 'wide' }, actions));
  }

  /** @param {Run} run */
  #fill(run) {
    const cells = this.#cells.get(run.id);
    const nothing = t('value.none');
    const best = bestOf(run);
    const last = run.tests.at(-1);
    const speed = speedOf(run);
    const texts = {
      best: best === undefined ? nothing : percent(best),
      last: last ? percent(last.accuracy) : run.state === 'done' ? nothing : t(`state.${run.state}`),
      parameters: run.parameters > 0 ? number(run.parameters) : nothing,
      time: stepsOf(run) > 0 ? duration(run.elapsed) : nothing,
      speed: speed > 0 ? number(Math.round(speed)) : nothing,
      device: run.devices.map((device) => t(`choice.device.${device}`)).join(' → '),
    };
    for (const [column, text] of Object.entries(texts)) {
      const cell = cells?.get(column);
      if (cell) setText(cell, text);
    }
    const cell = cells?.get('last');
    if (cell && run.problem) cell.title = problemText(run.problem);
    cell?.classList.toggle('run-state', !last);
    cell?.classList.toggle('failed', run.state === 'failed');
  }
}

/**
 * What sets a run apart from the others.
 * @param {Run} run @param {number} at @param {[string, (Value | null)[]][]} differences
 * @returns {Node[]}
 */
function describe(run, at, differences) {
  const pairs = differences.flatMap(([field, values]) => {
    const value = values[at] ?? null;
    return value === null ? [] : [{ field, value }];
  });
  if (pairs.length === 0) {
    return [h('span', {}, t('runs.only', { data: valueText('data', run.spec.data), net: valueText('net', run.spec.net) }))];
  }
  return pairs.map(({ field, value }, index) => h('span', {}, index > 0 ? ' · ' : '',
    h('span', { class: 'caption' }, `${t(`field.${field}`)} `), h('b', {}, valueText(field, value))));
}

