// The points as plots, one beside the other.
import { parse, View } from 'vega';
import { compile } from 'vega-lite';

/** @typedef {{ network: string, key: string, value: number, us: number, multiply_adds: number }} Point */

const COLOURS = ['#0072b2', '#d55e00', '#008060'];
const US = { field: 'us', type: 'quantitative', title: 'µs an image' };
const OPERATIONS = { field: 'millions', type: 'quantitative', title: 'million multiply-adds an image' };
/** What each plot has along. */
const PLOTS = [
  { key: 'batch', title: 'Batch', x: { field: 'value', type: 'quantitative', title: 'images a batch', scale: { type: 'log', base: 2 } } },
  { key: 'width', title: 'Width', x: OPERATIONS },
  { key: 'blocks', title: 'Depth', x: OPERATIONS },
];

/** @param {Point[]} points @returns {Promise<string>} the text of an SVG file */
export async function plots(points) {
  const values = points.map((point) => ({ ...point, millions: point.multiply_adds / 1e6 }));
  const networks = [...new Set(points.map(({ network }) => network))];
  const shade = { field: 'network', title: null, sort: networks, scale: { domain: networks, range: COLOURS } };
  const one = ({ key, title, x }) => ({
    title, width: 260, height: 220,
    transform: [{ filter: { field: 'key', equal: key } }],
    mark: { type: 'line', point: { size: 40 }, strokeWidth: 2 },
    encoding: { x, y: { ...US, scale: { zero: true } }, color: shade, shape: shade, strokeDash: { ...shade, scale: { domain: networks, range: [[1, 0], [6, 4], [2, 2]] } } },
  });
  const { spec } = compile({
    background: 'white', data: { values }, hconcat: PLOTS.map(one),
    config: { font: 'system-ui, sans-serif', axis: { grid: true, gridColor: '#e5e5e5', labelFontSize: 11, titleFontSize: 12 }, legend: { orient: 'bottom', labelFontSize: 12 }, view: { stroke: null } },
  });
  const view = new View(parse(spec), { renderer: 'none' });
  return view.toSVG();
}
