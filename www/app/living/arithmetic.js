// The arithmetic of a pixel: how the number at one place of a layer comes about, in figures, in a sentence and in a table; and
// the way back to the layer before. All numbers come from the core.

import { h, setText } from '../base/dom.js';
import { classText, joined, number, percent, plural, t } from '../base/i18n.js';
import { signs } from '../base/scale.js';
import { TouchEditor } from './editor.js';

/** @import { Derivation, ChannelTerm, DataFacts, How, Others, Position, Row, Term, Touch } from '../core.d.ts' */

/** @import { Chosen } from '../network/strips.js' */

/** One move from place to place. @typedef {{ name: string, sign: string, by: { channel?: number, y?: number, x?: number } }} Move */

/** @type {Move[]} */
const MOVES = [
  { name: 'left', sign: '←', by: { x: -1 } }, { name: 'up', sign: '↑', by: { y: -1 } }, { name: 'down', sign: '↓', by: { y: 1 } }, { name: 'right', sign: '→', by: { x: 1 } },
  { name: 'channel-before', sign: '−', by: { channel: -1 } }, { name: 'channel-after', sign: '+', by: { channel: 1 } },
];
/** What comes behind the layers, by its name. @type {Partial<Record<How['kind'], string>>} */
const STEPS = { softmax: 'softmax', joined: 'joined', concatenated: 'joined', gate: 'gate' };
/** Windows of one number in each line and column have no grid to show: a pointwise kernel is written in one line. */
const WIDE = 4;

export class ArithmeticPanel {
  /** @type {Chosen | undefined} */
  chosen;
  /** @type {Row[]} */
  #rows = [];
  /** What had the focus before. @type {Element | null} */
  #before = null;

