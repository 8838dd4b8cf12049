// Who presses Run sees what moves: the page scrolls there, unless it is on the screen already.

import { framed } from '../base/around.js';

/** Pixels of a panel that are enough to see that something moves there. */
const ENOUGH = 120;

/** How much of an element is above the bar at the bottom and below the top. @param {Element} element @param {Element} bar */
function visible(element, bar) {
  const { top, bottom, height } = element.getBoundingClientRect();
  const over = getComputedStyle(bar).position === 'fixed' || getComputedStyle(bar).position === 'sticky' ? bar.getBoundingClientRect().top : innerHeight;
  return height === 0 ? 0 : Math.min(bottom, over) - Math.max(top, 0);
}

/**
 * Scrolls to the first of these panels that is shown, unless one is on the screen. A page in a frame stays where it is: its
 * parent would move.
 * @param {Element[]} panels @param {Element} bar
 */
export function showWhatMoves(panels, bar) {
  const shown = panels.filter((panel) => panel.getClientRects().length > 0);
  if (framed || shown.some((panel) => visible(panel, bar) >= ENOUGH)) return;
  shown[0]?.scrollIntoView({ behavior: behavior(), block: 'start' });
}

/** Scrolls as little as brings an element onto the screen, with as much below it as its `scroll-margin` says; not in a frame. @param {Element} element */
export function bring(element) {
  if (!framed) element.scrollIntoView({ behavior: behavior(), block: 'nearest' });
}

const behavior = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth');
