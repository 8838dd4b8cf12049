// What changes the page while it trains is done between two frames, one piece after each: a frame then has style, layout
// and paint of one piece, and no script. A page that nobody sees has no frames, and does nothing.

/** @type {(() => void)[]} */
const waiting = [];

/** Does this after the next frame. @param {() => void} work */
export function afterFrame(work) {
  requestAnimationFrame(() => setTimeout(work));
}

/** Does this after a frame of its own, behind what waits already; once, if it waits itself. @param {() => void} work */
export function inTurn(work) {
  if (waiting.includes(work)) return;
  waiting.push(work);
  if (waiting.length === 1) afterFrame(next);
}

function next() {
  const work = waiting.shift();
  if (waiting.length > 0) afterFrame(next);
  work?.();
}
