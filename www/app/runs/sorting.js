// What the runs table is sorted by, and the accuracy that runs should reach.

import { h, setText } from '../base/dom.js';
import { number, t, thrownText } from '../base/i18n.js';
import { nameOf } from './marks.js';
import { COLUMNS } from './columns.js';
import { keepSetting, setting } from '../base/storage.js';
import { tip } from '../experiment/tips.js';

/** @import { Engine, RunBook } from '../engine.js' */
/** @import { Bundle } from './groups.js' */
/** @import { Goal } from './columns.js' */

/** The field for the accuracy to reach. */
export class Goals {
  /** @type {Goal} */
  goal;

  /** @param {RunBook} book @param {Engine} engine @param {() => void} changed */
  constructor(book, engine, changed) {
    let percent = book.goal;
    const error = h('span', { class: 'field-error', id: 'goal-error', 'aria-live': 'polite' });
    /** @param {string} text */
    const read = (text) => {
      try {
        percent = engine.readGoal(text);
        this.goal = { accuracy: percent / 100 };
        setText(error, '');
        return true;
      } catch (thrown) {
        setText(error, thrownText(thrown));
        return false;
      }
    };
    read(String(setting('goal') ?? percent));
    setText(error, '');
    this.goal = { accuracy: percent / 100 };
    const input = h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', id: 'goal', 'aria-describedby': error.id, value: String(percent), oninput: () => {
      if (!read(input.value)) return;
      keepSetting('goal', percent);
      changed();
    }, onchange: () => { input.value = String(percent); } });
    const label = t('runs.goal');
    this.element = h('span', { class: 'goal' }, h('label', { for: 'goal' }, label), input, h('span', { 'aria-hidden': 'true' }, '%'), tip('reached', label, { icon: true }), error);
  }
}

/** @typedef {'ascending' | 'descending'} Direction */

/** Columns that have no figures. */
const WORDS = ['run', 'differs'];
const DEVICE = 'device';

export class Sorting {
  /** @type {{ key: string, direction: Direction } | null} */
  #by = null;
  /** @type {Map<string, { cell: HTMLElement, name: HTMLElement }>} */
  #heads = new Map();

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    const kept = setting('sorting');
    if (typeof kept === 'object' && kept !== null && 'key' in kept && 'direction' in kept && ['ascending', 'descending'].includes(String(kept.direction))
      && this.#keys().includes(String(kept.key))) {
      this.#by = { key: String(kept.key), direction: /** @type {Direction} */ (kept.direction) };
    }
    this.head = h('tr', {}, ...[...WORDS, ...COLUMNS.map(({ key }) => key), DEVICE].map((key) => this.#head(key)),
      h('th', { scope: 'col', class: 'actions' }, h('span', { class: 'unseen' }, t('runs.column.actions'))));
    // Cards have no heads to press.
    this.list = h('select', { class: 'sort-list', 'aria-label': t('runs.sort-by'), onchange: () => {
      const [key = '', direction] = this.list.value.split(' ');
      this.#choose(key ? { key, direction: /** @type {Direction} */ (direction) } : null);
    } });
  }

  #keys() {
    return ['run', ...COLUMNS.map(({ key }) => key)];
  }

  /** @param {string} key */
  #head(key) {
    const name = h('span');
    const left = WORDS.includes(key) ? ' left' : '';
    if (!this.#keys().includes(key)) {
      setText(name, t(`runs.column.${key}`));
      return h('th', { scope: 'col', class: key + left }, name);
    }
    const cell = h('th', { scope: 'col', class: key + left },
      h('button', { type: 'button', class: 'sort', onclick: () => this.#press(key) }, name, h('span', { class: 'sort-sign', 'aria-hidden': 'true' })),
      COLUMNS.find((column) => column.key === key)?.explained && tip(key, t(`runs.column.${key}`), { icon: true }));
    this.#heads.set(key, { cell, name });
    return cell;
  }

  /** One order, then the other, then as they came. @param {string} key */
  #press(key) {
    const first = this.#first(key);
    const second = first === 'ascending' ? 'descending' : 'ascending';
    if (this.#by?.key !== key) this.#choose({ key, direction: first });
    else this.#choose(this.#by.direction === first ? { key, direction: second } : null);
  }

  /** @param {string} key @returns {Direction} */
  #first = (key) => COLUMNS.find((column) => column.key === key)?.first ?? 'ascending';

  /** @param {{ key: string, direction: Direction } | null} by */
  #choose(by) {
    this.#by = by;
    keepSetting('sorting', by);
    this.changed();
  }

  /** @param {Goal} goal */
  show(goal) {
    const params = { goal: number(goal.accuracy, { style: 'percent', maximumFractionDigits: 1 }) };
    for (const [key, { cell, name }] of this.#heads) {
      setText(name, t(`runs.column.${key}`, params));
      cell.setAttribute('aria-sort', this.#by?.key === key ? this.#by.direction : 'none');
    }
    const options = [['', t('runs.sort-newest')], ...this.#keys().map((key) => [`${key} ${this.#first(key)}`, t(`runs.column.${key}`, params)])];
    if (this.#by && this.#by.direction !== this.#first(this.#by.key)) options.push([`${this.#by.key} ${this.#by.direction}`, t('runs.sort-reverse', { column: t(`runs.column.${this.#by.key}`, params) })]);
    const text = JSON.stringify(options);
    if (this.list.dataset.options !== text) {
      this.list.dataset.options = text;
      this.list.replaceChildren(...options.map(([value, label]) => h('option', { value }, label)));
    }
    this.list.value = this.#by ? `${this.#by.key} ${this.#by.direction}` : '';
  }

  /** Those without a figure come last, whatever the order. @param {Bundle[]} bundles newest first @param {Goal} goal @param {RunBook} book */
  sorted(bundles, goal, book) {
    const by = this.#by;
    if (!by) return bundles;
    const sign = by.direction === 'ascending' ? 1 : -1;
    const column = COLUMNS.find(({ key }) => key === by.key);
    if (!column) return [...bundles].sort((a, b) => sign * nameOf(a.runs[0]).localeCompare(nameOf(b.runs[0]), undefined, { numeric: true }));
    const figures = new Map(bundles.map((bundle) => [bundle, book.figures(bundle.runs.map(({ id }) => id), goal.accuracy)[column.key]?.mean]));
    return [...bundles].sort((a, b) => {
      const [left, right] = [figures.get(a), figures.get(b)];
      if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
      return sign * (left - right);
    });
  }
}
