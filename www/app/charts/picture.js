// A chart as a picture: drawn once more, larger, with its axes in words and the runs that it shows.

import { h } from '../base/dom.js';
import { bundlesOf } from '../runs/groups.js';
import { t, valueText } from '../base/i18n.js';
import { colour } from '../base/colours.js';
import { bundleName, colourOf, dashOf } from '../runs/marks.js';
import { font, picture, PIXELS } from '../base/picture.js';
import { Plot } from './plot.js';
import { factsOf } from '../runs/differences.js';

/** @import { View } from '../core.d.ts' */
/** @import { Axis, Measure } from './curves.js' */
/** @import { Engine } from '../engine.js' */
/** @import { Run } from '../runs/list.js' */

const WIDTH = 760 * PIXELS;
const HEIGHT = 380 * PIXELS;
/** Room for the words at the axes. */
const ROOM = 24 * PIXELS;

/**
 * @param {string} title @param {Run[]} runs @param {Measure} measure @param {Axis} axis @param {View} next @param {number | undefined} chance @param {Engine} engine
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function chartPicture(title, runs, measure, axis, next, chance, engine) {
  const bundles = bundlesOf(runs);
  const facts = factsOf(bundles, engine);
  const chart = await drawn(bundles, measure, axis, next, chance);
  return picture({
    title,
    width: WIDTH + ROOM,
    height: HEIGHT + ROOM,
    draw(ctx) {
      if (chart) ctx.drawImage(chart, ROOM, 0, WIDTH, HEIGHT);
      ctx.fillStyle = colour('--soft');
      ctx.font = font(12 * PIXELS);
      ctx.textAlign = 'center';
      ctx.fillText(t(`charts.${axis}`), ROOM + WIDTH / 2, HEIGHT + ROOM / 2);
      ctx.rotate(-Math.PI / 2);
      ctx.fillText(title, -HEIGHT / 2, ROOM / 2);
    },
    legend: bundles.map((bundle, at) => ({
      words: [bundleName(bundle), ...(facts[at] ?? []).map(({ field, value }) => `${t(`field.${field}`)} ${valueText(field, value)}`)].join(' · '),
      colour: colourOf(bundle.runs[0]),
      dash: dashOf(bundle.runs[0]),
    })),
    note: `${t('page.name')} · ${t(bundles.some((bundle) => bundle.runs.length > 1) ? 'charts.key-seeds' : 'charts.key')}`,
  });
}

/** @param {import('../runs/groups.js').Bundle[]} bundles @param {Measure} measure @param {Axis} axis @param {View} next @param {number | undefined} chance */
async function drawn(bundles, measure, axis, next, chance) {
  const zoom = PIXELS / devicePixelRatio;
  const place = h('div', { class: 'off-stage' });
  place.style.width = `${(WIDTH / PIXELS) * zoom}px`;
  place.style.height = `${(HEIGHT / PIXELS) * zoom}px`;
  document.body.append(place);
  const plot = new Plot(place, measure, () => {}, zoom);
  plot.draw(bundles, axis, next, chance);
  // The library draws at the end of this turn.
  await new Promise((resolve) => setTimeout(resolve));
  const { canvas } = plot;
  plot.destroy();
  place.remove();
  return canvas;
}
