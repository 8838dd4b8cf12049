// What a teacher chooses: the experiment or a lab, how the page shows itself, and what of it is shown, locked or hidden.

import { h, setText } from '../base/dom.js';
import { languages, problemText, t } from '../base/i18n.js';
import { labText } from '../lab/words.js';
import { Names } from './names.js';

/** @import { Plan } from './plan.js' */

/** How the page shows itself, in the order of the form. */
const WORDS = ['theme', 'lang', 'start', 'device', 'budget'];

export class Form {
  /** @type {{ key: string, list: HTMLSelectElement }[]} */
  #lists = [];

  /** @param {HTMLElement} place @param {Plan} plan */
  constructor(place, plan) {
    this.plan = plan;
    this.link = h('textarea', { id: 'experiment', rows: 1, spellcheck: 'false', class: 'copy-text', 'aria-describedby': 'experiment-about' });
    this.link.addEventListener('change', () => plan.openExperiment(this.link.value.trim()));
    this.link.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      plan.openExperiment(this.link.value.trim());
    });
    this.problems = h('p', { class: 'field-error', role: 'alert' });
    const labs = plan.engine.labs().map(({ id }) => /** @type {[string, string]} */ ([id, labText(id, 'title')]));
    const names = new Names(plan);
    place.replaceChildren(
      this.#select('lab', t('builder.lab'), [['', t('builder.no-lab')], ...labs]),
      h('div', { class: 'field' }, h('label', { class: 'field-label', for: 'experiment' }, t('builder.experiment')), this.link,
        h('p', { class: 'caption', id: 'experiment-about' }, t('builder.experiment-about')), this.problems),
      h('div', { class: 'builder-words' }, ...WORDS.map((key) => this.#select(key, t(`field.${key}`), this.#words(key)))),
      names.element);
    plan.subscribe(() => this.show());
    this.show();
  }

  /** @param {string} key @param {string} label @param {[string, string][]} words each with what it says */
  #select(key, label, words) {
    const id = `builder-${key}`;
    const list = h('select', { id }, ...words.map(([word, text]) => h('option', { value: word }, text)));
    list.addEventListener('change', () => this.plan.set(key, list.value));
    this.#lists.push({ key, list });
    return h('div', { class: 'field' }, h('label', { class: 'field-label', for: id }, label), list);
  }

  /** The words of a parameter; the first is the default, which a link does not say. @param {string} key @returns {[string, string][]} */
  #words(key) {
    const takes = this.plan.table.keys.find(([name]) => name === key)?.[1];
    if (takes?.type !== 'words') return [['', t('builder.readers-language')], ...Object.entries(languages())];
    return takes.words.map((word, at) => [at === 0 ? '' : word, t(`choice.${key}.${word}`)]);
  }

  show() {
    const { plan } = this;
    for (const { key, list } of this.#lists) list.value = plan.get(key);
    if (this.link !== document.activeElement || plan.problems.length === 0) this.link.value = plan.experiment;
    setText(this.problems, plan.problems.map(problemText).join(' '));
  }
}
