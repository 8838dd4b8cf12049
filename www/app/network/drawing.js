// The network as a drawing: data flows from top to bottom, shortcuts are arcs around their blocks.

import { phrase } from '../base/direction.js';
import { h, svg } from '../base/dom.js';
import { beside, number, plural, shapeText, shortName as short, t } from '../base/i18n.js';
import { BELOW as STRIP_BELOW, INPUT, layOut } from './layout.js';

/** @import { Gradient, Join, Row, Summary } from '../core.d.ts' */
/** @import { Item, Strip } from './layout.js' */
/** @import { Chosen, Strips } from './strips.js' */

const WIDTH = 360;
/** Of one that stands beside another. */
const NARROW = 324;
/** Where the boxes begin; arcs have the space before. */
const LEFT = 64;
/** The way that data goes. */
const FLOW = LEFT + 22;
const LANE = 22;
/** From one arc to the next one around it, where several lie one in another. */
const LANES_APART = 9;
/** Where what is written beside the flow begins. */
const WORDS = LEFT + 48;
const CELLS_APART = 4;
/** From a box's edge to its maps, and within a cell. */
const INSET = 10;
/** How wide the edge of the smallest and of the largest gradient is. */
const THIN = 1;
const THICK = 11;
const CELL_INSET = 2;
/** Letters grow no more than this where there is room. */
const MOST_SCALE = 1.1;
const BEND = 12;
const SIGN = 8;

/** @typedef {(rows: number[]) => void} Light called with the rows that a person points at */

export class Drawing {
  /** @type {{ rows: number[], element: SVGElement }[]} */
  #parts = [];
  /** The edges behind layers with weights, by the layer's path. @type {Map<string, { line: SVGElement, words: SVGElement }>} */
  #edges = new Map();
  #gap = 0;

  /**
   * @param {Light} light @param {Light} open called with the rows that a person presses
   * @param {{ width?: number, strips?: Strips, press?: (chosen: Chosen) => void }} [how] with strips there is room for feature maps, whose places can be pressed
   */
  constructor(light, open, { width = WIDTH, strips, press = () => {} } = {}) {
    this.light = light;
    this.open = open;
    this.width = width;
    this.strips = strips;
    this.press = press;
    this.element = h('div', { class: 'drawing' });
  }

