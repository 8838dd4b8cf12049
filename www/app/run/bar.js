// Run, Pause, Step, Reset, and how far the run is.

import { byId, h, setText } from '../base/dom.js';
import { beside, number, percent, plural, t } from '../base/i18n.js';
import { OWN } from '../seen/images.js';
import { showWhatMoves } from './follow.js';
import { reset } from './reset.js';

/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Given } from './given.js' */
/** @import { Training } from './training.js' */

export class RunBar {
  /** @param {HTMLElement} place @param {Experiment} experiment @param {Training} training @param {Given} given */
  constructor(place, experiment, training, given) {
    this.place = place;
    this.experiment = experiment;
    this.training = training;
    this.given = given;
    /** What moves while a run is on, in the order in which it is worth looking at. @type {Element[]} */
    this.moving = [];
    this.run = h('button', { type: 'button', class: 'primary', id: 'run', onclick: () => this.toggle() });
    this.step = h('button', { type: 'button', id: 'step', onclick: () => this.once() }, t('run.step'));
    this.reset = h('button', { type: 'button', id: 'reset', onclick: () => this.startOver() }, t('run.reset'));
    this.progress = h('progress', { max: 1, value: 0, 'aria-label': t('count.progress') });
    this.state = h('span', { class: 'run-state', id: 'run-state' });
    this.plan = h('span');
    place.replaceChildren(h('div', { class: 'run-buttons' }, this.run, this.step, this.reset), this.progress,
      h('div', { class: 'run-status' }, this.state, this.plan), given.element);
    // Its address would take the place of the experiment's.
    byId('skip').addEventListener('click', (event) => {
      event.preventDefault();
      this.run.focus();
    });
    experiment.subscribe(() => this.show());
    training.subscribe(() => this.show());
    given.subscribe(() => this.show());
    training.runs.subscribe(() => this.show());
    this.show();
  }

  /** Run, Pause or Continue: what the button says. */
  toggle() {
    if (this.training.busy) return this.training.pause();
    this.#go('go');
    if (this.training.busy) showWhatMoves(this.moving, this.place);
  }

  /** One step, of the run that is on or of a new one. */
  once() {
    if (!this.training.busy) this.#go('step');
  }

  /** Gives the run up, which can be undone. */
  startOver() {
    if (this.training.phase !== 'idle') void reset(this.training, this.experiment);
  }

  /** @param {'go' | 'step'} then */
  #go(then) {
    const { view } = this.experiment;
    if (this.#impossible()) return;
    if (this.#isPaused() && this.#sameAsRun()) this.training.resume(then);
    else this.training.begin(view.spec, view.choices, then, {}, this.given.touching);
  }

  /** Whether the run that is on is of what the controls say. */
  #sameAsRun() {
    const { run } = this.training;
    return run !== undefined && JSON.stringify(run.spec) === JSON.stringify(this.experiment.view.spec);
  }

  #isPaused() {
    return this.training.phase === 'paused' || this.training.phase === 'pausing';
  }

  /** Why nothing can run now. */
  #impossible() {
    const { view, facts } = this.experiment;
    if (view.refusal) return t('run.cannot');
    if (this.given.reading) return t('given.reading');
    if (view.spec.data !== OWN) return undefined;
    if (this.training.own.reading) return t('run.reading-files');
    return facts && !this.training.own.misses ? undefined : t('run.no-files');
  }

  show() {
    const { training, experiment } = this;
    const { run, phase, busy } = training;
    const impossible = busy ? undefined : this.#impossible();
    const again = phase === 'done' && this.#sameAsRun();
    const on = this.#isPaused() && this.#sameAsRun();
    setText(this.run, t(busy ? 'run.pause' : on ? 'run.continue' : again ? 'run.again' : 'run.run'));
    this.run.disabled = impossible !== undefined;
    this.step.disabled = busy || impossible !== undefined;
    this.reset.disabled = phase === 'idle';
    const arriving = phase === 'loading' && training.arrived !== undefined;
    const words = arriving ? t('state.loading-share', { share: number(training.arrived ?? 0, { style: 'percent' }) }) : t(`state.${phase}`);
    const steps = run ? run.steps : 0;
    const share = run && run.totalSteps > 0 ? steps / run.totalSteps : 0;
    // Two shares beside each other would need a third line, and the bar below has the run's.
    setText(this.state, impossible ?? (steps > 0 && busy && !arriving ? beside(words, percent(share)) : words));
    this.state.classList.toggle('failed', phase === 'failed');
    this.progress.value = share;
    this.plan.hidden = impossible !== undefined;
    setText(this.plan, plural('run.plan', experiment.view.totalSteps, {
      steps: number(experiment.view.totalSteps), batch: number(experiment.view.spec.batch),
    }));
  }
}
