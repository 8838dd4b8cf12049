// The sets of a person's own that are here: which is in use, how large each is, and what can be done with it.

import { h } from '../base/dom.js';
import { beside, number, plural, t } from '../base/i18n.js';
import { DOTS, menuButton } from '../base/menu.js';
import { bytesOf } from './kept-sets.js';

/** @import { OwnSet } from './kept-sets.js' */

/** Bytes of a kilobyte, and of a megabyte. */
const KILOBYTE = 1000;
const MEGABYTE = 1_000_000;

export class SetList {
  #shown = '';

  /** @param {Record<'use' | 'save' | 'remove', (set: OwnSet) => void> & { rename: (set: OwnSet, name: string) => void }} on */
  constructor(on) {
    this.on = on;
    this.element = h('ul', { class: 'own-sets', 'aria-label': t('own.sets') });
  }

  /** @param {OwnSet[]} sets @param {OwnSet | undefined} current */
  show(sets, current) {
    const key = JSON.stringify([sets, current?.id]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.hidden = sets.length === 0;
    this.element.replaceChildren(...sets.map((set) => this.#row(set, set.id === current?.id)));
  }

  /** @param {OwnSet} set @param {boolean} isUsed */
  #row(set, isUsed) {
    const bytes = bytesOf(set);
    const isSmall = bytes < MEGABYTE;
    const size = number(bytes / (isSmall ? KILOBYTE : MEGABYTE), { style: 'unit', unit: isSmall ? 'kilobyte' : 'megabyte', maximumFractionDigits: 0 });
    const samples = set.fingerprint && plural('own.set-size', set.classes, { train: number(set.train), test: number(set.test), classes: number(set.classes) });
    const about = h('span', { class: 'own-set-size', title: set.fingerprint && t('own.set-fingerprint', { set: set.fingerprint }) }, beside(...[samples, size].filter(Boolean)));
    const use = h('button', { type: 'button', class: 'quiet own-set', 'aria-pressed': String(isUsed), onclick: () => this.on.use(set) }, h('b', { dir: 'auto' }, set.name), about);
    const menu = menuButton({ class: 'quiet icon', 'aria-label': t('own.set-more', { name: set.name }) }, DOTS, () => [
      { label: t('own.set-rename'), act: () => this.#rename(set, use) },
      { label: t('own.set-save'), act: () => this.on.save(set) },
      { label: t('own.set-remove'), act: () => this.on.remove(set) },
    ]);
    return h('li', {}, use, menu);
  }

  /** @param {OwnSet} set @param {HTMLElement} place */
  #rename(set, place) {
    const input = h('input', { type: 'text', value: set.name, class: 'own-set-name', dir: 'auto', 'aria-label': t('own.set-name') });
    let over = false;
    const end = (/** @type {boolean} */ takes) => {
      // Taken away, it loses the focus once more.
      if (over) return;
      over = true;
      input.replaceWith(place);
      const name = input.value.trim();
      if (takes && name && name !== set.name) this.on.rename(set, name);
    };
    input.addEventListener('blur', () => end(true));
    input.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Enter') end(true);
      if (event.key === 'Escape') end(false);
    });
    place.replaceWith(input);
    input.select();
    input.focus();
  }
}
