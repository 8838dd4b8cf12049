// Layers over time: the gradient of each layer, and what the numbers behind each nonlinearity are
// like, in charts for each run on one scale; and the outputs of all layers as they are.

import { h, setText } from '../base/dom.js';
import { beside, number, percent, rounded, t } from '../base/i18n.js';
import { nameOf } from '../runs/marks.js';
import { LayerCurves } from './layer-curves.js';

/** @import { Looks, Statistics, Summary } from '../core.d.ts' */
/** @import { Run, Runs } from '../runs/list.js' */
/** @import { InsideClient } from './client.js' */
/** @import { Chart, Line } from './layer-curves.js' */
/** @import { Subject, View } from './panel.js' */

/** Test images that the statistics are over. */
const IMAGES = 64;
/** What is drawn of the numbers behind each nonlinearity. */
const MEASURES = /** @type {const} */ (['mean', 'deviation', 'dead']);

/** @implements {View} */
export class LayersView {
  live = true;
  #gradients = new LayerCurves('gradients');
  #activations = new LayerCurves('activations');
  #counted = '';

  /** @param {InsideClient} client @param {Runs} runs @param {(run: Run) => Summary | undefined} networkOf */
  constructor(client, runs, networkOf) {
    this.client = client;
    this.runs = runs;
    this.networkOf = networkOf;
    this.noGradients = h('p', { class: 'caption' }, t('inside.no-gradients'));
    this.noActivations = h('p', { class: 'caption' }, t('inside.no-activations'));
    this.rows = h('tbody');
    this.counted = h('caption', { class: 'caption' });
    const heads = ['layer', ...MEASURES].map((key) => h('th', { scope: 'col' }, t(`inside.column.${key}`)));
    this.element = h('div', { class: 'view' },
      h('h3', {}, t('inside.gradients')), h('p', { class: 'caption' }, t('inside.gradients-key')), this.#gradients.element, this.noGradients,
      h('h3', {}, t('inside.activations')), h('p', { class: 'caption' }, t('inside.activations-key')), this.#activations.element, this.noActivations,
      h('h3', {}, t('inside.statistics')), h('div', { class: 'statistics' }, h('table', { class: 'values-table' }, this.counted, h('thead', {}, h('tr', {}, ...heads)), this.rows)));
  }

  /** @param {Subject} subject */
  async show({ run, network, version, steps }) {
    this.#drawGradients();
    this.#drawActivations();
    if (version === this.#counted) return;
    const statistics = await this.client.ask(run, { kind: 'statistics', images: IMAGES }, IMAGES);
    this.#counted = version;
    this.#table(statistics, network, run);
    if (!this.runs.observe(run, steps, statistics.filter(({ dead }) => dead !== null))) return;
    // One that is on is kept at its next test.
    if (!run.active) this.runs.save(run);
    this.#drawActivations();
  }

  #drawGradients() {
    const shown = this.#looked(({ gradientSteps }) => gradientSteps.length > 0);
    this.noGradients.hidden = shown.length > 0;
    const series = shown.map(({ run, looks }) => ({ run, steps: looks.gradientSteps, lines: this.#gradientLines(run, looks) }));
    const all = series.flatMap(({ lines }) => lines.flatMap(({ values }) => values)).filter((value) => value > 0);
    const [low, high] = [Math.min(1, ...all), Math.max(1e-6, ...all)];
    this.#gradients.show(series.map(({ run, steps, lines }) => ({
      key: String(run.id), title: nameOf(run), lines, steps, range: [low / 1.5, high * 1.5], log: true,
      mark: (value) => number(value, { maximumSignificantDigits: 1 }), words: t('inside.gradients-of', { run: nameOf(run), ...ends(lines) }),
    })));
  }

  /** What was seen inside the runs on the charts, where there is something. @param {(looks: Looks) => boolean} some */
  #looked(some) {
    return this.runs.list.filter((run) => run.visible).flatMap((run) => {
      const looks = this.runs.book.looks(run.id);
      return looks && some(looks) ? [{ run, looks }] : [];
    });
  }

  /** The lines of the convolutions and dense layers. @param {Run} run @param {Looks} looks @returns {Line[]} */
  #gradientLines(run, { gradients }) {
    const rows = this.networkOf(run)?.rows ?? [];
    return gradients.flatMap(([path, values]) => (rows.find((row) => row.path === path)?.layer ? [{ path, values }] : []));
  }

  /** A chart for each measure of each run, side by side. */
  #drawActivations() {
    const shown = this.#looked(({ activationSteps }) => activationSteps.length > 0);
    this.noActivations.hidden = shown.length > 0;
    /** @type {Chart[][]} */
    const columns = MEASURES.map((measure) => {
      const series = shown.map(({ run, looks }) => ({ run, steps: looks.activationSteps, lines: this.#activationLines(run, looks, measure) }));
      const all = series.flatMap(({ lines }) => lines.flatMap(({ values }) => values));
      const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
      /** @type {[number, number]} */
      const range = measure === 'dead' ? [0, 1] : [low * 1.1, high * 1.1 || 1];
      return series.map(({ run, steps, lines }) => ({
        key: `${run.id} ${measure}`, title: t('inside.activations-title', { run: nameOf(run), measure: t(`inside.column.${measure}`) }),
        lines, steps, range,
        mark: (value) => (measure === 'dead' ? number(value, { style: 'percent' }) : number(value, { maximumSignificantDigits: 2 })),
        words: t('inside.activations-of', { run: nameOf(run), measure: t(`inside.column.${measure}`), ...ends(lines) }),
      }));
    });
    this.#activations.show(shown.flatMap((_, at) => columns.flatMap((column) => column[at] ?? [])));
  }

  /** @param {Run} run @param {Looks} looks @param {typeof MEASURES[number]} measure @returns {Line[]} */
  #activationLines(run, { activations }, measure) {
    const rows = this.networkOf(run)?.rows ?? [];
    return activations.map((line) => ({ path: rows[line.row]?.path ?? '', values: line[measure].map((value) => value ?? NaN) }));
  }

  /** @param {Statistics[]} statistics @param {Summary} network @param {Run} run */
  #table(statistics, network, run) {
    setText(this.counted, t('inside.statistics-of', { run: nameOf(run), images: number(Math.min(IMAGES, run.spec.test)) }));
    this.rows.replaceChildren(...statistics.flatMap(({ row, mean, deviation, dead }) => {
      const layer = network.rows[row];
      if (!layer || layer.passes_on) return [];
      return [h('tr', {}, h('th', { scope: 'row' }, beside(layer.path, t(`layer.${layer.kind}`))),
        h('td', {}, rounded(mean, 3)), h('td', {}, rounded(deviation, 3)), h('td', {}, dead === null ? t('value.none') : percent(dead)))];
    }));
  }
}

/** The first and the last layer, and how they end. @param {Line[]} lines */
function ends(lines) {
  const [first, last] = [lines[0], lines.at(-1)];
  const end = /** @param {Line | undefined} line */ (line) => rounded(line?.values.at(-1) ?? 0, 2);
  return { first: first?.path ?? '', early: end(first), last: last?.path ?? '', late: end(last) };
}
