// Layers over time: the gradient of each layer, one chart for each run, on one scale; and what the
// layers' outputs are like.

import uPlot from '../../vendor/uplot.js';
import { h, setText } from '../dom.js';
import { number, percent, rounded, t } from '../i18n.js';
import { colour, nameOf } from '../marks.js';

/** @import { Statistics, Summary } from '../core.d.ts' */
/** @import { Run, Runs } from '../runs.js' */
/** @import { Inspector } from './inspector.js' */
/** @import { Subject, View } from './panel.js' */

/** Test images that the statistics are over. */
const IMAGES = 200;
const HEIGHT = 190;
/** Layers whose outputs are of interest. */
const SILENT = ['identity', 'flatten', 'dropout'];

/** @implements {View} */
export class LayersView {
  live = true;
  /** @type {Map<number, { plot: uPlot, figure: HTMLElement, made: string }>} */
  #plots = new Map();
  #counted = '';

  /** @param {Inspector} inspector @param {Runs} runs @param {(run: Run) => Summary | undefined} networkOf */
  constructor(inspector, runs, networkOf) {
    this.inspector = inspector;
    this.runs = runs;
    this.networkOf = networkOf;
    this.charts = h('div', { class: 'gradients' });
    this.empty = h('p', { class: 'caption' }, t('inside.no-gradients'));
    this.rows = h('tbody');
    this.counted = h('caption', { class: 'caption' });
    const heads = ['layer', 'mean', 'deviation', 'dead'].map((key) => h('th', { scope: 'col' }, t(`inside.column.${key}`)));
    this.element = h('div', { class: 'view' }, h('h3', {}, t('inside.gradients')), h('p', { class: 'caption' }, t('inside.gradients-key')), this.charts, this.empty,
      h('h3', {}, t('inside.statistics')), h('div', { class: 'statistics' }, h('table', { class: 'values-table' }, this.counted, h('thead', {}, h('tr', {}, ...heads)), this.rows)));
  }

  /** @param {Subject} subject */
  async show({ run, network, version }) {
    this.#draw();
    if (version === this.#counted) return;
    this.#counted = version;
    const statistics = await this.inspector.ask(run, { kind: 'statistics', images: IMAGES }, IMAGES);
    this.#table(statistics, network, run);
  }

  #draw() {
    const shown = this.runs.list.filter((run) => run.visible && run.gradients.length > 0);
    this.empty.hidden = shown.length > 0;
    const series = shown.map((run) => ({ run, ...this.#series(run) }));
    const all = series.flatMap(({ lines }) => lines.flatMap(({ values }) => values)).filter((value) => value > 0);
    const [low, high] = [Math.min(1, ...all), Math.max(1e-6, ...all)];
    for (const [id, { plot, figure }] of this.#plots) {
      if (shown.some((run) => run.id === id)) continue;
      plot.destroy();
      figure.remove();
      this.#plots.delete(id);
    }
    for (const { run, steps, lines } of series) this.#plot(run, steps, lines, [low / 1.5, high * 1.5]);
  }

  /** The lines of the convolutions and dense layers, the earliest first. @param {Run} run */
  #series(run) {
    const rows = this.networkOf(run)?.rows ?? [];
    const main = run.layers.flatMap((path, at) => (['conv2d', 'linear'].includes(rows.find((row) => row.path === path)?.kind ?? '') ? [{ path, at }] : []));
    return {
      steps: run.gradients.map(({ step }) => step),
      lines: main.map(({ path, at }) => ({ path, values: run.gradients.map(({ norms }) => norms[at] ?? NaN) })),
    };
  }

  /** @param {Run} run @param {number[]} steps @param {{ path: string, values: number[] }[]} lines @param {[number, number]} range */
  #plot(run, steps, lines, range) {
    const made = JSON.stringify([lines.map(({ path }) => path), colour('--ink')]);
    /** @type {uPlot.AlignedData} */
    const data = [steps, ...lines.map(({ values }) => values)];
    const kept = this.#plots.get(run.id);
    if (kept?.made === made) {
      kept.plot.setScale('y', { min: range[0], max: range[1] });
      kept.plot.setData(data);
      kept.figure.setAttribute('aria-label', words(run, lines));
      return;
    }
    kept?.plot.destroy();
    kept?.figure.remove();
    const place = h('div', { class: 'gradient-plot' });
    const figure = h('figure', { role: 'img', 'aria-label': words(run, lines) }, h('figcaption', {}, nameOf(run)), place);
    this.charts.append(figure);
    const common = { font: '12px system-ui, sans-serif', stroke: () => colour('--soft'), grid: { stroke: () => colour('--line'), width: 1 }, ticks: { show: false } };
    const plot = new uPlot({
      width: Math.max(120, place.clientWidth), height: HEIGHT, padding: [8, 8, 0, 0], legend: { show: false }, cursor: { show: false },
      scales: { x: { time: false }, y: { distr: 3, range: () => range } },
      axes: [{ ...common, size: 24, space: 50 }, { ...common, size: 52, values: (_, splits) => splits.map((value) => (value === null ? '' : number(value, { maximumSignificantDigits: 1 }))) }],
      series: [{}, ...lines.map((_, at) => ({ stroke: () => shade(at, lines.length), width: 1.5, points: { show: steps.length < 3 } }))],
    }, data, place);
    new ResizeObserver(() => { if (place.clientWidth > 0 && plot.width !== place.clientWidth) plot.setSize({ width: place.clientWidth, height: HEIGHT }); }).observe(place);
    this.#plots.set(run.id, { plot, figure, made });
  }

  /** @param {Statistics[]} statistics @param {Summary} network @param {Run} run */
  #table(statistics, network, run) {
    setText(this.counted, t('inside.statistics-of', { run: nameOf(run), images: number(Math.min(IMAGES, run.spec.test)) }));
    this.rows.replaceChildren(...statistics.flatMap(({ row, mean, deviation, dead }) => {
      const layer = network.rows[row];
      if (!layer || SILENT.includes(layer.kind)) return [];
      return [h('tr', {}, h('th', { scope: 'row' }, `${layer.path} · ${t(`layer.${layer.kind}`)}`),
        h('td', {}, rounded(mean, 3)), h('td', {}, rounded(deviation, 3)), h('td', {}, dead === null ? t('value.none') : percent(dead)))];
    }));
  }
}

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

/** @param {Run} run @param {{ path: string, values: number[] }[]} lines */
function words(run, lines) {
  const [first, last] = [lines[0], lines.at(-1)];
  const norm = /** @param {{ values: number[] } | undefined} line */ (line) => rounded(line?.values.at(-1) ?? 0, 2);
  return t('inside.gradients-of', { run: nameOf(run), first: first?.path ?? '', early: norm(first), last: last?.path ?? '', late: norm(last) });
}
