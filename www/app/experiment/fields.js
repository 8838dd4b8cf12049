// One control for one field, whatever the field is: all it knows stands in the core's `FieldView`.

import { h, setText } from '../base/dom.js';
import { exact, named, problemText, t, valueText } from '../base/i18n.js';
import { tip } from './tips.js';

/** @import { FieldView, Kind, Problem, Value } from '../core.d.ts' */
/** @import { Experiment } from './experiment.js' */

/**
 * @typedef {object} Control
 * @property {HTMLElement} element
 * @property {(field: FieldView) => boolean | void} show false where it leaves what a person is typing
 */

/** One that says beside it what is wrong. @typedef {Control & { complain: (problem: Problem | undefined) => void }} Labelled */

/** What holds the values; `asTyped` where one that is refused stays, since another field may make it right. @typedef {Pick<Experiment, 'choose' | 'restore'> & { asTyped?: boolean }} Holder */

/** Takes a value, or what held before it if that is refused, and says whether it was taken. @typedef {(value: Value, trace: 'push' | 'replace', held?: Value) => boolean | void} Choose */

/** How a text comes into a field that nobody types there. */
const GIVEN = ['insertFromPaste', 'insertFromDrop'];
/** Words up to this many stand side by side; more go into a list. */
const SIDE_BY_SIDE = 3;

/** What makes a control another one: the kind, and the choices that it offers. @param {Kind} kind */
function shapeOf(kind) {
  if (kind.type === 'choice') return `choice ${kind.words.join()}`;
  return kind.type === 'numbers' ? `numbers ${kind.channels}` : kind.type;
}

/** A group of radio buttons has its name already. @param {Kind} kind @param {string} id @param {string} label */
export function caption(kind, id, label) {
  const group = kind.type === 'choice' && kind.words.length <= SIDE_BY_SIDE;
  return group ? h('span', { class: 'label', 'aria-hidden': 'true' }, label) : h('label', { for: id, class: 'label' }, label);
}

/**
 * A field with its label, its tip, its limits and the way back to its default.
 * @param {Holder} holder
 * @param {FieldView} first
 * @returns {Labelled}
 */
export function labelledField(holder, first) {
  const { key } = first;
  const label = t(`field.${key}`);
  const id = `field-${key}`;
  const error = h('p', { class: 'field-error', id: `${id}-error`, 'aria-live': 'polite' });
  const back = h('button', { type: 'button', class: 'field-back', onclick: () => holder.restore(key) }, '↺');
  const slot = h('div', { class: 'field-slot' });
  const element = h('div', { class: 'field', 'data-field': key },
    h('div', { class: 'field-label' }, caption(first.kind, id, label), tip(key, label, { icon: true }), back),
    slot, error);

  /** Whether it is taken. @param {Value} value @param {'push' | 'replace'} trace @param {Value} [held] what holds in place of one that is refused */
  const choose = (value, trace, held) => {
    const problem = holder.choose(key, value, trace);
    // Else a part of what was typed would hold: of `10k` the 10.
    if (problem && held !== undefined && !holder.asTyped) holder.choose(key, held, trace);
    complain(problem);
    return problem === undefined || holder.asTyped === true;
  };
  /** @param {Problem | undefined} problem */
  const complain = (problem) => {
    setText(error, problem ? problemText(problem) : '');
    element.classList.toggle('wrong', problem !== undefined);
  };
  let shape = '';
  /** @type {Control | undefined} */
  let input;
  return {
    element,
    complain,
    show(field) {
      if (shape !== shapeOf(field.kind)) {
        shape = shapeOf(field.kind);
        input = bareInput(field, id, choose);
        slot.replaceChildren(input.element);
      }
      // What was wrong is gone with the text that was.
      if (input?.show(field) !== false) complain(undefined);
      const changed = JSON.stringify(field.value) !== JSON.stringify(field.default);
      back.hidden = !changed;
      const words = t('control.back', { value: valueText(key, field.default) });
      back.title = words;
      back.setAttribute('aria-label', named(label, words));
      element.hidden = !field.applies;
    },
  };
}

/**
 * The control alone.
 * @param {FieldView} field
 * @param {string} id
 * @param {Choose} choose
 * @returns {Control}
 */
export function bareInput(field, id, choose) {
  switch (field.kind.type) {
    case 'switch': return toggle(id, choose);
    case 'choice': return field.kind.words.length > SIDE_BY_SIDE
      ? list(field.key, id, field.kind.words, choose)
      : segments(field.key, id, field.kind.words, choose);
    case 'integer':
    case 'number': return numeric(id, choose);
    case 'layers': return area(id, choose);
    case 'digest': throw new Error(`${field.key} is no control`);
    case 'numbers': return channels(field, id, choose);
  }
}

/** @param {string} id @param {(value: Value, trace: 'push') => void} choose @returns {Control} */
function toggle(id, choose) {
  const element = h('input', { type: 'checkbox', role: 'switch', class: 'toggle', id });
  element.addEventListener('change', () => choose(element.checked, 'push'));
  return { element, show: (field) => { element.checked = field.value === true; } };
}

/**
 * @param {string} key @param {string} id @param {string[]} words
 * @param {(value: Value, trace: 'push') => void} choose
 * @returns {Control}
 */
function list(key, id, words, choose) {
  const element = h('select', { id }, ...words.map((word) => h('option', { value: word }, t(`choice.${key}.${word}`))));
  element.addEventListener('change', () => choose(element.value, 'push'));
  return { element, show: (field) => { element.value = String(field.value); } };
}

/**
 * @param {string} key @param {string} id @param {string[]} words
 * @param {(value: Value, trace: 'push') => void} choose
 * @returns {Control}
 */
