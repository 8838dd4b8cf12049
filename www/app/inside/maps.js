// What each layer makes of the picture: a strip of channels for each. A place in a map shows the part
// of the picture that it sees.

import { h, setText } from '../base/dom.js';
import { beside, number, rounded, shapeText, t } from '../base/i18n.js';
import { Scale } from '../base/scale.js';
import { paintAll } from '../base/tiles.js';

/** @import { Map as FeatureMap, Row, Summary } from '../core.d.ts' */
/** @import { InsideClient } from './client.js' */
/** @import { Attempt, Subject, View } from './panel.js' */
/** @import { Pictures } from './pictures.js' */

/** Channels that a strip shows before it is unfolded. */
const FEW = 16;
const MOST = 512;

/** @typedef {{ row: number, element: HTMLElement, tiles: HTMLElement, facts: HTMLElement, scale: Scale, more: HTMLButtonElement, all: boolean, onScreen: boolean, shape: number[] }} Strip */

/** @implements {View} */
export class MapsView {
  live = true;
  /** @type {Strip[]} */
  #strips = [];
  #made = '';
  /** @type {Subject | undefined} */
  #subject;
  /** The unit that is looked at. @type {{ row: number, channel: number, y: number, x: number } | undefined} */
  #unit;
  /** The path of the layer to bring into view. @type {string | undefined} */
  #wanted;

