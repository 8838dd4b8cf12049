// A place to draw: white ink on black, by mouse, pen, finger or keyboard.

import { h } from './dom.js';
import { t } from './i18n.js';

const SIZE = 280;
const PEN = 22;
/** How far a key moves the pen: an image has about thirty places. */
const MOVE = 10;

/** What is told: each piece of a stroke, its end, and that all is gone. @typedef {{ drawn?: () => void, lifted?: () => void, cleared?: () => void }} Listeners */

export class Pad {
  /** Height and width of the ink. */
  size = SIZE;
  /** Whether there is ink. */
  isEmpty = true;
  /** @type {{ x: number, y: number } | undefined} */
  #last;
  /** Where the keyboard's pen is. */
  #at = { x: SIZE / 2, y: SIZE / 2 };

  /** @param {string} hint the id of the words that say how to draw @param {Listeners} on */
  constructor(hint, on) {
    this.on = on;
    this.canvas = h('canvas', {
      class: 'sketch', width: SIZE, height: SIZE, tabindex: 0, role: 'application', 'aria-roledescription': t('pad.role'), 'aria-label': t('pad.name'),
      'aria-describedby': hint, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event), onblur: () => this.#showPen(false), onfocus: () => this.#showPen(true),
      onpointerdown: (/** @type {PointerEvent} */ event) => {
        this.canvas.setPointerCapture(event.pointerId);
        this.#last = undefined;
        this.#stroke(this.#placeOf(event));
      },
      onpointermove: (/** @type {PointerEvent} */ event) => { if (event.buttons > 0) this.#stroke(this.#placeOf(event)); },
      onpointerup: () => {
        this.#last = undefined;
        this.on.lifted?.();
      },
    });
    this.pen = h('span', { class: 'sketch-pen', hidden: true, 'aria-hidden': 'true' });
    this.element = h('div', { class: 'sketch-frame' }, this.canvas, this.pen);
    this.clearButton = h('button', { type: 'button', class: 'small', onclick: () => this.clear() }, t('pad.clear'));
    this.#wipe();
  }

  get #context() {
    return this.canvas.getContext('2d', { willReadFrequently: true });
  }

  #wipe() {
    this.isEmpty = true;
    const context = this.#context;
    if (!context) return;
    context.fillStyle = 'black';
    context.fillRect(0, 0, SIZE, SIZE);
  }

  clear() {
    this.#wipe();
    this.on.cleared?.();
  }

  /** How bright each pixel is, `[size, size]`. */
  get ink() {
    const data = this.#context?.getImageData(0, 0, SIZE, SIZE).data ?? [];
    return new Uint8Array(SIZE * SIZE).map((_, at) => data[at * 4] ?? 0);
  }

  /** Shows what was drawn another time. @param {Uint8Array} ink */
  show(ink) {
    const context = this.#context;
    if (!context) return;
    const image = context.createImageData(SIZE, SIZE);
    ink.forEach((shade, at) => image.data.set([shade, shade, shade, 255], at * 4));
    context.putImageData(image, 0, 0);
    this.isEmpty = false;
  }

  /** What is drawn, as a picture; none if nothing is. @returns {Promise<Blob | null>} */
  async picture() {
    return this.isEmpty ? null : new Promise((resolve) => { this.canvas.toBlob(resolve, 'image/png'); });
  }

  /** @param {PointerEvent} event */
  #placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * SIZE, y: ((event.clientY - box.top) / box.height) * SIZE };
  }

  /** Arrows move the pen, with Shift they draw; Space makes a dot, Delete clears. @param {KeyboardEvent} event */
  #key(event) {
    const by = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] })[event.key];
    if (by) {
      const from = { ...this.#at };
      const within = /** @param {number} place */ (place) => Math.max(0, Math.min(SIZE, place));
      this.#at = { x: within(from.x + by[0] * MOVE), y: within(from.y + by[1] * MOVE) };
      if (event.shiftKey) {
        this.#last = from;
        this.#stroke(this.#at);
      }
    } else if (event.key === ' ') this.#stroke(this.#at);
    else if (event.key === 'Delete' || event.key === 'Backspace') this.clear();
    else return;
    event.preventDefault();
    this.#last = undefined;
    this.#showPen(true);
    if (event.key === ' ' || event.shiftKey) this.on.lifted?.();
  }

  /** @param {boolean} shown */
  #showPen(shown) {
    this.pen.hidden = !shown;
    Object.assign(this.pen.style, { left: `${(100 * this.#at.x) / SIZE}%`, top: `${(100 * this.#at.y) / SIZE}%` });
  }

  /** Draws from the last place to this one. @param {{ x: number, y: number }} to */
  #stroke(to) {
    const context = this.#context;
    if (!context) return;
    const from = this.#last ?? to;
    Object.assign(context, { strokeStyle: 'white', lineWidth: PEN, lineCap: 'round', lineJoin: 'round' });
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    this.#last = to;
    this.isEmpty = false;
    this.on.drawn?.();
  }
}
