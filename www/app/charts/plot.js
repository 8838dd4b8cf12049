// One chart: the plotting library with this page's axes, colours and marks.

import './language.js';
import uPlot from '../../vendor/uplot.js';
import { colour } from '../base/colours.js';
import { colourOf, dashOf } from '../runs/marks.js';
import { compact, lossText, number, t } from '../base/i18n.js';
import { inTurn } from '../base/turns.js';
import { linesOf, valueAt } from './curves.js';

/** @import { Drawn, Line } from './curves.js' */
/** @import { Axis, Measure } from '../engine.js' */
/** @import { Run } from '../runs/list.js' */

/** Pixels of letters; room for the axes' numbers, so that the plot stays where it is whatever they say. */
const LETTERS = 12;
const LEFT = 44;
const BOTTOM = 24;
/** How near to a curve, in pixels, is on it; how much is left of the colour of the others. */
const NEAR = 24;
const ASIDE = 0.25;

export class Plot {
  /** @type {uPlot | undefined} */
  #plot;
  /** Which runs its series are for, in which colours. */
  #made = '';
  /** The run that is pointed at. @type {number | undefined} */
  #pointed;
  /** @type {Line[]} */
  curves = [];
  #fit = () => {
    const { width, height } = this.#size();
    if (this.#plot && (this.#plot.width !== width || this.#plot.height !== height)) this.#plot.setSize({ width, height });
  };
  #observer = new ResizeObserver(() => inTurn(this.#fit));

  /**
   * @param {HTMLElement} place
   * @param {Measure} measure
   * @param {(x: number | undefined, run: number | undefined) => void} point called with where the cursor is, and the run whose curve it is on
   */
  constructor(place, measure, point) {
    this.place = place;
    this.measure = measure;
    this.point = point;
    this.#observer.observe(place);
  }

