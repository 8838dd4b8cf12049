// One layer: its numbers, what they make of the input, and the formulas with the numbers in them.

import { h } from '../base/dom.js';
import { labelledField } from '../experiment/fields.js';
import { number, shapeText, t } from '../base/i18n.js';
import { sourced } from '../base/sources.js';
import { tip } from '../experiment/tips.js';
import { Sliding } from './sliding.js';

/** @import { LayerAnswer, Problem, Row, Value } from '../core.d.ts' */
/** @import { Choices, Engine } from '../engine.js' */
/** @import { Labelled } from '../experiment/fields.js' */

const DENSE = 'linear';
/** The lines, in order; each but the first is a count. */
const LINES = ['output', 'weights', 'biases', 'parameters', 'multiply-adds'];

export class LayerCalculator {
  /** What was typed. @type {Choices} */
  #typed = {};
  /** @type {Map<string, Labelled>} */
  #fields = new Map();

  /** @param {Engine} engine */
  constructor(engine) {
    this.engine = engine;
    this.sliding = new Sliding();
    const holder = {
      asTyped: true,
      choose: (/** @type {string} */ key, /** @type {Value} */ value) => this.#set({ ...this.#typed, [key]: value }, key),
      restore: (/** @type {string} */ key) => {
        const { [key]: gone, ...rest } = this.#typed;
        this.#set(rest);
      },
    };
    const { fields } = engine.layer({});
    for (const field of fields) this.#fields.set(field.key, labelledField(holder, field));
    this.lines = h('dl', { class: 'calculated' });
    const presets = engine.presets().layers.map(([name, choices]) => h('button', { type: 'button', class: 'small', onclick: () => this.#set(choices) }, t(`calculator.preset.${name}`)));
    this.element = h('div', { class: 'calculator-layer' },
      h('div', { class: 'presets', role: 'group', 'aria-label': t('calculator.presets') }, h('span', { class: 'caption', 'aria-hidden': 'true' }, t('calculator.presets')), ...presets),
      h('div', { class: 'calculator-fields' }, ...[...this.#fields.values()].map(({ element }) => element)),
      this.lines, this.sliding.element);
    this.#set({});
  }

  /** @param {Choices} typed @param {string} [key] of the field that was typed in @returns {Problem | undefined} what is wrong with that */
  #set(typed, key) {
    this.#typed = typed;
    const answer = this.engine.layer(typed);
    for (const field of answer.fields) {
      const control = this.#fields.get(field.key);
      control?.show(field);
      control?.complain(answer.problems.find((problem) => problem.field === field.key));
    }
    this.element.classList.toggle('stale', answer.row === null);
    // While the input is invalid, the last layer stays, faintly.
    if (answer.row) this.#show(answer, answer.row);
    return answer.problems.find((problem) => problem.field === key);
  }

  /** @param {LayerAnswer} answer @param {Row} row */
  #show(answer, row) {
    const of = /** @param {string} key */ (key) => Number(answer.fields.find((field) => field.key === key)?.value);
    const dense = row.kind === DENSE;
    const kind = dense ? DENSE : of('groups') > 1 ? 'groups' : 'conv2d';
    const [, height = 1, width = 1] = row.output;
    const numbers = {
      ...Object.fromEntries(['size', 'channels', 'padding', 'dilation', 'kernel', 'stride', 'filters', 'groups'].map((key) => [key, number(of(key))])),
      seen: number(answer.seen), weights: number(row.weights), biases: number(row.biases), height: number(height), width: number(width),
    };
    /** @type {Record<string, string>} */
    const results = {
      output: shapeText(row.output), weights: number(row.weights), biases: number(row.biases),
      parameters: number(answer.parameters), 'multiply-adds': number(row.multiply_adds),
    };
    this.lines.replaceChildren(...LINES.flatMap((line) => {
      const of = `${line}.${form(line, kind, row)}`;
      return [
        h('dt', {}, tip(line, t(`calculator.${line}`))),
        h('dd', { 'data-line': line },
          h('p', { class: 'filled' }, ...filled(`calculator.filled.${of}`, numbers, results[line] ?? '')),
          sourced('rule', t(`calculator.rule.${of}`), `calculator.rule.${of}`)),
      ];
    }));
    this.sliding.show(dense || row.kernel === null ? undefined : {
      size: of('size'), padding: of('padding'), kernel: of('kernel'), dilation: of('dilation'), stride: of('stride'), span: answer.span, places: height,
    });
  }
}

/** Which of its formulas a line has. @param {string} line @param {string} kind @param {Row} row */
function form(line, kind, row) {
  if (line === 'biases') return row.biases > 0 ? 'some' : 'none';
  if (line === 'parameters') return 'all';
  return kind === 'groups' && line !== 'weights' ? 'conv2d' : kind;
}

/** A formula with its numbers, in which the result stands out. @param {string} key @param {Record<string, string>} numbers @param {string} result */
function filled(key, numbers, result) {
  const [head = '', tail = ''] = t(key, { ...numbers, result: '\u0000' }).split('\u0000');
  return [head, h('strong', { class: 'result' }, result), tail];
}