  /** @param {InsideClient} client @param {Pictures} pictures @param {Attempt} attempt @param {(row: number, channel: number) => void} excite */
  constructor(client, pictures, attempt, excite) {
    this.client = client;
    this.pictures = pictures;
    this.attempt = attempt;
    this.excite = excite;
    this.facts = h('p', { class: 'view-facts', role: 'status' }, t('inside.maps-hint'));
    this.more = h('button', { type: 'button', class: 'small', hidden: true, onclick: () => { if (this.#unit) this.excite(this.#unit.row, this.#unit.channel); } }, t('inside.excite-this'));
    this.list = h('div', { class: 'strips' });
    this.element = h('div', { class: 'view' }, h('div', { class: 'view-head' }, this.facts, this.more), this.list, h('p', { class: 'caption' }, t('inside.sign-key')));
    this.seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const strip = this.#strips.find(({ element }) => element === target);
        if (strip) strip.onScreen = isIntersecting;
      }
      if (this.#subject && entries.some((entry) => entry.isIntersecting)) attempt(this.#fill(this.#subject));
    }, { root: this.list, rootMargin: '80px' });
  }

  /** Brings a layer into view. @param {string} path */
  select(path) {
    this.#wanted = path;
  }

  hide() {
    this.pictures.mark(undefined);
  }

  /** @param {Subject} subject */
  async show(subject) {
    this.#subject = subject;
    this.#build(subject.network);
    if (this.#wanted !== undefined) {
      const row = subject.network.rows.findIndex(({ path }) => path === this.#wanted);
      // What shows nothing new has no strip; the next one has.
      const strip = row < 0 ? undefined : this.#strips.find((one) => one.row >= row);
      this.#wanted = undefined;
      for (const { element } of this.#strips) element.classList.toggle('lit', element === strip?.element);
      if (strip) this.list.scrollTop = strip.element.offsetTop - this.list.offsetTop;
    }
    await this.#fill(subject);
    if (this.#unit) await this.#look(subject);
  }

  /** @param {Summary} network */
  #build(network) {
    const made = JSON.stringify(network.rows.map((row) => [row.path, row.output]));
    if (made === this.#made) return;
    this.#made = made;
    this.#unit = undefined;
    this.pictures.mark(undefined);
    this.more.hidden = true;
    setText(this.facts, t('inside.maps-hint'));
    this.seen.disconnect();
    this.#strips = network.rows.flatMap((row, at) => (row.passes_on ? [] : [this.#strip(row, at)]));
    this.list.replaceChildren(...this.#strips.map(({ element }) => element));
    for (const { element } of this.#strips) this.seen.observe(element);
    // The first strips are on screen from the start; the observer reports later.
    for (const strip of this.#strips.slice(0, 4)) strip.onScreen = true;
  }

  /** @param {Row} row @param {number} at @returns {Strip} */
  #strip(row, at) {
    const facts = h('span', { class: 'caption strip-facts' });
    const more = h('button', { type: 'button', class: 'quiet strip-more', hidden: (row.output[0] ?? 0) <= FEW || row.output.length === 1, 'aria-expanded': false, onclick: () => {
      strip.all = !strip.all;
      more.setAttribute('aria-expanded', String(strip.all));
      setText(more, strip.all ? t('inside.fewer') : t('inside.all-channels', { count: number(row.output[0] ?? 0) }));
      if (this.#subject) this.attempt(this.#fill(this.#subject));
    } }, t('inside.all-channels', { count: number(row.output[0] ?? 0) }));
    const image = row.output.length === 3;
    const scale = new Scale();
    const tiles = h('div', {
      class: image ? 'strip-tiles' : 'strip-tiles vector', role: 'group', 'aria-label': `${t(`layer.${row.kind}`)} ${row.path}`, tabindex: 0,
      onclick: (/** @type {MouseEvent} */ event) => this.#point(strip, event),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(strip, event),
    });
    const element = h('div', { class: 'strip', 'data-row': at },
      h('div', { class: 'strip-head' }, h('b', {}, t(`layer.${row.kind}`)), h('span', { class: 'caption' }, beside(row.path, shapeText(row.output))), facts, scale.element, more), tiles);
    /** @type {Strip} */
    const strip = { row: at, element, tiles, facts, scale, more, all: false, onScreen: false, shape: row.output };
    return strip;
  }

  /** @param {Subject} subject */
  async #fill({ run }) {
    const seen = this.#strips.filter(({ onScreen }) => onScreen);
    for (const all of [false, true]) {
      const strips = seen.filter((strip) => strip.all === all);
      if (strips.length === 0) continue;
      const maps = await this.client.ask(run, { kind: 'maps', rows: strips.map(({ row }) => row), channels: all ? MOST : FEW });
      for (const map of maps) this.#paint(map);
    }
  }

  /** @param {FeatureMap} map */
  #paint(map) {
    const strip = this.#strips.find(({ row }) => row === map.row);
    if (!strip) return;
    setText(strip.facts, t('inside.map-facts', { low: rounded(map.lowest, 2), high: rounded(map.highest, 2), mean: rounded(map.mean, 2) }));
    strip.scale.show(map.lowest < 0 ? 'signed' : 'above', map.tiles.largest);
    strip.tiles.style.setProperty('--aspect', String(map.tiles.width / map.tiles.height));
    paintAll(strip.tiles, map.tiles, () => h('canvas', { class: 'tile' }));
  }

  /** @param {Strip} strip @param {MouseEvent} event */
  #point(strip, event) {
    const canvas = event.target;
    if (!(canvas instanceof HTMLCanvasElement)) return;
    const box = canvas.getBoundingClientRect();
    const place = /** @param {number} at @param {number} size @param {number} count */ (at, size, count) => Math.max(0, Math.min(count - 1, Math.floor((at / size) * count)));
    const x = place(event.clientX - box.left, box.width, canvas.width);
    const y = place(event.clientY - box.top, box.height, canvas.height);
    const at = [...strip.tiles.children].indexOf(canvas);
    this.#choose(strip.shape.length === 3 ? { row: strip.row, channel: at, y, x } : { row: strip.row, channel: x, y: 0, x: 0 });
  }

  /** Arrows go from place to place, Page Up and Page Down from channel to channel. @param {Strip} strip @param {KeyboardEvent} event */
  #key(strip, event) {
    const [channels = 1, height = 1, width = 1] = strip.shape;
    const now = this.#unit?.row === strip.row ? this.#unit : { row: strip.row, channel: 0, y: height >> 1, x: width >> 1 };
    const image = strip.shape.length === 3;
    /** @type {Record<string, Partial<typeof now>>} */
    const moves = {
      Enter: {}, ' ': {},
      ArrowLeft: image ? { x: now.x - 1 } : { channel: now.channel - 1 }, ArrowRight: image ? { x: now.x + 1 } : { channel: now.channel + 1 },
      ArrowUp: { y: now.y - 1 }, ArrowDown: { y: now.y + 1 },
      PageUp: { channel: now.channel - 1 }, PageDown: { channel: now.channel + 1 },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const to = { ...now, ...move };
    if (to.x < 0 || to.x >= width || to.y < 0 || to.y >= height || to.channel < 0 || to.channel >= channels) return;
    this.#choose(to);
  }

  /** @param {{ row: number, channel: number, y: number, x: number }} unit */
  #choose(unit) {
    this.#unit = unit;
    if (this.#subject) this.attempt(this.#look(this.#subject));
  }

  /** @param {Subject} subject */
  async #look({ run, network }) {
    const unit = this.#unit;
    const row = unit && network.rows[unit.row];
    if (!unit || !row) return;
    const { value, window, whole } = await this.client.ask(run, { kind: 'neuron', ...unit });
    this.pictures.mark(window);
    this.more.hidden = false;
    const facts = { layer: row.path, channel: number(unit.channel + 1), y: number(unit.y + 1), x: number(unit.x + 1), value: rounded(value) };
    const sees = whole ? t('inside.sees-all') : t('inside.sees', {
      height: number(window.height), width: number(window.width), top: number(window.top + 1), bottom: number(window.top + window.height),
      left: number(window.left + 1), right: number(window.left + window.width),
    });
    setText(this.facts, `${t(row.output.length === 3 ? 'inside.unit' : 'inside.unit-vector', facts)} ${sees}`);
  }
}
