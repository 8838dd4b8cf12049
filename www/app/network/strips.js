// The feature maps in the drawing of a network: a strip of small pictures in each box, on canvases that lie over the drawing.
// Their places are there from the start, so that nothing moves when they are filled.

import { h, svg } from '../base/dom.js';
import { number, t } from '../base/i18n.js';
import { IMAGE } from './layout.js';

/** @import { Activations, Row, Tiles } from '../core.d.ts' */
/** @import { Colours } from '../base/scale.js' */
/** @import { Strip } from './layout.js' */

/** From one map to the next. */
const APART = 3;
/** Between what several branches carry. */
const BRANCHES_APART = 16;
/** Pixels of a canvas for each unit of the drawing: sharp on any screen. */
const FINE = 2;
/** Numbers of a vector that a line has room for. */
const CELLS = 138;

/**
 * One row of maps, or the half of one; `colours` are those that its latest maps have, `largest` what the strongest stands for.
 * @typedef {{ strip: Strip, branch: number, x: number, width: number, canvas: HTMLCanvasElement, size: SVGElement | undefined, seen: boolean, map: { width: number, height: number, largest?: number }, colours?: Colours }} Lane
 */

/** A place in the maps of a box: the layers that work on it in turn, and where it is. @typedef {{ rows: number[], channel: number, y: number, x: number }} Chosen */

export class Strips {
  /** @type {Lane[]} */
  #lanes = [];
  /** One picture after the other, from where they are drawn in the size that they have here. */
  #sheet = h('canvas');
  /** @type {IntersectionObserver | undefined} */
  #watch;

  /** Called when others come on the screen. */
  scrolled = () => {};

  /** @type {Row[]} */
  #rows = [];
  /** @type {Chosen | undefined} */
  #marked;
  #box = { x: 0, y: 0, width: 1, height: 1 };

  constructor() {
    this.mark = h('div', { class: 'map-mark', hidden: true });
    this.element = h('div', { class: 'maps', 'aria-hidden': 'true' });
  }

  /**
   * The places of a strip's maps, and what carries how much. All pictures come later.
   * @param {Strip} strip @param {number} x @param {number} width
   */
  ground(strip, x, width) {
    const places = strip.join === undefined ? [0] : strip.branches;
    const each = (width - BRANCHES_APART * (places.length - 1)) / places.length;
    return svg('g', { class: 'ground' }, ...places.flatMap((branch, at) => {
      const left = x + at * (each + BRANCHES_APART);
      const room = fitting(strip, strip.counts[at] ?? 0, each);
      const size = strip.join === undefined ? undefined : svg('text', { x: left + (at === 0 ? WORDS_AFTER_SIGN : 0), y: strip.y - 11, class: 'rest carried' }, t(carried(at)));
      this.#lanes.push({ strip, branch, x: left, width: room.width, canvas: h('canvas', { class: 'map-strip' }), size, seen: false, map: sizeOf(this.#rows[strip.row ?? strip.rows[at] ?? IMAGE]?.output ?? []) });
      return [...(size ? [size] : []), ...room.places.map((place) => svg('rect', { x: left + place, y: strip.y, width: strip.line ? room.width : strip.edge, height: strip.height, rx: 2 }))];
    }));
  }

  /** Begins a drawing anew. @param {Row[]} rows */
  clear(rows) {
    this.#lanes = [];
    this.#rows = rows;
    this.#marked = undefined;
    this.mark.hidden = true;
  }

