// What the network sees, as a picture: the images row by row as they stand on the page, and the histogram.

import { t } from '../base/i18n.js';
import { colour } from '../base/colours.js';
import { DOTS, menuButton } from '../base/menu.js';
import { copyPicture, font, picture, PIXELS, savePicture } from '../base/picture.js';

/** @import { Experiment } from '../experiment/experiment.js' */

const IMAGE = 72 * PIXELS;
const GAP = 6 * PIXELS;
const LETTERS = 12 * PIXELS;
const LABEL = 24 * PIXELS;
const HISTOGRAM = 96 * PIXELS;

/** @param {HTMLElement} head of the panel @param {HTMLElement} seen where the images are @param {Experiment} experiment */
export function seenMenu(head, seen, experiment) {
  const name = t('seen.title');
  const make = async () => seenPicture(seen, experiment.view.link);
  const button = menuButton({ class: 'quiet icon', 'aria-label': t('seen.menu') }, DOTS, () => [
    { label: t('picture.save'), act: () => void savePicture(make(), name) },
    { label: t('picture.copy'), act: () => void copyPicture(make()) },
  ]);
  head.append(button);
}

/** @param {HTMLElement} seen @param {string} link @returns {HTMLCanvasElement} */
function seenPicture(seen, link) {
  const rows = rowsOf(seen);
  const columns = Math.max(1, ...rows.map(({ images }) => images.length));
  const width = columns * (IMAGE + GAP) - GAP;
  const images = rows.length * (LABEL + IMAGE) + LABEL;
  const bars = seen.querySelector('.histogram svg');
  const axis = [...seen.querySelectorAll('.histogram-axis span')].map((span) => span.textContent ?? '');
  return picture({
    title: t('seen.title'), width, height: images + (bars ? 2 * LABEL + HISTOGRAM : 0), legend: [], note: `${t('page.name')} · ${link}`,
    draw(ctx) {
      ctx.imageSmoothingEnabled = false;
      ctx.font = font(LETTERS);
      rows.forEach((row, at) => {
        const top = at * (LABEL + IMAGE);
        ctx.fillStyle = colour('--soft');
        ctx.fillText(row.label, 0, top + LABEL / 2);
        row.images.forEach((image, index) => ctx.drawImage(image, index * (IMAGE + GAP), top + LABEL, IMAGE, IMAGE));
        ctx.textAlign = 'center';
        row.names.forEach((text, index) => ctx.fillText(text, index * (IMAGE + GAP) + IMAGE / 2, top + LABEL + IMAGE + LABEL / 2, IMAGE));
        ctx.textAlign = 'left';
      });
      if (!bars) return;
      ctx.translate(0, images);
      ctx.fillText(t('seen.histogram'), 0, LABEL / 2);
      ctx.translate(0, LABEL);
      drawBars(ctx, bars, width);
      ctx.fillStyle = colour('--soft');
      ctx.fillText(axis[0] ?? '', 0, HISTOGRAM + LABEL / 2);
      ctx.textAlign = 'right';
      ctx.fillText(axis[1] ?? '', width, HISTOGRAM + LABEL / 2);
    },
  });
}

/** The images of each label, and the names below them. @param {HTMLElement} seen */
function rowsOf(seen) {
  /** @type {{ label: string, images: HTMLCanvasElement[], names: string[] }[]} */
  const rows = [];
  for (const part of seen.querySelectorAll('.samples :is(.samples-label, .sample-class, canvas)')) {
    if (part.closest('[hidden]')) continue;
    if (part.matches('.samples-label')) rows.push({ label: part.textContent ?? '', images: [], names: [] });
    else if (part instanceof HTMLCanvasElement) rows.at(-1)?.images.push(part);
    else rows.at(-1)?.names.push(part.textContent ?? '');
  }
  return rows;
}

/** The paths and lines of the drawing on the page, in its colours. @param {CanvasRenderingContext2D} ctx @param {Element} bars @param {number} width */
function drawBars(ctx, bars, width) {
  const [, , wide = 1, high = 1] = (bars.getAttribute('viewBox') ?? '').split(' ').map(Number);
  const scale = new DOMMatrix().scale(width / wide, HISTOGRAM / high);
  for (const part of bars.children) {
    const of = /** @param {string} name */ (name) => part.getAttribute(name) ?? '0';
    const path = new Path2D();
    path.addPath(new Path2D(part.getAttribute('d') ?? `M${of('x1')} ${of('y1')}L${of('x2')} ${of('y2')}`), scale);
    ctx.fillStyle = ctx.strokeStyle = getComputedStyle(part).color;
    ctx.lineWidth = PIXELS;
    ctx.globalAlpha = 0.28;
    if (part.hasAttribute('d')) ctx.fill(path);
    ctx.globalAlpha = 1;
    ctx.stroke(path);
  }
}
