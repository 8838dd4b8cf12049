// Who predicted what: for each lab its answers, how many gave each, and who.

import { byId, h } from '../base/dom.js';
import { number, t } from '../base/i18n.js';
import { labText, predictionText } from '../lab/words.js';

/** @import { LabPredictions } from '../core.d.ts' */
/** @import { Checker } from './checker.js' */

export class PredictionsView {
  #shown = '';

  /** @param {Checker} checker */
  constructor(checker) {
    this.checker = checker;
    this.place = byId('predicted');
    this.list = h('div', { class: 'class-variants' });
    byId('predicted-body').replaceChildren(h('p', { class: 'caption' }, t('check.predictions-about')), this.list);
    checker.subscribe(() => this.show());
    this.show();
  }

  show() {
    const { text } = this.checker;
    if (text === this.#shown) return;
    this.#shown = text;
    const found = this.checker.predictions;
    this.place.hidden = found.length === 0;
    this.list.replaceChildren(...found.map((lab) => this.#lab(lab)));
  }

  /** @param {LabPredictions} of */
  #lab({ lab, row, answers, count }) {
    const lines = answers.map(({ value, links }) => {
      const answer = predictionText(lab, value);
      const names = links.map((link) => this.checker.lines[link]?.link.name || t('check.unnamed', { number: number(link + 1) }));
      return h('li', {}, h('span', {}, answer), h('progress', { max: count, value: links.length, 'aria-label': answer }),
        h('span', { class: 'predicted-count' }, number(links.length)), h('span', { class: 'predicted-names' }, ...names.map((name) => h('bdi', {}, name))));
    });
    return h('section', { class: 'class-variant' }, h('h3', {}, t('lab.where', { number: number(row), title: labText(lab, 'title') })),
      h('p', {}, labText(lab, 'predict')), h('ul', { class: 'predicted' }, ...lines));
  }
}