  /** @param {Drawn} chart @param {Axis} axis @param {number} [claimed] what the link claims of a test */
  draw(chart, axis, claimed) {
    const { end, top, chance } = chart;
    this.curves = linesOf(chart);
    this.chance = chance;
    this.claimed = claimed;
    this.end = end;
    this.top = top;
    const made = JSON.stringify([this.curves.map(({ run, several, dots }) => [run.id, several, dots, colourOf(run), dashOf(run)]), axis]);
    const data = joined(this.curves, end);
    if (this.#plot && made === this.#made) {
      this.#plot.setData(data);
    } else {
      this.#made = made;
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(axis), data, this.place);
    }
  }

  /** Shows the other curves paler than that of this run. @param {number | undefined} run */
  mark(run) {
    this.#pointed = run;
    this.#plot?.redraw(false);
  }

  /** A curve's colour as it stands now. @param {Line} line @param {number} [opacity] */
  #ink(line, opacity = 1) {
    const aside = this.#pointed !== undefined && !line.ids.includes(this.#pointed) && this.curves.some(({ ids }) => ids.includes(this.#pointed ?? NaN));
    return faint(line.run, aside ? opacity * ASIDE : opacity);
  }

  /** The run whose curve is nearest to the pointer, if one is near. @param {uPlot} plot @param {number} x */
  #nearest(plot, x) {
    const { top } = plot.cursor;
    if (top === undefined || !this.place.matches(':hover')) return undefined;
    const far = this.curves.map(({ curve, run }) => ({ run, pixels: Math.abs(plot.valToPos(valueAt(curve, x) ?? NaN, 'y') - top) }))
      .filter(({ pixels }) => pixels <= NEAR).sort((a, b) => a.pixels - b.pixels);
    return far[0]?.run.id;
  }

  #size() {
    return { width: Math.max(80, this.place.clientWidth), height: Math.max(80, this.place.clientHeight) };
  }

  /** @param {Axis} axis @returns {uPlot.Options} */
  #options(axis) {
    const grid = { stroke: () => colour('--line'), width: 1 };
    const ticks = { show: false };
    const common = { font: `${LETTERS}px system-ui, sans-serif`, gap: 5, stroke: () => colour('--soft'), grid, ticks };
    return {
      ...this.#size(),
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'runs' }, points: { show: false }, drag: { x: true, y: false }, y: false },
      scales: {
        x: { time: false, range: (_, min, max) => (this.#zoomed(min, max) ? [min, max] : [0, this.end ?? max]) },
        y: { range: () => [0, this.top ?? 1] },
      },
      axes: [
        { ...common, size: BOTTOM, space: 56, values: (_, splits) => splits.map((value) => (axis === 'samples' ? compact(value) : number(value))) },
        { ...common, size: LEFT, space: 36, values: (_, splits) => this.#ends(splits).map((value) => (value === null ? '' : this.measure === 'accuracy' ? number(value, { style: 'percent' }) : value < 1000 ? number(value) : lossText(value))) },
      ],
      series: [{}, ...(this.curves.length > 0 ? this.curves.flatMap((line) => series(line, (opacity) => this.#ink(line, opacity))) : [{}])],
      bands: bands(this.curves, (line) => this.#ink(line, 0.16)),
      hooks: {
        draw: [(plot) => {
          if (this.chance) this.#drawLevel(plot, this.chance, [2, 4], false, t('charts.chance'));
          if (this.claimed !== undefined) this.#drawLevel(plot, this.claimed, [6, 4], true);
          this.#drawSpreads(plot);
        }],
        setCursor: [(plot) => {
          const { left } = plot.cursor;
          const x = left === undefined || left < 0 ? undefined : plot.posToVal(left, 'x');
          this.point(x, x === undefined ? undefined : this.#nearest(plot, x));
        }],
      },
    };
  }

  /** Of the places along an empty chart, the first and the last: words lie between them. @param {number[]} splits */
  #ends(splits) {
    return this.curves.length > 0 ? splits : splits.map((value, at) => (at === 0 || at === splits.length - 1 ? value : null));
  }

  /** Whether these limits are a part that the person dragged out, not the whole. @param {number | null} min @param {number | null} max */
  #zoomed(min, max) {
    const first = this.#plot?.data[0]?.[0];
    const last = this.#plot?.data[0]?.at(-1);
    return min !== null && max !== null && first !== undefined && (min > first || (last !== undefined && max < last));
  }

  /**
   * A line across at this height; `open` with an empty mark at its end, for what nobody has measured here; with words of what
   * it is at its end.
   * @param {uPlot} plot @param {number} value @param {number[]} dash @param {boolean} open @param {string} [words]
   */
  #drawLevel(plot, value, dash, open, words) {
    const { ctx, bbox } = plot;
    const unit = devicePixelRatio;
    const y = plot.valToPos(value, 'y', true);
    if (y < bbox.top) return;
    const right = bbox.left + bbox.width;
    ctx.save();
    ctx.setLineDash(dash.map((length) => length * unit));
    stroke(ctx, colour('--edge'), unit, [[bbox.left, y, right, y]]);
    ctx.setLineDash([]);
    if (words) {
      ctx.font = `${LETTERS * unit}px system-ui, sans-serif`;
      ctx.fillStyle = colour('--soft');
      ctx.textAlign = 'right';
      // Below it, where a curve seldom goes, if there is room.
      const below = bbox.top + bbox.height - y > (LETTERS + 4) * unit;
      ctx.textBaseline = below ? 'top' : 'bottom';
      ctx.fillText(words, right, y + (below ? 4 : -2) * unit);
    }
    if (open) {
      ctx.beginPath();
      ctx.arc(right - 5 * unit, y, 4 * unit, 0, 2 * Math.PI);
      ctx.fillStyle = colour('--surface');
      ctx.fill();
      ctx.lineWidth = 1.5 * unit;
      ctx.stroke();
    }
    ctx.restore();
  }

  /** A bar through each mean of tests: one standard deviation up and down. @param {uPlot} plot */
  #drawSpreads(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const line of this.curves) {
      const { testX, test, testSpread } = line.curve;
      const bars = [...testX].flatMap((at, index) => {
        const [middle, reach] = [test[index] ?? NaN, testSpread[index] ?? 0];
        if (reach === 0) return [];
        const x = plot.valToPos(at, 'x', true);
        return [[x, plot.valToPos(middle - reach, 'y', true), x, plot.valToPos(middle + reach, 'y', true)]];
      });
      stroke(ctx, this.#ink(line), 2 * devicePixelRatio, bars);
    }
    ctx.restore();
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {string} style @param {number} width @param {number[][]} lines each `[x, y, x, y]` */
function stroke(ctx, style, width, lines) {
  ctx.strokeStyle = style;
  ctx.lineWidth = width;
  ctx.beginPath();
  for (const [x = 0, y = 0, toX = 0, toY = 0] of lines) {
    ctx.moveTo(x, y);
    ctx.lineTo(toX, toY);
  }
  ctx.stroke();
}

/** All curves over one x axis, as the library wants them; without any, an axis that ends where the next one will. @param {Line[]} curves @param {number} end @returns {uPlot.AlignedData} */
function joined(curves, end) {
  if (curves.length === 0) return [[0, end], [null, null]];
  return uPlot.join(curves.flatMap(({ curve, several, dots }) => {
    /** @type {uPlot.AlignedData[]} */
    const tables = [
      [curve.x, ...(dots ? [curve.least, curve.most] : []), curve.mean, ...(several ? [curve.high, curve.low] : [])],
      [curve.testX, curve.test],
    ];
    return tables;
  }));
}

/** Of each curve, in the order of `joined`: faint batches, the running mean, no lines at the edges of the band, test points. @param {Line} line @param {(opacity?: number) => string} ink @returns {uPlot.Series[]} */
function series({ run, several, dots }, ink) {
  const stroke = () => ink();
  const faded = () => ink(0.28);
  const surface = () => colour('--surface');
  const edge = { stroke, width: 0, spanGaps: true, points: { show: false } };
  /** @type {uPlot.Series} */
  const batches = { stroke: faded, paths: () => null, points: { show: true, size: 3, width: 0, fill: faded } };
  return [
    ...(dots ? [batches, batches] : []),
    { stroke, width: 2, dash: dashOf(run), spanGaps: true, points: { show: false } },
    ...(several ? [edge, edge] : []),
    { stroke, paths: () => null, points: { show: true, size: 9, width: 2, fill: stroke, stroke: surface } },
  ];
}

/** What lies between the edges of those curves that have some. @param {Line[]} curves @param {(line: Line) => string} ink @returns {uPlot.Band[]} */
function bands(curves, ink) {
  let after = 1;
  return curves.flatMap((line) => {
    const own = series(line, () => '').length;
    after += own;
    return line.several ? [{ series: [after - 3, after - 2], fill: () => ink(line) }] : [];
  });
}

/** @param {Run} run @param {number} opacity */
const faint = (run, opacity) => colourOf(run).replace(/^rgb\((.*)\)$/, `rgba($1, ${opacity})`);
