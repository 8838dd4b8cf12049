// Curves over the steps, one for each layer, in charts beside each other.

import uPlot from '../../vendor/uplot.js';
import { h } from '../base/dom.js';
import { colour } from '../base/colours.js';

/** A value of a layer at each step. @typedef {{ path: string, values: number[] }} Line */

/**
 * @typedef {object} Chart
 * @property {string} key which of the charts it is
 * @property {string} title
 * @property {string} words what it shows, for screen readers
 * @property {number[]} steps
 * @property {Line[]} lines the earliest layer first
 * @property {[number, number]} range
 * @property {boolean} [log]
 * @property {(value: number) => string} mark what stands beside a line of the grid
 */

/** A chart as it is: what it was made for, and which of that it shows. @typedef {{ plot: uPlot, figure: HTMLElement, place: HTMLElement, made: string, drawn: string, bounds: { range: [number, number] } }} Plot */

const HEIGHT = 190;
const MARKS = 52;
/** What a logarithmic scale reaches at most: the grid of uPlot has no end where it begins far below. */
const FARTHEST = { low: 1e-20, high: 1e20 };

export class LayerCurves {
  /** @type {Map<string, Plot>} */
  #plots = new Map();
  #sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const plot = [...this.#plots.values()].find(({ place }) => place === target)?.plot;
      if (plot && target.clientWidth > 0 && plot.width !== target.clientWidth) plot.setSize({ width: target.clientWidth, height: HEIGHT });
    }
  });

  /** @param {string} name the style of the charts' place */
  constructor(name) {
    this.element = h('div', { class: `layer-curves ${name}` });
  }

  /** @param {Chart[]} charts */
  show(charts) {
    for (const key of this.#plots.keys()) if (!charts.some((chart) => chart.key === key)) this.#remove(key);
    for (const chart of charts) this.#show(chart);
    const figures = charts.flatMap(({ key }) => this.#plots.get(key)?.figure ?? []);
    if (figures.some((figure, at) => this.element.children[at] !== figure)) this.element.replaceChildren(...figures);
  }

  /** @param {Chart} chart */
  #show(chart) {
    const { key, title, words, steps, lines, range } = chart;
    // The theme is part of what a canvas shows.
    const made = JSON.stringify([title, lines.map(({ path }) => path), colour('--ink')]);
    // What was drawn stays; more comes at the end.
    const drawn = JSON.stringify([steps.length, steps.at(-1), range]);
    /** @type {uPlot.AlignedData} */
    const data = [steps, ...lines.map(({ values }) => values)];
    let kept = this.#plots.get(key);
    if (kept?.made === made) {
      if (kept.drawn === drawn) return;
      kept.bounds.range = range;
      kept.plot.setData(data);
    } else {
      this.#remove(key);
      kept = this.#plot(chart, data, made);
      this.#plots.set(key, kept);
    }
    kept.drawn = drawn;
    kept.figure.setAttribute('aria-label', words);
  }

  /** @param {string} key */
  #remove(key) {
    const kept = this.#plots.get(key);
    if (!kept) return;
    this.#sizes.unobserve(kept.place);
    kept.plot.destroy();
    kept.figure.remove();
    this.#plots.delete(key);
  }

  /** @param {Chart} chart @param {uPlot.AlignedData} data @param {string} made @returns {Plot} */
  #plot({ title, lines, range, log = false, mark }, data, made) {
    const place = h('div', { class: 'layer-plot' });
    const figure = h('figure', {}, h('figcaption', {}, title), place);
    this.element.append(figure);
    const common = { font: '12px system-ui, sans-serif', stroke: () => colour('--soft'), grid: { stroke: () => colour('--line'), width: 1 }, ticks: { show: false } };
    const bounds = { range };
    const points = { show: /** @param {uPlot} self */ (self) => (self.data[0]?.length ?? 0) < 3 };
    const plot = new uPlot({
      width: Math.max(120, place.clientWidth), height: HEIGHT, padding: [8, 8, 0, 0], legend: { show: false }, cursor: { show: false },
      scales: { x: { time: false }, y: { distr: log ? 3 : 1, range: () => (log ? logRange(bounds.range) : bounds.range) } },
      axes: [{ ...common, size: 24, space: 50 }, { ...common, size: MARKS, values: (_, splits) => splits.map((value) => (value === null ? '' : mark(value))) }],
      series: [{}, ...lines.map((_, at) => ({ stroke: () => shade(at, lines.length), width: 1.5, points }))],
    }, data, place);
    this.#sizes.observe(place);
    return { plot, figure, place, made, drawn: '', bounds };
  }
}

/** From and to a line of the grid: from anywhere else uPlot does not find the end of its grid. @param {[number, number]} range */
const logRange = ([low, high]) => uPlot.rangeLog(Math.max(FARTHEST.low, low), Math.min(FARTHEST.high, high), 10, false);

/** The first layer in the first colour, the last in the last. @param {number} at @param {number} count */
function shade(at, count) {
  const mix = count > 1 ? (100 * at) / (count - 1) : 0;
  return mixed(Math.round(mix / 4) * 4);
}

/** @type {Map<string, string>} */
const mixes = new Map();

/** A canvas takes no `color-mix()`, but a style resolves it. @param {number} share */
function mixed(share) {
  const [early, late] = [colour('--layer-early'), colour('--layer-late')];
  const key = `${early} ${late} ${share}`;
  const known = mixes.get(key);
  if (known) return known;
  const probe = h('span', { hidden: true });
  document.body.append(probe);
  probe.style.color = `color-mix(in srgb, ${late} ${share}%, ${early})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  mixes.set(key, color);
  return color;
}
