// A place to draw: white ink on black, by mouse, pen, finger or keyboard. The core keeps what is drawn; the canvas only shows it,
// since what a page reads back of a canvas may be noise (a protection against fingerprinting).

import { h } from './dom.js';
import { t } from './i18n.js';

/** How far a key moves the pen: an image has about thirty places. */
const MOVE = 10;

/** What is told: each piece of a stroke, its end, and that all is gone. @typedef {{ drawn?: () => void, lifted?: () => void, cleared?: () => void }} Listeners */

/** @import { Ink } from '../../pkg/core/core.js' */

/** Gives a clean sheet, or one that was drawn on before. @typedef {(shades?: Uint8Array<ArrayBuffer>) => Ink} NewInk */

export class Pad {
  /** @type {{ x: number, y: number } | undefined} */
  #last;
  /** @type {Ink} */
  #sheet;
  /** Where the keyboard's pen is. */
  #at;

  /** @param {NewInk} newInk @param {string} hint the id of the words that say how to draw @param {Listeners} on */
  constructor(newInk, hint, on) {
    this.newInk = newInk;
    this.on = on;
    this.#sheet = newInk();
    /** Height and width of the ink. */
    this.size = this.#sheet.size;
    this.#at = { x: this.size / 2, y: this.size / 2 };
    this.canvas = h('canvas', {
      class: 'sketch', width: this.size, height: this.size, tabindex: 0, role: 'application', 'aria-roledescription': t('pad.role'), 'aria-label': t('pad.name'),
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
    this.#paint();
  }

  /** Shows what is drawn. */
  #paint() {
    this.canvas.getContext('2d')?.putImageData(new ImageData(this.#sheet.seen(), this.size), 0, 0);
  }

  clear() {
    this.#turnTo(this.newInk());
    this.on.cleared?.();
  }

  /** @param {Ink} sheet */
  #turnTo(sheet) {
    this.#sheet.free();
    this.#sheet = sheet;
    this.#paint();
  }

  /** How bright each pixel is, `[size, size]`. @returns {Uint8Array<ArrayBuffer>} */
  get ink() {
    return /** @type {Uint8Array<ArrayBuffer>} */ (this.#sheet.shades);
  }

  /** Shows what was drawn another time. @param {Uint8Array<ArrayBuffer>} ink */
  show(ink) {
    this.#turnTo(this.newInk(ink));
  }

  /** What is drawn, as a picture; none if nothing is. */
  get picture() {
    return this.#sheet.isEmpty ? undefined : new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (this.#sheet.picture())], { type: 'image/bmp' });
  }

  /** @param {PointerEvent} event */
  #placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * this.size, y: ((event.clientY - box.top) / box.height) * this.size };
  }

  /** Arrows move the pen, with Shift they draw; Space makes a dot, Delete clears. @param {KeyboardEvent} event */
  #key(event) {
    const by = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] })[event.key];
    if (by) {
      const from = { ...this.#at };
      const within = /** @param {number} place */ (place) => Math.max(0, Math.min(this.size, place));
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
    Object.assign(this.pen.style, { left: `${(100 * this.#at.x) / this.size}%`, top: `${(100 * this.#at.y) / this.size}%` });
  }

  /** Draws from the last place to this one. @param {{ x: number, y: number }} to */
  #stroke(to) {
    const from = this.#last ?? to;
    this.#sheet.line(from.x, from.y, to.x, to.y);
    this.#paint();
    this.#last = to;
    this.on.drawn?.();
  }
}