  /** The picture alone. @param {Summary} network @param {string} words what it shows @param {string} [enters] what enters it */
  draw(network, words, enters = t('network.input')) {
    const { items, height, input, gap } = layOut(network, this.strips !== undefined);
    this.strips?.clear(network.rows);
    this.#edges.clear();
    const sizes = network.rows[0]?.input ?? [];
    // Networks without blocks leave no room for arcs; the others do, with and without them.
    const shift = items.some((item) => item.kind === 'stage' || item.kind === 'arc') ? 0 : LEFT;
    const flow = svg('line', { class: 'flow', x1: FLOW, x2: FLOW, y1: INPUT.height, y2: height - INPUT.height / 2 });
    const box = { x: shift - 1, y: -1, width: this.width + 2 - shift, height: height + 2 };
    const picture = svg('svg', { viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`, 'aria-label': words }, flow, this.#input(sizes, enters, input));
    // Arcs first, so that boxes and sums lie on them.
    const inOrder = [...items].sort((a, b) => Number(b.kind === 'arc') - Number(a.kind === 'arc'));
    this.#gap = gap;
    const drawn = new Map(inOrder.map((item) => {
      const element = this.#item(item, network.rows);
      picture.append(element);
      return [item, element];
    }));
    const sheet = h('div', { class: 'drawn' }, picture, this.strips?.element);
    sheet.style.maxWidth = `${(this.width - shift) * MOST_SCALE}px`;
    this.element.replaceChildren(sheet);
    this.strips?.lay(box);
    return { picture, items, drawn };
  }

  /** @param {Summary} network @param {string} name */
  show(network, name) {
    const words = t('network.figure', { name, depth: network.depth, parameters: number(network.parameters) });
    const { picture, items, drawn } = this.draw(network, words);
    picture.setAttribute('role', 'listbox');
    picture.setAttribute('aria-orientation', 'vertical');
    this.#parts = [];
    for (const item of items) {
      const element = drawn.get(item);
      if (element && item.kind !== 'stage' && item.rows.length > 0) this.#parts.push({ rows: item.rows, element });
    }
    this.#parts.forEach((part, at) => this.#reachable(part, at));
  }

  /** How large each layer's gradient is, on the edge that leaves its box. @param {Gradient[]} gradients */
  flow(gradients) {
    for (const [path, { line, words }] of this.#edges) {
      const gradient = gradients.find((one) => one.path === path);
      line.setAttribute('stroke-width', String(gradient ? THIN + (THICK - THIN) * gradient.share : 0));
      words.textContent = gradient ? t('network.gradient', { norm: number(gradient.norm, { maximumSignificantDigits: 2 }) }) : '';
    }
  }

  /** The edge that leaves a box with a layer of this path. @param {Row | undefined} layer @param {number} x @param {number} y @param {number} length */
  #leaving(layer, x, y, length) {
    if (!layer || !this.strips) return [];
    const line = svg('path', { class: 'gradient', d: `M${x} ${y}v${length}`, 'stroke-width': 0 });
    const words = svg('text', { x: x + 10, y: y + length / 2, class: 'gradient-words' });
    this.#edges.set(layer.path, { line, words });
    return [line, words];
  }

  /** Marks the parts of these rows. @param {number[]} rows */
  mark(rows) {
    for (const part of this.#parts) {
      const lit = part.rows.some((row) => rows.includes(row));
      part.element.classList.toggle('lit', lit);
      part.element.setAttribute('aria-selected', String(lit));
    }
  }

  /** One stop of the tab key for the whole drawing; arrows go from part to part. @param {{ rows: number[], element: SVGElement }} part @param {number} at */
  #reachable({ rows, element }, at) {
    element.setAttribute('role', 'option');
    element.setAttribute('tabindex', at === 0 ? '0' : '-1');
    const light = () => this.light(rows);
    element.addEventListener('pointerenter', light);
    element.addEventListener('click', (event) => {
      light();
      const chosen = this.strips?.at(event.clientX, event.clientY);
      if (chosen) this.press(chosen);
      else this.open(rows);
    });
    element.addEventListener('focus', light);
    element.addEventListener('pointerleave', () => this.light([]));
    element.addEventListener('blur', () => this.light([]));
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        const middle = this.strips?.middle(rows);
        if (middle) this.press(middle);
        else this.open(rows);
        return;
      }
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.#parts.length - 1 }[event.key];
      const next = to === undefined ? undefined : this.#parts[to]?.element;
      if (!next) return;
      event.preventDefault();
      this.#parts.forEach((part) => part.element.setAttribute('tabindex', part.element === next ? '0' : '-1'));
      next.focus();
    });
  }

  /** @param {number} y @param {number} height */
  #frame(y, height) {
    return svg('rect', { class: 'frame', x: LEFT, y, width: this.width - LEFT, height, rx: 6 });
  }

  /** What kind of layer it is, as a line at the left of its box. @param {number} y @param {number} height */
  #edge(y, height) {
    return svg('path', { class: 'kind-line', d: `M${LEFT} ${y + 6}V${y + height - 6}` });
  }

  /** @param {number} y @param {number[]} sizes */
  #shape(y, sizes) {
    return svg('text', { x: this.width - 10, y, class: 'shape' }, shapeText(sizes));
  }

  /** Maps have the width of a box. @param {Strip | undefined} strip */
  #ground(strip) {
    return strip && this.strips ? this.strips.ground(strip, LEFT + INSET, this.width - LEFT - 2 * INSET) : null;
  }

  /** @param {number[]} sizes @param {string} name @param {Strip | undefined} strip */
  #input(sizes, name, strip) {
    const { height, middle, words } = lined(INPUT, strip);
    return svg('g', { class: 'part kind-input' }, this.#frame(INPUT.y, height), strip ? null : glyph(sizes, middle),
      text(words, middle, name, 'name'), this.#shape(middle, sizes), this.#ground(strip));
  }

  /** @param {Item} item @param {Row[]} rows @returns {SVGElement} */
  #item(item, rows) {
    switch (item.kind) {
      case 'stage': {
        const label = t('network.stage', { number: item.name.replace(/\D/g, '') });
        return svg('g', { class: 'stage' }, text(LEFT + 36, item.y + 9, label, 'stage-name'));
      }
      case 'sum': return this.#sum(item, rows);
      case 'arc': return this.#arc(item, rows);
      case 'box': return this.#box(item, rows);
      case 'cell': return this.#cell(item, rows);
      case 'gate': return this.#gate(item, rows);
    }
  }

  /** @param {Extract<Item, { kind: 'box' }>} item @param {Row[]} rows */
  #box({ rows: indices, y, height, block, strip }, rows) {
    const own = indices.flatMap((index) => rows[index] ?? []);
    const [first] = own;
    const output = own.at(-1)?.output ?? [];
    // Beside another drawing there is only room for what distinguishes convolutions.
    const narrow = this.width < WIDTH && first?.kind === 'conv2d';
    const label = block === undefined ? own.map(narrow ? setting : operation) : [t('network.block', { number: block.replace(/\D/g, '') }), ...own.filter((row) => row.kernel).map(kernel)];
    const [name, ...rest] = block === undefined && label.length > 1 ? [label[0], ...own.slice(1).map(short)] : label;
    const { middle, words } = lined({ y, height }, strip);
    return svg('g', { class: `part kind-${block === undefined ? first?.kind : 'block'}`, 'aria-label': [name, ...rest, shapeText(output)].join(' ') },
      this.#frame(y, height), strip ? this.#edge(y, height) : glyph(output, middle, height - 8), this.#ground(strip),
      ...this.#leaving(own.find((row) => row.layer), FLOW, y + height, this.#gap),
      svg('text', { x: words, y: middle, class: 'name' }, ...phrase(name, rest.length > 0 ? svg('tspan', { class: 'rest' }, ` ${rest.join(' ')}`) : null)), ' ',
      this.#shape(middle, output));
  }

  /** One of several boxes side by side. @param {Extract<Item, { kind: 'cell' }>} item @param {Row[]} rows */
  #cell({ rows: indices, y, height, column, columns, strip }, rows) {
    const own = indices.flatMap((index) => rows[index] ?? []);
    const [first] = own;
    const output = own.at(-1)?.output ?? [];
    const width = (this.width - LEFT - CELLS_APART * (columns - 1)) / columns;
    const x = LEFT + column * (width + CELLS_APART);
    const mark = first?.kind === 'conv2d' ? kernel(first) : first ? short(first) : '';
    return svg('g', { class: `part cell kind-${first?.kind}`, 'aria-label': [...own.map(operation), shapeText(output)].join(' ') },
      svg('rect', { class: 'sheet frame', x, y, width, height, rx: 4 }),
      strip && this.strips ? this.strips.ground(strip, x + CELL_INSET, width - 2 * CELL_INSET) : null,
      svg('text', { x: x + width / 2, y: strip ? y + 10 : y + height / 2, class: 'sign' }, mark,
        first?.kind === 'conv2d' ? svg('tspan', { class: 'rest' }, ` · ${number(output[0] ?? 0)}`) : null));
  }

  /** A small box beside the flow, which gates it or is an auxiliary classifier. @param {Extract<Item, { kind: 'gate' }>} item @param {Row[]} rows */
  #gate({ join, rows: indices, y, height, strip }, rows) {
    const own = indices.flatMap((index) => rows[index] ?? []).filter((row) => row.kind !== 'identity');
    const { middle } = lined({ y, height }, strip);
    const words = [...new Set(own.filter((row) => row.weights > 0).map(short))].join(' ');
    const name = t(join === 'auxiliary' ? 'network.auxiliary' : 'network.gate');
    return svg('g', { class: 'part kind-gate', 'aria-label': [name, ...own.map(operation)].join(' ') },
      svg('path', { class: 'way', d: `M${FLOW + SIGN} ${middle}H${WORDS - 8}` }),
      svg('rect', { class: 'frame', x: WORDS - 8, y, width: this.width - WORDS + 8, height, rx: 6 }),
      ...sign(join, middle), strip && this.strips ? this.strips.ground(strip, WORDS, this.width - WORDS - INSET) : null,
      svg('text', { x: WORDS, y: middle, class: 'name' }, name, svg('tspan', { class: 'rest' }, ` ${words}`)));
  }

  /** @param {Extract<Item, { kind: 'sum' }>} item @param {Row[]} rows */
  #sum({ join, output, rows: indices, y, height, strip }, rows) {
    const { middle } = lined({ y, height }, strip);
    const after = indices.filter((index) => !strip?.rows.includes(index)).flatMap((index) => rows[index] ?? []).map(short);
    const words = join === 'add' ? t('network.add') : t('network.concat');
    const beside = join === 'add' ? after : [words, ...after];
    const label = { class: 'part kind-sum', 'aria-label': [words, after.join(' ')].filter(Boolean).join(', ') };
    if (strip) return svg('g', label, ...sign(join, middle), this.#ground(strip), svg('text', { x: this.width - INSET, y: middle, class: 'shape' }, after.join(' ')));
    return svg('g', label,
      ...sign(join, middle), text(WORDS, middle, beside.join(' '), 'rest'), output ? this.#shape(middle, output) : null);
  }

  /** @param {Extract<Item, { kind: 'arc' }>} item @param {Row[]} rows */
  #arc({ rows: indices, from, to, nest }, rows) {
    const lane = LANE - nest * LANES_APART;
    const own = indices.flatMap((index) => rows[index] ?? []);
    const [first] = own;
    const kind = first?.kind ?? 'identity';
    const words = { identity: t('network.identity'), 'zero-pad': t('network.zero-pad') }[kind] ?? t('network.projection');
    const middle = (from + to) / 2;
    const mark = { identity: '', 'zero-pad': '+0' }[kind] ?? kernel(/** @type {Row} */ (first));
    const bend = Math.min(BEND, (to - from) / 2);
    const line = `M${FLOW} ${from}H${lane + bend}Q${lane} ${from} ${lane} ${from + bend}V${to - bend}Q${lane} ${to} ${lane + bend} ${to}H${FLOW - 9}`;
    return svg('g', { class: `part arc kind-${kind}`, 'aria-label': `${words}; ${shapeText(own.at(-1)?.output ?? [])}` },
      svg('path', { class: 'reach', d: line }), svg('path', { class: 'way', d: line }),
      svg('path', { class: 'tip-of-arc', d: `M${FLOW - 9} ${to}l-5 -3.5v7z` }),
      mark ? svg('rect', { x: lane - 17, y: middle - 10, width: 34, height: 20, rx: 5 }) : null,
      mark ? svg('text', { x: lane, y: middle, class: 'sign' }, mark) : null);
  }
}

/** A small network, only to be looked at. @param {Summary} network @param {string} words what it shows */
export function still(network, words) {
  const drawing = new Drawing(() => {}, () => {}, { width: NARROW });
  drawing.draw(network, words, t('network.block-input')).picture.setAttribute('role', 'img');
  return drawing.element;
}

/** Where a box's name stands: above its maps, if it has any. @param {{ y: number, height: number }} box @param {Strip | undefined} strip */
function lined({ y, height }, strip) {
  const end = strip ? strip.y + strip.height + STRIP_BELOW - y : height;
  return { height: end, middle: y + (strip ? strip.y - y : height) / 2, words: strip ? LEFT + INSET : WORDS };
}

/** The circle where branches become one, or where a classifier leaves the way. @param {Join} join @param {number} middle */
function sign(join, middle) {
  const d = {
    add: `M${FLOW - 4} ${middle}h8M${FLOW} ${middle - 4}v8`,
    concat: `M${FLOW - 2} ${middle - 4}v8M${FLOW + 2} ${middle - 4}v8`,
    multiply: `M${FLOW - 3} ${middle - 3}l6 6M${FLOW + 3} ${middle - 3}l-6 6`,
    auxiliary: `M${FLOW - 4} ${middle}h8m-3 -3l3 3l-3 3`,
  }[join];
  return [svg('circle', { cx: FLOW, cy: middle, r: SIGN }), svg('path', { d })];
}

/** @param {Row} row */
const kernel = ({ kernel: sides }) => shapeText(sides ?? []);

/** @param {Row} row */
const operation = (row) => [short(row), setting(row)].filter(Boolean).join(' ');

/** @param {Row} row */
function setting(row) {
  const stride = row.stride !== null && row.stride > 1 && row.kind === 'conv2d' ? t('network.stride', { stride: row.stride }) : '';
  return [row.kernel === null ? '' : kernel(row), stride].filter(Boolean).join(' ');
}

/** @param {number} x @param {number} y @param {string} words @param {string} kind */
const text = (x, y, words, kind) => svg('text', { x, y, class: kind }, words);

/**
 * What leaves a part, in small: sheets for channels, as large as the image; a bar for a vector.
 * @param {number[]} sizes @param {number} middle @param {number} [room]
 */
function glyph(sizes, middle, room = 22) {
  const [channels = 1, height, width] = sizes;
  if (height === undefined || width === undefined) {
    const tall = Math.min(room, 6 + 4 * Math.log10(channels + 1) ** 1.5);
    return svg('rect', { class: 'sheet', x: FLOW - 3, y: middle - tall / 2, width: 6, height: tall, rx: 1.5 });
  }
  const sheets = Math.min(5, 1 + Math.floor(Math.log2(channels) / 1.5));
  const edge = Math.max(4, (room - 6) * Math.min(1, height / 32));
  const shift = 2.2;
  return svg('g', {}, ...Array.from({ length: sheets }, (_, at) => {
    const move = (at - (sheets - 1) / 2) * shift;
    return svg('rect', { class: 'sheet', x: FLOW - edge / 2 + move, y: middle - edge / 2 + move / 2, width: edge, height: edge, rx: 1 });
  }));
}

/** Depth, parameters and multiply-adds in one line. @param {Summary} network */
export function totals(network) {
  return beside(plural('network.depth', network.depth), t('network.parameters', { count: number(network.parameters) }));
}
