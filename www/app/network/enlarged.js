// The drawing as large as the window, or the screen where the browser lets a page have it: the same panel, laid over everything
// else, with its place kept free, so that nothing behind it moves.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';

/** What stays within reach while the panel lies over the page. */
const KEPT = '.messages, .unseen, dialog, [popover]';

export class Enlarged {
  /** @type {(() => void) | undefined} */
  #undo;

  /** @param {HTMLElement} panel @param {HTMLElement} drawing what scrolls in it */
  constructor(panel, drawing) {
    this.panel = panel;
    this.drawing = drawing;
    this.button = h('button', { type: 'button', class: 'quiet icon enlarge', onclick: () => this.turn() });
    this.button.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path class="out" d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/><path class="in" d="M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5"/></svg>';
    this.#name();
    document.addEventListener('fullscreenchange', () => { if (!document.fullscreenElement) this.close(); });
    document.addEventListener('keydown', (event) => {
      const at = event.target instanceof Element ? event.target : undefined;
      // What is open within it closes first.
      if (event.key === 'Escape' && !event.defaultPrevented && !at?.closest('dialog, .arithmetic')) this.close();
    });
  }

  turn() {
    if (this.#undo) this.close();
    else this.open();
  }

  open() {
    const { panel } = this;
    const place = h('div', { 'aria-hidden': 'true' });
    Object.assign(place.style, { gridArea: getComputedStyle(panel).gridArea, height: `${panel.offsetHeight}px` });
    const behind = this.#others();
    for (const element of behind) element.inert = true;
    this.#keepingPlace(() => {
      panel.before(place);
      panel.dataset.enlarged = '';
    });
    this.#undo = () => this.#keepingPlace(() => {
      delete panel.dataset.enlarged;
      place.remove();
      for (const element of behind) element.inert = false;
    });
    this.#name();
    // Where it may not, it fills the window.
    if (document.fullscreenEnabled) document.documentElement.requestFullscreen().catch(() => {});
  }

  close() {
    const undo = this.#undo;
    if (!undo) return;
    this.#undo = undefined;
    undo();
    this.#name();
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    if (this.panel.contains(document.activeElement)) this.button.focus({ preventScroll: true });
  }

  /** What is looked at in the drawing stays where it is, in its new size too. @param {() => void} change */
  #keepingPlace(change) {
    const { drawing } = this;
    const share = drawing.scrollTop / drawing.scrollHeight;
    change();
    drawing.scrollTop = share * drawing.scrollHeight;
  }

  /** Everything beside the panel that a person could still get to. @returns {HTMLElement[]} */
  #others() {
    const found = [];
    for (let at = /** @type {HTMLElement} */ (this.panel); at !== document.body && at.parentElement; at = at.parentElement) {
      for (const other of at.parentElement.children) {
        if (other !== at && other instanceof HTMLElement && !other.inert && !other.matches(KEPT)) found.push(other);
      }
    }
    return found;
  }

  #name() {
    const open = this.#undo !== undefined;
    const words = t(open ? 'network.smaller' : 'network.larger');
    this.button.setAttribute('aria-pressed', String(open));
    this.button.setAttribute('aria-label', words);
    this.button.title = words;
  }
}
