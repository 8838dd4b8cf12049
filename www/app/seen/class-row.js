// One class of a set that is being made: its name, some of its pictures, how many there are, and the ways to more.

import { h, setText } from '../base/dom.js';
import { plural, t } from '../base/i18n.js';
import { paint } from '../base/tiles.js';

/** @import { Labelled } from '../../worker/pictures.js' */

/** Pictures of each class that are shown. */
const SHOWN = 4;
/** What holds a button down from a keyboard. */
const HELD = [' ', 'Enter'];

export class ClassRow {
  /** @type {Labelled[]} */
  pictures = [];
  /** Those that are seen. @type {Labelled[]} */
  #seen = [];

  /** @param {string} name that it was found under @param {{ changed: () => void, hold: (row: ClassRow) => void, release: (row: ClassRow) => void, draw: (row: ClassRow) => void, choose: (row: ClassRow, files: File[]) => void, removed: () => void, mark: (row: ClassRow) => void }} on */
  constructor(name, { changed, hold, release, draw, choose, removed, mark }) {
    this.found = name;
    this.removed = removed;
    this.input = h('input', { type: 'text', dir: 'auto', value: name, 'aria-label': t('album.name', { class: name }), oninput: changed });
    this.use = h('input', { type: 'checkbox', class: 'toggle', checked: true, 'aria-label': t('album.use', { class: name }), onchange: changed });
    this.strip = Array.from({ length: SHOWN }, (_, at) => h('button', { type: 'button', class: 'album-picture', hidden: true, onclick: () => this.#takeOut(at) }, h('canvas', { hidden: true, 'aria-hidden': 'true' })));
    this.count = h('span', { class: 'album-count' });
    const letGo = () => release(this);
    this.shoot = h('button', {
      type: 'button', class: 'small', hidden: true, 'aria-label': t('album.hold-for', { class: name }),
      onpointerdown: () => hold(this), onpointerup: letGo, onpointerleave: letGo, onblur: letGo,
      onkeydown: (/** @type {KeyboardEvent} */ { key, repeat }) => { if (HELD.includes(key) && !repeat) hold(this); },
      onkeyup: letGo,
    }, t('album.hold'));
    this.add = h('button', { type: 'button', class: 'small', hidden: true, 'aria-label': t('album.add-to', { class: name }), onclick: () => draw(this) }, t('album.add'));
    const files = h('input', { type: 'file', accept: 'image/*', multiple: true, tabindex: -1, hidden: true, 'aria-label': t('album.choose-for', { class: name }) });
    files.addEventListener('change', () => {
      choose(this, [...(files.files ?? [])]);
      files.value = '';
    });
    this.choose = h('button', { type: 'button', class: 'small', 'aria-label': t('album.choose-for', { class: name }), onclick: () => files.click() }, t('album.choose'));
    const inHand = () => mark(this);
    this.element = h('div', { class: 'album-class', onfocusin: inHand, onpointerdown: inHand }, this.use, this.input, h('span', { class: 'album-strip' }, ...this.strip), this.count,
      h('span', { class: 'album-ways' }, this.choose, files, this.shoot, this.add));
  }

  /** @param {boolean} is the class in hand */
  mark(is) {
    this.element.classList.toggle('marked', is);
    this.input.setAttribute('aria-current', String(is));
  }

  /** Takes one of the pictures that are seen out of the class. @param {number} at */
  #takeOut(at) {
    const gone = this.#seen[at];
    this.pictures = this.pictures.filter((picture) => picture !== gone);
    this.#seen = this.#seen.filter((picture) => picture !== gone);
    this.removed();
    // Where it was, another one comes, or none.
    if (at >= this.shown.length) this.choose.focus();
  }

  /** Its pictures under the name that it has now; none if it is left out. @returns {Labelled[]} */
  get chosen() {
    const name = this.input.value.trim() || this.found;
    return this.use.checked ? this.pictures.map((picture) => ({ ...picture, class: name })) : [];
  }

  /** Those that stand for it: the last ones, so that one sees what the camera has just taken. */
  get shown() {
    return this.pictures.slice(-SHOWN);
  }

  tell() {
    setText(this.count, plural('album.count', this.pictures.length));
    this.element.classList.toggle('unused', !this.use.checked);
  }

  /** @param {Labelled[]} seen @param {(Uint8ClampedArray<ArrayBuffer> | undefined)[]} pixels of each @param {number} edge */
  paint(seen, pixels, edge) {
    this.#seen = seen;
    this.strip.forEach((button, at) => {
      const [of, canvas] = [seen[at], button.querySelector('canvas')];
      const shown = pixels[at];
      button.hidden = !of;
      if (canvas) canvas.hidden = !shown;
      if (!of || !canvas) return;
      button.title = t('album.take-out', { picture: of.file.name });
      button.setAttribute('aria-label', t('album.take-out', { picture: of.file.name }));
      if (shown) paint(canvas, { width: edge, height: edge, pixels: shown }, 0);
    });
  }
}
