// What is changed about the drawn network by hand: a line that says it, with the way back, the accuracy that comes of it, and the
// way on.

import { h, setText } from '../base/dom.js';
import { percent, t } from '../base/i18n.js';
import { scoreName } from '../runs/list.js';
import { touchText } from '../runs/touched.js';

/** @import { Scored, Task, Touch, Touched } from '../core.d.ts' */

/** What a press does. @typedef {{ change: (touches: Touch[]) => void, goOn: () => void, test: () => void }} Acts */

export class TouchedBar {
  /** What still holds of what was pressed. @type {Touched[]} */
  list = [];
  /** What was pressed, for the way back. @type {Touch[]} */
  touches = [];
  /** What the network is judged by. */
  #score = '';

  /** @param {Acts} acts */
  constructor(acts) {
    const button = (/** @type {string} */ name, /** @type {() => void} */ act) => h('button', { type: 'button', class: 'small', onclick: act }, t(`touch.${name}`));
    this.said = h('ul', { class: 'touched-list' });
    this.answer = h('span', { class: 'touched-answer' });
    this.accuracy = h('span', { class: 'touched-accuracy', role: 'status' });
    this.problem = h('p', { class: 'touched-problem', role: 'alert', hidden: true });
    this.undo = button('undo', () => acts.change(this.touches.slice(0, -1)));
    this.clear = button('clear', () => acts.change([]));
    this.test = button('test', acts.test);
    this.goOn = button('go-on', acts.goOn);
    this.goOn.classList.add('primary');
    this.element = h('section', { class: 'touched', hidden: true, 'aria-label': t('touch.title') },
      h('b', {}, t('touch.title')), this.said, h('p', { class: 'touched-outcome' }, this.answer, ' ', this.accuracy), this.problem,
      h('div', { class: 'touched-tools' }, this.undo, this.clear, this.test, this.goOn));
  }

  /** @param {Touched[]} list @param {Touch[]} pressed what it comes of */
  show(list, pressed = []) {
    this.list = list;
    this.touches = list.length > 0 ? pressed : [];
    this.problem.hidden = true;
    for (const button of [this.undo, this.clear, this.test]) button.disabled = false;
    const had = this.element.contains(document.activeElement);
    this.element.hidden = list.length === 0;
    this.said.replaceChildren(...list.map((touched) => h('li', {}, touchText(touched))));
    if (had && this.element.hidden) /** @type {HTMLElement | null} */ (document.querySelector('.arithmetic h3'))?.focus({ preventScroll: true });
  }

  /** @param {string} why */
  refuse(why) {
    this.element.hidden = false;
    for (const button of [this.undo, this.clear, this.test]) button.disabled = this.list.length === 0;
    if (this.list.length === 0) this.goOn.disabled = true;
    this.problem.hidden = why === '';
    setText(this.problem, why);
  }

  /** @param {string} text what the network answers now */
  answers(text) {
    setText(this.answer, text);
  }

  /** @param {Scored | undefined} scored @param {number | undefined} trained the score as trained */
  judge(scored, trained) {
    if (!scored) return setText(this.accuracy, '');
    if (scored.done < scored.total) return setText(this.accuracy, t('touch.testing', { share: percent(scored.done / scored.total) }));
    const words = { score: this.#score, value: percent(scored.score) };
    setText(this.accuracy, trained === undefined ? t('touch.score', words) : t('touch.score-trained', { ...words, trained: percent(trained) }));
  }

  /** What the network does, and so what it is judged by. @param {Task} task */
  about(task) {
    this.#score = scoreName(task);
    setText(this.test, t('touch.test', { score: this.#score }));
  }

  /** Whether training can go on from here, and how that is called. @param {string} name @param {boolean} can */
  offer(name, can) {
    setText(this.goOn, t(`touch.${name}`));
    this.goOn.disabled = !can || this.list.length === 0;
    this.goOn.title = can ? t('touch.for-good') : t('touch.pause-first');
  }
}
