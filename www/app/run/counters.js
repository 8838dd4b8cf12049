// Images, steps and epochs of the run that is on, its speed and the time that is left.

import { h, setText } from '../base/dom.js';
import { duration, lossText, number, percent, plural, t } from '../base/i18n.js';
import { scoreName } from '../runs/list.js';
import { tip } from '../experiment/tips.js';

/** @import { Task } from '../core.d.ts' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Training } from './training.js' */

/** Each counter with the term that explains it; that of the test is the task's. */
const COUNTERS = { samples: 'train', steps: 'steps', epochs: 'epochs', loss: 'loss', test: '', speed: '', left: '' };

/** @typedef {keyof typeof COUNTERS} Counter */

export class Counters {
  /** @type {Map<string, { name: HTMLElement, value: HTMLElement, of: HTMLElement }>} */
  #counters = new Map();
  /** What the names were written for. @type {Task | undefined} */
  #task;

  /** @param {HTMLElement} place @param {Experiment} experiment @param {Training} training */
  constructor(place, experiment, training) {
    this.experiment = experiment;
    this.training = training;
    for (const counter of Object.keys(COUNTERS)) {
      const name = h('div', { class: 'counter-name' });
      const value = h('div', { class: 'counter-value', 'data-counter': counter });
      const of = h('div', { class: 'counter-of' });
      place.append(h('div', { class: 'counter' }, name, value, of));
      this.#counters.set(counter, { name, value, of });
    }
    this.formula = h('span');
    place.append(h('p', { class: 'formula-line' }, this.formula, h('span', {}, t('charts.key'))));
    experiment.subscribe(() => this.show());
    training.subscribe(() => this.show());
    training.runs.subscribe(() => this.show());
    this.show();
  }

  show() {
    const { run, phase } = this.training;
    const { view } = this.experiment;
    const spec = run?.spec ?? view.spec;
    this.#name(run?.task ?? view.task);
    const perEpoch = run?.stepsPerEpoch || view.stepsPerEpoch;
    const total = run?.totalSteps || view.totalSteps;
    const steps = run?.steps ?? 0;
    const samples = run?.samples ?? 0;
    const test = run?.tests.at(-1);
    const speed = run?.speed ?? null;
    const left = phase === 'done' ? null : run?.left ?? null;
    const nothing = t('count.unknown');
    this.#set('samples', number(samples), '');
    this.#set('steps', number(steps), t('count.of', { total: number(total) }));
    this.#set('epochs', number(steps / perEpoch, { maximumFractionDigits: 2, minimumFractionDigits: 2 }), t('count.of', { total: number(total / perEpoch, { maximumFractionDigits: 2 }) }));
    this.#set('loss', run && run.loss !== null ? lossText(run.loss) : nothing, '');
    this.#set('test', test ? percent(test.accuracy) : nothing, '');
    this.#set('speed', speed === null ? nothing : number(speed, { maximumFractionDigits: 0 }), '');
    this.#set('left', left === null ? nothing : duration(left), '');
    setText(this.formula, plural('count.formula', perEpoch, { samples: number(spec.train), batch: number(spec.batch) }));
  }

  /** @param {Task} task */
  #name(task) {
    if (task === this.#task) return;
    this.#task = task;
    for (const [counter, { name }] of this.#counters) {
      const label = t(`count.${counter}`, { score: scoreName(task) });
      const term = counter === 'test' ? `score.${task}` : COUNTERS[/** @type {Counter} */ (counter)];
      name.replaceChildren((term && tip(term, label)) || label);
    }
  }

  /** @param {Counter} name @param {string} value @param {string} of */
  #set(name, value, of) {
    const counter = this.#counters.get(name);
    if (!counter) return;
    setText(counter.value, value);
    counter.value.classList.toggle('none', value === t('count.unknown'));
    setText(counter.of, of);
  }
}
