// A place to draw: every run on the chart says at once what it takes the drawing for, and shows the
// drawing as it gets it, with its pixels shuffled where that run shuffles them.

import { h, setText } from '../base/dom.js';
import { isProblem } from '../base/is-problem.js';
import { classText, percent, problemText, t } from '../base/i18n.js';
import { nameOf, swatch } from '../runs/marks.js';
import { bars, tile } from './tiles.js';

/** @import { DataFacts } from '../core.d.ts' */
/** @import { Run } from '../runs/list.js' */
/** @import { RunStore } from '../base/storage.js' */
/** @import { InsideClient } from './client.js' */
/** @import { View } from './panel.js' */
/** @import { Pictures } from './pictures.js' */

const SIZE = 280;
const PEN = 22;
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

  /** @param {RunStore} store @param {InsideClient} client @param {Pictures} pictures @param {(shown: (run: Run, facts: DataFacts) => Promise<void>) => Promise<void>} everyone */
  constructor(store, client, pictures, everyone) {
    this.store = store;
    this.client = client;
    this.pictures = pictures;
    this.everyone = everyone;
    this.canvas = h('canvas', {
      class: 'sketch', width: SIZE, height: SIZE, tabindex: 0, 'aria-label': t('inside.sketch'),
      onpointerdown: (/** @type {PointerEvent} */ event) => {
        this.canvas.setPointerCapture(event.pointerId);
        this.#last = undefined;
        this.#stroke(event);
      },
      onpointermove: (/** @type {PointerEvent} */ event) => { if (event.buttons > 0) this.#stroke(event); },
      onpointerup: () => {
        this.#last = undefined;
        void this.store.putThing(KEPT, this.#ink());
      },
    });
    this.#wipe();
    const clear = h('button', { type: 'button', class: 'small', onclick: () => {
      this.#wipe();
      void this.store.removeThing(KEPT);
      void this.#read();
    } }, t('inside.clear'));
    void this.#restore();
    this.note = h('p', { class: 'caption' }, t('inside.sketch-hint'));
    this.answers = h('div', { class: 'answers' });
    this.element = h('div', { class: 'view draw' }, h('div', { class: 'sketch-box' }, this.canvas, clear, this.note), this.answers);
  }

  async show() {
    /** @type {HTMLElement[]} */
    const answers = [];
    await this.everyone(async (run, facts) => { answers.push(await this.#answer(run, facts)); });
    this.answers.replaceChildren(...answers);
  }

  /** @param {Run} run @param {DataFacts} facts */
  async #answer(run, facts) {
    const name = nameOf(run);
    const head = h('div', { class: 'answer-head' }, swatch(run), h('b', {}, name));
    if (facts.classes.length < 2) return h('section', { class: 'answer' }, head);
    const { probabilities, seen } = await this.client.ask(run, { kind: 'classify' });
    const ranked = probabilities.map((share, at) => ({ share, name: classText(facts.classes[at] ?? '') })).sort((a, b) => b.share - a.share).slice(0, SHOWN);
    const shuffled = run.spec.permute !== 'off';
    const picture = tile(seen, 1);
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

  /** @param {PointerEvent} event */
  #stroke(event) {
    const box = this.canvas.getBoundingClientRect();
    const to = { x: ((event.clientX - box.left) / box.width) * SIZE, y: ((event.clientY - box.top) / box.height) * SIZE };
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
      this.pictures.choose(await this.client.drawn(this.#ink(), SIZE));
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
