// A chart as SVG, for what is kept: the same curves as on the page, with their axes in words, and no script.

import { svg } from '../base/dom.js';
import { compact, lossText, number, t } from '../base/i18n.js';
import { dashOf, inkOf } from '../runs/marks.js';
import { linesOf, summaryOf } from './curves.js';

/** @import { Drawn, Line } from './curves.js' */
/** @import { Axis, Measure } from '../engine.js' */

const LETTERS = 11;
/** Room for the axes' numbers and words, and around. */
const LEFT = 54;
const BOTTOM = 38;
const EDGE = 12;

/** The page's colours that are in such a drawing. */
export const INKS = ['--soft', '--line', '--edge', '--surface'];

/**
 * @param {Drawn} chart @param {{ title: string, axis: Axis, measure: Measure, width: number, height: number }} plan
 * @returns {SVGSVGElement} its colours are the page's tokens: {@link INKS}, and one for each run
 */
export function chartFigure(chart, { title, axis, measure, width, height }) {
  const { end, top, across, up, chance } = chart;
  const [wide, high] = [width - LEFT - EDGE, height - BOTTOM - EDGE];
  const x = /** @param {number} value */ (value) => (value / end) * wide;
  const y = /** @param {number} value */ (value) => (1 - value / top) * high;
  const label = /** @param {string} text @param {Record<string, string | number>} place */ (text, place) =>
    svg('text', { fill: 'var(--soft)', 'text-anchor': 'middle', ...place }, text);
  const levels = [...up].flatMap((value) => [
    svg('line', { x1: 0, x2: wide, y1: y(value), y2: y(value), stroke: 'var(--line)' }),
    label(levelText(value, measure), { x: -6, y: y(value) + LETTERS / 3, 'text-anchor': 'end' }),
  ]);
  const columns = [...across].map((value) => label(axis === 'samples' ? compact(value) : number(value), { x: x(value), y: high + LETTERS + 5 }));
  const guess = chance === undefined ? [] : [svg('line', { x1: 0, x2: wide, y1: y(chance), y2: y(chance), stroke: 'var(--edge)', 'stroke-dasharray': '2 4' }), label(t('charts.chance'), { x: wide, y: y(chance) - 4, 'text-anchor': 'end' })];
  const lines = linesOf(chart);
  return svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'font-size': LETTERS, 'font-family': 'system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif' },
    svg('title', {}, title), svg('desc', {}, lines.map(({ run }) => summaryOf(run)).join(' ')),
    svg('g', { transform: `translate(${LEFT} ${EDGE})` }, ...levels, ...columns, ...guess,
      label(t(`charts.${axis}`), { x: wide / 2, y: high + BOTTOM - 6 }),
      label(title, { transform: `translate(${LETTERS - LEFT} ${high / 2}) rotate(-90)` }),
      // What is within cuts off what is beyond the axes.
      svg('svg', { width: wide, height: high }, ...lines.map((line) => batches(line, x, y))),
      ...lines.map((line) => tests(line, x, y))));
}

/** @param {number} value @param {Measure} measure */
const levelText = (value, measure) => (measure === 'accuracy' ? number(value, { style: 'percent' }) : value < 1000 ? number(value) : lossText(value));

/** @typedef {(value: number) => number} Scale */

/** A group in a run's colour. @param {Line} line @param {string} name of what it shows @param {SVGElement[]} parts */
function group({ run }, name, parts) {
  const element = svg('g', { 'data-run': run.id, 'data-shows': name }, ...parts);
  element.style.color = inkOf(run);
  return element;
}

/** A place, to a hundredth of a pixel. @param {number} place */
const fine = (place) => String(Math.round(place * 100) / 100);

/** Where values are; null where one is no number. @param {ArrayLike<number>} along @param {ArrayLike<number>} values @param {Scale} x @param {Scale} y */
const places = (along, values, x, y) => Array.from(along, (at, index) => {
  const value = values[index] ?? NaN;
  return Number.isFinite(value) ? `${fine(x(at))} ${fine(y(value))}` : null;
});

/** A way through places, with a gap where there is none. @param {(string | null)[]} all */
const way = (all) => all.map((place, at) => (place === null ? '' : `${at > 0 && all[at - 1] !== null ? 'L' : 'M'}${place}`)).join('');

/** Single batches, the band of several seeds, and the running mean. @param {Line} line @param {Scale} x @param {Scale} y */
function batches(line, x, y) {
  const { run, several, dots, curve } = line;
  const points = /** @param {Float64Array} values */ (values) => svg('path', {
    d: places(curve.x, values, x, y).flatMap((place) => (place === null ? [] : [`M${place}h0`])).join(''),
    stroke: 'currentColor', 'stroke-width': 3, 'stroke-linecap': 'round', 'stroke-opacity': 0.28,
  });
  const band = () => svg('path', {
    d: `${way([...places(curve.x, curve.high, x, y), ...places(curve.x, curve.low, x, y).reverse()])}Z`,
    fill: 'currentColor', 'fill-opacity': 0.16,
  });
  return group(line, 'batches', [
    ...(dots ? [points(curve.least), points(curve.most)] : []),
    ...(several ? [band()] : []),
    svg('path', { 'data-shows': 'mean', d: way(places(curve.x, curve.mean, x, y)), fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-dasharray': dashOf(run).join(' ') || 'none' }),
  ]);
}

/** The tests, with one standard deviation up and down where they are means. @param {Line} line @param {Scale} x @param {Scale} y */
function tests(line, x, y) {
  const { testX, test, testSpread } = line.curve;
  return group(line, 'tests', [...testX].flatMap((at, index) => {
    const [middle, reach] = [test[index] ?? NaN, testSpread[index] ?? 0];
    if (!Number.isFinite(middle)) return [];
    const bar = svg('path', { d: `M${fine(x(at))} ${fine(y(middle - reach))}V${fine(y(middle + reach))}`, stroke: 'currentColor', 'stroke-width': 2 });
    return [...(reach > 0 ? [bar] : []), svg('circle', { cx: fine(x(at)), cy: fine(y(middle)), r: 4, fill: 'currentColor', stroke: 'var(--surface)', 'stroke-width': 1.5 })];
  }));
}
