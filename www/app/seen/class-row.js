// One class of a set that is being made: its name, some of its pictures, how many there are, and a button for the camera.

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

  /** @param {string} name that it was found under @param {{ changed: () => void, hold: (row: ClassRow) => void, release: (row: ClassRow) => void, draw: (row: ClassRow) => void }} on */
  constructor(name, { changed, hold, release, draw }) {
    this.found = name;
    this.input = h('input', { type: 'text', dir: 'auto', value: name, 'aria-label': t('album.name', { class: name }), oninput: changed });
    this.use = h('input', { type: 'checkbox', class: 'toggle', checked: true, 'aria-label': t('album.use', { class: name }), onchange: changed });
    this.strip = Array.from({ length: SHOWN }, () => h('canvas', { hidden: true }));
    this.count = h('span', { class: 'album-count' });
    const letGo = () => release(this);
    this.shoot = h('button', {
      type: 'button', class: 'small', hidden: true, 'aria-label': t('album.hold-for', { class: name }),
      onpointerdown: () => hold(this), onpointerup: letGo, onpointerleave: letGo, onblur: letGo,
      onkeydown: (/** @type {KeyboardEvent} */ { key, repeat }) => { if (HELD.includes(key) && !repeat) hold(this); },
      onkeyup: letGo,
    }, t('album.hold'));
    this.add = h('button', { type: 'button', class: 'small', hidden: true, 'aria-label': t('album.add-to', { class: name }), onclick: () => draw(this) }, t('album.add'));
    this.element = h('div', { class: 'album-class' }, this.use, this.input, h('span', { class: 'album-strip', 'aria-hidden': 'true' }, ...this.strip), this.count, h('span', { class: 'album-ways' }, this.shoot, this.add));
  }

  /** Its pictures under the name that it has now; none if it is left out. @returns {Labelled[]} */
  get chosen() {
    const name = this.input.value.trim() || this.found;
    return this.use.checked ? this.pictures.map((picture) => ({ ...picture, class: name })) : [];
  }

  /** Those that stand for it: the last ones, so that one sees what the camera has just taken. */
  get shown() {
    return this.pictures.slice(-SHOWN).map(({ file }) => file);
  }

  tell() {
    setText(this.count, plural('album.count', this.pictures.length));
    this.element.classList.toggle('unused', !this.use.checked);
  }

  /** @param {(Uint8ClampedArray<ArrayBuffer> | undefined)[]} pixels of those that are shown @param {number} edge */
  paint(pixels, edge) {
    this.strip.forEach((canvas, at) => {
      const of = pixels[at];
      canvas.hidden = !of;
      if (of) paint(canvas, { width: edge, height: edge, pixels: of }, 0);
    });
  }
}
