// What a channel wants to see: the parts of test images that excite it most, and an image made to.

import { h, setText } from '../base/dom.js';
import { beside, classText, number, rounded, t } from '../base/i18n.js';
import { Scale } from '../base/scale.js';
import { paint, tile } from '../base/tiles.js';

/** @import { Patches, Summary } from '../core.d.ts' */
/** @import { InsideClient } from './client.js' */
/** @import { Attempt, Subject, View } from './panel.js' */

/** Test images that are searched. */
const IMAGES = 500;
/** Steps of gradient ascent, and those between two pictures. */
const STEPS = 240;
const SLICE = 8;

/** @implements {View} */
export class ExciteView {
  live = false;
  /** @type {Subject | undefined} */
  #subject;
  #row = -1;
  #channel = 0;
  #made = '';
  #found = '';
  /** Counts the climbs, so that an older one ends. */
  #climb = 0;

  /** @param {InsideClient} client @param {Attempt} attempt */
  constructor(client, attempt) {
    this.client = client;
    this.attempt = attempt;
    this.layers = h('select', { id: 'excite-layer', onchange: () => this.choose(Number(this.layers.value), 0) });
    this.channel = h('input', { id: 'excite-channel', type: 'number', min: 1, step: 1, value: 1, onchange: () => this.choose(this.#row, Number(this.channel.value) - 1) });
    this.of = h('span', { class: 'caption' });
    this.patches = h('div', { class: 'patches' });
    this.patchesFacts = h('p', { class: 'caption' });
    this.dream = h('canvas', { class: 'dream', role: 'img', 'aria-label': t('inside.dream') });
    this.dreamFacts = h('p', { class: 'caption' });
    this.again = h('button', { type: 'button', class: 'small', onclick: () => { if (this.#climb % 2 === 0) attempt(this.#ascend()); else this.hide(); } });
    this.element = h('div', { class: 'view' },
      h('div', { class: 'view-head' },
        h('label', { for: 'excite-layer' }, t('inside.layer')), this.layers,
        h('label', { for: 'excite-channel' }, t('inside.channel')), this.channel, this.of),
      h('div', { class: 'excite' },
        h('figure', {}, h('figcaption', {}, t('inside.patches')), this.patches, this.patchesFacts),
        h('figure', {}, h('figcaption', {}, t('inside.dream'), ' ', new Scale().show('grey', 1).element), this.dream, h('div', { class: 'view-head' }, this.again, this.dreamFacts))));
  }

  /** @param {number | undefined} row the first with weights if not said @param {number} channel */
  choose(row, channel) {
    this.#row = row ?? this.#subject?.network.rows.findIndex((one) => one.weights > 0) ?? -1;
    this.#channel = channel;
    this.#made = '';
    if (this.#subject) this.attempt(this.show(this.#subject));
  }

  hide() {
    // Odd while one is on.
    if (this.#climb % 2 === 1) this.#climb += 1;
    setText(this.again, t('inside.climb'));
  }

  /** @param {Subject} subject */
  async show(subject) {
    this.#subject = subject;
    this.#list(subject.network);
    const found = `${subject.version} ${this.#row} ${this.#channel}`;
    if (found === this.#found) return;
    this.hide();
    const { run, facts } = subject;
    const patches = await this.client.ask(run, { kind: 'patches', row: this.#row, channel: this.#channel, images: IMAGES }, IMAGES);
    this.#found = found;
    this.#showPatches(patches, (label) => classText(facts.classes[label] ?? ''));
    await this.#ascend();
  }

  /** The layers to choose from. @param {Summary} network */
  #list({ rows }) {
    const made = JSON.stringify([rows.map((row) => row.path), this.#row, this.#channel]);
    if (made === this.#made) return;
    this.#made = made;
    const some = rows.flatMap((row, at) => (row.passes_on ? [] : [{ row, at }]));
    if (!some.some(({ at }) => at === this.#row)) this.#row = some.findLast(({ row }) => row.output.length === 3)?.at ?? some.at(-1)?.at ?? 0;
    const count = rows[this.#row]?.output[0] ?? 1;
    this.#channel = Math.max(0, Math.min(this.#channel || 0, count - 1));
    this.layers.replaceChildren(...some.map(({ row, at }) => h('option', { value: at }, beside(row.path, t(`layer.${row.kind}`)))));
    this.layers.value = String(this.#row);
    this.channel.max = String(count);
    this.channel.value = String(this.#channel + 1);
    setText(this.of, t('count.of', { total: number(count) }));
  }

  /** @param {Patches} found @param {(label: number) => string} name */
  #showPatches({ patches, tiles, images }, name) {
    this.patches.replaceChildren(...patches.map(({ index, label, value, window }, at) => {
      const whole = tile(tiles, at);
      const part = h('canvas', { class: 'tile', width: window.width, height: window.height });
      part.getContext('2d')?.drawImage(whole, window.left, window.top, window.width, window.height, 0, 0, window.width, window.height);
      part.style.aspectRatio = `${window.width} / ${window.height}`;
      const words = t('inside.patch', { number: number(index + 1), label: name(label), value: rounded(value, 3) });
      return h('figure', { class: 'patch', title: words }, part, h('figcaption', {}, beside(name(label), rounded(value, 2))));
    }));
    setText(this.patchesFacts, t('inside.patches-of', { images: number(images) }));
  }

  async #ascend() {
    const subject = this.#subject;
    if (!subject) return;
    this.#climb += this.#climb % 2 === 0 ? 1 : 2;
    const mine = this.#climb;
    const about = { kind: /** @type {const} */ ('ascend'), row: this.#row, channel: this.#channel };
    setText(this.again, t('inside.stop'));
    let first;
    try {
      for (let steps = 0; steps <= STEPS && mine === this.#climb; steps += SLICE) {
        const made = await this.client.ask(subject.run, { ...about, afresh: steps === 0, steps: steps === 0 ? 0 : SLICE });
        if (mine !== this.#climb) return;
        first ??= made.value;
        paint(this.dream, made.tiles, 0);
        const words = t('inside.climbed', { steps: number(made.steps), from: rounded(first, 3), to: rounded(made.value, 3) });
        setText(this.dreamFacts, words);
        this.dream.setAttribute('aria-label', words);
      }
    } finally {
      if (mine === this.#climb) this.hide();
    }
  }
}
