// "What the network sees": the first images before and after the transform, and the histogram. Where the task
// is to mark pixels, the masks too, and below them what the last runs marked.

import { h, setText } from '../base/dom.js';
import { histogram, room } from './histogram.js';
import { classText, joined, number, problemText, t, valueText } from '../base/i18n.js';
import { isProblem } from '../base/is-problem.js';
import { nameOf } from '../runs/marks.js';
import { Predictions } from './predictions.js';
import { row, SHOWN } from './samples.js';

/** @import { ExperimentSpec, ImageShape, Split, View } from '../core.d.ts' */
/** @import { FirstImages } from './images.js' */
/** @import { Images, Pictures } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Runs } from '../runs/list.js' */

/** Images whose values are counted. */
export const COUNTED = 500;

export class Preview {
  /** What the pictures were made for. */
  #made = '';
  /** @type {Pictures | undefined} */
  #pictures;
  /** The image that is followed through the network. @type {{ at: number, split: Split }} */
  chosen = { at: 0, split: 'train' };
  /** @type {Set<(pressed: boolean) => void>} */
  #followers = new Set();

  /** @param {HTMLElement} place @param {Experiment} experiment @param {FirstImages} first @param {Runs} runs */
  constructor(place, experiment, first, runs) {
    this.experiment = experiment;
    this.first = first;
    const choose = /** @param {number} at */ (at) => this.#choose(at);
    this.before = row(choose);
    this.after = row();
    this.mask = row();
    // The buttons are in the first row; below them each picture is the same image.
    for (const { pictures } of [this.after, this.mask]) pictures.forEach((picture, at) => picture.addEventListener('click', () => choose(at)));
    this.predictions = new Predictions(runs);
    this.classes = this.before.pictures.map(() => h('span', { class: 'sample-class' }));
    this.names = h('div', { class: 'more-rows' }, ...this.classes);
    this.marks = h('div', { class: 'more-rows' }, ...this.mask.elements, ...this.predictions.elements);
    this.grid = h('div', { class: 'samples', role: 'group' }, ...this.before.elements, ...this.after.elements, this.names, this.marks);
    this.note = h('p', { class: 'caption' }, t('seen.clipped'));
    this.histogram = h('figure', { class: 'histogram' }, ...room());
    this.state = h('div', { class: 'panel-state' });
    place.replaceChildren(h('div', { class: 'samples-box' }, this.grid, this.note), this.histogram, this.state);
    this.place = place;
    experiment.subscribe(() => this.#show());
    first.subscribe(() => this.#show());
    runs.subscribe(() => this.#follow());
    this.#show();
  }

  /** @param {(pressed: boolean) => void} follower called when another image is followed through the network, because it was pressed or others are shown */
  subscribe(follower) {
    this.#followers.add(follower);
  }

  /** @param {number} at */
  #choose(at) {
    this.chosen = { ...this.chosen, at };
    this.#mark();
    for (const follower of this.#followers) follower(true);
  }

  /** Which images are shown. @param {Split} split */
  #showing(split) {
    if (split !== this.chosen.split) {
      this.chosen = { ...this.chosen, split };
      for (const follower of this.#followers) follower(false);
    }
    this.#mark();
  }

  #mark() {
    this.before.pictures.forEach(({ parentElement: press }, at) => {
      const name = t(`living.${this.chosen.split}`, { number: number(at + 1) });
      press?.setAttribute('aria-pressed', String(at === this.chosen.at));
      press?.setAttribute('aria-label', t('seen.follow', { image: [name, this.classes[at]?.title].filter(Boolean).join(', ') }));
    });
  }

  #show() {
    const { view } = this.experiment;
    const shown = this.first.shown;
    const segments = view.task === 'segment';
    this.place.dataset.state = shown.state;
    this.names.hidden = segments;
    this.marks.hidden = !segments;
    this.grid.classList.toggle('named-rows', segments);
    setText(this.before.label, t('seen.before'));
    setText(this.after.label, t('seen.after'));
    setText(this.mask.label, t('seen.mask'));
    const data = valueText('data', view.spec.data);
    if (shown.state === 'ready') this.#make(view, shown.images);
    else if (shown.state === 'loading') this.state.replaceChildren(t('seen.loading', { data }));
    else if (shown.state === 'none') this.state.replaceChildren(t('own.formats'));
    else {
      const again = h('button', { type: 'button', class: 'small', onclick: () => this.first.load() }, t('seen.retry'));
      this.state.replaceChildren(t('seen.failed', { data, detail: shown.detail }), again);
    }
  }

  /** @param {View} view @param {Images} images */
  #make(view, images) {
    const key = JSON.stringify([look(view.spec), view.task, images.facts]);
    if (key === this.#made) return;
    this.#made = key;
    try {
      this.#pictures = images.preview(view.spec, SHOWN, COUNTED);
      this.histogram.replaceChildren(...histogram(this.#pictures.histogram));
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      this.#pictures = undefined;
      setText(this.note, problemText(thrown));
      return;
    }
    this.predictions.forget();
    if (view.task === 'segment') {
      for (const label of this.classes) label.title = '';
      return this.#follow();
    }
    this.#paint(this.#pictures, images.facts.shape);
    setText(this.note, t('seen.clipped'));
    this.classes.forEach((label, at) => {
      label.title = classText(images.facts.classes[images.labels[at] ?? -1] ?? '');
      setText(label, label.title);
    });
    const classes = this.classes.map((label) => label.title).filter(Boolean).join(', ');
    this.grid.setAttribute('aria-label', t('seen.images', { count: number(SHOWN), classes }));
    this.#showing('train');
  }

  /** @param {Pick<Pictures, 'before' | 'after' | 'mask'>} pictures @param {ImageShape} shape */
  #paint({ before, after, mask }, shape) {
    this.before.paint(before, shape);
    this.after.paint(after, shape);
    this.mask.paint(mask, shape);
  }

  /** Shows what the last runs on such images marked, under the test images that they marked; else the first training images. */
  #follow() {
    const { view: { spec, task }, facts } = this.experiment;
    if (task !== 'segment' || !facts || !this.#pictures) return;
    const key = look(spec);
    const { changed, newest } = this.predictions.show((run) => look(run.spec) === key, facts.shape);
    if (!changed) return;
    this.#paint(newest?.masks ?? this.#pictures, facts.shape);
    this.#showing(newest?.masks ? 'test' : 'train');
    setText(this.note, t(newest ? 'seen.tested' : 'seen.awaited'));
    const overlaps = joined([...(newest?.masks?.overlaps ?? [])].map((overlap) => number(overlap, { style: 'percent' })));
    this.grid.setAttribute('aria-label', newest
      ? t('seen.test-masks', { count: number(SHOWN), run: nameOf(newest), overlaps })
      : t('seen.train-masks', { count: number(SHOWN) }));
  }
}

/** What of a spec changes what the network gets; nothing else does. @param {ExperimentSpec} spec */
const look = (spec) => JSON.stringify([spec.data, spec.augment, spec.permute, spec.normalize, spec.mean, spec.std, spec.seed]);
