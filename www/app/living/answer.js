// What the network answers for the picture: a bar for each class, or the mask that it marks. Its parts stay where they are
// while their numbers change.

import { h, setText } from '../base/dom.js';
import { classText, percent, t } from '../base/i18n.js';
import { Scale } from '../base/scale.js';
import { paint } from '../base/tiles.js';

/** @import { Activations, DataFacts } from '../core.d.ts' */

/** Classes that have room: as many as the core gives. */
const MOST = 10;
/** Bars in two columns. */
const COLUMNS = 2;
const MASKS = ['true-mask', 'marked'];

export class Answer {
  /** @type {{ row: HTMLElement, name: HTMLElement, bar: HTMLElement, value: HTMLElement }[]} */
  #bars = [];

  /** @param {boolean} marks whether the network marks pixels */
  constructor(marks) {
    this.image = h('b');
    this.when = h('span', { class: 'answer-when' });
    this.list = h('ul', { class: 'answer-bars' });
    this.masks = MASKS.map((name) => h('canvas', { class: 'answer-mask', role: 'img', 'aria-label': t(`living.${name}`) }));
    this.marked = h('div', { class: 'answer-masks', hidden: true }, ...this.masks.map((mask, at) => h('figure', {}, mask, h('figcaption', {}, t(`living.${MASKS[at] ?? ''}`)))), h('p', {}, t('living.mask-key'), new Scale().show('grey', 1).element));
    this.element = h('section', { class: 'answer-of-network', 'aria-label': t('living.answer') },
      h('p', { class: 'answer-of' }, this.image, this.when), this.list, this.marked);
    this.#makeBars(MOST);
    this.#turn(marks);
  }

  /** @param {string} image @param {string} when which weights the network has */
  name(image, when) {
    setText(this.image, image);
    setText(this.when, when);
  }

  /** @param {boolean} marks */
  #turn(marks) {
    this.list.hidden = marks;
    this.marked.hidden = !marks;
  }

  /** Room for the answer, before there is one. @param {DataFacts} facts @param {boolean} marks whether the network marks pixels */
  prepare(facts, marks) {
    this.#turn(marks);
    if (marks) return;
    this.#makeBars(Math.min(facts.classes.length, MOST));
    this.#bars.forEach(({ name }, at) => setText(name, facts.classes.length > MOST ? '' : classText(facts.classes[at] ?? '')));
  }

  /** @param {Activations} activations @param {DataFacts} facts @param {number | undefined} label the image's class */
  show({ answer, masks }, facts, label) {
    if (masks) return this.masks.forEach((mask, at) => paint(mask, masks, at));
    this.#makeBars(answer.length);
    this.#bars.forEach(({ row, name, bar, value }, at) => {
      const one = answer[at];
      if (!one) return;
      setText(name, classText(facts.classes[one.class] ?? ''));
      name.title = name.textContent ?? '';
      bar.style.setProperty('--share', String(one.share));
      setText(value, percent(one.share));
      row.classList.toggle('first', one.first);
      row.classList.toggle('true', one.class === label);
    });
  }

  /** @param {number} count */
  #makeBars(count) {
    if (this.#bars.length === count) return;
    this.#bars = Array.from({ length: count }, () => {
      const [name, bar, value] = [h('span', { class: 'answer-name' }), h('span', { class: 'answer-bar' }), h('span', { class: 'answer-value' })];
      return { row: h('li', {}, name, bar, value), name, bar, value };
    });
    this.list.style.setProperty('--rows', String(Math.ceil(count / COLUMNS)));
    this.list.replaceChildren(...this.#bars.map(({ row }) => row));
  }
}
