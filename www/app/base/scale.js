// What the colours of a picture stand for: a bar of them, with the numbers at its ends.

import { h, setText } from './dom.js';
import { rounded, t } from './i18n.js';

/**
 * `signed` goes from blue over nothing, which is zero, to orange; `above` from nothing to orange; `grey` from black to white;
 * `dark` from black over grey, which is zero, to white. `right` and `wrong` are the cells of a confusion matrix.
 * @typedef {'signed' | 'above' | 'grey' | 'dark' | 'right' | 'wrong'} Colours
 */

/** Those of which zero is in the middle. @type {Colours[]} */
const AROUND_ZERO = ['signed', 'dark'];

export class Scale {
  constructor() {
    this.low = h('span');
    this.bar = h('span', { class: 'scale-bar' });
    this.high = h('span');
    // Before it is known what it stands for there is nothing to see.
    this.element = h('span', { class: 'scale', role: 'img', hidden: true }, this.low, this.bar, this.high);
  }

  /** @param {Colours} colours @param {number} largest what the strongest colour stands for */
  show(colours, largest) {
    const around = AROUND_ZERO.includes(colours);
    this.say(colours, around ? rounded(-largest, 2) : '0', rounded(largest, 2));
    return this;
  }

  /** The same with words at the ends. @param {Colours} colours @param {string} low @param {string} high */
  say(colours, low, high) {
    this.element.hidden = false;
    this.bar.dataset.colours = colours;
    setText(this.bar, AROUND_ZERO.includes(colours) ? '0' : '');
    setText(this.low, low);
    setText(this.high, high);
    this.element.setAttribute('aria-label', t(`scale.${colours}`, { low, high }));
  }
}

/** Colours that say nothing but the sign. */
export const signs = () => h('span', { class: 'signs' }, h('span', { class: 'above' }, t('scale.positive')), h('span', { class: 'below' }, t('scale.negative')));
