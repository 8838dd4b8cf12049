// Where to begin: on the empty charts, the first lab, and four pairs of short runs with something to see in seconds.

import { h, svg } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { labText } from './words.js';

/** @import { FirstStep } from '../core.d.ts' */
/** @import { Queue } from '../run/queue.js' */
/** @import { Labs } from './labs.js' */

/** Pixels of a picture's edge. */
const EDGE = 48;

/** @param {...SVGElement} shapes */
const picture = (...shapes) => svg('svg', { viewBox: `0 0 ${EDGE} ${EDGE}`, width: EDGE, height: EDGE, 'aria-hidden': 'true' }, ...shapes);

/** @param {number} x @param {number} y @param {number} width @param {number} height @param {string} kind */
const box = (x, y, width, height, kind) => svg('rect', { x, y, width, height, rx: 1.5, class: kind });

/** A digit's pixels, some of them elsewhere. */
const SCATTERED = [[0, 1], [1, 4], [2, 0], [2, 3], [3, 5], [4, 2], [4, 4], [5, 0], [5, 3]];
/** A seven, and the background that it was cut from. */
const SEVEN = [[1, 1], [2, 1], [3, 1], [4, 1], [4, 2], [3, 3], [3, 4], [2, 5]];

/** What each step is about, drawn. @type {Record<string, () => SVGElement>} */
const PICTURES = {
  shuffled: () => picture(box(0, 0, 48, 48, 'ground'), ...SCATTERED.map(([x = 0, y = 0]) => box(x * 8 + 0.5, y * 8 + 0.5, 7, 7, 'ink'))),
  plain: () => picture(...[0, 8, 16, 24, 32, 40].map((y) => box(8, y, 32, 6, y < 16 ? 'ink' : y < 32 ? 'mid' : 'ground'))),
  mistake: () => picture(box(0, 44, 48, 1, 'ink'), ...[[4, 4], [10, 6], [16, 9], [22, 6], [28, 3]].map(([x = 0, height = 0]) => box(x, 44 - height, 4, height, 'ground')), box(36, 4, 5, 40, 'accent')),
  skips: () => picture(box(0, 0, 48, 48, 'ground'), ...SEVEN.map(([x = 0, y = 0]) => box(x * 8 + 0.5, y * 8 + 0.5, 7, 7, 'accent'))),
};

/**
 * Fills the place that is shown while no run is.
 * @param {HTMLElement} place @param {Labs} labs @param {Queue} queue
 */
export function showFirstSteps(place, labs, queue) {
  const [lab] = labs.all;
  if (!lab) return;
  place.classList.add('first');
  place.replaceChildren(
    h('p', {}, h('b', {}, t('first.new')), ' ', t('first.run'), ' ',
      h('button', { type: 'button', class: 'first-lab', 'data-part': 'labs', onclick: () => labs.open(lab.id) }, t('first.lab', { question: labText(lab.id, 'question') }))),
    h('p', { class: 'caption' }, t('first.pairs')),
    h('div', { class: 'first-steps' }, ...labs.engine.firstSteps().map((step) => h('button', { type: 'button', 'data-first': step.id, onclick: () => void begin(step, queue) },
      PICTURES[step.id]?.(), h('span', {}, t(`first.${step.id}`))))));
}

/** Makes both runs, one after the other. @param {FirstStep} step @param {Queue} queue */
const begin = ({ id, runs }, queue) => (queue.busy ? undefined : queue.start(runs.map((choices) => ({ choices, label: null, group: `first ${id} ${Date.now()}` }))));
