// The drawing pad: every run on the chart says at once what it takes the drawing for, and shows the
// drawing as it gets it, with its pixels shuffled where that run shuffles them.

import { h, setText } from '../base/dom.js';
import { isProblem } from '../base/is-problem.js';
import { classText, percent, problemText, t } from '../base/i18n.js';
import { Pad } from '../base/pad.js';
import { nameOf, swatch } from '../runs/marks.js';
import { bars, KeptTiles } from '../base/tiles.js';

/** @import { DataFacts } from '../core.d.ts' */
/** @import { Run } from '../runs/list.js' */
/** @import { RunStore } from '../base/storage.js' */
/** @import { InsideClient } from './client.js' */
/** @import { Subject, View } from './panel.js' */
/** @import { Pictures } from './pictures.js' */

/** What is kept of the sketch, under this name: its ink, a byte a pixel. */
const KEPT = 'sketch';
/** Classes that are shown of each run. */
const SHOWN = 3;

/** @implements {View} */
export class DrawView {
  live = true;
  /** Whether something was drawn since the page opened. */
  #touched = false;
  #reading = false;
  #again = false;
  #tiles = new KeptTiles();
  /** Whose images the drawing becomes like. @type {Run | undefined} */
  #run;

  /** @param {RunStore} store @param {InsideClient} client @param {Pictures} pictures @param {(shown: (run: Run, facts: DataFacts) => Promise<void>) => Promise<void>} everyone */
  constructor(store, client, pictures, everyone) {
    this.store = store;
    this.client = client;
    this.pictures = pictures;
    this.everyone = everyone;
    this.pad = new Pad(pictures.engine.newInk, 'sketch-hint', {
      drawn: () => {
        this.#touched = true;
        void this.#read();
      },
      lifted: () => void this.store.putThing(KEPT, this.pad.ink),
      cleared: () => {
        void this.store.removeThing(KEPT);
        void this.#read();
      },
    });
    void this.#restore();
    this.note = h('p', { class: 'caption', id: 'sketch-hint' }, t('inside.sketch-hint'));
    this.answers = h('div', { class: 'answers' });
    this.element = h('div', { class: 'view draw' }, h('div', { class: 'sketch-box' }, this.pad.element, this.pad.clearButton, this.note), this.answers);
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

  /** What was drawn before the page went away; the picture that came of it is kept by itself. */
  async #restore() {
    await this.store.ready;
    const ink = await this.store.thing(KEPT);
    if (ink instanceof Uint8Array && !this.#touched) this.pad.show(new Uint8Array(ink));
  }

  /** Has every run classify the drawing; meanwhile only the latest drawing counts. */
  async #read() {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    try {
      if (this.#run) this.pictures.choose(await this.client.drawn(this.#run, this.pad.ink, this.pad.size));
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
