// What stands drawn beside an explanation. The core says what; here it gets its place.

import { h, svg } from '../base/dom.js';
import { number, shapeText, t } from '../base/i18n.js';
import { still } from '../network/drawing.js';
import { diagramText, runText } from './words.js';

/** @import { Child } from '../base/dom.js' */
/** @import { Diagram, Drawing } from '../core.d.ts' */

/** @template {Drawing['kind']} Kind @typedef {Extract<Drawing, { kind: Kind }>} Of */

const WIDTH = 560;
/** Lines of text and the space around them. */
const LINE = 22;
const SPACE = 8;
const HEAD = 5;

/** @param {string} id of the lab @param {Diagram} diagram */
export function diagramFigure(id, diagram) {
  const words = h('figcaption', { class: 'caption', id: 'lab-diagram-words' }, diagramText(id, diagram));
  return h('figure', { class: `diagram ${diagram.drawing.kind}` }, picture(id, diagram.drawing), words);
}

/** @param {string} id @param {Drawing} drawing @returns {Element} */
function picture(id, drawing) {
  switch (drawing.kind) {
    case 'shuffled': return shuffled(drawing);
    case 'convolution': return convolution(drawing);
    case 'networks': return networks(id, drawing);
    case 'batches': return batches(drawing);
    case 'levels': return levels(drawing);
  }
}

/** @param {number} width @param {number} height @param {...Child} parts */
const canvas = (width, height, ...parts) => svg('svg', { viewBox: `-1 -1 ${width + 2} ${height + 2}`, role: 'img', 'aria-labelledby': 'lab-diagram-words' }, ...parts);

/** @param {number} x @param {number} y @param {string} words @param {string} [kind] */
const text = (x, y, words, kind = '') => svg('text', { x, y, class: kind }, words);

/** @param {string} kind @param {number} x @param {number} y @param {number} width @param {number} height */
const box = (kind, x, y, width, height) => svg('rect', { class: kind, x, y, width, height, rx: Math.min(2, width / 8) });

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {string} [kind] */
function arrow(x1, y1, x2, y2, kind = 'way') {
  const angle = (180 / Math.PI) * Math.atan2(y2 - y1, x2 - x1);
  return svg('g', { class: kind }, svg('path', { d: `M${x1} ${y1}L${x2} ${y2}` }),
    svg('path', { class: 'head', d: `M0 0l${-HEAD - 2} ${-HEAD + 1}v${2 * HEAD - 2}z`, transform: `translate(${x2} ${y2}) rotate(${angle})` }));
}

/** Grids of pixels side by side, with those that one kernel saw. @param {Of<'shuffled'>} drawing */
function shuffled({ edge, kernel, before, after }) {
  const cell = 21;
  const [size, gap] = [edge * cell, 52];
  const [corner = 0] = before;
  const grid = /** @param {number[]} places @param {number} at @param {string} title @param {string} kind */ (places, at, title, kind) => {
    const x = at * (size + gap);
    const y = LINE;
    let lines = '';
    for (let line = 1; line < edge; line += 1) lines += `M${x + line * cell} ${y}v${size}M${x} ${y + line * cell}h${size}`;
    const marked = places.flatMap((place, which) => {
      const [left, top] = [x + (place % edge) * cell, y + Math.floor(place / edge) * cell];
      return [box('hot', left, top, cell, cell), text(left + cell / 2, top + cell / 2, number(which + 1), 'in')];
    });
    return svg('g', {}, text(x, LINE / 2 - 2, title, 'title'), box('sheet', x, y, size, size), svg('path', { class: 'lines', d: lines }), ...marked,
      box(`window ${kind}`, x + (corner % edge) * cell, y + Math.floor(corner / edge) * cell, kernel * cell, kernel * cell));
  };
  const shown = after.map((places, at) => grid(places, at + 1, after.length > 1 ? t('lab.diagram.after-image', { image: number(at + 1) }) : t('lab.diagram.after'), 'left'));
  const middle = LINE + size / 2;
  return canvas((after.length + 1) * size + after.length * gap, LINE + size, grid(before, 0, t('lab.diagram.before'), ''), ...shown, arrow(size + 12, middle, size + gap - 12, middle));
}

/** A map as a block, with the part that is of interest. @param {{ x: number, middle: number, edge: number, channels: number, part: number, words: string }} map */
function block({ x, middle, edge, channels, part, words }) {
  const deep = Math.min(60, 6 + 7 * Math.log2(channels));
  const [right, up] = [deep * 0.7, -deep * 0.45];
  const y = middle - edge / 2 - up / 2;
  const [left, top] = [x + edge * 0.3, y + edge * 0.38];
  const slant = /** @param {number} fromX @param {number} fromY */ (fromX, fromY) => `M${fromX} ${fromY}l${right} ${up}`;
  return {
    width: edge + right,
    element: svg('g', {},
      svg('path', { class: 'sheet side', d: `M${x} ${y}l${right} ${up}h${edge}l${-right} ${-up}z` }),
      svg('path', { class: 'sheet side', d: `M${x + edge} ${y}l${right} ${up}v${edge}l${-right} ${-up}z` }),
      box('sheet', x, y, edge, edge),
      box('hot back', left + right, top + up, part, part),
      svg('path', { class: 'hot-line', d: slant(left, top) + slant(left + part, top) + slant(left, top + part) + slant(left + part, top + part) }),
      box('hot', left, top, part, part),
      text(x + (edge + right) / 2, middle + 92, words, 'under')),
  };
}

