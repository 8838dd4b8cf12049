// What each of the three switches does, on one image: shown in its tip, so that it is seen before anything is read.

import { h, svg } from '../base/dom.js';
import { number, t, valueText } from '../base/i18n.js';
import { isProblem } from '../base/is-problem.js';
import { COUNTED } from './preview.js';

/** @import { Engine } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { FirstImages } from './images.js' */
/** @import { Preview } from './preview.js' */

/** Two layers, one after the other; and the way around them, with the sum. */
const LAYERS = 'M34 18h44v14H34zM34 44h44v14H34z';
const AROUND = 'M56 10H16V75H49';
const SUM = 'M49 75a7 7 0 1 0 14 0a7 7 0 1 0-14 0M52 75H60M56 71V79';

/** @typedef {{ engine: Engine, experiment: Experiment, first: FirstImages, preview: Preview }} Page */

/** The effect of a switch on the image that is followed; nothing as long as there is none. @param {string} key @param {Page} page @returns {HTMLElement | undefined} */
export function effect(key, page) {
  if (key === 'residual') return h('div', { class: 'effect', 'aria-hidden': 'true' }, block(false), block(true));
  try {
    return compared(key, page);
  } catch (thrown) {
    if (!isProblem(thrown)) throw thrown;
    return undefined;
  }
}

/** @param {string} key @param {Page} page */
function compared(key, { engine, experiment, first: { shown }, preview: { chosen } }) {
  if (shown.state !== 'ready') return undefined;
  const { choices } = experiment.view;
  const { images } = shown;
  const { width, height } = images.facts.shape;
  const at = chosen.split === 'train' ? chosen.at : 0;
  const field = experiment.field(key);
  const all = field.kind.type === 'choice' ? field.kind.words : [];
  const [plain = ''] = all;
  // Of many settings the one that is on, beside the plain one.
  const words = key === 'permute' ? all : [plain, String(field.value === plain ? field.default : field.value)];
  const each = words.map((word) => {
    const { spec } = engine.view({ ...choices, [key]: word }, images.facts);
    const { before, after, histogram: { lowest, highest } } = images.preview(spec, at + 1, COUNTED);
    const canvas = h('canvas', { class: 'effect-image', width, height });
    const size = width * height * 4;
    const pixels = (key === 'normalize' && word === plain ? before : after).slice(at * size, (at + 1) * size);
    if (pixels.length > 0) canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
    const values = [lowest, highest].map((value) => number(value, { maximumSignificantDigits: 3 }));
    return h('figure', {}, canvas, h('figcaption', {}, valueText(key, word), key === 'normalize' && h('span', {}, t('effect.values', { least: values[0] ?? '', most: values[1] ?? '' }))));
  });
  return h('div', { class: 'effect', 'aria-hidden': 'true' }, ...each);
}

/** A block of two layers, with or without its shortcut. @param {boolean} residual */
function block(residual) {
  const picture = svg('svg', { viewBox: '0 0 112 96', class: 'effect-block' },
    svg('path', { d: 'M56 4V18M56 32V44M56 58V92' }), svg('path', { d: LAYERS, class: 'effect-layer' }),
    ...(residual ? [svg('path', { d: AROUND, class: 'effect-shortcut' }), svg('path', { d: SUM, class: 'effect-sum' })] : []));
  return h('figure', {}, picture, h('figcaption', {}, t(residual ? 'effect.with' : 'effect.without')));
}
