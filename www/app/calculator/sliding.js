// The kernel slides over the padded input, and each of its places is a pixel of the output.

import { h, svg } from '../base/dom.js';
import { number, t } from '../base/i18n.js';

/** @typedef {{ size: number, padding: number, kernel: number, dilation: number, stride: number, span: number, places: number }} Geometry */

/** The edge of the padded input as it is drawn, and the space beside it. */
const EDGE = 240;
const GAP = 56;
/** More pixels than this on an edge are not drawn one by one. */
const MOST_CELLS = 40;
/** Milliseconds at one place. */
const PAUSE = 700;

const still = matchMedia('(prefers-reduced-motion: reduce)');

export class Sliding {
  /** @type {Geometry | undefined} */
  #geometry;
  #at = 0;
  #on = false;
  /** Whether a person points at a place. */
  #held = false;
  #timer = 0;

  constructor() {
    this.words = h('p', { class: 'caption' });
    this.picture = svg('svg', { viewBox: `-1 -1 ${2 * EDGE + GAP + 2} ${EDGE + 2}`, role: 'img' });
    this.element = h('figure', { class: 'sliding' }, this.picture, this.words);
    this.picture.addEventListener('pointermove', (event) => this.#point(event));
    this.picture.addEventListener('pointerleave', () => { this.#held = false; });
  }

  /** Whether it may move. @param {boolean} on */
  turn(on) {
    this.#on = on;
    clearInterval(this.#timer);
    if (on) this.#timer = window.setInterval(() => this.#step(), PAUSE);
  }

  /** @param {Geometry | undefined} geometry none for a layer that has no kernel */
  show(geometry) {
    this.#geometry = geometry;
    this.element.classList.toggle('nothing', geometry === undefined);
    if (!geometry) {
      this.picture.replaceChildren();
      this.words.textContent = t('calculator.dense-picture');
      return;
    }
    this.#at = 0;
    const padded = geometry.size + 2 * geometry.padding;
    const unit = EDGE / padded;
    const inside = geometry.padding * unit;
    const out = EDGE / Math.max(padded, geometry.places);
    const left = EDGE + GAP;
    const outEdge = out * geometry.places;
    const top = (EDGE - outEdge) / 2;
    this.taps = svg('g', { class: 'taps' }, ...this.#taps(geometry, unit));
    this.place = svg('rect', { class: 'place', width: Math.max(2, out), height: Math.max(2, out) });
    this.layout = { unit, out, left, top };
    this.picture.replaceChildren(
      svg('rect', { class: 'padded', width: EDGE, height: EDGE }),
      svg('rect', { class: 'input', x: inside, y: inside, width: EDGE - 2 * inside, height: EDGE - 2 * inside }),
      ...lines(padded, unit, 0, 0), this.taps,
      svg('path', { class: 'arrow', d: `M${EDGE + 14} ${EDGE / 2}h${GAP - 30}m-6 -5l6 5l-6 5` }),
      svg('rect', { class: 'output', x: left, y: top, width: outEdge, height: outEdge }),
      ...lines(geometry.places, out, left, top), this.place);
    const params = Object.fromEntries(Object.entries(geometry).map(([key, value]) => [key, number(value)]));
    this.words.textContent = t(geometry.dilation > 1 ? 'calculator.picture-dilated' : 'calculator.picture', params);
    this.picture.setAttribute('aria-label', this.words.textContent);
    this.#move();
  }

  /** The weights of the kernel, apart from each other if it is dilated. @param {Geometry} geometry @param {number} unit */
  #taps({ kernel, dilation, span }, unit) {
    const edge = Math.max(2, span * unit);
    const frame = svg('rect', { class: 'span', width: edge, height: edge });
    if (dilation === 1 || unit < 3) return [frame];
    const all = Array.from({ length: kernel * kernel }, (_, at) => svg('rect', {
      class: 'tap', x: (at % kernel) * dilation * unit, y: Math.floor(at / kernel) * dilation * unit, width: unit, height: unit,
    }));
    return [frame, ...all];
  }

  #step() {
    const { places } = this.#geometry ?? { places: 0 };
    if (!this.#on || this.#held || still.matches || document.hidden || places === 0) return;
    this.#at = (this.#at + 1) % (places * places);
    this.#move();
  }

  #move() {
    const { places, stride } = this.#geometry ?? { places: 1, stride: 1 };
    const { unit, out, left, top } = this.layout ?? { unit: 0, out: 0, left: 0, top: 0 };
    const [row, column] = [Math.floor(this.#at / places), this.#at % places];
    this.taps?.setAttribute('transform', `translate(${column * stride * unit} ${row * stride * unit})`);
    this.place?.setAttribute('x', String(left + column * out));
    this.place?.setAttribute('y', String(top + row * out));
  }

  /** The place under the pointer: over the output its pixel, over the input the kernel that begins there. @param {PointerEvent} event */
  #point(event) {
    const geometry = this.#geometry;
    const { unit, out, left, top } = this.layout ?? { unit: 1, out: 1, left: 0, top: 0 };
    const matrix = this.picture.getScreenCTM();
    if (!geometry || !matrix) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const over = x > EDGE;
    const middle = geometry.span / 2;
    const place = /** @param {number} along */ (along) => Math.round((along / unit - middle) / geometry.stride);
    const [column, row] = over ? [Math.floor((x - left) / out), Math.floor((y - top) / out)] : [place(x), place(y)];
    const within = /** @param {number} at */ (at) => Math.min(Math.max(at, 0), geometry.places - 1);
    this.#held = true;
    this.#at = within(row) * geometry.places + within(column);
    this.#move();
  }
}

/** The edges between pixels, if they are not too many. @param {number} count @param {number} unit @param {number} left @param {number} top */
function lines(count, unit, left, top) {
  if (count > MOST_CELLS) return [];
  const end = count * unit;
  const d = Array.from({ length: count - 1 }, (_, at) => `M${left + (at + 1) * unit} ${top}v${end}M${left} ${top + (at + 1) * unit}h${end}`).join('');
  return [svg('path', { class: 'cells', d })];
}
