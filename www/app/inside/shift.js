// How well each run on the chart recognises test images that are moved by some pixels: a curve, and its figures.

import { h, setText } from '../base/dom.js';
import { number, percent, t } from '../base/i18n.js';
import { nameOf, swatch } from '../runs/marks.js';
import { shiftCurve } from './shift-curve.js';
import { tile } from '../base/tiles.js';

/** @import { DataFacts, Shifted, Tiles } from '../core.d.ts' */
/** @import { Run } from '../runs/list.js' */
/** @import { InsideClient } from './client.js' */
/** @import { Subject, View } from './panel.js' */
/** @import { Row } from './shift-curve.js' */

/** Test images that are moved. */
const IMAGES = 250;
/** @implements {View} */
export class ShiftView {
  live = false;
  /** What is known, by the run's weights. @type {Map<string, Shifted[]>} */
  #known = new Map();
  #looking = false;

  /** @param {InsideClient} client @param {(shown: (run: Run, facts: DataFacts, version: string) => Promise<void>) => Promise<void>} everyone */
  constructor(client, everyone) {
    this.client = client;
    this.everyone = everyone;
    this.facts = h('p', { class: 'view-facts', role: 'status' });
    this.curve = h('div', { class: 'shift-curve' });
    this.table = h('table', { class: 'values-table' });
    this.element = h('div', { class: 'view' }, h('p', { class: 'caption' }, t('inside.shift-about')), this.facts, this.curve, h('div', { class: 'shift-table' }, this.table),
      h('p', { class: 'caption' }, t('inside.shift-why')));
  }

  hide() {
    this.#looking = false;
  }

  /** @param {Subject} subject */
  async show({ run: main }) {
    this.#looking = true;
    const moves = await this.client.ask(main, { kind: 'moves' });
    /** @type {Row[]} */
    const rows = [];
    await this.everyone(async (run, _, version) => {
      const all = this.#known.get(version) ?? [];
      this.#known.set(version, all);
      rows.push({ run, all });
      while (this.#looking && all.length < moves.count) {
        all.push(await this.client.ask(run, { kind: 'shift', by: all.length, images: IMAGES }, IMAGES));
        this.#draw(rows, moves);
      }
    });
    this.#draw(rows, moves);
  }

  /** @param {Row[]} rows @param {Tiles} moves */
  #draw(rows, moves) {
    const distances = Array.from({ length: moves.count }, (_, by) => by);
    setText(this.facts, rows.flatMap(({ run, all }) => {
      const [first, last] = [all[0], all.at(-1)];
      return first && last ? [t('inside.shift-said', { run: nameOf(run), images: number(first.images), plain: percent(first.accuracy), by: number(last.by), moved: percent(last.accuracy) })] : [];
    }).join(' '));
    this.curve.replaceChildren(shiftCurve(rows, moves.count - 1));
    this.table.replaceChildren(
      h('caption', { class: 'caption' }, t('inside.shift-table')),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('inside.shift-by')),
        ...distances.map((by) => h('th', { scope: 'col' }, tile(moves, by, 'tile shift-image'), t('inside.shift-pixels', { count: number(by) }))))),
      h('tbody', {}, ...rows.map(({ run, all }) => h('tr', {}, h('th', { scope: 'row' }, swatch(run), ' ', nameOf(run)),
        ...distances.map((by) => h('td', { title: all[by] ? eachOf(all[by]) : null }, all[by] ? percent(all[by].accuracy) : ''))))));
  }
}

/** @param {Shifted} shifted */
function eachOf({ each }) {
  const [right = 0, left = 0, down = 0, up = 0] = each;
  return t('inside.shift-each', { right: percent(right), left: percent(left), down: percent(down), up: percent(up) });
}
