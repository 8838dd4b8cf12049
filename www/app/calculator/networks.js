// The whole table of a network, alone or beside another, with what differs marked.

import { h, setText } from '../base/dom.js';
import { beside, compact, number, problemText, rounded, shapeText, shortName, t, valueText } from '../base/i18n.js';
import { nameOf } from '../runs/marks.js';
import { sourceNote } from '../base/sources.js';
import { tip } from '../experiment/tips.js';

/** @import { Comparison, Family, Row, Side, Source, Summary } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Runs } from '../runs/list.js' */

/** What each side shows of a layer. @type {{ key: string, text: (row: Row) => string }[]} */
const CELLS = [
  { key: 'output', text: (row) => shapeText(row.output) },
  { key: 'weights', text: ({ weights }) => (weights > 0 ? number(weights) : '') },
  { key: 'biases', text: ({ biases }) => (biases > 0 ? number(biases) : '') },
  { key: 'multiply-adds', text: (row) => (row.multiply_adds > 0 ? compact(row.multiply_adds) : '') },
  { key: 'receptive-field', text: (row) => (row.receptive_field === null ? t('network.all') : number(row.receptive_field)) },
];
/** The columns of one side. */
const WIDTH = CELLS.length + 1;

const NOW = 'now';
const NOTHING = '';

export class NetworkComparison {
  #shown = '';

  /** @param {Engine} engine @param {Experiment} experiment @param {Runs} runs */
  constructor(engine, experiment, runs) {
    this.engine = engine;
    this.experiment = experiment;
    this.runs = runs;
    const { pairs, examples, originals } = engine.presets();
    this.examples = examples;
    this.originals = originals;
    this.a = this.#picker(t('calculator.first'));
    this.b = this.#picker(t('calculator.second'));
    const presets = pairs.map(([name, a, b]) => h('button', { type: 'button', class: 'small', onclick: () => {
      this.a.value = `example ${a}`;
      this.b.value = `example ${b}`;
      this.show();
    } }, t(`calculator.pair.${name}`)));
    this.summary = h('p', { class: 'comparison-summary', role: 'status' });
    this.cited = h('div');
    this.table = h('table', { class: 'comparison' });
    this.element = h('div', { class: 'calculator-networks' },
      h('h3', {}, t('calculator.networks')),
      h('div', { class: 'presets', role: 'group', 'aria-label': t('calculator.pairs') }, h('span', { class: 'caption', 'aria-hidden': 'true' }, t('calculator.pairs')), ...presets),
      h('div', { class: 'pickers' }, this.a, this.b), this.summary, this.cited,
      h('div', { class: 'comparison-scroll', tabindex: 0, role: 'region', 'aria-label': t('calculator.networks') }, this.table));
    experiment.subscribe(() => this.show());
    runs.subscribe(() => this.show());
  }

