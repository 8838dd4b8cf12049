// What changes the page while it trains is done between two frames, one piece after each: a frame then has style, layout
// and paint of one piece, and no script. A page that nobody sees has no frames, and does nothing.

/** @type {(() => void)[]} */
const waiting = [];

/** Does this after the next frame. @param {() => void} work */
export function afterFrame(work) {
  requestAnimationFrame(() => setTimeout(work));
}

/** Does this after a frame in which nothing else was done that came before it. @param {() => void} work */
export function inTurn(work) {
  waiting.push(work);
  if (waiting.length === 1) afterFrame(next);
}

function next() {
  const work = waiting[0];
  try {
    work?.();
  } finally {
    waiting.shift();
    if (waiting.length > 0) afterFrame(next);
  }
}
