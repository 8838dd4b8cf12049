// A row of small pictures under one name.

import { h } from '../base/dom.js';

/** @import { ImageShape } from '../core.d.ts' */

/** Pictures in a row. */
export const SHOWN = 8;

/**
 * @typedef {object} Row
 * @property {HTMLElement} label
 * @property {HTMLCanvasElement[]} pictures
 * @property {HTMLElement[]} elements its parts, in the order of the grid
 * @property {(pixels: Uint8ClampedArray, shape: ImageShape) => void} paint shows `[images, height, width, 4]`
 */

/** @param {(at: number) => void} [choose] called with the place of a picture that is pressed; with it, each is a button @returns {Row} */
export function row(choose) {
  const label = h('span', { class: 'samples-label' });
  const pictures = Array.from({ length: SHOWN }, () => h('canvas', { class: 'sample', width: 28, height: 28 }));
  const cells = choose ? pictures.map((picture, at) => h('button', { type: 'button', class: 'sample-press', onclick: () => choose(at) }, picture)) : pictures;
  return {
    label, pictures, elements: [label, ...cells],
    paint(pixels, shape) {
      pictures.forEach((picture, at) => show(picture, pixels, at, shape));
    },
  };
}

/** @param {HTMLCanvasElement} canvas @param {Uint8ClampedArray} pixels @param {number} at @param {ImageShape} shape */
function show(canvas, pixels, at, { height, width }) {
  canvas.width = width;
  canvas.height = height;
  const size = width * height * 4;
  const image = pixels.slice(at * size, (at + 1) * size);
  // A row that waits keeps its place; a picture that a short row lacks has none.
  canvas.hidden = image.length === 0 && pixels.length > 0;
  if (image.length > 0) canvas.getContext('2d')?.putImageData(new ImageData(image, width, height), 0, 0);
}
