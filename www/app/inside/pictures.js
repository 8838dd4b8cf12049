// The picture that the network looks at: a test image, a drawing, or a file of the person's own.

import { h, setText } from '../base/dom.js';
import { classText, number, problemText, t } from '../base/i18n.js';
import { isProblem } from '../base/is-problem.js';
import { readsBack } from '../base/read-back.js';
import { OWN } from '../seen/images.js';
import { paint, tile } from '../base/tiles.js';

/** @import { DataFacts, ReceptiveField, Tiles } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { RunStore } from '../base/storage.js' */
/** @import { Bytes, InsideClient, Picture } from './client.js' */

/** Under which name the picture is kept. */
const KEPT = 'picture';
/** Test images that are offered at once. */
const OFFERED = 12;

export class Pictures {
  /** @type {Picture} */
  picture = { index: 0 };
  /** @type {Picture | undefined} */
  #shown;
  #data = '';
  /** What makes one data set's scenes differ from run to run. */
  #scenes = '';
  /** The first test image that is offered, and the first that is to be. */
  #from = -1;
  #wanted = 0;
  /** Who looks at the picture. @type {{ run: Run, facts: DataFacts } | undefined} */
  #viewer;

  /** @param {Engine} engine @param {RunStore} store @param {InsideClient} client @param {() => void} changed @param {(file: string) => void} taken told which picture of the person's own is looked at */
  constructor(engine, store, client, changed, taken) {
    this.engine = engine;
    this.store = store;
    this.client = client;
    this.changed = changed;
    this.taken = taken;
    this.canvas = h('canvas', { class: 'input-image', role: 'img', 'aria-label': t('inside.test-images') });
    this.heat = h('canvas', { class: 'input-heat', hidden: true, 'aria-hidden': 'true' });
    this.box = h('div', { class: 'window', hidden: true });
    this.name = h('p', { class: 'caption' });
    this.list = h('div', { class: 'thumbs', role: 'group', 'aria-label': t('inside.test-images') });
    const turn = /** @param {number} by */ (by) => () => {
      const to = this.#wanted + by * OFFERED;
      if (to < 0 || to >= (this.#viewer?.facts.test ?? 0)) return;
      this.#wanted = to;
      this.changed();
    };
    this.before = h('button', { type: 'button', class: 'quiet icon', 'aria-label': t('inside.earlier'), onclick: turn(-1) }, '‹');
    this.after = h('button', { type: 'button', class: 'quiet icon', 'aria-label': t('inside.later'), onclick: turn(1) }, '›');
    const input = h('input', { type: 'file', accept: 'image/*', tabindex: -1, class: 'unseen', 'aria-label': t('inside.file') });
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      input.value = '';
      if (file) void this.take(file);
    });
    const file = h('button', { type: 'button', class: 'small', onclick: () => input.click() }, t('inside.file'));
    this.element = h('div', { class: 'input-box' }, h('div', { class: 'input-frame' }, this.canvas, this.heat, this.box), this.name,
      h('div', { class: 'thumbs-row' }, this.before, this.list, this.after), file, input);
    this.#takeDrops();
    void this.#restore();
  }

  /** @param {Picture} picture */
  choose(picture) {
    this.picture = picture;
    // A test image is there again anyway.
    void (picture.pixels ? this.store.putThing(KEPT, picture) : this.store.removeThing(KEPT));
    this.changed();
  }