/** What goes in, the filters, and what comes out. @param {Of<'convolution'>} drawing */
function convolution({ row }) {
  const [channels = 1, size = 1] = row.input;
  const [filters = 1, places = 1] = row.output;
  const [kernel] = row.kernel ?? [1];
  const [edge, middle] = [108, 92];
  const unit = edge / Math.max(size, places);
  // Larger than to scale where it would be too small to be seen.
  const part = Math.max(18, kernel * unit);
  const input = block({ x: 0, middle, edge: size * unit, channels, part, words: shapeText(row.input) });
  const shown = Math.min(4, filters);
  const step = 34;
  const left = 262;
  const top = middle - ((shown - 1) * step) / 2;
  const deep = Math.min(40, 6 + 5 * Math.log2(channels));
  const small = 18;
  const each = Array.from({ length: shown }, (_, at) => {
    const y = top + at * step - small / 2 + deep * 0.15;
    return svg('g', {},
      svg('path', { class: 'hot side', d: `M${left} ${y}l${deep * 0.6} ${-deep * 0.3}h${small}l${-deep * 0.6} ${deep * 0.3}z` }),
      svg('path', { class: 'hot side', d: `M${left + small} ${y}l${deep * 0.6} ${-deep * 0.3}v${small}l${-deep * 0.6} ${deep * 0.3}z` }),
      box('hot', left, y, small, small));
  });
  const output = block({ x: 400, middle, edge: places * unit, channels: filters, part: Math.max(9, unit), words: shapeText(row.output) });
  const filterEnd = left + small + deep * 0.6;
  return canvas(WIDTH, 196, input.element, arrow(input.width + 14, middle, left - 16, middle), ...each,
    text((left + filterEnd) / 2, middle + 92, t('lab.diagram.filters', { filters: number(filters), kernel: number(kernel), channels: number(channels) }), 'under'),
    arrow(filterEnd + 16, middle, 400 - 14, middle), output.element);
}

/** @param {string} id @param {Of<'networks'>} drawing */
function networks(id, { parts }) {
  return h('div', { class: 'diagram-networks' }, ...parts.map(({ label, network }) => {
    const name = runText(id, label);
    const weights = t('network.parameters', { count: number(network.parameters) });
    return h('div', {}, h('p', {}, h('b', {}, name), h('span', { class: 'caption' }, ` · ${weights}`)), still(network, `${name}. ${weights}`));
  }));
}

/** A row of images for each epoch, cut into batches. @param {Of<'batches'>} drawing */
function batches({ batch, epochs }) {
  const [cell, gap, left, height] = [19, 12, 64, 70];
  const images = epochs[0]?.length ?? 0;
  const steps = Math.ceil(images / batch);
  const rows = epochs.map((order, epoch) => {
    const y = epoch * height;
    const squares = order.flatMap((image, at) => {
      const x = left + at * cell + Math.floor(at / batch) * gap;
      return [box('hot', x, y, cell - 2, cell + 3), text(x + (cell - 2) / 2, y + (cell + 3) / 2, number(image + 1), 'in')];
    });
    const under = Array.from({ length: steps }, (_, step) => {
      const x = left + step * (batch * cell + gap);
      const width = Math.min(batch, images - step * batch) * cell - 2;
      return [svg('path', { class: 'brace', d: `M${x} ${y + cell + 9}v4h${width}v-4` }), text(x + width / 2, y + cell + 26, t('lab.diagram.step', { step: number(epoch * steps + step + 1) }), 'under')];
    });
    return svg('g', {}, text(0, y + (cell + 3) / 2, t('lab.diagram.epoch', { epoch: number(epoch + 1) }), 'title'), ...squares, ...under.flat());
  });
  return canvas(left + images * cell + (steps - 1) * gap, epochs.length * height - 12, ...rows);
}

/** The U: down on the left, up on the right, and across. @param {Of<'levels'>} drawing */
function levels({ join, levels: all }) {
  const [, outer = 1] = all[0]?.encoder ?? [];
  const most = Math.max(...all.map(({ encoder, joined }) => (joined ?? encoder)[0] ?? 1));
  const apart = 68;
  const places = all.map(({ encoder, joined }, at) => {
    const [channels = 1, height = 1] = encoder;
    const lowest = joined === null;
    const tall = Math.max(10, (52 * height) / outer);
    const width = /** @param {number} count */ (count) => Math.max(5, (48 * count) / most);
    const inset = 96 + at * 62;
    return { encoder, joined, tall, y: 30 + at * apart, own: width(channels), both: width(joined?.[0] ?? channels), left: lowest ? WIDTH / 2 : inset, right: lowest ? WIDTH / 2 : WIDTH - inset };
  });
  const parts = places.map(({ encoder, joined, tall, y, own, both, left, right }, at) => {
    const below = places[at + 1];
    const top = y - tall / 2;
    const map = box('sheet', left - own / 2, top, own, tall);
    if (!joined || !below) return svg('g', {}, map, text(left, y + tall / 2 + 14, shapeText(encoder), 'under'));
    const start = right - both / 2;
    return svg('g', {}, map, text(left - own / 2 - SPACE, y, shapeText(encoder), 'before'),
      box('sheet across', start, top, Math.min(own, both), tall), both > own ? box('sheet', start + own, top, both - own, tall) : null,
      text(right + both / 2 + SPACE, y, shapeText(joined), 'after'),
      arrow(left + own / 2 + SPACE, y, start - SPACE, y, 'way across'),
      text((left + right) / 2, y - 10, t(join === 'add' ? 'network.add' : 'network.concat'), 'under'),
      arrow(left + SPACE, y + tall / 2 + 4, below.left - below.own / 2 - SPACE, below.y - below.tall / 2 + 4),
      arrow(below.right + below.both / 2 + SPACE, below.y - below.tall / 2 + 4, right - SPACE, y + tall / 2 + 4));
  });
  return canvas(WIDTH, (all.length - 1) * apart + 64, ...parts);
}
