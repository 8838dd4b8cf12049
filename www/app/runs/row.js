// A row of the runs table: a run, or all that repeat it.

import { h, setText } from '../base/dom.js';
import { named, number, problemText, t, valueText } from '../base/i18n.js';
import { bundleName, nameOf, swatch } from './marks.js';
import { DOTS, menuButton } from '../base/menu.js';
import { givenOf, shortTouches, touchesText } from './touched.js';
import { actionsFor, openRun } from './actions.js';
import { COLUMNS, textOf } from './columns.js';
import { OF_RUN } from './pointed.js';

/** @import { Value } from '../core.d.ts' */
/** @import { Bundle } from './groups.js' */
/** @import { Page } from './actions.js' */
/** @import { Goal } from './columns.js' */
/** A setting, and what it is in a run. @typedef {[string, Value]} Fact */

export class Row {
  /** What it shows, so that nothing is done twice. */
  #shown = '';
  #differs = '';
  /** @type {number | undefined} */
  #slot;

  /**
   * @param {Bundle} bundle
   * @param {Page} page
   * @param {{ member: boolean, toggle: (key: string) => void }} place whether it stands below the row of its repeats, and what unfolds those
   */
  constructor(bundle, page, { member, toggle }) {
    this.bundle = bundle;
    this.page = page;
    this.member = member;
    this.show = h('input', { type: 'checkbox', onchange: () => page.runs.change(this.bundle.runs, { visible: this.show.checked }) });
    this.name = h('span', { class: 'run-name-text', dir: 'auto', ondblclick: (/** @type {Event} */ event) => {
      event.preventDefault();
      this.rename();
    } });
    this.unfold = h('button', { type: 'button', class: 'unfold', onclick: () => toggle(this.bundle.key) });
    this.mark = h('span', { class: 'run-mark' });
    this.label = h('label', { class: 'run-name' }, this.show, this.mark, this.name);
    this.head = h('th', { scope: 'row', class: 'left wide run-head' }, this.label, this.unfold);
    this.differs = h('td', { class: 'left differs wide' });
    this.cells = new Map([...COLUMNS.map(({ key }) => key), 'device'].map((key) => [key, h('td', { 'data-column': key })]));
    this.open = h('button', { type: 'button', class: 'quiet', onclick: () => openRun(this.bundle.runs[0], page) }, t('runs.open'));
    this.pin = h('button', { type: 'button', class: 'quiet icon pin', onclick: () => page.runs.change(this.bundle.runs, { pinned: !this.bundle.runs[0].pinned }) });
    this.pin.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v6"/></svg>';
    this.more = menuButton({ class: 'quiet icon' }, DOTS, () => actionsFor(this.bundle, page, () => this.rename()));
    const actions = h('td', { class: 'wide actions' }, h('div', { class: 'run-actions' }, this.open, this.pin, this.more));
    this.element = h('tr', { class: member ? 'member' : '', 'data-run': bundle.runs[0].id, [OF_RUN]: bundle.runs[0].id, onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'F2') this.rename();
    } }, this.head, this.differs, ...this.cells.values(), actions);
  }

  /** @param {Bundle} bundle @param {Fact[]} facts that set it apart @param {Goal} goal @param {boolean} open whether its members are shown */
  update(bundle, facts, goal, open) {
    this.bundle = bundle;
    const { runs } = bundle;
    const state = JSON.stringify([goal, open, this.#elsewhere, runs.map((run) => [run.steps, run.tests.length, run.state, run.elapsed, run.visible, run.pinned, run.label, run.number, run.slot, run.devices])]);
    if (state !== this.#shown) {
      this.#shown = state;
      this.#marks(open);
      this.#figures(goal);
    }
    const { touches, standing } = bundle.runs[0];
    const differs = JSON.stringify([facts, touches, standing]);
    if (differs === this.#differs) return;
    this.#differs = differs;
    const { given, others } = givenOf(touches);
    const holds = givenOf(standing).others;
    this.differs.replaceChildren(...describe(bundle, facts),
      ...(given === undefined ? [] : [h('span', { class: 'run-touched', dir: 'auto' }, `${t('given.title')} ${given}`)]),
      ...(others.length > 0 ? [h('span', { class: 'run-touched', title: touchesText(holds) }, named(t('touch.title'), shortTouches(holds)))] : []));
  }

  /** Whether another tab trains one of its runs. */
  get #elsewhere() {
    return this.bundle.runs.some(({ id }) => this.page.runs.elsewhere.has(id));
  }

  /** @param {boolean} open */
  #marks(open) {
    const { runs } = this.bundle;
    const name = this.member ? nameOf(runs[0]) : bundleName(this.bundle);
    setText(this.name, name);
    this.name.title = name;
    // Runs that come back late may need the colour.
    if (runs[0].slot !== this.#slot) {
      this.#slot = runs[0].slot;
      this.mark.replaceChildren(swatch(runs[0]));
    }
    const visible = runs.filter((run) => run.visible).length;
    this.show.checked = visible === runs.length;
    this.show.indeterminate = visible > 0 && visible < runs.length;
    this.element.classList.toggle('hidden-run', visible === 0);
    this.unfold.hidden = runs.length === 1;
    this.unfold.setAttribute('aria-expanded', String(open));
    this.unfold.setAttribute('aria-label', t('runs.unfold', { count: number(runs.length), run: name }));
    // What is done with a run is done where it trains.
    this.pin.hidden = this.more.hidden = this.#elsewhere;
    const { pinned } = runs[0];
    this.pin.setAttribute('aria-pressed', String(pinned));
    this.pin.title = t(pinned ? 'runs.unpin' : 'runs.pin');
    this.pin.setAttribute('aria-label', t('runs.pin-label', { run: name }));
    this.show.setAttribute('aria-label', t('runs.show', { run: name }));
    this.open.setAttribute('aria-label', t('runs.open-label', { run: name }));
    this.more.setAttribute('aria-label', t('runs.more', { run: name }));
  }

  /** @param {Goal} goal */
  #figures(goal) {
    const { runs } = this.bundle;
    const active = runs.find((run) => run.active);
    const figures = this.page.runs.book.figures(runs.map(({ id }) => id), goal.accuracy);
    const failed = runs.find((run) => run.problem);
    for (const column of COLUMNS) this.#cell(column.key, textOf(column, figures), t(`runs.column.${column.key}`, { goal: number(goal.accuracy, { style: 'percent' }) }));
    this.#cell('device', [...new Set(runs.map((run) => run.devices.map((device) => t(`choice.device.${device}`)).join(' → ')))].join(', '), t('runs.column.device'));
    // A run without a result says why there is none.
    const untold = runs.find((run) => run.tests.length === 0);
    const about = active ?? untold;
    const cell = this.cells.get('last');
    if (cell && about && (about.tests.length === 0) && about.state !== 'done') setText(cell, t(`state.${about.state}`));
    if (cell && this.#elsewhere) setText(cell, t('state.elsewhere'));
    if (cell) cell.title = failed?.problem ? problemText(failed.problem) : '';
    cell?.classList.toggle('run-state', untold !== undefined || this.#elsewhere);
    cell?.classList.toggle('failed', failed !== undefined);
  }

  /** @param {string} key @param {string} text @param {string} name */
  #cell(key, text, name) {
    const cell = this.cells.get(key);
    if (!cell) return;
    setText(cell, text);
    cell.dataset.name = name;
  }

  /** The name becomes a field until Enter, Escape or the focus goes elsewhere. */
  rename() {
    const { runs } = this.bundle;
    if (this.#elsewhere || this.head.querySelector('.rename')) return;
    const before = nameOf(runs[0]);
    const field = h('input', { class: 'rename', dir: 'auto', value: before, maxlength: this.page.runs.book.longestName, 'aria-label': t('runs.rename-label', { run: before }) });
    let over = false;
    /** @param {boolean} keep @param {boolean} back whether the keyboard was used */
    const end = (keep, back) => {
      if (over) return;
      over = true;
      const text = field.value.trim();
      field.replaceWith(this.label);
      if (back) this.more.focus();
      // No name is the number again.
      if (keep && text !== before) this.page.runs.change(runs, { label: text });
    };
    field.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key !== 'Enter' && event.key !== 'Escape') return;
      // Else the key would press the button that gets the focus.
      event.preventDefault();
      end(event.key === 'Enter', true);
    });
    // A row that moves to another place loses the focus, and gets it back at once.
    field.addEventListener('blur', () => queueMicrotask(() => { if (document.activeElement !== field) end(true, false); }));
    this.label.replaceWith(field);
    field.focus();
    field.select();
  }
}

/** What sets a run apart from the others. @param {Bundle} bundle @param {Fact[]} facts @returns {Node[]} */
function describe({ runs: [{ spec }] }, facts) {
  if (facts.length === 0) return [h('span', {}, t('runs.only', { data: valueText('data', spec.data), net: valueText('net', spec.net) }))];
  return facts.map(([field, value], index) => h('span', {}, index > 0 ? ' · ' : '',
    h('span', { class: 'caption' }, `${t(`field.${field}`)} `), h('b', {}, valueText(field, value))));
}
