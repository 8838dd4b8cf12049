// Challenges: what is asked, the experiment to begin with, and the best of this browser's runs, with its link to hand in.

import { copyText } from '../base/copy.js';
import { h, setText } from '../base/dom.js';
import { duration, number, percent, t, tookText } from '../base/i18n.js';
import { linkOf } from '../runs/export.js';
import { nameOf } from '../runs/marks.js';

/** @import { Attempt, ChallengeView } from '../core.d.ts' */
/** @import { Labs } from './labs.js' */

export class Challenges {
  /** @param {Labs} labs @param {() => void} close called when an experiment is opened */
  constructor(labs, close) {
    this.labs = labs;
    this.close = close;
    this.rows = new Map(this.#all().map((challenge) => [challenge.id, this.#row(challenge)]));
    this.element = h('ul', { class: 'challenges' }, ...[...this.rows.values()].map(({ element }) => element));
  }

  #all() {
    return this.labs.training.runs.book.challenges();
  }

  /** @param {ChallengeView} challenge */
  #row({ id, start, limits, prize }) {
    const facts = { accuracy: number(limits.accuracy, { style: 'percent' }), tested: number(limits.tested), parameters: number(limits.parameters ?? 0), seconds: number(limits.seconds ?? 0) };
    const name = t(`challenge.${id}`, facts);
    const state = h('p', { class: 'challenge-state', role: 'status' });
    const open = h('button', { type: 'button', class: 'small', 'aria-label': t('challenge.open-label', { name }), onclick: () => {
      this.close();
      this.labs.experiment.open(start, 'push');
    } }, t('challenge.open'));
    const copy = h('button', { type: 'button', class: 'small primary', hidden: true }, t('challenge.copy'));
    const element = h('li', { 'data-challenge': id }, h('b', {}, name), h('p', {}, t(`challenge.${id}.about`, facts)), state, h('div', { class: 'challenge-acts' }, open, copy));
    return { element, state, copy, prize };
  }

  /** Finds the best run at each. */
  show() {
    for (const { id, best } of this.#all()) {
      const row = this.rows.get(id);
      if (!row) continue;
      row.element.classList.toggle('met', best?.met === true);
      setText(row.state, best ? this.#said(best, row.prize) : t('challenge.none'));
      row.copy.hidden = !best?.met;
      row.copy.onclick = () => { if (best) void this.#copy(best, row.state); };
    }
  }

  /** @param {Attempt} attempt @param {ChallengeView['prize']} prize */
  #said({ run: id, met, accuracy, parameters, seconds, took }, prize) {
    const run = this.#run(id);
    if (prize === 'time') return t(met ? 'challenge.fastest' : 'challenge.not-there', { run: run ? nameOf(run) : '', accuracy: percent(accuracy), took: took ? tookText(took) : '' });
    return t(met ? 'challenge.met' : 'challenge.nearest', { run: run ? nameOf(run) : '', accuracy: percent(accuracy), parameters: number(parameters), seconds: duration(seconds) });
  }

  /** @param {number} id */
  #run(id) {
    return this.labs.training.runs.list.find((run) => run.id === id);
  }

  /** Copies the link with the result, or shows it where nothing may be copied. @param {Attempt} attempt @param {HTMLElement} state */
  async #copy({ run: id }, state) {
    const run = this.#run(id);
    if (!run) return;
    const link = linkOf(run, this.labs.engine, this.labs.training.runs.book.claim(id));
    setText(state, await copyText(link) ? t('copy.done', { what: t('share.link') }) : t('runs.link-failed', { link }));
  }
}
