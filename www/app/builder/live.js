// The playground as it will stand in the page, in a frame of the chosen size.

import { h, setText } from '../base/dom.js';
import { number, t } from '../base/i18n.js';
import { hrefOf } from '../share/codes.js';

/** @import { Size } from '../share/codes.js' */
/** @import { Plan } from './plan.js' */

/** @type {{ name: string, size: Size }[]} */
const SIZES = [
  { name: 'page', size: { width: null, height: 720 } },
  { name: 'slide', size: { width: 640, height: 480 } },
  { name: 'phone', size: { width: 360, height: 640 } },
];
/** Pixels that a frame may have. */
const LEAST = 240;
const MOST = 4000;
/** Milliseconds without a change before the frame is made anew. */
const PAUSE = 400;

export class Live {
  #shown = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;

  /** @param {HTMLElement} place @param {HTMLElement} sizes @param {Plan} plan */
  constructor(place, sizes, plan) {
    this.place = place;
    this.plan = plan;
    this.presets = SIZES.map(({ name, size }) => ({ size, button: h('button', { type: 'button', class: 'small', onclick: () => plan.resize(size) }, t(`builder.size.${name}`)) }));
    this.width = this.#edge('width', t('builder.width'));
    this.height = this.#edge('height', t('builder.height'));
    sizes.replaceChildren(...this.presets.map(({ button }) => button), this.width.element, h('span', { 'aria-hidden': 'true' }, '×'), this.height.element);
    this.said = h('p', { class: 'unseen', role: 'status' });
    sizes.append(this.said);
    plan.subscribe(() => this.show());
    this.show();
    this.#frame();
  }

  /** @param {'width' | 'height'} key @param {string} label */
  #edge(key, label) {
    const input = h('input', { type: 'number', min: LEAST, max: MOST, 'aria-label': label, placeholder: key === 'width' ? '100 %' : '', required: key === 'height' });
    input.addEventListener('change', () => {
      const empty = key === 'width' && input.value === '';
      if (input.checkValidity()) this.plan.resize({ ...this.plan.size, [key]: empty ? null : input.valueAsNumber });
      else this.show();
    });
    return { input, element: input };
  }

  show() {
    const { width, height } = this.plan.size;
    this.width.input.value = width === null ? '' : String(width);
    this.height.input.value = String(height);
    for (const { size, button } of this.presets) button.setAttribute('aria-pressed', String(size.width === width && size.height === height));
    setText(this.said, t('builder.size.now', { width: width === null ? '100 %' : number(width), height: number(height) }));
    const frame = this.place.querySelector('iframe');
    if (frame) this.#size(frame);
    clearTimeout(this.#due);
    this.#due = setTimeout(() => this.#frame(), PAUSE);
  }

  /** A page reads what is hidden when it begins, so that every change begins anew. */
  #frame() {
    const src = hrefOf(this.plan.text(true));
    if (src === this.#shown) return;
    this.#shown = src;
    const frame = h('iframe', { src, title: t('page.name'), allow: 'clipboard-write; fullscreen' });
    this.#size(frame);
    this.place.replaceChildren(frame);
  }

  /** @param {HTMLIFrameElement} frame */
  #size(frame) {
    const { width, height } = this.plan.size;
    frame.style.width = width === null ? '100%' : `${width}px`;
    frame.style.height = `${height}px`;
  }
}
