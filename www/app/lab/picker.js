// All labs in the course's order, and the families of networks from the first to the last.

import { h, setText } from '../base/dom.js';
import { glossaryButton } from '../base/glossary.js';
import { number, percent, t } from '../base/i18n.js';
import { sourced } from '../base/sources.js';
import { Challenges } from './challenges.js';
import { Exercises } from './exercises.js';
import { wasDone } from './memory.js';
import { labText } from './words.js';

/** @import { Milestone } from '../core.d.ts' */
/** @import { Choices } from '../engine.js' */
/** @import { Labs } from './labs.js' */

export class LabPicker {
  /** @param {HTMLElement} button @param {Labs} labs */
  constructor(button, labs) {
    this.labs = labs;
    this.rows = labs.all.map(({ id, row }) => {
      const done = h('span', { class: 'lab-done' });
      const element = h('button', { type: 'button', class: 'lab-choice', onclick: () => this.#open(id) },
        h('span', { class: 'lab-number', 'aria-hidden': 'true' }, number(row)),
        h('span', { class: 'lab-choice-text' }, h('b', {}, labText(id, 'title')), h('span', {}, labText(id, 'question'))), done);
      return { id, element, done };
    });
    this.exercises = new Exercises(labs, () => this.dialog.close());
    this.challenges = new Challenges(labs, () => this.dialog.close());
    const close = h('form', { method: 'dialog', class: 'dialog-end' }, h('button', { class: 'small' }, t('shortcuts.close')));
    this.dialog = h('dialog', { class: 'labs-dialog', id: 'labs-dialog', 'aria-labelledby': 'labs-title' },
      h('div', { class: 'panel-head' }, h('h2', { id: 'labs-title' }, t('lab.picker')), glossaryButton()),
      h('p', { class: 'caption' }, t('lab.picker-about')),
      h('ol', { class: 'lab-choices' }, ...this.rows.map(({ element }) => h('li', {}, element))),
      h('h3', {}, t('exercise.title')),
      h('p', { class: 'caption' }, t('exercise.about')),
      this.exercises.element,
      h('h3', {}, t('challenge.title')),
      h('p', { class: 'caption' }, t('challenge.caption')),
      this.challenges.element,
      h('h3', {}, t('timeline.title')),
      h('p', { class: 'caption' }, t('timeline.caption')),
      h('ol', { class: 'timeline' }, ...labs.engine.timeline().map((milestone) => this.#milestone(milestone))),
      close);
    document.body.append(this.dialog);
    button.addEventListener('click', () => this.show());
  }

  show() {
    const { view } = this.labs;
    for (const { id, element, done } of this.rows) {
      if (view?.id === id) element.setAttribute('aria-current', 'true');
      else element.removeAttribute('aria-current');
      setText(done, wasDone(id) ? t('lab.done') : '');
    }
    this.exercises.show();
    this.challenges.show();
    this.dialog.showModal();
    // The labs are what somebody came for, not the glossary above them.
    this.rows[0]?.element.focus();
  }

  /** @param {string} id */
  #open(id) {
    this.dialog.close();
    this.labs.open(id);
  }

  /** @param {Milestone} milestone */
  #milestone({ id, year, top5, parameters, mini, named }) {
    const name = t(`timeline.${id}`);
    return h('li', { class: mini || named.length ? '' : 'aside' },
      h('span', { class: 'timeline-year' }, String(year)),
      h('b', {}, name),
      parameters !== null && h('p', { class: 'timeline-figure' }, t('timeline.parameters', { count: number(parameters) })),
      top5 !== null && h('p', { class: 'timeline-figure' }, t('timeline.top5', { error: percentOf(top5) })),
      ...named.map((one) => h('p', { class: 'timeline-figure' },
        t('timeline.named', { name: one.name, count: number(one.parameters), error: percentOf(one.error) }))),
      sourced('', t(`timeline.${id}.about`), `timeline.${id}.about`),
      mini && this.#opener(mini, t('timeline.mini'), t('timeline.mini-label', { name })),
      ...named.map((one) => this.#opener(one.choices, t('timeline.open', { name: one.name }))));
  }

  /** @param {Choices} choices @param {string} text @param {string} [label] what it says where its text alone is not enough */
  #opener(choices, text, label = text) {
    return h('button', { type: 'button', class: 'small', 'aria-label': label, onclick: () => {
      this.dialog.close();
      this.labs.experiment.open(choices, 'push');
    } }, text);
  }
}

/** An error as its source gives it, to two decimals where it does. @param {number} share */
const percentOf = (share) => (Number.isInteger(share * 1000) ? percent(share) : number(share, { style: 'percent', maximumFractionDigits: 2 }));
