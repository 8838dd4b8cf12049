// Where a person changes the numbers of the layer whose arithmetic is open: its weights here, a pattern for its kernel, and what
// is switched off or frozen. What can be changed, the core says.

import { h } from '../base/dom.js';
import { number, t } from '../base/i18n.js';

/** @import { Derivation, How, Pattern, Touch, Touchable } from '../core.d.ts' */

/** A number as a field has it. @param {number} value */
const typed = (value) => String(Number(value.toPrecision(4)));

/** What is offered where something is off. */
const OFF = ['channel-on', 'layer-on'];

export class TouchEditor {
  #shown = '';

  /** @param {(touch: Touch) => void} act */
  constructor(act) {
    this.act = act;
    this.body = h('div', { class: 'editor-body' });
    this.element = h('details', { class: 'editor', hidden: true }, h('summary', {}, t('touch.open')), this.body);
  }

  /** Whatever its fields hold, the next numbers come in. */
  renew() {
    this.#shown = '';
    this.body.replaceChildren();
  }

  /** Follows the place that is open. What somebody types in stays until it is done. @param {Derivation[]} steps */
  show(steps) {
    const step = steps.find(({ touchable }) => touchable?.learned) ?? steps.find(({ touchable }) => touchable);
    this.element.hidden = !step;
    if (!step?.touchable) return;
    const { touchable, offers, how, place: { channel } } = step;
    const shown = JSON.stringify([touchable, offers, channel, numbersOf(how)]);
    if (shown === this.#shown) return;
    const at = [...this.body.querySelectorAll('input, select, button')].findIndex((one) => one === document.activeElement);
    if (at >= 0 && this.body.querySelectorAll('input, select, button')[at] instanceof HTMLInputElement && this.#dirty) return;
    this.#shown = shown;
    this.body.replaceChildren(...this.#weights(touchable, how, channel), this.#tools(touchable, offers, channel));
    // What is off has no numbers until it is on again.
    if (offers.some(({ kind }) => OFF.includes(kind))) for (const field of this.body.querySelectorAll('input, select')) field.toggleAttribute('disabled', true);
    const same = [...this.body.querySelectorAll('input, select, button')][at];
    if (at >= 0 && same instanceof HTMLElement) same.focus({ preventScroll: true });
  }

  /** Whether a field holds what is not yet taken over. */
  get #dirty() {
    const field = document.activeElement;
    return field instanceof HTMLInputElement && field.value !== field.defaultValue;
  }

  /** @param {Touchable} touchable @param {How} how @param {number} channel @returns {Node[]} */
  #weights({ row }, how, channel) {
    const bias = (/** @type {number | null} */ value) => (value === null ? []
      : [h('label', { class: 'editor-bias' }, t('touch.field.bias'), this.#field(value, t('touch.field.bias'), (value) => ({ kind: 'bias', row, channel, value })))]);
    if (how.kind === 'convolution') {
      return [...how.channels.map(({ channel: input, weights }) => {
        const grid = h('div', { class: 'editor-grid' }, ...weights.map((value, at) => this.#field(value,
          t('touch.field.kernel', { channel: number(input + 1), line: number(Math.floor(at / how.edge) + 1), column: number((at % how.edge) + 1) }),
          (value) => ({ kind: 'weight', row, channel, input, at, value }))));
        grid.style.setProperty('--edge', String(how.edge));
        return h('div', { class: 'editor-kernel' }, h('span', { class: 'caption' }, t('arithmetic.channel', { channel: number(input + 1) })), grid);
      }), ...bias(how.bias)];
    }
    if (how.kind === 'dense') {
      return [...how.terms.map(({ input, weight }) => h('label', { class: 'editor-bias' }, t('touch.field.input', { input: number(input + 1) }),
        this.#field(weight, t('touch.field.input', { input: number(input + 1) }), (value) => ({ kind: 'weight', row, channel, input, at: 0, value })))), ...bias(how.bias)];
    }
    return [];
  }

  /** @param {number} value @param {string} name @param {(value: number) => Touch} touch */
  #field(value, name, touch) {
    const field = h('input', { type: 'number', step: 'any', class: value < 0 ? 'below' : value > 0 ? 'above' : '', value: typed(value), 'aria-label': name, onchange: () => {
      if (Number.isNaN(field.valueAsNumber)) field.value = field.defaultValue;
      else if (field.value !== field.defaultValue) {
        field.defaultValue = field.value;
        this.act(touch(field.valueAsNumber));
      }
    } });
    field.defaultValue = field.value;
    return field;
  }

  /** @param {Touchable} touchable @param {Touch[]} offers @param {number} channel */
  #tools({ row, patterns }, offers, channel) {
    const button = (/** @type {Touch} */ touch) => h('button', { type: 'button', class: 'small', onclick: () => this.act(touch) },
      t(`touch.do.${'branch' in touch ? `${touch.kind}.${touch.branch}` : touch.kind}`));
    const choice = h('select', { 'aria-label': t('touch.do.kernel'), onchange: () => {
      this.act({ kind: 'kernel', row, channel, pattern: /** @type {Pattern} */ (choice.value) });
      choice.value = '';
    } }, h('option', { value: '' }, t('touch.do.kernel')), ...patterns.map((pattern) => h('option', { value: pattern }, t(`touch.pattern.${pattern}`))));
    return h('div', { class: 'editor-tools' },
      patterns.length > 0 && choice, ...offers.map(button));
  }
}

/** The numbers that have fields. @param {How} how */
const numbersOf = (how) => (how.kind === 'convolution' ? [how.channels.map(({ channel, weights }) => [channel, weights]), how.bias]
  : how.kind === 'dense' ? [how.terms.map(({ input, weight }) => [input, weight]), how.bias] : []);
