// One chart: the plotting library with this page's axes, colours and marks.

import uPlot from '../vendor/uplot.js';
import { curveOf, endOf, topOf } from './curves.js';
import { colour, colourOf, dashOf } from './marks.js';
import { compact, number } from './i18n.js';

/** @import { Axis, Curve, Measure } from './curves.js' */
/** @import { Run } from './runs.js' */

const FONT = '12px system-ui, sans-serif';
/** Room for the axes' numbers, so that the plot stays where it is whatever they say. */
const LEFT = 44;
const BOTTOM = 24;

export class Plot {
  /** @type {uPlot | undefined} */
  #plot;
  /** Which runs its series are for, in which colours. */
  #made = '';
  /** @type {Curve[]} */
  curves = [];

  /**
   * @param {HTMLElement} place
   * @param {Measure} measure
   * @param {(x: number | undefined) => void} point called with where the cursor is
   */
  constructor(place, measure, point) {
    this.place = place;
    this.measure = measure;
    this.point = point;
    new ResizeObserver(() => this.#fit()).observe(place);
  }

  /** @param {Run[]} runs @param {Axis} axis @param {number | undefined} chance */
  draw(runs, axis, chance) {
    this.curves = runs.map((run) => curveOf(run, this.measure, axis));
    this.chance = chance;
    this.end = endOf(runs, axis);
    const made = JSON.stringify([runs.map((run) => run.id), axis, runs.map(colourOf)]);
    const data = joined(this.curves);
    if (this.#plot && made === this.#made) {
      this.#plot.setData(data);
    } else {
      this.#made = made;
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(runs, axis), data, this.place);
    }
  }

  #size() {
    return { width: Math.max(80, this.place.clientWidth), height: Math.max(80, this.place.clientHeight) };
  }

  #fit() {
    const { width, height } = this.#size();
    if (this.#plot && (this.#plot.width !== width || this.#plot.height !== height)) this.#plot.setSize({ width, height });
  }

  /** @param {Run[]} runs @param {Axis} axis @returns {uPlot.Options} */
  #options(runs, axis) {
    const grid = { stroke: () => colour('--line'), width: 1 };
    const ticks = { show: false };
    const common = { font: FONT, stroke: () => colour('--soft'), grid, ticks };
    return {
      ...this.#size(),
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'runs' }, points: { show: false }, drag: { x: true, y: false }, y: false },
      scales: {
        x: { time: false, range: (_, min, max) => (this.#zoomed(min, max) ? [min, max] : [0, this.end ?? max]) },
        y: { range: () => (this.measure === 'accuracy' ? [0, 1] : [0, topOf(this.curves)]) },
      },
      axes: [
        { ...common, size: BOTTOM, space: 56, values: (_, splits) => splits.map((value) => (axis === 'samples' ? compact(value) : number(value))) },
        { ...common, size: LEFT, space: 36, values: (_, splits) => splits.map((value) => (this.measure === 'accuracy' ? number(value, { style: 'percent' }) : number(value))) },
      ],
      series: [{}, ...runs.flatMap((run) => series(run))],
      hooks: {
        draw: [(plot) => this.#drawChance(plot)],
        setCursor: [(plot) => {
          const { left } = plot.cursor;
          this.point(left === undefined || left < 0 ? undefined : plot.posToVal(left, 'x'));
        }],
      },
    };
  }

  /** Whether these limits are a part that the person dragged out, not the whole. @param {number | null} min @param {number | null} max */
  #zoomed(min, max) {
    const first = this.#plot?.data[0]?.[0];
    const last = this.#plot?.data[0]?.at(-1);
    return min !== null && max !== null && first !== undefined && (min > first || (last !== undefined && max < last));
  }

  /** @param {uPlot} plot */
  #drawChance(plot) {
    if (this.measure !== 'accuracy' || !this.chance) return;
    const { ctx, bbox } = plot;
    const y = plot.valToPos(this.chance, 'y', true);
    ctx.save();
    ctx.strokeStyle = colour('--edge');
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }
}

/** All curves over one x axis, as the library wants them. @param {Curve[]} curves @returns {uPlot.AlignedData} */
function joined(curves) {
  if (curves.length === 0) return [[]];
  return uPlot.join(curves.flatMap((curve) => [[curve.x, curve.raw, curve.smooth], [curve.testX, curve.test]]));
}

/** Faint batches, the running mean, test points. @param {Run} run @returns {uPlot.Series[]} */
function series(run) {
  const stroke = () => colourOf(run);
  const faint = () => colourOf(run).replace(/^rgb\((.*)\)$/, 'rgba($1, 0.28)');
  const surface = () => colour('--surface');
  return [
    { stroke: faint, paths: () => null, points: { show: true, size: 3, width: 0, fill: faint } },
    { stroke, width: 2, dash: dashOf(run), spanGaps: true, points: { show: false } },
    { stroke, paths: () => null, points: { show: true, size: 9, width: 2, fill: stroke, stroke: surface } },
  ];
}
