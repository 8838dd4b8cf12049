// A button that opens a list of things to do. One list for the whole page: only one is open at a time.

import { leftwards } from './direction.js';
import { h } from './dom.js';

/** @import { Child } from './dom.js' */

/** @typedef {{ label: string, act: () => void }} MenuItem */

/** Pixels between a button and its list, and between the list and the edge of the window. */
const GAP = 4;

const list = h('div', { class: 'menu', role: 'menu', popover: 'manual' });
/** @type {HTMLButtonElement | undefined} */
let owner;

/** @param {HTMLButtonElement} button @param {MenuItem[]} items */
function open(button, items) {
  close();
  owner = button;
  button.setAttribute('aria-expanded', 'true');
  list.setAttribute('aria-label', button.getAttribute('aria-label') ?? button.textContent ?? '');
  list.replaceChildren(...items.map(({ label, act }) => h('button', {
    type: 'button', role: 'menuitem', tabindex: -1, class: 'quiet',
    onclick: () => {
      close(true);
      act();
    },
  }, label)));
  if (!list.isConnected) document.body.append(list);
  list.showPopover();
  place(button);
  entries()[0]?.focus();
}

/** @param {boolean} [back] whether the button gets the focus again */
function close(back = false) {
  const button = owner;
  if (!button) return;
  owner = undefined;
  button.setAttribute('aria-expanded', 'false');
  list.hidePopover();
  if (back) button.focus();
}

const entries = () => /** @type {HTMLButtonElement[]} */ ([...list.children]);

/** @param {Element} button */
function place(button) {
  const at = button.getBoundingClientRect();
  const size = list.getBoundingClientRect();
  const below = at.bottom + GAP + size.height < innerHeight;
  const left = leftwards() ? at.left : at.right - size.width;
  list.style.left = `${Math.max(GAP, Math.min(left, innerWidth - size.width - GAP))}px`;
  list.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - size.height)}px`;
}

list.addEventListener('keydown', (event) => {
  // The page's own keys rest meanwhile.
  event.stopPropagation();
  const all = entries();
  const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) all.at(to % all.length)?.focus();
  else if (event.key === 'Escape') close(true);
  else if (event.key === 'Tab') return close(true);
  else return;
  event.preventDefault();
});
document.addEventListener('pointerdown', ({ target }) => {
  if (owner && target instanceof Node && !list.contains(target) && !owner.contains(target)) close();
}, true);
// A button that is pressed may have been scrolled into view just before.
document.addEventListener('scroll', ({ target }) => { if (owner && target !== list) place(owner); }, { capture: true, passive: true });

/**
 * @param {Record<string, string>} props of the button
 * @param {Child} content
 * @param {() => MenuItem[]} items asked for each time it opens
 */
export function menuButton(props, content, items) {
  const button = h('button', { type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', ...props }, content);
  button.addEventListener('click', () => (owner === button ? close(true) : open(button, items())));
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    open(button, items());
  });
  return button;
}

/** Three dots, the sign for more. */
export const DOTS = '⋯';
