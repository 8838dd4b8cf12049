// Pictures to keep: a title, what was drawn, a legend, on the page's own surface.

import { download } from './download.js';
import { t } from './i18n.js';
import { colour } from './colours.js';
import { announce, note } from './messages.js';

/** @typedef {{ words: string, colour: string, dash: number[] }} Entry a line of the legend */

/**
 * @typedef {object} Plan
 * @property {string} title
 * @property {number} width of what is drawn, in pixels of the picture
 * @property {number} height
 * @property {(ctx: CanvasRenderingContext2D) => void} draw with the origin at its upper left
 * @property {Entry[]} legend
 * @property {string} note below all, where the picture comes from
 */

/** Pixels of a picture for each of the page's, so that it is sharp on a slide. */
export const PIXELS = 2;
const MARGIN = 20 * PIXELS;
const TITLE = 18 * PIXELS;
const LETTERS = 13 * PIXELS;
const LINE = 22 * PIXELS;
const SWATCH = 36 * PIXELS;

/** @param {number} size @param {number} [weight] */
export const font = (size, weight = 400) => `${weight} ${size}px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif`;

/** @param {Plan} plan @returns {HTMLCanvasElement} */
export function picture({ title, width, height, draw, legend, note: origin }) {
  const canvas = document.createElement('canvas');
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const top = MARGIN + TITLE + MARGIN / 2;
  canvas.width = width + 2 * MARGIN;
  canvas.height = top + height + (legend.length + 1) * LINE + MARGIN;
  ctx.fillStyle = colour('--surface');
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.textBaseline = 'middle';
  ctx.fillStyle = colour('--ink');
  ctx.font = font(TITLE, 650);
  ctx.fillText(title, MARGIN, MARGIN + TITLE / 2, width);
  ctx.save();
  ctx.translate(MARGIN, top);
  draw(ctx);
  ctx.restore();
  legend.forEach((entry, at) => legendLine(ctx, entry, top + height + (at + 0.75) * LINE, width));
  ctx.fillStyle = colour('--soft');
  ctx.font = font(LETTERS * 0.85);
  ctx.fillText(origin, MARGIN, canvas.height - MARGIN * 0.9, width);
  return canvas;
}

/** @param {CanvasRenderingContext2D} ctx @param {Entry} entry @param {number} y @param {number} width */
function legendLine(ctx, entry, y, width) {
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = entry.colour;
  ctx.lineWidth = 2.5 * PIXELS;
  ctx.setLineDash(entry.dash.map((length) => length * PIXELS));
  ctx.beginPath();
  ctx.moveTo(MARGIN, y);
  ctx.lineTo(MARGIN + SWATCH, y);
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(MARGIN + SWATCH / 2, y, 4 * PIXELS, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
  ctx.fillStyle = colour('--ink');
  ctx.font = font(LETTERS);
  ctx.fillText(cut(ctx, entry.words, width - SWATCH - 10 * PIXELS), MARGIN + SWATCH + 10 * PIXELS, y);
}

/** As much of a text as there is room for. @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} room */
function cut(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  let end = text.length;
  while (end > 0 && ctx.measureText(`${text.slice(0, end)} …`).width > room) end -= 1;
  return `${text.slice(0, end)} …`;
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
const png = (canvas) => new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('empty'))), 'image/png'));

/** @param {Promise<HTMLCanvasElement>} coming @param {string} name */
export async function savePicture(coming, name) {
  download(await png(await coming), 'image/png', `cnn-playground-${name.toLowerCase().replaceAll(/\s+/g, '-')}.png`);
}

/** @param {Promise<HTMLCanvasElement>} coming */
export async function copyPicture(coming) {
  try {
    // Given as a promise, since some browsers allow it only within the press itself.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': coming.then(png) })]);
    announce(t('picture.copied'));
  } catch {
    note(t('picture.not-copied'));
  }
}
