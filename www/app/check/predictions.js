// Who predicted what: for each lab its answers, how many gave each and who, beside what came out of the class's runs.

import { byId, h } from '../base/dom.js';
import { number, plural, t } from '../base/i18n.js';
import { labText, predictionText, runText } from '../lab/words.js';
import { figuresOf, nameOf, stripOf } from './class.js';

/** @import { CameOut, ClassResults, LabPredictions, Predicted } from '../core.d.ts' */
/** @import { Checker } from './checker.js' */

export class PredictionsView {
  /** @param {Checker} checker */
  constructor(checker) {
    this.checker = checker;
    this.place = byId('predicted');
    this.list = h('div', { class: 'predicted-labs' });
    byId('predicted-body').replaceChildren(h('p', { class: 'caption' }, t('check.predictions-about')), this.list);
    checker.watch((found) => this.#show(found));
  }

  /** @param {Checker['found']} found */
  #show({ class: all, predictions }) {
    this.place.hidden = predictions.length === 0;
    this.list.replaceChildren(...predictions.map((lab) => this.#lab(lab, all)));
  }

  /** @param {LabPredictions} of @param {ClassResults} all */
  #lab({ lab, row, answers, count, right, cameOut }, all) {
    const cameOutHere = cameOut.length > 0 || right !== null;
    return h('section', { class: 'predicted-lab' },
      h('h3', {}, t('lab.where', { number: number(row), title: labText(lab, 'title') })), h('p', { class: 'predicted-asked' }, labText(lab, 'predict')),
      h('div', { class: 'predicted-beside' },
        h('div', {}, h('h4', {}, plural('check.predictions-count', count)), h('ul', { class: 'predicted' }, ...answers.map((answer) => this.#answer(lab, answer, count)))),
        cameOutHere && h('div', {}, h('h4', {}, t('lab.report.came-out')),
          right !== null && h('p', { class: 'predicted-right' }, h('b', {}, predictionText(lab, right)), ' ', t('check.as-it-opens')),
          ...cameOut.map((run) => this.#run(lab, run, all)))));
  }

  /** @param {string} lab @param {Predicted} answer @param {number} count */
  #answer(lab, { value, links }, count) {
    const said = predictionText(lab, value);
    const names = links.map((link) => h('bdi', {}, nameOf(this.checker.lines, link)));
    return h('li', {}, h('span', { class: 'predicted-answer' }, said), h('progress', { max: count, value: links.length, 'aria-label': said }),
      h('span', { class: 'predicted-count' }, number(links.length)), h('span', { class: 'predicted-names' }, ...names));
  }

  /** @param {string} lab @param {CameOut} run @param {ClassResults} all */
  #run(lab, { label, variant }, all) {
    const one = all.variants[variant];
    return one && h('div', { class: 'class-variant' }, h('h5', {}, runText(lab, label)), h('p', {}, figuresOf(one)), ...stripOf(one, all, this.checker));
  }
}