  /** The person's own picture, if one was looked at when the page went away. */
  async #restore() {
    const { picture } = this;
    await this.store.ready;
    const kept = /** @type {Picture | undefined} */ (await this.store.thing(KEPT));
    // Another picture may have been chosen meanwhile.
    if (!kept || this.picture !== picture) return;
    this.picture = kept;
    this.changed();
  }

  /** Whether a run looks at it. */
  get isShown() {
    return this.#viewer !== undefined;
  }

  /** Lets a run look at the picture, shows it as that run has it, and offers others. @param {Run} run @param {DataFacts} facts */
  async follow(run, facts) {
    const data = run.spec.data === OWN ? JSON.stringify(facts) : run.spec.data;
    if (data !== this.#data) {
      this.#data = data;
      this.#from = -1;
      this.#wanted = 0;
      const { channels, height, width } = facts.shape;
      const size = channels * height * width;
      if (this.picture.pixels?.length !== size) this.picture = { index: 0 };
    }
    const scenes = run.task === 'segment' ? String(run.spec.seed) : '';
    if (scenes !== this.#scenes) {
      this.#scenes = scenes;
      this.#from = -1;
    }
    this.#viewer = { run, facts };
    await this.client.look(run, this.picture);
    if (this.#from !== this.#wanted) await this.#offer(run, facts);
    if (this.#shown === this.picture) return;
    this.#shown = this.picture;
    await this.#showPicture(run, facts);
  }

  /** Marks a part of the picture. @param {ReceptiveField | undefined} window */
  mark(window) {
    this.box.hidden = !window;
    if (!window || !this.#viewer) return;
    const { height, width } = this.#viewer.facts.shape;
    Object.assign(this.box.style, {
      left: `${(100 * window.left) / width}%`, top: `${(100 * window.top) / height}%`,
      width: `${(100 * window.width) / width}%`, height: `${(100 * window.height) / height}%`,
    });
  }

  /** Lays colours over the picture. @param {Tiles | undefined} tiles */
  cover(tiles) {
    this.heat.hidden = !tiles;
    if (tiles) paint(this.heat, tiles, 0);
  }

  /** @param {Run} run @param {DataFacts} facts */
  async #offer(run, facts) {
    // Others may be wanted before these are here.
    const from = this.#wanted;
    const [tiles, labels] = await this.client.images(run, from, OFFERED);
    this.#from = from;
    this.#shown = undefined;
    this.before.disabled = from === 0;
    this.after.disabled = from + OFFERED >= facts.test;
    this.list.replaceChildren(...labels.map((label, at) => {
      const index = from + at;
      const words = t('inside.test-image', { number: number(index + 1), label: classText(facts.classes[label] ?? '') });
      return h('button', { type: 'button', class: 'thumb', title: words, 'aria-label': words, 'data-index': index, onclick: () => this.choose({ index }) }, tile(tiles, at));
    }));
  }

  /** @param {Run} run @param {DataFacts} facts */
  async #showPicture(run, facts) {
    const { picture } = this;
    paint(this.canvas, await this.client.ask(run, { kind: 'picture' }), 0);
    if (picture.pixels) this.#say(t('inside.own-image'));
    else {
      const [, [label = 0]] = await this.client.images(run, picture.index, 1);
      this.#say(t('inside.test-image', { number: number(picture.index + 1), label: classText(facts.classes[label] ?? '') }));
    }
    for (const thumb of this.list.children) thumb.setAttribute('aria-pressed', String(Number(/** @type {HTMLElement} */ (thumb).dataset.index) === picture.index));
  }

  /** @param {string} words */
  #say(words) {
    setText(this.name, words);
    this.canvas.setAttribute('aria-label', words);
  }

  /** A picture that is not too large to be decoded; what else there is is said. @param {File} file */
  async #decode(file) {
    try {
      this.engine.checkPicture(file.name, file.size, new Uint8Array(await file.slice(0, this.engine.pictureHead()).arrayBuffer()));
      return await createImageBitmap(file);
    } catch (thrown) {
      setText(this.name, isProblem(thrown) ? problemText(thrown) : t('inside.no-image'));
      return undefined;
    }
  }

  /** Takes a picture of any size. @param {File} file */
  async take(file) {
    if (!this.#viewer) return;
    const { run, facts } = this.#viewer;
    const { height, width } = facts.shape;
    const bitmap = await this.#decode(file);
    if (!bitmap) return;
    const context = h('canvas', { width, height }).getContext('2d');
    if (!context) return;
    if (!readsBack(context)) return setText(this.name, problemText({ code: 'noise', field: null, params: { file: file.name } }));
    // What is transparent lies on paper.
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = 'high';
    const place = this.engine.placePicture(facts, bitmap.width, bitmap.height);
    context.drawImage(bitmap, place.left, place.top, place.width, place.height);
    bitmap.close();
    const rgba = new Uint8Array(context.getImageData(0, 0, width, height).data);
    try {
      this.choose(await this.client.photo(run, rgba));
      this.taken(file.name);
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      setText(this.name, problemText(thrown));
    }
  }

  /** A picture may be dropped on the picture; it is no data set. */
  #takeDrops() {
    this.element.addEventListener('dragover', (event) => event.preventDefault());
    this.element.addEventListener('drop', (event) => {
      const file = [...(event.dataTransfer?.files ?? [])].find(({ type }) => type.startsWith('image/'));
      if (!file) return;
      event.preventDefault();
      event.stopPropagation();
      document.dispatchEvent(new DragEvent('dragleave'));
      void this.take(file);
    });
  }
}
