// What pictures are to become in a set: their size, their place in the square, their colours, and whether they come to a set that is here.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';

/** @import { ImageForm, ImageForms } from '../core.d.ts' */

/** The fields of what pictures are to become. */
const FORM = /** @type {const} */ (['edge', 'fit', 'colour']);

export class AlbumForm {
  /** @param {ImageForms} forms @param {() => void} changed */
  constructor({ edges, fits, usual }, changed) {
    /** @param {string} name @param {string[]} values @param {string} chosen @param {(value: string) => string} words */
    const field = (name, values, chosen, words) => {
      const select = h('select', { id: `album-${name}`, onchange: changed }, ...values.map((value) => h('option', { value, selected: value === chosen }, words(value))));
      return { select, element: h('div', { class: 'field' }, h('label', { class: 'field-label', for: select.id }, t(`album.${name}`)), select) };
    };
    this.edge = field('edge', edges.map(String), String(usual.edge), (edge) => `${edge}×${edge}`);
    this.fit = field('fit', fits, usual.fit, (fit) => t(`album.fit.${fit}`));
    this.colour = field('colour', ['true', 'false'], String(usual.colour), (is) => t(`album.colour.${is}`));
    this.way = field('way', ['replace', 'add'], 'replace', (way) => t(`album.way.${way}`));
    this.way.element.hidden = true;
    this.element = h('div', { class: 'album-form' }, this.edge.element, this.fit.element, this.colour.element, this.way.element);
  }

  /** Asks whether the pictures come to a set that is here. */
  offerAdding() {
    this.way.element.hidden = false;
  }

  /** Whether they do. */
  get adds() {
    return this.way.select.value === 'add';
  }

  /** @returns {ImageForm} */
  get value() {
    return { edge: Number(this.edge.select.value), fit: /** @type {ImageForm['fit']} */ (this.fit.select.value), colour: this.colour.select.value === 'true' };
  }

  /** Shows another form, which can be changed or is that of a set. @param {ImageForm} form @param {boolean} [isFixed] */
  show(form, isFixed) {
    for (const name of FORM) {
      this[name].select.value = String(form[name]);
      if (isFixed !== undefined) this[name].select.toggleAttribute('disabled', isFixed);
    }
  }
}
