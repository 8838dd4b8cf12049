// Pictures that the core made, on canvases.

import { h } from './dom.js';

/** @import { Tiles } from '../core.d.ts' */

/** Draws one of the pictures. @param {HTMLCanvasElement} canvas @param {Pick<Tiles, 'width' | 'height'> & { pixels: Uint8Array | Uint8ClampedArray }} tiles @param {number} at */
export function paint(canvas, { width, height, pixels }, at) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const size = width * height * 4;
  const image = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset + at * size, size);
  canvas.getContext('2d')?.putImageData(new ImageData(image.slice(), width, height), 0, 0);
}

/** A canvas with one of the pictures. @param {Tiles} tiles @param {number} at @param {string} [name] */
export function tile(tiles, at, name = 'tile') {
  const canvas = h('canvas', { class: name });
  paint(canvas, tiles, at);
  return canvas;
}

/** Canvases of a view that shows new pictures again and again: the browser cleans up all that were thrown away in one go, which takes long. */
export class KeptTiles {
  /** @type {HTMLCanvasElement[]} */
  #canvases = [];

  /** The canvas in this place of the view, with one of the pictures. @param {number} place @param {Tiles} tiles @param {number} at */
  tile(place, tiles, at) {
    const canvas = (this.#canvases[place] ??= h('canvas', { class: 'tile' }));
    paint(canvas, tiles, at);
    return canvas;
  }
}

/** Shows all of them, on the canvases that are there already as far as possible. @param {HTMLElement} place @param {Tiles} tiles @param {(at: number) => HTMLElement} make what holds one of them */
export function paintAll(place, tiles, make) {
  while (place.children.length > tiles.count) place.lastElementChild?.remove();
  while (place.children.length < tiles.count) place.append(make(place.children.length));
  [...place.querySelectorAll('canvas')].forEach((canvas, at) => paint(canvas, tiles, at));
}

/** Bars with their shares in words. @param {{ name: string, share: number, text: string, act?: (() => void) | undefined, chosen?: boolean, label?: string }[]} rows */
export function bars(rows) {
  return h('ul', { class: 'bars' }, ...rows.map(({ name, share, text, act, chosen = false, label }) => {
    const bar = h('span', { class: 'bar' });
    bar.style.setProperty('--share', String(share));
    const parts = [h('span', { class: 'bar-name' }, name), bar, h('span', { class: 'bar-value' }, text)];
    return h('li', {}, act
      ? h('button', { type: 'button', class: 'bar-row', 'aria-pressed': chosen, 'aria-label': label ?? null, onclick: act }, ...parts)
      : h('span', { class: 'bar-row' }, ...parts));
  }));
}
