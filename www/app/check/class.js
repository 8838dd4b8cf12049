// A class's results as one distribution for each experiment: what differs between seeds is seen beside what differs between
// experiments. And all of it as a table for a spreadsheet.

import { download } from '../base/download.js';
import { byId, h, setText } from '../base/dom.js';
import { beside, named, number, percent, plural, t, valueText } from '../base/i18n.js';
import { hrefOf } from '../share/codes.js';

/** @import { ClassResults, Variant } from '../core.d.ts' */
/** @import { Checker } from './checker.js' */

export class ClassView {
  #shown = '';

  /** @param {Checker} checker */
  constructor(checker) {
    this.checker = checker;
    this.place = byId('class');
    this.list = h('div', { class: 'class-variants' });
    this.refuted = h('p', { class: 'caption' });
    const save = h('button', { type: 'button', id: 'class-csv', onclick: () => this.#save() }, t('check.csv'));
    byId('class-body').replaceChildren(h('p', { class: 'caption' }, t('check.class-about')), this.refuted, this.list, save);
    checker.subscribe(() => this.show());
    this.show();
  }

  show() {
    const found = this.checker.class;
    this.place.hidden = found.variants.length === 0;
    const outcomes = this.checker.outcomes;
    const shown = JSON.stringify([found, outcomes]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    setText(this.refuted, found.refuted > 0 ? plural('check.refuted', found.refuted) : '');
    this.list.replaceChildren(...found.variants.map((variant) => this.#variant(variant, found, outcomes)));
  }

  /** @param {Variant} variant @param {ClassResults} all @param {string[]} outcomes */
  #variant({ choices, results, mean: middle, deviation: around }, { range: [low, high] }, outcomes) {
    const says = beside(...Object.entries(choices).map(([field, value]) => named(t(`field.${field}`), valueText(field, value)))) || t('check.usual');
    /** Where an accuracy is on the axis. @param {number} accuracy */
    const at = (accuracy) => `${((accuracy - low) / (high - low)) * 100}%`;
    const dots = results.map(({ link, seed, accuracy }) => {
      const { name } = this.checker.lines[link]?.link ?? { name: '' };
      const dot = h('span', { class: 'class-dot', title: t('check.dot', { name: name || number(link + 1), seed: number(seed), accuracy: percent(accuracy) }), 'data-outcome': outcomes[link] });
      dot.style.left = at(accuracy);
      return dot;
    });
    const mark = h('span', { class: 'class-mean', 'aria-hidden': 'true' });
    mark.style.left = at(middle);
    const figures = plural(around === null ? 'check.one-result' : 'check.spread', results.length, { mean: percent(middle), deviation: around === null ? '' : percent(around), least: percent(results[0]?.accuracy ?? middle), most: percent(results.at(-1)?.accuracy ?? middle) });
    return h('section', { class: 'class-variant' }, h('h3', {}, says), h('p', {}, figures),
      h('div', { class: 'class-strip', 'aria-hidden': 'true' }, mark, ...dots),
      h('div', { class: 'class-axis', 'aria-hidden': 'true' }, h('span', {}, percent(low)), h('span', {}, percent(high))));
  }

  #save() {
    const { engine, text, outcomes } = this.checker;
    download(engine.classCsv(text, outcomes, hrefOf('').split('#')[0] ?? ''), 'text/csv', 'cnn-playground-class.csv');
  }
}