  /**
   * @param {(chosen: Chosen | undefined) => void} changed called when a person goes to another place, or leaves
   * @param {(place: Position) => void} follow called with a place in a layer before
   * @param {(path: string) => void} all opens a layer's maps
   * @param {(touch: Touch) => void} touch called when a person changes the network there
   */
  constructor(changed, follow, all, touch) {
    this.changed = changed;
    this.follow = follow;
    this.title = h('h3', { tabindex: -1 });
    this.editor = new TouchEditor(touch);
    this.derived = h('div', { class: 'arithmetic-derived' });
    this.steps = h('div', { class: 'arithmetic-steps', tabindex: 0, role: 'group', 'aria-label': t('arithmetic.title') }, this.editor.element, this.derived);
    this.moves = MOVES.map(({ name, sign, by }) => h('button', { type: 'button', class: 'quiet icon', 'aria-label': t(`arithmetic.${name}`), title: t(`arithmetic.${name}`), onclick: () => this.#move(by) }, sign));
    this.more = h('button', { type: 'button', class: 'quiet small', onclick: () => { const row = this.#rows[this.chosen?.rows[0] ?? 0]; if (row) all(row.path); } }, t('arithmetic.all'));
    const close = h('button', { type: 'button', class: 'quiet icon', 'aria-label': t('arithmetic.close'), onclick: () => this.close() }, '×');
    this.element = h('section', { class: 'arithmetic', hidden: true, 'aria-label': t('arithmetic.title'), onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') this.close(); } },
      h('div', { class: 'arithmetic-head' }, this.title, close), h('div', { class: 'arithmetic-tools' }, ...this.moves, this.more), this.steps);
  }

  /** Opens a place that was pressed. The focus comes here, and goes back at the end. @param {Chosen} chosen @param {Row[]} rows */
  open(chosen, rows) {
    if (!this.chosen) this.#before = document.activeElement;
    this.#go(chosen, rows);
    this.title.focus({ preventScroll: true });
  }

  /** @param {Chosen} chosen @param {Row[]} rows */
  #go(chosen, rows) {
    this.chosen = chosen;
    this.#rows = rows;
    const shape = rows[chosen.rows.at(-1) ?? 0]?.output ?? [];
    const at = { channel: chosen.channel, y: chosen.y, x: chosen.x };
    this.moves.forEach((button, index) => { button.disabled = !within({ ...at, ...moved(at, MOVES[index]?.by ?? {}) }, shape); });
    // What can be pressed no longer has no focus to lose.
    if (this.moves.some((button) => button.disabled && button === document.activeElement)) this.title.focus({ preventScroll: true });
    this.element.hidden = false;
    // Until its numbers come there are those of the place before.
    this.derived.setAttribute('aria-busy', 'true');
    setText(this.title, placeText({ ...at, row: chosen.rows.at(-1) ?? 0 }, rows));
    this.changed(chosen);
  }

  close() {
    if (!this.chosen) return;
    this.chosen = undefined;
    // They may be another network's when it opens again.
    this.derived.replaceChildren();
    const within = this.element.contains(document.activeElement);
    this.element.hidden = true;
    if (within && this.#before instanceof SVGElement) this.#before.focus({ preventScroll: true });
    this.changed(undefined);
  }

  /** @param {Move['by']} by */
  #move(by) {
    if (this.chosen) this.#go({ ...this.chosen, ...moved(this.chosen, by) }, this.#rows);
  }

  /** @param {Derivation[]} steps @param {DataFacts} facts */
  show(steps, facts) {
    this.editor.show(steps);
    this.derived.setAttribute('aria-busy', 'false');
    const open = [...this.derived.querySelectorAll('details')].map((details) => details.open);
    const focused = [...this.derived.querySelectorAll('button')].findIndex((button) => button === document.activeElement);
    this.derived.replaceChildren(...steps.map((step) => this.#step(step, facts)));
    this.derived.querySelectorAll('details').forEach((details, at) => { details.open = open[at] ?? false; });
    if (focused >= 0) this.derived.querySelectorAll('button')[focused]?.focus({ preventScroll: true });
  }

  /** @param {Derivation} step @param {DataFacts} facts */
  #step({ place, value, how }, facts) {
    const kind = this.#rows[place.row]?.kind ?? '';
    const own = STEPS[how.kind];
    const name = own ? t(`arithmetic.${own}-name`) : t(`layer.${kind}`);
    return h('section', { class: 'arithmetic-step' },
      h('p', {}, h('b', {}, `${name}: `), sentence(how, value, facts, place)), ...this.#figure(how, facts));
  }

  /** @param {How} how @param {DataFacts} facts @returns {Node[]} */
  #figure(how, facts) {
    switch (how.kind) {
      case 'convolution': return [
        ...how.channels.map((channel, at) => h('div', { class: 'arithmetic-channel' },
          h('div', { class: 'arithmetic-name' }, this.#back(t('arithmetic.channel', { channel: number(channel.channel + 1) }), channel.from), at === 0 && signs()), grids(channel, how.edge))),
        table(t('arithmetic.products'), ['channel', 'value', 'weight', 'product'], how.channels.flatMap((channel) => channel.products.map((product, at) => [
          number(channel.channel + 1), text(channel.values[at]), exactly(channel.weights[at] ?? 0), exactly(product)]))),
      ];
      case 'dense': return [this.#terms(t('arithmetic.terms', { count: number(how.terms.length) }), 'input', how.terms)];
      case 'pooled': return how.ways.flatMap((way, at) => {
        const of = t(`arithmetic.pooled-${at}`);
        const unit = way.terms[0];
        return [
          this.#terms(t('arithmetic.units', { of, count: number(way.terms.length) }), 'unit', way.terms),
          h('p', {}, t('arithmetic.unit', { of, unit: number((unit?.input ?? 0) + 1), total: total(way.unit, products(way.unit)), bias: exactly(way.unit.bias), value: exactly(unit?.value ?? 0) })),
          this.#terms(t('arithmetic.terms', { count: number(way.unit.terms.length) }), 'channel', way.unit.terms),
        ];
      });
      case 'maximum': return [this.#window('arithmetic.winner', how.from, grid(how.values, how.edge, how.winner)), listed(how.values)];
      case 'average': return how.values.length === 0 ? [] : [this.#window('arithmetic.window', how.from, grid(how.values, how.edge)), listed(how.values)];
      case 'softmax': return [table(t('arithmetic.exponentials'), ['class', 'logit', 'power', 'share'],
        how.classes.map((one) => [classText(facts.classes[one.class] ?? ''), exactly(one.logit), exactly(one.power), percent(one.share)]), true)];
      case 'normalization': return how.batch ? [h('p', {}, t('arithmetic.batch', {
        images: number(how.batch.images), input: exactly(how.batch.input), mean: exactly(how.batch.mean), variance: exactly(how.batch.variance), value: exactly(how.batch.value),
      }))] : [];
      case 'joined': return [table(t('arithmetic.branches'), ['branch', 'value'], how.terms.map(({ value, from }, at) => [
        this.#back(from ? placeText(from, this.#rows) : t(at === how.own ? 'arithmetic.own-branch' : 'arithmetic.other-branch', { branch: number(at + 1) }), from), exactly(value)]), true)];
      case 'same': return how.from ? [h('p', {}, this.#back(placeText(how.from, this.#rows), how.from))] : [];
      case 'scaled':
      case 'concatenated':
      case 'gate':
      case 'zero':
      case 'nonlinearity': return [];
    }
  }

  /** What inputs of a kind bring to a sum. @param {string} name @param {string} kind @param {Term[]} terms */
  #terms(name, kind, terms) {
    return table(name, [kind, 'value', 'weight', 'product'], terms.map((term) => [
      this.#back(term.from ? placeText(term.from, this.#rows) : number(term.input + 1), term.from), exactly(term.value), exactly(term.weight), exactly(term.product)]), true);
  }

  /** The window of a pooling. @param {string} key @param {Position | null} from @param {HTMLElement} cells */
  #window(key, from, cells) {
    return h('div', { class: 'arithmetic-channel' }, h('div', { class: 'arithmetic-name' }, this.#back(t(key), from), signs()), cells);
  }

  /** A name that leads to the layer before, if one layer made it. @param {string} name @param {Position | null} from */
  #back(name, from) {
    if (!from) return h('span', { class: 'arithmetic-from' }, name);
    return h('button', { type: 'button', class: 'link arithmetic-from', title: t('arithmetic.back', { place: placeText(from, this.#rows) }), onclick: () => this.follow(from) }, name);
  }
}

/** @param {{ channel: number, y: number, x: number }} at @param {Move['by']} by */
const moved = (at, { channel = 0, y = 0, x = 0 }) => ({ channel: at.channel + channel, y: at.y + y, x: at.x + x });

/** @param {{ channel: number, y: number, x: number }} at @param {number[]} shape */
function within({ channel, y, x }, [channels = 1, height = 1, width = 1]) {
  return channel >= 0 && channel < channels && y >= 0 && y < height && x >= 0 && x < width;
}

/** @param {Position} place @param {Row[]} rows */
function placeText({ row, channel, y, x }, rows) {
  const facts = { layer: rows[row]?.path ?? '', channel: number(channel + 1), y: number(y + 1), x: number(x + 1) };
  return t(rows[row]?.output.length === 1 ? 'arithmetic.feature' : 'arithmetic.place', facts);
}

/** @param {How} how @param {number} value @param {DataFacts} facts @param {Position} place */
function sentence(how, value, facts, place) {
  const result = exactly(value);
  switch (how.kind) {
    case 'convolution': return t(how.bias === null ? 'arithmetic.convolution' : 'arithmetic.convolution-bias', {
      total: total(how, how.channels.map(({ sum }) => sum)), bias: exactly(how.bias ?? 0), value: result,
    });
    case 'dense': return t('arithmetic.dense', { total: total(how, products(how)), bias: exactly(how.bias), value: result });
    case 'pooled': return t('arithmetic.pooled', { means: exactly(how.ways[0].sum), largest: enclosed(how.ways[1].sum), bias: exactly(how.bias), value: result });
    case 'zero': return t('arithmetic.zero', { channels: number(how.channels) });
    case 'maximum': return t('arithmetic.maximum', { count: number(how.values.length), value: result });
    case 'average': return t('arithmetic.average', { count: number(how.count), value: result });
    case 'scaled': return t('arithmetic.scaled', { input: exactly(how.input), factor: exactly(how.factor), value: result });
    case 'same': return t('arithmetic.same', { value: result });
    case 'joined': return t(how.join === 'add' ? 'arithmetic.added' : 'arithmetic.multiplied', { terms: how.join === 'add' ? added(how.terms.map(({ value: term }) => term)) : how.terms.map(({ value: term }) => enclosed(term)).join(' × '), value: result });
    case 'concatenated': return t('arithmetic.concatenated', { channel: number(how.channel + 1), channels: number(how.channels), value: result });
    case 'gate': return t('arithmetic.gate', { numbers: number(how.numbers), value: result });
    case 'normalization': return t(how.over.kind === 'running' ? 'arithmetic.normalization' : 'arithmetic.normalization-own', {
      numbers: how.over.kind === 'own' ? number(how.over.numbers) : '',
      input: exactly(how.input), mean: exactly(how.mean), variance: exactly(how.variance), scale: exactly(how.scale), shift: exactly(how.shift), value: result,
    });
    case 'nonlinearity': return t('arithmetic.nonlinearity', { input: exactly(how.input), value: result });
    case 'softmax': return t('arithmetic.softmax', { class: classText(facts.classes[place.channel] ?? ''), sum: exactly(how.sum), value: percent(value) });
  }
}

/** A sum with its terms, unless it is one number alone. @param {{ others: Others, sum: number }} how @param {number[]} terms */
function total({ others, sum }, terms) {
  if (terms.length === 1 && others.count === 0) return exactly(sum);
  const rest = others.count > 0 ? plural('arithmetic.others', others.count, { rest: enclosed(others.sum) }) : '';
  return `${added(terms)}${rest} = ${exactly(sum)}`;
}

/** The products that are written out. @param {{ terms: Term[] }} how */
const products = ({ terms }) => terms.map(({ product }) => product);

/** A number behind a sign. @param {number} value */
const enclosed = (value) => (value < 0 ? `(${exactly(value)})` : exactly(value));

/** A sum as it is written. @param {number[]} values */
const added = (values) => values.map((value, at) => (at === 0 ? exactly(value) : enclosed(value))).join(' + ');

/** @param {number | null | undefined} value none beyond the map */
const text = (value) => (value === null || value === undefined ? t('arithmetic.beyond') : exactly(value));

/** A zero has no sign. @param {number} value */
const exactly = (value) => number(value, { maximumSignificantDigits: 3, signDisplay: 'negative' });

/** A number in a small cell. @param {number} value */
const short = (value) => number(value, { maximumFractionDigits: 2, signDisplay: 'negative' });

/** What lies below a kernel, the kernel, and their products. @param {ChannelTerm} channel @param {number} edge */
function grids({ values, weights, products, sum }, edge) {
  const sign = /** @param {string} one */ (one) => h('span', { class: 'arithmetic-sign' }, one);
  return h('div', { class: 'arithmetic-grids', 'aria-hidden': 'true' },
    grid(values, edge), sign('×'), grid(weights, edge), ...(edge > WIDE ? [] : [sign('='), grid(products, edge)]), sign(edge > WIDE ? '=' : '→'), h('b', {}, exactly(sum)));
}

/** Numbers line by line; the hue is the sign. @param {(number | null)[]} values @param {number} edge @param {number} [winner] */
function grid(values, edge, winner) {
  const cells = values.map((value, at) => h('span', { class: value === null ? 'beyond' : value < 0 ? 'below' : value > 0 ? 'above' : '', 'data-winner': at === winner || null }, value === null ? '' : short(value)));
  const element = h('div', { class: 'arithmetic-grid', 'aria-hidden': 'true' }, ...cells);
  element.style.setProperty('--edge', String(edge));
  return element;
}

/** The numbers of a window, for who does not see the grid. @param {(number | null)[]} values */
const listed = (values) => h('p', { class: 'unseen' }, t('arithmetic.numbers', { numbers: joined(values.map(text)) }));

/** @param {string} name @param {string[]} heads @param {(string | Node)[][]} lines @param {boolean} [open] */
function table(name, heads, lines, open = false) {
  const body = h('table', { class: 'values-table' }, h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, t(`arithmetic.column.${head}`))))),
    h('tbody', {}, ...lines.map(([first, ...others]) => h('tr', {}, h('th', { scope: 'row' }, first), ...others.map((cell) => h('td', {}, cell))))));
  return open ? h('div', {}, h('p', { class: 'caption' }, name), body) : h('details', {}, h('summary', {}, name), body);
}
