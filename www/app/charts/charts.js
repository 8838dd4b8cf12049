// Loss and accuracy of all runs that are shown, with one cursor for both and their values in words.

import { h, setText } from '../base/dom.js';
import { lossText, number, percent, t } from '../base/i18n.js';
import { colourOf } from '../runs/marks.js';
import { bundlesOf } from '../runs/groups.js';
import { OF_RUN } from '../runs/pointed.js';
import { DOTS, menuButton } from '../base/menu.js';
import { copyPicture, savePicture } from '../base/picture.js';
import { inTurn } from '../base/turns.js';
import { Legend } from './legend.js';
import { chartOf, summaryOf, valueAt } from './curves.js';
import { Plot } from './plot.js';
import { chartPicture } from './picture.js';
import { scoreTitle } from '../runs/list.js';
import { segments } from '../experiment/fields.js';
import { tip } from '../experiment/tips.js';
import { valuesDialog } from './values.js';

/** @import { Address } from '../experiment/address.js' */
/** @import { Shown } from './curves.js' */
/** @import { Axis, Measure } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Runs } from '../runs/list.js' */

/** Milliseconds between two drawings. */
const PAUSE = 120;
/** @type {Axis[]} */
const AXES = ['samples', 'seconds'];

export class Charts {
  /** @type {Axis} */
  #axis = 'samples';
  #due = false;
  #last = -Infinity;

  /** @param {HTMLElement} place @param {HTMLElement} tools @param {Runs} runs @param {Experiment} experiment @param {Address} address */
  constructor(place, tools, runs, experiment, address) {
    this.runs = runs;
    this.address = address;
    this.experiment = experiment;
    this.place = place;
    /** What is shown while there are no curves. */
    this.empty = h('div', { class: 'empty' }, h('span', {}, t('charts.empty')));
    this.summary = h('div', { class: 'unseen' });
    this.charts = /** @type {Measure[]} */ (['loss', 'accuracy']).map((measure) => this.#chart(measure));
    this.legend = new Legend(runs.book, runs.pointed);
    place.replaceChildren(this.legend.element, ...this.charts.map(({ figure }) => figure), this.empty, this.summary);

    const axis = segments('axis', 'axis', AXES, (value) => {
      this.#axis = /** @type {Axis} */ (value);
      this.redraw();
    });
    axis.show(/** @type {import('../core.d.ts').FieldView} */ ({ value: this.#axis }));
    const values = h('button', { type: 'button', class: 'quiet', onclick: () => valuesDialog(this.#begun(), runs.book) }, t('charts.values'));
    tools.replaceChildren(axis.element, values);

    runs.subscribe(() => this.redraw());
    runs.pointed.subscribe(() => { for (const { plot } of this.charts) inTurn(() => plot.mark(runs.pointed.id)); });
    experiment.subscribe(() => this.redraw());
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) matchMedia(query).addEventListener('change', () => this.redraw());
    this.redraw();
  }

  /** Draws soon, but not more often than eyes follow. */
  redraw() {
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => inTurn(() => {
      this.#due = false;
      this.#last = performance.now();
      this.#draw();
    }), Math.max(0, this.#last + PAUSE - performance.now()));
  }

  /** The runs on the charts that have made a step. */
  #begun() {
    return this.runs.list.filter((run) => run.visible && run.steps > 0);
  }

  /** @returns {Shown} */
  #shown() {
    const { view, facts } = this.experiment;
    return { book: this.runs.book, runs: this.runs.list.filter((run) => run.visible), axis: this.#axis, next: view.spec, classes: facts?.classes.length };
  }

  #draw() {
    const shown = this.#shown();
    this.empty.hidden = shown.runs.length > 0;
    this.place.classList.toggle('nothing', shown.runs.length === 0);
    this.#name();
    this.legend.show(bundlesOf(shown.runs));
    const { claim } = this.address;
    // Each has thousands of points.
    for (const { plot, measure } of this.charts) inTurn(() => plot.draw(chartOf(shown, measure), this.#axis, claim?.[measure]));
    this.#point(undefined);
    setText(this.summary, this.#begun().map(summaryOf).join(' ') || t('charts.none'));
  }

  /** @param {Measure} measure */
  #chart(measure) {
    const value = h('span', { class: 'chart-value', 'aria-hidden': 'true' });
    const place = h('div', { class: 'chart-plot', 'aria-hidden': 'true' });
    const name = h('span', {}, measure === 'loss' ? tip('loss', this.#title(measure)) : '');
    const figure = h('figure', { class: 'chart', 'data-measure': measure }, h('figcaption', {}, name, value, this.#menu(measure)), place);
    const plot = new Plot(place, measure, (x, run) => {
      this.#point(x);
      if (place.matches(':hover')) this.runs.pointed.set(run);
    });
    return { measure, figure, name, value, plot };
  }

  /** What the runs on the charts have to say; without any, what the next one will. */
  #tasks() {
    const tasks = this.runs.list.filter((run) => run.visible).map((run) => run.task);
    return tasks.length > 0 ? tasks : [this.experiment.view.task];
  }

  /** @param {Measure} measure */
  #title(measure) {
    return measure === 'loss' ? t('charts.loss') : scoreTitle(this.#tasks());
  }

  /** Says what the second chart shows. */
  #name() {
    const title = this.#title('accuracy');
    const name = this.charts.find(({ measure }) => measure === 'accuracy')?.name;
    if (name && name.textContent !== title) name.replaceChildren(tip(`score.${this.#tasks().at(-1)}`, title) ?? title);
  }

  /** @param {Measure} measure */
  #menu(measure) {
    const make = () => chartPicture(this.#title(measure), this.#shown(), measure);
    return menuButton({ class: 'quiet icon', 'aria-label': t('charts.menu', { chart: this.#title(measure) }) }, DOTS, () => [
      { label: t('picture.save'), act: () => void savePicture(make(), this.#title(measure)) },
      { label: t('picture.copy'), act: () => void copyPicture(make()) },
      { label: t('charts.values'), act: () => valuesDialog(this.#begun(), this.runs.book) },
    ]);
  }

  /** Says what the curves are at the cursor, on both charts. @param {number | undefined} x */
  #point(x) {
    for (const { measure, value, plot } of this.charts ?? []) {
      const words = measure === 'loss' ? lossText : percent;
      const marks = x === undefined ? [] : plot.curves.flatMap(({ curve, run }) => {
        const at = valueAt(curve, x);
        if (at === undefined) return [];
        const mark = h('span', { class: 'reading', [OF_RUN]: run.id }, words(at));
        mark.style.color = colourOf(run);
        this.runs.pointed.mark(mark);
        return [mark, ' '];
      });
      const place = x === undefined ? '' : this.#axis === 'samples' ? t('charts.at-samples', { value: number(Math.round(x)) }) : t('unit.seconds', { value: number(x, { maximumFractionDigits: 1 }) });
      value.replaceChildren(...marks, place);
    }
  }
}
