// Whether a page gets of a canvas what was painted there: browsers that protect from fingerprinting give noise instead.

/** How much a byte of what is read back may differ: so little noise changes no picture. */
const FAINT = 8;

/** @type {boolean | undefined} */
let known;

/** @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context of any canvas; what is on it is lost */
export function readsBack(context) {
  known ??= gives(context, 'black', 0) && gives(context, 'white', 255);
  return known;
}

/** @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context @param {string} colour @param {number} shade */
function gives(context, colour, shade) {
  const { width, height } = context.canvas;
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  return data.every((byte, at) => at % 4 === 3 || Math.abs(byte - shade) <= FAINT);
}
