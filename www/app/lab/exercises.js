// The course's code exercises: each experiment as it stands in the notebook, what that reports, and what the newest run
// of it here came to.

import { h, setText } from '../base/dom.js';
import { number, percent, t } from '../base/i18n.js';
import { sourceNote } from '../base/sources.js';

/** @import { ExerciseRun } from '../core.d.ts' */
/** @import { Labs } from './labs.js' */

export class Exercises {
  /** @param {Labs} labs @param {() => void} close called when an experiment is opened */
  constructor(labs, close) {
    this.labs = labs;
    this.close = close;
    const exercises = labs.engine.exercises();
    this.rows = exercises.flatMap(({ number: of, runs }) => runs.map((run, at) => this.#row(of, run, at === 0 ? runs.length : 0)));
    // On the narrowest screens the table scrolls, and not what is around it.
    this.element = h('div', { class: 'exercises-room' }, h('table', { class: 'exercises' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('exercise.column.exercise')), h('th', { scope: 'col' }, t('exercise.column.run')),
        h('th', { scope: 'col' }, t('exercise.column.reported')), h('th', { scope: 'col' }, t('exercise.column.here')), h('td'))),
      h('tbody', {}, ...this.rows.map(({ element }) => element))));
  }

  /** @param {number} of the exercise @param {ExerciseRun} run @param {number} rows of the exercise, at the first */
  #row(of, { id, choices, reported }, rows) {
    const name = t(`exercise.run.${id}`);
    const here = h('td');
    const open = h('button', { type: 'button', class: 'small', 'aria-label': t('exercise.open-label', { run: name }), onclick: () => {
      this.close();
      this.labs.experiment.open(choices, 'push');
    } }, t('exercise.open'));
    const element = h('tr', { 'data-exercise': id },
      rows > 0 && h('th', { scope: 'rowgroup', rowspan: rows }, t(`exercise.${number(of)}`), ' ', sourceNote(`exercise.${number(of)}`)),
      h('td', {}, name), h('td', {}, reported === null ? t('value.none') : percent(reported)), here, h('td', {}, open));
    return { element, here, link: this.labs.engine.linkText(choices, {}, null, false) };
  }

  /** Finds the newest run of each experiment. */
  show() {
    const { engine, training } = this.labs;
    const made = training.runs.list.map((run) => ({ test: run.tests.at(-1), link: run.state === 'done' ? engine.linkText(run.choices, {}, null, false) : '' }));
    for (const { here, link } of this.rows) {
      const test = made.findLast((one) => one.link === link)?.test;
      setText(here, test ? percent(test.accuracy) : t('value.none'));
    }
  }
}
