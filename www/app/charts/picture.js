// A chart as a picture: drawn once more, larger, with its axes in words and the runs that it shows.

import { h } from '../base/dom.js';
import { idsOf } from '../runs/groups.js';
import { t, valueText } from '../base/i18n.js';
import { colour } from '../base/colours.js';
import { bundleName, colourOf, dashOf } from '../runs/marks.js';
import { font, picture, PIXELS } from '../base/picture.js';
import { Plot } from './plot.js';
import { chartOf } from './curves.js';

/** @import { Drawn, Shown } from './curves.js' */
/** @import { Axis, Measure } from '../engine.js' */

const WIDTH = 760 * PIXELS;
const HEIGHT = 380 * PIXELS;
/** Room for the words at the axes. */
const ROOM = 24 * PIXELS;

/**
 * @param {string} title @param {Shown} shown @param {Measure} measure
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function chartPicture(title, shown, measure) {
  const { axis, book } = shown;
  const made = chartOf(shown, measure);
  const { bundles } = made;
  const facts = book.facts(idsOf(bundles));
  const chart = await drawn(made, measure, axis);
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
      words: [bundleName(bundle), ...(facts[at] ?? []).map(([field, value]) => `${t(`field.${field}`)} ${valueText(field, value)}`)].join(' · '),
      colour: colourOf(bundle.runs[0]),
      dash: dashOf(bundle.runs[0]),
    })),
    note: `${t('page.name')} · ${t(bundles.some((bundle) => bundle.runs.length > 1) ? 'charts.key-seeds' : 'charts.key')}`,
  });
}

/** @param {Drawn} made @param {Measure} measure @param {Axis} axis */
async function drawn(made, measure, axis) {
  const zoom = PIXELS / devicePixelRatio;
  const place = h('div', { class: 'off-stage' });
  place.style.width = `${(WIDTH / PIXELS) * zoom}px`;
  place.style.height = `${(HEIGHT / PIXELS) * zoom}px`;
  document.body.append(place);
  const plot = new Plot(place, measure, () => {}, zoom);
  plot.draw(made, axis);
  // The library draws at the end of this turn.
  await new Promise((resolve) => setTimeout(resolve));
  const { canvas } = plot;
  plot.destroy();
  place.remove();
  return canvas;
}
