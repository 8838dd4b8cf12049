// The layer table: a row for each operation, with its numbers, and the totals.

import { h, setText } from '../base/dom.js';
import { compact, number, shapeText, shortName, t } from '../base/i18n.js';
import { tip } from '../experiment/tips.js';

/** @import { Row, Summary } from '../core.d.ts' */
/** @import { Light } from './drawing.js' */

const COLUMNS = ['layer', 'output', 'kernel', 'weights', 'biases', 'multiply-adds', 'receptive-field'];

/** @param {number} count */
const orNothing = (count) => (count === 0 ? '' : number(count));

/** @param {Row} row */
function cells(row) {
  return [
    shapeText(row.output),
    shapeText(row.kernel ?? []),
    orNothing(row.weights),
    orNothing(row.biases),
    row.multiply_adds === 0 ? '' : compact(row.multiply_adds),
    row.receptive_field === null ? t('network.all') : number(row.receptive_field),
  ];
}

/** How the number of weights comes about. @param {Row} row */
const formula = (row) => t('network.formula', {
  layer: row.path, factors: row.factors.map((factor) => number(factor)).join(' · '), weights: number(row.weights), biases: number(row.biases),
});

export class LayerTable {
  /** @type {HTMLTableRowElement[]} */
  #rows = [];
  /** @type {Row[]} */
  #facts = [];

  /** @param {Light} light */
  constructor(light) {
    this.light = light;
    this.body = h('tbody');
    this.foot = h('tfoot');
    const heads = COLUMNS.map((column) => h('th', { scope: 'col' }, tip(column, t(`column.${column}`))));
    this.scroller = h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': t('network.layers') },
      h('table', { class: 'layers' }, h('thead', {}, h('tr', {}, ...heads)), this.body, this.foot));
    /** The weights of the row that is pointed at, written out, also while the table is closed; else what the colours mean. */
    this.formula = h('p', { class: 'formula' });
    this.element = h('div', { class: 'layer-table' }, this.scroller);
  }

  /** @param {Summary} network */
  show(network) {
    this.#facts = network.rows;
    this.#rows = network.rows.map((row, at) => h('tr', {
      onpointerenter: () => this.light([at]),
      onpointerleave: () => this.light([]),
    }, h('th', { scope: 'row', title: `${t(`layer.${row.kind}`)} · ${row.path}` }, shortName(row)), ...cells(row).map((text) => h('td', {}, text))));
    this.body.replaceChildren(...this.#rows);
    this.foot.replaceChildren(h('tr', {}, h('th', { scope: 'row' }, t('network.total')), h('td'), h('td'),
      h('td', {}, number(network.weights)), h('td', {}, number(network.biases)), h('td', {}, compact(network.multiply_adds)), h('td')));
    setText(this.formula, t('network.key'));
  }

  /** @param {number[]} rows @param {boolean} follow whether to bring the first of them into view */
  mark(rows, follow) {
    this.#rows.forEach((row, at) => row.classList.toggle('lit', rows.includes(at)));
    const weighty = rows.flatMap((at) => this.#facts[at] ?? []).find((row) => row.factors.length > 0);
    setText(this.formula, weighty ? formula(weighty) : t('network.key'));
    const first = rows[0] === undefined ? undefined : this.#rows[rows[0]];
    if (!follow || !first) return;
    // Only this box scrolls, never the page.
    const above = first.offsetTop - (this.scroller.querySelector('thead')?.offsetHeight ?? 0);
    const below = first.offsetTop + first.offsetHeight * (rows.length + 1) - this.scroller.clientHeight;
    if (this.scroller.scrollTop > above) this.scroller.scrollTop = above;
    else if (this.scroller.scrollTop < below) this.scroller.scrollTop = below;
  }
}
