// Curves over the steps, one for each layer, in charts beside each other.

import '../charts/language.js';
import uPlot from '../../vendor/uplot.js';
import { h, setText } from '../base/dom.js';
import { colour } from '../base/colours.js';
import { inTurn } from '../base/turns.js';

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

/**
 * A chart as it stands on the page: what it should show, what its plot was made for, and what of that it shows.
 * @typedef {{ chart: Chart, title: HTMLElement, figure: HTMLElement, place: HTMLElement, inSight: boolean, plot?: uPlot, made: string, drawn: string, range: [number, number] }} Stand
 */

const HEIGHT = 190;
const MARKS = 52;
/** What a logarithmic scale reaches at most: the grid of uPlot has no end where it begins far below. */
const FARTHEST = { low: 1e-20, high: 1e20 };

export class LayerCurves {
  /** @type {Map<string, Stand>} */
  #stands = new Map();
  #due = false;
  #fit = () => {
    for (const { place, plot } of this.#stands.values()) {
      if (plot && place.clientWidth > 0 && plot.width !== place.clientWidth) plot.setSize({ width: place.clientWidth, height: HEIGHT });
    }
  };
  #sizes = new ResizeObserver(() => inTurn(this.#fit));
  // Thirty runs have a hundred charts: only those in sight are drawn.
  #sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const stand = this.#standOf(target);
      if (stand) stand.inSight = isIntersecting;
    }
    this.#drawSoon();
  }, { rootMargin: '200px' });

  /** @param {string} name the style of the charts' place */
  constructor(name) {
    this.element = h('div', { class: `layer-curves ${name}` });
  }

  /** @param {Chart[]} charts */
  show(charts) {
    for (const key of this.#stands.keys()) if (!charts.some((chart) => chart.key === key)) this.#remove(key);
    for (const chart of charts) this.#put(chart);
    const figures = charts.flatMap(({ key }) => this.#stands.get(key)?.figure ?? []);
    if (figures.some((figure, at) => this.element.children[at] !== figure)) this.element.replaceChildren(...figures);
    this.#drawSoon();
  }

  /** @param {Chart} chart */
  #put(chart) {
    const known = this.#stands.get(chart.key);
    const stand = known ?? this.#stand(chart);
    stand.chart = chart;
    stand.figure.setAttribute('aria-label', chart.words);
    setText(stand.title, chart.title);
  }

  /** @param {Chart} chart @returns {Stand} */
  #stand(chart) {
    const place = h('div', { class: 'layer-plot' });
    const title = h('figcaption');
    const stand = { chart, title, place, figure: h('figure', {}, title, place), inSight: false, made: '', drawn: '', range: chart.range };
    this.#stands.set(chart.key, stand);
    this.#sizes.observe(place);
    this.#sight.observe(place);
    return stand;
  }

  /** @param {Element} place */
  #standOf(place) {
    return [...this.#stands.values()].find((stand) => stand.place === place);
  }

  /** @param {string} key */
  #remove(key) {
    const stand = this.#stands.get(key);
    if (!stand) return;
    this.#sizes.unobserve(stand.place);
    this.#sight.unobserve(stand.place);
    stand.plot?.destroy();
    stand.figure.remove();
    this.#stands.delete(key);
  }

  /** Draws one chart a turn, for as long as there is one in sight that is not as it should be. */
  #drawSoon() {
    if (this.#due) return;
    this.#due = true;
    inTurn(() => {
      this.#due = false;
      if ([...this.#stands.values()].some((stand) => stand.inSight && draw(stand))) this.#drawSoon();
    });
  }
}

/** Whether there was something to draw. @param {Stand} stand */
function draw(stand) {
  const { chart: { steps, lines, range }, made, drawn } = stand;
  // The theme is part of what a canvas shows.
  stand.made = JSON.stringify([lines.map(({ path }) => path), colour('--ink')]);
  // What was drawn stays; more comes at the end.
  stand.drawn = JSON.stringify([steps.length, steps.at(-1), range]);
  if (stand.plot && stand.made === made && stand.drawn === drawn) return false;
  stand.range = range;
  /** @type {uPlot.AlignedData} */
  const data = [steps, ...lines.map(({ values }) => values)];
  if (stand.plot && stand.made === made) {
    stand.plot.setData(data);
  } else {
    stand.plot?.destroy();
    stand.plot = plot(stand, data);
  }
  return true;
}

/** @param {Stand} stand @param {uPlot.AlignedData} data */
function plot(stand, data) {
  const { place, chart: { lines, log = false, mark } } = stand;
  const common = { font: '12px system-ui, sans-serif', stroke: () => colour('--soft'), grid: { stroke: () => colour('--line'), width: 1 }, ticks: { show: false } };
  const points = { show: /** @param {uPlot} self */ (self) => (self.data[0]?.length ?? 0) < 3 };
  return new uPlot({
    width: Math.max(120, place.clientWidth), height: HEIGHT, padding: [8, 16, 0, 0], legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false }, y: { distr: log ? 3 : 1, range: () => (log ? logRange(stand.range) : stand.range) } },
    axes: [{ ...common, size: 24, space: 50 }, { ...common, size: MARKS, values: (_, splits) => splits.map((value) => (value === null ? '' : mark(value))) }],
    series: [{}, ...lines.map((_, at) => ({ stroke: () => shade(at, lines.length), width: 1.5, points }))],
  }, data, place);
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