  /** Lays the canvases over a drawing of this size. @param {{ x: number, y: number, width: number, height: number }} box */
  lay(box) {
    this.#box = box;
    this.#watch?.disconnect();
    this.#watch = new IntersectionObserver((entries) => {
      let more = false;
      for (const { target, isIntersecting } of entries) {
        const lane = this.#lanes.find(({ canvas }) => canvas === target);
        if (!lane || lane.seen === isIntersecting) continue;
        lane.seen = isIntersecting;
        more ||= isIntersecting;
      }
      if (more) this.scrolled();
    }, { rootMargin: '60px' });
    for (const { strip, x, width, canvas } of this.#lanes) {
      canvas.width = Math.round(width * FINE);
      canvas.height = Math.round(strip.height * FINE);
      this.#put(canvas, x, strip.y, width, strip.height);
      this.#watch.observe(canvas);
    }
    this.element.replaceChildren(...this.#lanes.map(({ canvas }) => canvas), this.mark);
  }

  /** @param {HTMLElement} element @param {number} x @param {number} y @param {number} width @param {number} height in units of the drawing */
  #put(element, x, y, width, height) {
    const share = /** @param {number} of @param {number} all */ (of, all) => `${(100 * of) / all}%`;
    const { x: left, y: top, width: wide, height: high } = this.#box;
    Object.assign(element.style, { left: share(x - left, wide), width: share(width, wide), top: share(y - top, high), height: share(height, high) });
  }

  /** What of the maps lies at this point of the window. @param {number} clientX @param {number} clientY @returns {Chosen | undefined} */
  at(clientX, clientY) {
    for (const lane of this.#lanes) {
      const { left, top, width, height } = lane.canvas.getBoundingClientRect();
      const [x, y] = [((clientX - left) / width) * lane.width, ((clientY - top) / height) * lane.strip.height];
      if (x < 0 || x >= lane.width || y < 0 || y >= lane.strip.height || lane.strip.row === IMAGE) continue;
      const rows = rowsOf(lane, this.#rows);
      if (lane.strip.line) return { rows, channel: Math.floor((x / lane.width) * Math.min(lane.map.width, CELLS)), y: 0, x: 0 };
      const { edge } = lane.strip;
      const channel = Math.floor(x / (edge + APART));
      const frame = fitted(lane.map, edge);
      const column = Math.floor((x - channel * (edge + APART) - frame.x) / frame.scale);
      const line = Math.floor((y - frame.y) / frame.scale);
      return column < 0 || column >= lane.map.width || line < 0 || line >= lane.map.height ? undefined : { rows, channel, y: line, x: column };
    }
    return undefined;
  }

  /** The middle of the first map of the box with these rows. @param {number[]} rows @returns {Chosen | undefined} */
  middle(rows) {
    const lane = this.#lanes.find(({ strip }) => boxOf(strip) === rows);
    return lane && { rows: rowsOf(lane, this.#rows), channel: 0, y: lane.strip.line ? 0 : Math.floor(lane.map.height / 2), x: lane.strip.line ? 0 : Math.floor(lane.map.width / 2) };
  }

  /** The layers that work in turn on the numbers that leave this row. @param {number} row */
  rowsUpTo(row) {
    const lane = this.#lanes.find(({ strip }) => strip.row === row);
    return lane ? rowsOf(lane, this.#rows) : [row];
  }

  /** What the colours of the box with these rows stand for, and which layer's they are; nothing as long as it has none. Without rows, of the place that is marked. @param {number[]} at */
  scaleOf(at) {
    const rows = at.length > 0 ? at : this.#marked?.rows ?? [];
    const lane = this.#lanes.find(({ strip }) => boxOf(strip) === rows) ?? this.#lanes.find(({ strip }) => strip.rows.some((row) => rows.includes(row)));
    const path = this.#rows[lane?.strip.row ?? -1]?.path;
    return lane?.colours && { colours: lane.colours, largest: lane.map.largest ?? 0, path };
  }

  /** Marks a place, if its map is shown. @param {Chosen | undefined} chosen */
  show(chosen) {
    this.#marked = chosen;
    const lane = chosen && this.#lanes.find(({ strip, branch }) => (strip.join === undefined ? strip.row === chosen.rows.at(-1) : strip.rows[strip.branches.indexOf(branch)] === chosen.rows.at(-1)));
    this.mark.hidden = true;
    if (!lane || !chosen) return;
    const { strip, map } = lane;
    if (strip.line) {
      const cell = lane.width / Math.min(map.width, CELLS);
      if (chosen.channel < CELLS) this.#put(this.mark, lane.x + chosen.channel * cell, strip.y, cell, strip.height);
    } else {
      const { x, y, scale } = fitted(map, strip.edge);
      this.#put(this.mark, lane.x + chosen.channel * (strip.edge + APART) + x + chosen.x * scale, strip.y + y + chosen.y * scale, scale, scale);
    }
    this.mark.hidden = strip.line ? chosen.channel >= CELLS : (chosen.channel + 1) * (strip.edge + APART) - APART > lane.width + 1;
  }

  /** What is on the screen. */
  get wanted() {
    const seen = this.#lanes.filter((lane) => lane.seen);
    const rows = seen.flatMap(({ strip }) => (strip.row === undefined || strip.row === IMAGE ? [] : [strip.row]));
    const joins = seen.flatMap(({ strip }) => (strip.join === undefined ? [] : [strip.join]));
    return { rows, joins: [...new Set(joins)], channels: CHANNELS };
  }

  /** @param {Activations} shown */
  paint({ picture, input, maps, joins }) {
    for (const lane of this.#lanes) {
      const { strip, branch, canvas } = lane;
      if (strip.row === IMAGE) this.#paint(canvas, strip, [picture, input]);
      else if (strip.join === undefined) {
        const map = maps.find(({ row }) => row === strip.row);
        if (!map) continue;
        lane.map = map.tiles;
        lane.colours = coloursOf([map]);
        this.#paint(canvas, strip, [map.tiles]);
      } else {
        const joined = joins.find(({ join }) => join === strip.join);
        const carries = joined?.branches[branch];
        if (!joined || !carries) continue;
        lane.map = carries.tiles;
        // All branches of a join have one scale.
        lane.colours = coloursOf(joined.branches);
        this.#paint(canvas, strip, [carries.tiles]);
        if (lane.size) lane.size.textContent = `${t(carried(strip.branches.indexOf(branch)))} ${number(carries.size, { maximumSignificantDigits: 2 })}`;
      }
    }
  }

  /** Nothing is known any more. */
  empty() {
    for (const lane of this.#lanes) delete lane.colours;
    for (const { canvas } of this.#lanes) canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
  }

  /** @param {HTMLCanvasElement} canvas @param {Strip} strip @param {Tiles[]} all */
  #paint(canvas, strip, all) {
    const ctx = canvas.getContext('2d', { willReadFrequently: true });
    if (!ctx) return;
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.imageSmoothingEnabled = false;
    let left = 0;
    for (const tiles of all) {
      this.#fill(tiles);
      if (strip.line) {
        ctx.drawImage(this.#sheet, 0, 0, Math.min(tiles.width, CELLS), 1, 0, 0, canvas.width, canvas.height);
        continue;
      }
      const edge = strip.edge * FINE;
      for (let at = 0; at < tiles.count && left + edge <= canvas.width; at += 1) {
        const { x, y, scale } = fitted(tiles, edge);
        ctx.drawImage(this.#sheet, 0, at * tiles.height, tiles.width, tiles.height, left + x, y, tiles.width * scale, tiles.height * scale);
        left += edge + APART * FINE;
      }
    }
  }

  /** @param {Tiles} tiles */
  #fill({ width, height, count, pixels }) {
    const sheet = this.#sheet;
    if (sheet.width !== width) sheet.width = width;
    if (sheet.height !== height * count) sheet.height = height * count;
    const image = new ImageData(new Uint8ClampedArray(pixels), width, height * count);
    sheet.getContext('2d', { willReadFrequently: true })?.putImageData(image, 0, 0);
  }
}

/** The rows of a strip's box. @param {Strip} strip */
const boxOf = (strip) => (strip.join === undefined ? strip.rows : strip.of);

/** @param {number[]} output @returns {{ width: number, height: number }} */
const sizeOf = ([features = 1, height, width]) => (height === undefined || width === undefined ? { width: features, height: 1 } : { width, height });

/** Where a map lies in its square. @param {{ width: number, height: number }} map @param {number} edge */
function fitted({ width, height }, edge) {
  const scale = edge / Math.max(width, height);
  return { scale, x: (edge - width * scale) / 2, y: (edge - height * scale) / 2 };
}

/** The layers of a box that work in turn on what leaves it: the one that has it first, and those attached to that. @param {Lane} lane @param {Row[]} rows */
function rowsOf({ strip, branch }, rows) {
  if (strip.join !== undefined) return [strip.rows[strip.branches.indexOf(branch)] ?? 0];
  const last = strip.rows.indexOf(strip.row);
  let first = last;
  while (first > 0 && rows[strip.rows[first] ?? 0]?.attached) first -= 1;
  return strip.rows.slice(first, last + 1);
}

/** Beside the sign of a join. */
const WORDS_AFTER_SIGN = 26;
/** Maps of the widest strip. */
export const CHANNELS = 9;

/** The colours of numbers: those with a sign, if any is below zero. @param {{ lowest: number }[]} all @returns {Colours} */
const coloursOf = (all) => (all.some(({ lowest }) => lowest < 0) ? 'signed' : 'above');

/** What the branches of a join carry: the shortcut is the last. @param {number} at */
const carried = (at) => (at === 0 ? 'network.adds' : 'network.carries');

/** Where maps have room. @param {Strip} strip @param {number} there how many there are @param {number} width */
function fitting({ edge, line }, there, width) {
  if (line) return { width, places: [0] };
  const count = Math.min(there, Math.floor((width + APART) / (edge + APART)));
  return { width: count * (edge + APART) - APART, places: Array.from({ length: count }, (_, at) => at * (edge + APART)) };
}
