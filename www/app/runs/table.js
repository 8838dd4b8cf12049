// The legend of the charts and the table of results: each run with its line, what sets it apart, and what came of it.

import { h, setText } from '../base/dom.js';
import { downloadCurves, downloadJson, downloadTable } from './export.js';
import { finding } from './finding.js';
import { bundlesOf, idsOf } from './groups.js';
import { number, plural, t } from '../base/i18n.js';
import { menuButton } from '../base/menu.js';
import { removeRuns } from './actions.js';
import { Row } from './row.js';
import { Goals, Sorting } from './sorting.js';

/** @import { Bundle } from './groups.js' */
/** @import { Page } from './actions.js' */

export class RunsTable {
  /** Which rows stand in which order; figures inside them change without moving them. */
  #made = '';
  /** What the finding was computed from. */
  #found = '';
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** Bundles whose runs are shown. @type {Set<string>} */
  #open = new Set();
  /** One function for all rows: each would hold the rows before it if it were made where they are put into order. */
  #toggle = /** @param {string} key */ (key) => {
    if (!this.#open.delete(key)) this.#open.add(key);
    this.show();
  };

  /**
   * @param {{ body: HTMLElement, tools: HTMLElement, finding: HTMLElement }} places
   * @param {Page} page
   */
  constructor(places, page) {
    const { runs } = page;
    this.page = page;
    this.finding = places.finding;
    this.goals = new Goals(runs.book, page.engine, () => this.show());
    this.sorting = new Sorting(() => this.#again());
    this.keep = menuButton({ class: 'quiet' }, t('runs.export'), () => [
      { label: t('runs.csv-table'), act: () => downloadTable(runs.list, runs.book, this.goals.goal) },
      { label: t('runs.csv-curves'), act: () => downloadCurves(runs.list, runs.book) },
      { label: t('runs.json'), act: () => downloadJson(runs.list, runs.book) },
    ]);
    const opener = () => h('button', { type: 'button', class: 'quiet', onclick: () => page.saved.choose() }, t('runs.open-file'));
    this.clear = h('button', { type: 'button', class: 'quiet', onclick: () => {
      const all = this.#loose;
      removeRuns(all, page, plural('runs.cleared', all.length));
    } });
    places.tools.replaceChildren(this.goals.element, this.sorting.list, opener(), this.keep, this.clear);
    this.tools = places.tools;
    this.empty = h('p', { class: 'runs-empty' }, t('runs.empty'), ' ', opener());
    this.rows = h('tbody');
    this.table = h('table', { class: 'runs-table' }, h('thead', {}, this.sorting.head), this.rows);
    this.note = h('p', { class: 'runs-note' });
    const keeps = h('input', { type: 'checkbox', id: 'keep-weights', checked: runs.store.keepsWeights, onchange: () => { runs.store.keepsWeights = keeps.checked; } });
    this.keeps = h('label', { class: 'runs-keep' }, keeps, ' ', t('runs.keep-weights'));
    places.body.replaceChildren(this.empty, this.table, this.note, this.keeps);
    runs.subscribe(() => this.show());
    this.show();
  }

  /** The runs that can be removed here: those that are not pinned, and that no other tab has. */
  get #loose() {
    const { list, elsewhere } = this.page.runs;
    return list.filter((run) => !run.pinned && !elsewhere.has(run.id));
  }

  show() {
    const { list, store } = this.page.runs;
    const some = list.length > 0;
    this.empty.hidden = some;
    this.table.hidden = this.note.hidden = this.tools.hidden = !some;
    this.keeps.hidden = !some || !store.works;
    const bundles = bundlesOf(list);
    // The order follows what is settled: rows do not change places while a run goes on.
    const made = JSON.stringify([list.map((run) => [run.id, run.state, run.pinned, run.group]), [...this.#open], [...this.page.runs.elsewhere]]);
    if (made !== this.#made) {
      this.#made = made;
      this.#build(bundles);
      setText(this.note, store.works ? t('runs.kept', { count: number(this.page.runs.book.most) }) : t('runs.not-kept'));
      this.clear.hidden = this.#loose.length === 0;
      setText(this.clear, t(list.some((run) => run.pinned) ? 'runs.clear-loose' : 'runs.clear'));
    }
    this.sorting.show(this.goals.goal);
    // What is the same everywhere needs no column.
    this.table.classList.toggle('one-device', list.every(({ devices }) => devices.length === 1 && devices[0] === list[0]?.devices[0]));
    this.#fill(bundles);
    const done = JSON.stringify(list.map((run) => [run.id, run.state, run.tests.length, run.label, run.group]));
    if (done === this.#found) return;
    this.#found = done;
    this.finding.replaceChildren(finding(this.page.runs));
  }

  /** Sorts anew. */
  #again() {
    this.#made = '';
    this.show();
  }

  /** Puts the rows into their order. Those that stay are kept, with their focus. @param {Bundle[]} bundles */
  #build(bundles) {
    const before = this.#rows;
    this.#rows = new Map();
    /** @param {string} key @param {Bundle} bundle @param {boolean} member */
    const add = (key, bundle, member) => {
      const row = before.get(key) ?? new Row(bundle, this.page, { member, toggle: this.#toggle });
      this.#rows.set(key, row);
    };
    const newest = [...bundles].reverse();
    const pinned = newest.filter(({ runs }) => runs[0].pinned);
    const loose = newest.filter(({ runs }) => !runs[0].pinned);
    for (const bundle of [pinned, loose].flatMap((part) => this.sorting.sorted(part, this.goals.goal, this.page.runs.book))) {
      add(bundle.key, bundle, false);
      if (bundle.runs.length > 1 && this.#open.has(bundle.key)) {
        for (const run of bundle.runs) add(`${bundle.key} ${run.id}`, { key: bundle.key, runs: [run] }, true);
      }
    }
    const focused = document.activeElement;
    const elements = [...this.#rows.values()].map((row) => row.element);
    for (const row of [...this.rows.children].filter((row) => !elements.includes(/** @type {HTMLTableRowElement} */ (row)))) row.remove();
    // What stands where it should is not touched: moved, it would lose what is being typed there.
    elements.forEach((row, at) => { if (this.rows.children[at] !== row) this.rows.insertBefore(row, this.rows.children[at] ?? null); });
    if (focused instanceof HTMLElement && this.rows.contains(focused)) focused.focus({ preventScroll: true });
  }

  /** @param {Bundle[]} bundles */
  #fill(bundles) {
    const facts = this.page.runs.book.facts(idsOf(bundles));
    bundles.forEach((bundle, at) => {
      const open = this.#open.has(bundle.key);
      this.#rows.get(bundle.key)?.update(bundle, facts[at] ?? [], this.goals.goal, open);
      if (!open) return;
      for (const run of bundle.runs) {
        this.#rows.get(`${bundle.key} ${run.id}`)?.update({ key: bundle.key, runs: [run] }, [['seed', run.spec.seed]], this.goals.goal, false);
      }
    });
  }
}
