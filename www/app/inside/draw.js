// A place to draw: every run on the chart says at once what it takes the drawing for, and shows the
// drawing as it gets it, with its pixels shuffled where that run shuffles them.

import { h, setText } from '../base/dom.js';
import { isProblem } from '../base/is-problem.js';
import { classText, percent, problemText, t } from '../base/i18n.js';
import { nameOf, swatch } from '../runs/marks.js';
import { bars, KeptTiles } from '../base/tiles.js';

/** @import { DataFacts } from '../core.d.ts' */
/** @import { Run } from '../runs/list.js' */
/** @import { RunStore } from '../base/storage.js' */
/** @import { InsideClient } from './client.js' */
/** @import { Subject, View } from './panel.js' */
/** @import { Pictures } from './pictures.js' */

const SIZE = 280;
const PEN = 22;
/** How far a key moves the pen: an image has about thirty places. */
const MOVE = 10;
/** What is kept of the sketch, under this name: its ink, a byte a pixel. */
const KEPT = 'sketch';
/** Classes that are shown of each run. */
const SHOWN = 3;

/** @implements {View} */
export class DrawView {
  live = true;
  /** @type {{ x: number, y: number } | undefined} */
  #last;
  /** Whether something was drawn since the page opened. */
  #touched = false;
  #reading = false;
  #again = false;
  #tiles = new KeptTiles();
  /** Whose images the drawing becomes like. @type {Run | undefined} */
  #run;
  /** Where the keyboard's pen is. */
  #at = { x: SIZE / 2, y: SIZE / 2 };

  /** @param {RunStore} store @param {InsideClient} client @param {Pictures} pictures @param {(shown: (run: Run, facts: DataFacts) => Promise<void>) => Promise<void>} everyone */
  constructor(store, client, pictures, everyone) {
    this.store = store;
    this.client = client;
    this.pictures = pictures;
    this.everyone = everyone;
    this.canvas = h('canvas', {
      class: 'sketch', width: SIZE, height: SIZE, tabindex: 0, role: 'application', 'aria-roledescription': t('inside.sketch-role'), 'aria-label': t('inside.sketch'),
      'aria-describedby': 'sketch-hint', onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event), onblur: () => this.#showPen(false), onfocus: () => this.#showPen(true),
      onpointerdown: (/** @type {PointerEvent} */ event) => {
        this.canvas.setPointerCapture(event.pointerId);
        this.#last = undefined;
        this.#stroke(this.#placeOf(event));
      },
      onpointermove: (/** @type {PointerEvent} */ event) => { if (event.buttons > 0) this.#stroke(this.#placeOf(event)); },
      onpointerup: () => {
        this.#last = undefined;
        this.#keep();
      },
    });
    this.pen = h('span', { class: 'sketch-pen', hidden: true, 'aria-hidden': 'true' });
    this.#wipe();
    const clear = h('button', { type: 'button', class: 'small', onclick: () => this.#clear() }, t('inside.clear'));
    void this.#restore();
    this.note = h('p', { class: 'caption', id: 'sketch-hint' }, t('inside.sketch-hint'));
    this.answers = h('div', { class: 'answers' });
    this.element = h('div', { class: 'view draw' }, h('div', { class: 'sketch-box' }, h('div', { class: 'sketch-frame' }, this.canvas, this.pen), clear, this.note), this.answers);
  }

  /** @param {Subject} subject */
  async show({ run }) {
    this.#run = run;
    /** @type {HTMLElement[]} */
    const answers = [];
    await this.everyone(async (run, facts) => { answers.push(await this.#answer(run, facts, answers.length)); });
    this.answers.replaceChildren(...answers);
  }

  /** @param {Run} run @param {DataFacts} facts @param {number} place among the answers */
  async #answer(run, facts, place) {
    const name = nameOf(run);
    const head = h('div', { class: 'answer-head' }, swatch(run), h('b', {}, name));
    if (facts.classes.length < 2) return h('section', { class: 'answer' }, head);
    const { probabilities, seen } = await this.client.ask(run, { kind: 'classify' });
    const ranked = probabilities.map((share, at) => ({ share, name: classText(facts.classes[at] ?? '') })).sort((a, b) => b.share - a.share).slice(0, SHOWN);
    const shuffled = run.spec.permute !== 'off';
    const picture = this.#tiles.tile(place, seen, 1);
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', t(shuffled ? 'inside.seen-shuffled' : 'inside.seen-plain'));
    return h('section', { class: 'answer', 'aria-label': t('inside.answer', { run: name, class: ranked[0]?.name ?? '', share: percent(ranked[0]?.share ?? 0) }) },
      head, h('div', { class: 'answer-body' }, picture, bars(ranked.map(({ share, name: text }) => ({ name: text, share, text: percent(share) })))));
  }

  #wipe() {
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    context.fillStyle = 'black';
    context.fillRect(0, 0, SIZE, SIZE);
  }

  /** What was drawn before the page went away; the picture that came of it is kept by itself. */
  async #restore() {
    await this.store.ready;
    const ink = /** @type {Uint8Array | undefined} */ (await this.store.thing(KEPT));
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    if (!ink || !context || this.#touched) return;
    const image = context.createImageData(SIZE, SIZE);
    ink.forEach((shade, at) => image.data.set([shade, shade, shade, 255], at * 4));
    context.putImageData(image, 0, 0);
  }

  /** How bright each pixel is, `[SIZE, SIZE]`. */
  #ink() {
    const data = this.canvas.getContext('2d', { willReadFrequently: true })?.getImageData(0, 0, SIZE, SIZE).data ?? [];
    return new Uint8Array(SIZE * SIZE).map((_, at) => data[at * 4] ?? 0);
  }

  #keep() {
    void this.store.putThing(KEPT, this.#ink());
  }

  #clear() {
    this.#wipe();
    void this.store.removeThing(KEPT);
    void this.#read();
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
    else if (event.key === 'Delete' || event.key === 'Backspace') this.#clear();
    else return;
    event.preventDefault();
    this.#last = undefined;
    this.#showPen(true);
    if (event.key === ' ' || event.shiftKey) this.#keep();
  }

  /** @param {boolean} shown */
  #showPen(shown) {
    this.pen.hidden = !shown;
    Object.assign(this.pen.style, { left: `${(100 * this.#at.x) / SIZE}%`, top: `${(100 * this.#at.y) / SIZE}%` });
  }

  /** Draws from the last place to this one. @param {{ x: number, y: number }} to */
  #stroke(to) {
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    const from = this.#last ?? to;
    Object.assign(context, { strokeStyle: 'white', lineWidth: PEN, lineCap: 'round', lineJoin: 'round' });
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    this.#last = to;
    this.#touched = true;
    void this.#read();
  }

  /** Has every run classify the drawing; meanwhile only the latest drawing counts. */
  async #read() {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    try {
      if (this.#run) this.pictures.choose(await this.client.drawn(this.#run, this.#ink(), SIZE));
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      setText(this.note, problemText(thrown));
    }
    this.#reading = false;
    if (this.#again) {
      this.#again = false;
      void this.#read();
    }
  }
}
