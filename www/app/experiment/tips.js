// Terms explained where they stand: on hover, focus and touch, in one bubble for the whole page.

import { h } from '../base/dom.js';
import { hasWords, t } from '../base/i18n.js';
import { referencesOf, whereText } from '../base/sources.js';

/** Pixels between a term and its bubble, and between the bubble and the edge of the window. */
const GAP = 8;

const bubble = h('div', { id: 'tip', role: 'tooltip', popover: 'manual', class: 'tip' });
/** @type {Element | undefined} */
let owner;

/** @param {Element} element @param {string} text @param {Node} [picture] */
function show(element, text, picture) {
  if (!bubble.isConnected) document.body.append(bubble);
  owner = element;
  bubble.replaceChildren(...(picture ? [picture] : []), text);
  bubble.showPopover();
  place(element);
}

/** @param {Element} element */
function place(element) {
  const at = element.getBoundingClientRect();
  const size = bubble.getBoundingClientRect();
  const below = at.bottom + GAP + size.height < innerHeight;
  const left = Math.min(Math.max(GAP, at.left + at.width / 2 - size.width / 2), innerWidth - size.width - GAP);
  bubble.style.left = `${left}px`;
  bubble.style.top = `${below ? at.bottom + GAP : at.top - GAP - size.height}px`;
}

function hide() {
  owner = undefined;
  if (bubble.isConnected) bubble.hidePopover();
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && owner) hide();
});
// A term that gets the focus may be scrolled into view after that.
document.addEventListener('scroll', () => { if (owner) place(owner); }, { capture: true, passive: true });

/**
 * A button that explains a term, with its words from `tip.<term>`.
 * @param {string} term
 * @param {string} label
 * @param {{ icon?: boolean, picture?: () => Node | undefined }} [options] as a small mark beside a label that stands already; with a picture above the words
 */
export function tip(term, label, { icon = false, picture } = {}) {
  if (!hasWords(`tip.${term}`)) return icon ? null : h('span', {}, label);
  const from = referencesOf(`tip.${term}`).map(whereText);
  const text = [t(`tip.${term}`), ...(from.length > 0 ? [t('source.from', { sources: from.join('; ') })] : [])].join(' ');
  const button = h('button', {
    type: 'button',
    class: icon ? 'tip-mark' : 'term',
    'aria-label': icon ? t('tip.about', { term: label }) : null,
    'aria-description': text,
  }, icon ? 'i' : label);
  const open = () => { if (owner !== button) show(button, text, picture?.()); };
  button.addEventListener('pointerenter', open);
  button.addEventListener('pointerleave', hide);
  button.addEventListener('focus', open);
  button.addEventListener('blur', hide);
  button.addEventListener('click', open);
  return button;
}