  /** @param {string} label */
  #picker(label) {
    return h('select', { 'aria-label': label, onchange: () => this.show() });
  }

  /** Shows what is picked; what can be picked follows the runs. */
  show() {
    if (!this.element.isConnected || this.element.closest('[hidden]')) return;
    this.#offer(this.a, NOW, false);
    this.#offer(this.b, NOTHING, true);
    const sources = [this.a, this.b].map((list) => this.#source(list.value));
    const key = JSON.stringify(sources);
    if (key === this.#shown) return;
    this.#shown = key;
    const [a, b] = sources;
    if (!a) return;
    this.cited.replaceChildren(...[sourceNote(...[this.a, this.b].map(({ value }) => wordsOf(value)))].flatMap((note) => note ?? []));
    const comparison = this.engine.compare(a, b ?? a);
    this.#draw(comparison, b !== undefined);
  }

  /** @param {HTMLSelectElement} list @param {string} first what is picked at first @param {boolean} optional */
  #offer(list, first, optional) {
    const before = list.options.length > 0 ? list.value : first;
    const field = this.experiment.field('net').kind;
    const families = field.type === 'choice' ? field.words : [];
    const option = /** @param {string} value @param {string} label */ (value, label) => h('option', { value }, label);
    const group = /** @param {string} label @param {HTMLOptionElement[]} options */ (label, options) => (options.length > 0 ? h('optgroup', { label }, ...options) : null);
    const texts = JSON.stringify([families, this.runs.list.map((run) => [run.id, nameOf(run)])]);
    if (list.dataset.offered !== texts) {
      list.dataset.offered = texts;
      const groups = [
        group(t('calculator.families'), families.map((word) => option(`net ${word}`, valueText('net', word)))),
        group(t('calculator.originals'), this.originals.map((word) => option(`original ${word}`, t('calculator.original', { net: valueText('net', word) })))),
        group(t('calculator.examples'), this.examples.map((name) => option(`example ${name}`, t(`calculator.example.${name}`)))),
        group(t('runs.title'), [...this.runs.list].reverse().map((run) => option(`run ${run.id}`, beside(nameOf(run), valueText('net', run.spec.net))))),
      ];
      list.replaceChildren(...[optional && option(NOTHING, t('calculator.nothing')), option(NOW, t('calculator.now')), ...groups].filter((node) => node instanceof Node));
      list.value = before;
      // A run that is gone.
      if (list.selectedIndex < 0) list.value = first;
    }
  }

  /** @param {string} picked @returns {Source | undefined} */
  #source(picked) {
    const { view, facts = null } = this.experiment;
    if (picked === NOTHING) return undefined;
    if (picked === NOW) return { from: 'choices', choices: view.choices, facts };
    const [kind, name = ''] = picked.split(' ');
    if (kind === 'example') return { from: 'example', name };
    if (kind === 'original') return { from: 'original', net: /** @type {Family} */ (name) };
    if (kind === 'net') return { from: 'choices', choices: { data: view.spec.data, net: name }, facts };
    const run = this.runs.list.find((one) => String(one.id) === name);
    const same = run?.spec.data === view.spec.data;
    return run && { from: 'choices', choices: run.choices, facts: same ? facts : null };
  }

  /** @param {Comparison} comparison @param {boolean} both */
  #draw({ a, b, pairs }, both) {
    this.element.classList.toggle('both', both);
    const sides = both ? [a, b] : [a];
    const refusals = sides.flatMap((side) => (side.refusal ? [problemText(side.refusal)] : side.network ? [] : [t('network.no-data')]));
    setText(this.summary, refusals.length > 0 ? refusals.join(' ') : both && a.network && b.network ? difference(a.network, b.network) : '');
    this.summary.classList.toggle('refused', refusals.length > 0);
    this.table.hidden = !sides.some((side) => side.network);
    const names = [this.a, this.b].slice(0, sides.length).map((list) => list.selectedOptions[0]?.label ?? '');
    const heads = sides.flatMap((_, at) => [h('th', { scope: 'col', class: at > 0 ? 'second left' : 'left' }, t('column.layer')),
      ...CELLS.map(({ key }) => h('th', { scope: 'col' }, tip(key, t(`column.${key}`))))]);
    const rows = pairs.map((pair) => {
      const [left, right] = [a.network?.rows[pair.a ?? -1], b.network?.rows[pair.b ?? -1]];
      return h('tr', {}, ...cells(left, both ? right : left, false), ...(both ? cells(right, left, true) : []));
    });
    this.table.replaceChildren(
      h('thead', {}, both && h('tr', {}, ...names.map((name, at) => h('th', { scope: 'colgroup', colspan: WIDTH, class: at > 0 ? 'second left' : 'left' }, name))), h('tr', {}, ...heads)),
      h('tbody', {}, ...rows), h('tfoot', {}, h('tr', {}, ...sides.flatMap((side, at) => totals(side, at > 0)))));
  }
}

/** The words that tell where a picked network is from. @param {string} picked */
function wordsOf(picked) {
  const [kind, name = ''] = picked.split(' ');
  return kind === 'original' ? `timeline.${name}.about` : kind === 'example' ? `calculator.example.${name}` : '';
}

/** The cells of a layer, those marked that are not as in the other network. @param {Row | undefined} row @param {Row | undefined} other @param {boolean} second */
function cells(row, other, second) {
  const edge = second ? 'second ' : '';
  if (!row) return [h('td', { class: `${edge}absent`, colspan: WIDTH })];
  const name = [shortName(row), ...(row.kernel ? [shapeText(row.kernel)] : [])].join(' ');
  return [
    h(second ? 'td' : 'th', { scope: second ? null : 'row', class: `${edge}left${other ? '' : ' differs'}`, title: `${t(`layer.${row.kind}`)} · ${row.path}` }, name),
    ...CELLS.map(({ text }) => h('td', { class: other && text(other) === text(row) ? '' : 'differs' }, text(row))),
  ];
}

/** @param {Side} side @param {boolean} second */
function totals({ network }, second) {
  return [
    h(second ? 'td' : 'th', { scope: second ? null : 'row', class: second ? 'second left' : 'left' }, t('network.total')), h('td'),
    h('td', {}, number(network?.weights ?? 0)), h('td', {}, number(network?.biases ?? 0)), h('td', {}, network ? compact(network.multiply_adds) : ''), h('td'),
  ];
}

/** The totals of the second network relative to the first. @param {Summary} a @param {Summary} b */
function difference(a, b) {
  const of = /** @param {number} before @param {number} after */ (before, after) => (before === after
    ? t('calculator.equal', { count: number(after) })
    : t('calculator.change', { before: number(before), after: number(after), factor: before > 0 ? rounded(after / before, 2) : '–' }));
  return t('calculator.difference', { parameters: of(a.parameters, b.parameters), operations: of(a.multiply_adds, b.multiply_adds) });
}
