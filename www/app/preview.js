// "What the network sees": the first images before and after the transform, and the histogram.

import { h, setText } from './dom.js';
import { histogram } from './histogram.js';
import { classText, number, problemText, t, valueText } from './i18n.js';
import { isProblem } from './engine.js';

/** @import { View } from './core.d.ts' */
/** @import { FirstImages } from './images.js' */
/** @import { Images } from './engine.js' */
/** @import { Experiment } from './experiment.js' */

/** Images shown, and images whose values are counted. */
const SHOWN = 8;
const COUNTED = 500;

export class Preview {
  #drawn = '';

  /** @param {HTMLElement} place @param {Experiment} experiment @param {FirstImages} first */
  constructor(place, experiment, first) {
    this.experiment = experiment;
    this.first = first;
    const pair = () => ({
      before: h('canvas', { class: 'sample', width: 28, height: 28 }),
      after: h('canvas', { class: 'sample', width: 28, height: 28 }),
      label: h('span', { class: 'sample-class' }),
    });
    this.pairs = Array.from({ length: SHOWN }, pair);
    this.grid = h('div', { class: 'samples', role: 'img' },
      h('span', { class: 'samples-label' }, t('seen.before')), ...this.pairs.map((one) => one.before),
      h('span', { class: 'samples-label' }, t('seen.after')), ...this.pairs.map((one) => one.after),
      ...this.pairs.map((one) => one.label));
    this.clipped = h('p', { class: 'caption' }, t('seen.clipped'));
    this.histogram = h('figure', { class: 'histogram' });
    this.state = h('div', { class: 'panel-state' });
    place.replaceChildren(
      h('div', { class: 'samples-box' }, this.grid, this.clipped), this.histogram, this.state);
    this.place = place;
    experiment.subscribe(() => this.#show());
    first.subscribe(() => this.#show());
    this.#show();
  }

  #show() {
    const { view } = this.experiment;
    const shown = this.first.shown;
    this.place.dataset.state = shown.state;
    const data = valueText('data', view.spec.data);
    if (shown.state === 'ready') this.#draw(view, shown.images);
    else if (shown.state === 'loading') this.state.replaceChildren(t('seen.loading', { data }));
    else if (shown.state === 'none') this.state.replaceChildren(t('own.formats'));
    else {
      const again = h('button', { type: 'button', class: 'small', onclick: () => this.first.load() }, t('seen.retry'));
      this.state.replaceChildren(t('seen.failed', { data, detail: shown.detail }), again);
    }
  }

  /** @param {View} view @param {Images} images */
  #draw(view, images) {
    const { spec } = view;
    // Nothing else changes what the network gets.
    const key = JSON.stringify([spec.data, spec.permute, spec.normalize, spec.mean, spec.std, spec.seed]);
    if (key === this.#drawn && this.grid.dataset.facts === JSON.stringify(images.facts)) return;
    this.#drawn = key;
    this.grid.dataset.facts = JSON.stringify(images.facts);
    try {
      const pictures = images.preview(spec, SHOWN, COUNTED);
      const { height, width } = images.facts.shape;
      this.pairs.forEach((pair, at) => {
        paint(pair.before, pictures.before, at, width, height);
        paint(pair.after, pictures.after, at, width, height);
        const words = classText(images.facts.classes[images.labels[at] ?? -1] ?? '');
        setText(pair.label, words);
        pair.label.title = words;
      });
      const classes = this.pairs.map(({ label }) => label.textContent).filter(Boolean).join(', ');
      this.grid.setAttribute('aria-label', t('seen.images', { count: number(SHOWN), classes }));
      setText(this.clipped, t('seen.clipped'));
      this.histogram.replaceChildren(...histogram(pictures.histogram));
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      setText(this.clipped, problemText(thrown));
    }
  }
}

/** @param {HTMLCanvasElement} canvas @param {Uint8ClampedArray} pixels @param {number} at @param {number} width @param {number} height */
function paint(canvas, pixels, at, width, height) {
  canvas.width = width;
  canvas.height = height;
  const size = width * height * 4;
  const image = pixels.slice(at * size, (at + 1) * size);
  canvas.hidden = image.length === 0;
  if (image.length > 0) canvas.getContext('2d')?.putImageData(new ImageData(image, width, height), 0, 0);
}
