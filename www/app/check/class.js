// A class's results as one distribution for each experiment: what differs between seeds is seen beside what differs between
// experiments. And all of it as a table for a spreadsheet.

import { download } from '../base/download.js';
import { byId, h, setText } from '../base/dom.js';
import { beside, named, number, percent, plural, t, valueText } from '../base/i18n.js';
import { hrefOf } from '../share/codes.js';

/** @import { ClassResults, Variant } from '../core.d.ts' */
/** @import { Checker, Line } from './checker.js' */

export class ClassView {
  /** @param {Checker} checker */
  constructor(checker) {
    this.checker = checker;
    this.place = byId('class');
    this.list = h('div', { class: 'class-variants' });
    this.refuted = h('p', { class: 'caption' });
    const save = h('button', { type: 'button', id: 'class-csv', onclick: () => this.#save() }, t('check.csv'));
    byId('class-body').replaceChildren(h('p', { class: 'caption' }, t('check.class-about')), this.refuted, this.list, save);
    checker.watch((found) => this.#show(found));
  }

  /** @param {Checker['found']} found */
  #show({ class: all }) {
    this.place.hidden = all.variants.length === 0;
    setText(this.refuted, all.refuted > 0 ? plural('check.refuted', all.refuted) : '');
    this.list.replaceChildren(...all.variants.map((variant) => this.#variant(variant, all)));
  }

  /** @param {Variant} variant @param {ClassResults} all */
  #variant(variant, all) {
    return h('section', { class: 'class-variant' }, h('h3', {}, saidOf(variant)), h('p', {}, figuresOf(variant)), ...stripOf(variant, all, this.checker));
  }

  #save() {
    const { engine, text, outcomes } = this.checker;
    download(engine.classCsv(text, outcomes, hrefOf('').split('#')[0] ?? ''), 'text/csv', 'cnn-playground-class.csv');
  }
}

/** What differs from the usual in an experiment. @param {Variant} variant */
const saidOf = ({ choices }) => beside(...Object.entries(choices).map(([field, value]) => named(t(`field.${field}`), valueText(field, value)))) || t('check.usual');

/** Its results in figures. @param {Variant} variant */
export const figuresOf = ({ results, mean, deviation }) => plural(deviation === null ? 'check.one-result' : 'check.spread', results.length, {
  mean: percent(mean), deviation: deviation === null ? '' : percent(deviation), least: percent(results[0]?.accuracy ?? mean), most: percent(results.at(-1)?.accuracy ?? mean),
});

/** Its results as dots on the axis of all. @param {Variant} variant @param {ClassResults} all @param {Checker} checker */
export function stripOf({ results, mean }, { range: [low, high] }, { lines, outcomes }) {
  /** Where an accuracy is on the axis. @param {number} accuracy */
  const at = (accuracy) => `${((accuracy - low) / (high - low)) * 100}%`;
  const dots = results.map(({ link, seed, accuracy }) => {
    const dot = h('span', { class: 'class-dot', title: t('check.dot', { name: nameOf(lines, link), seed: number(seed), accuracy: percent(accuracy) }), 'data-outcome': outcomes[link] });
    dot.style.left = at(accuracy);
    return dot;
  });
  const mark = h('span', { class: 'class-mean', 'aria-hidden': 'true' });
  mark.style.left = at(mean);
  return [h('div', { class: 'class-strip', 'aria-hidden': 'true' }, mark, ...dots),
    h('div', { class: 'class-axis', 'aria-hidden': 'true' }, h('span', {}, percent(low)), h('span', {}, percent(high)))];
}

/** Whose a link is: the name before it, else its number. @param {Line[]} lines @param {number} link */
export const nameOf = (lines, link) => lines[link]?.link.name || t('check.unnamed', { number: number(link + 1) });
