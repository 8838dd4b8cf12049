// Whose curve is which, above the charts: only what differs between the runs that are shown.

import { h } from '../base/dom.js';
import { number } from '../base/i18n.js';
import { bundleName, swatch } from '../runs/marks.js';
import { OF_RUN } from '../runs/pointed.js';
import { legendOf } from './curves.js';

/** @import { RunBook } from '../engine.js' */
/** @import { Bundle } from '../runs/groups.js' */
/** @import { Pointed } from '../runs/pointed.js' */

/** Curves that have room for their words: the newest ones; and for the names of what differs. */
const MOST = 4;
const FEW = 2;

export class Legend {
  #made = '';

  /** @param {RunBook} book @param {Pointed} pointed */
  constructor(book, pointed) {
    this.book = book;
    this.pointed = pointed;
    this.element = h('ul', { class: 'chart-legend' });
  }

  /** @param {Bundle[]} bundles */
  show(bundles) {
    const made = JSON.stringify(bundles.map((bundle) => [bundle.runs[0].slot, bundle.key, bundleName(bundle)]));
    if (made === this.#made) return;
    this.#made = made;
    const more = Math.max(0, bundles.length - MOST);
    this.element.classList.toggle('many', bundles.length > FEW);
    this.element.replaceChildren(...legendOf(bundles, this.book).slice(more).map(({ run, name, words, differs }) => {
      const parts = differs.flatMap(({ field, value, word }, at) => [at > 0 ? ' · ' : '', h('bdi', { class: word ? 'field' : '' }, `${field} `), h('bdi', {}, value)]);
      const item = h('li', { title: words, [OF_RUN]: run.id }, swatch(run), h('span', {}, ...(parts.length > 0 ? parts : [name])));
      this.pointed.mark(item);
      return item;
    }), ...(more > 0 ? [h('li', { class: 'more' }, number(more, { signDisplay: 'always' }))] : []));
  }
}