export function segments(key, id, words, choose) {
  const radios = words.map((word) => h('input', { type: 'radio', name: id, value: word, onchange: () => choose(word, 'push') }));
  const element = h('div', { class: 'segments', id, role: 'radiogroup', 'aria-label': t(`field.${key}`) },
    ...words.map((word, at) => h('label', {}, radios[at], h('span', {}, t(`choice.${key}.${word}`)))));
  return { element, show: (field) => radios.forEach((radio) => { radio.checked = radio.value === field.value; }) };
}

/** A number is text to the page: what it means, and whether it can stand, the core says. @param {string} id @param {Choose} choose @returns {Control} */
function numeric(id, choose) {
  const element = h('input', { id, type: 'text', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': `${id}-error` });
  // Counts for the arrow keys, within the limits.
  const stepper = h('input', { type: 'number', step: 1 });
  /** @type {Value | undefined} */
  let shown;
  /** What held before the person began to type here. @type {Value | undefined} */
  let held;
  let typing = false;
  let refused = false;
  element.addEventListener('focus', () => { held = shown; });
  element.addEventListener('input', () => {
    typing = true;
    refused = choose(element.value, 'replace', held) === false;
    typing = false;
  });
  // What is left there is what holds; beside it stays why.
  element.addEventListener('change', () => {
    if (refused) element.value = String(shown);
    held = shown;
  });
  element.addEventListener('keydown', (event) => {
    if (element.inputMode !== 'numeric' || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    stepper.value = String(shown);
    if (event.key === 'ArrowUp') stepper.stepUp();
    else stepper.stepDown();
    choose(stepper.value, 'replace');
    held = shown;
  });
  return {
    element,
    show(field) {
      const { kind, value } = field;
      if (kind.type === 'integer' || kind.type === 'number') {
        element.inputMode = kind.type === 'integer' ? 'numeric' : 'decimal';
        element.title = t('control.limits', { min: exact(kind.min), max: exact(kind.max) });
      }
      if (kind.type === 'integer') {
        Object.assign(stepper, { min: kind.min, max: kind.max });
        for (const [name, number] of Object.entries({ valuemin: kind.min, valuemax: kind.max, valuenow: value })) element.setAttribute(`aria-${name}`, String(number));
        element.role = 'spinbutton';
      }
      const same = value === shown;
      shown = value;
      // Never under the person's fingers, unless it was set from elsewhere.
      if (typing || (same && document.activeElement === element)) return false;
      element.value = String(value);
      return true;
    },
  };
}

/** A long text, which the core tidies up once the person has left it. One that it refuses stays as it is. @param {string} id @param {(value: Value, trace: 'push' | 'replace') => boolean | void} choose @returns {Control} */
function area(id, choose) {
  const element = h('textarea', { id, class: 'text-of-layers', rows: 3, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': `${id}-error` });
  let shown = '';
  let typing = false;
  let refused = false;
  /** The first change after somebody comes here is a step of its own, which Back takes back. @type {'push' | 'replace'} */
  let trace = 'push';
  element.addEventListener('focus', () => { trace = 'push'; });
  element.addEventListener('input', () => {
    typing = true;
    refused = choose(element.value, trace) === false;
    typing = false;
    if (!refused) trace = 'replace';
  });
  // A text that did not change keeps what the browser can undo.
  const tidy = () => { if (!refused && element.value !== shown) element.value = shown; };
  element.addEventListener('change', tidy);
  return {
    element,
    show({ value }) {
      const same = value === shown;
      shown = String(value);
      if (!same) refused = false;
      if (typing || (same && document.activeElement === element)) return false;
      tidy();
      return true;
    },
  };
}

/** @param {FieldView} field @param {string} id @param {Choose} choose @returns {Control} */
function channels(field, id, choose) {
  const known = field.kind.type === 'numbers' ? field.kind.channels : null;
  const count = known ?? (Array.isArray(field.value) ? field.value.length : 1);
  let typing = false;
  let refused = false;
  /** @type {Value[]} */
  let values = [];
  /** What held before the person began to type here. @type {Value[]} */
  let held = [];
  const inputs = Array.from({ length: count }, (_, channel) => {
    const name = t(`channel.${channel}of${count}`);
    return h('input', {
      id: channel === 0 ? id : `${id}-${channel}`,
      type: 'text', inputmode: 'decimal', autocomplete: 'off', spellcheck: 'false', class: `channel-${channel}of${count}`,
      'aria-label': t('control.channel', { field: t(`field.${field.key}`), channel: name }), title: name,
      'aria-describedby': `${id}-error`,
      oninput: (/** @type {Event} */ event) => {
        // A whole list may be pasted into one of them, and then fills all.
        typing = !GIVEN.includes(/** @type {InputEvent} */ (event).inputType);
        refused = choose(inputs.map((input) => `${input.value};`).join(''), 'replace', /** @type {number[]} */ (held)) === false;
        typing = false;
      },
    });
  });
  const fill = () => inputs.forEach((input, channel) => { input.value = String(values[channel] ?? values[0]); });
  const element = h('div', { class: 'channel-inputs' }, ...inputs);
  element.addEventListener('focusin', () => { if (!refused) held = values; });
  // What is left there is what holds: a line that filled another field too is no number of this one.
  element.addEventListener('change', () => {
    fill();
    refused = false;
    held = values;
  });
  let shown = '';
  return {
    element,
    show({ value }) {
      if (!Array.isArray(value)) return false;
      values = value;
      if (typing) return false;
      const text = JSON.stringify(value);
      if (text === shown && element.contains(document.activeElement)) return false;
      shown = text;
      // One number stands for all channels.
      fill();
      return true;
    },
  };
}
