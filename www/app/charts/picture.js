// A chart as a picture: larger, with its axes in words and the runs that it shows.

import { t } from '../base/i18n.js';
import { colour } from '../base/colours.js';
import { colourOf, dashOf, tokenOf } from '../runs/marks.js';
import { picture, PIXELS } from '../base/picture.js';
import { chartOf, keyOf, legendOf, linesOf } from './curves.js';
import { chartFigure, INKS } from './figure.js';

/** @import { Drawn, Shown } from './curves.js' */
/** @import { Measure } from '../engine.js' */

const WIDTH = 784;
const HEIGHT = 404;

/**
 * @param {string} title @param {Shown} shown @param {Measure} measure
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function chartPicture(title, shown, measure) {
  const chart = chartOf(shown, measure);
  const figure = chartFigure(chart, { title, axis: shown.axis, measure, width: WIDTH, height: HEIGHT });
  const drawn = await rastered(figure, chart);
  return picture({
    title,
    width: WIDTH * PIXELS,
    height: HEIGHT * PIXELS,
    draw: (ctx) => ctx.drawImage(drawn, 0, 0, WIDTH * PIXELS, HEIGHT * PIXELS),
    legend: legendOf(chart.bundles, shown.book).map(({ run, words }) => ({ words, colour: colourOf(run), dash: dashOf(run) })),
    note: `${t('page.name')} · ${keyOf(chart.bundles)}`,
  });
}

/** A drawing as an image, which knows nothing of the page's colours but what it brings along. @param {SVGSVGElement} figure @param {Drawn} chart */
async function rastered(figure, chart) {
  for (const name of [...INKS, ...linesOf(chart).map(({ run }) => tokenOf(run))]) figure.style.setProperty(name, colour(name));
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(figure))}`;
  await image.decode();
  return image;
}
