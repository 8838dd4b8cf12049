// A network of one's own as a list: a line for each layer, with its numbers, its shape, and what can be done with it. What a line
// says, what can be done and what comes of it, the core knows.

import { h, setText } from '../base/dom.js';
import { DOTS, menuButton } from '../base/menu.js';
import { compact, number, problemText, shapeText, t } from '../base/i18n.js';
import { isProblem } from '../base/is-problem.js';
import { note } from '../base/messages.js';

/** @import { Action, Edit, Line, Number as Setting, Outline, View } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */

/** The keys of a line, with Alt: as editors have them. @type {{ [key: string]: Action }} */
const KEYS = { ArrowUp: 'up', ArrowDown: 'down', Delete: 'remove' };
/** As many steps as can be taken back. */
const REMEMBERED = 100;

export class LineEditor {
  #shown = '';
  /** Texts before each change from here. @type {string[]} */
  #past = [];
  /** Lines whose numbers are all shown. @type {Set<number>} */
  #wide = new Set();
  /** Where the focus goes when the list is there again. @type {{ line: number, control: string } | undefined} */
  #focus;

  /** @param {Experiment} experiment @param {Engine} engine */
  constructor(experiment, engine) {
    this.experiment = experiment;
    this.engine = engine;
    this.parts = engine.ownParts();
    this.undo = h('button', { type: 'button', class: 'quiet small', onclick: () => this.#back() }, t('own.undo'));
    this.said = h('p', { class: 'unseen', role: 'status' });
    /** What helps where something is wrong. */
    this.ways = h('p', { class: 'own-ways', hidden: true });
    this.list = h('ol', { class: 'own-lines', 'aria-label': t('own.lines'), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) });
    this.element = h('details', { class: 'own-list' },
      h('summary', {}, t('own.lines')), h('p', { class: 'own-list-head' }, h('span', {}, t('own.lines-about')), this.undo), this.list, this.said);
  }

  /** @param {View} view */
  show({ choices, spec }) {
    const { facts } = this.experiment;
    const key = JSON.stringify([spec.layers, facts?.shape, facts?.classes.length, spec.data, spec.task, spec.batch]);
    this.undo.disabled = this.#past.length === 0;
    if (key === this.#shown) return;
    this.#shown = key;
    // A text that cannot be read has no lines.
    this.#draw(this.engine.ownOutline(choices, facts));
  }

  /** @param {Outline} outline */
  #draw({ lines, ways_out: ways }) {
    this.ways.hidden = ways.length === 0;
    const wrong = lines.findIndex((line) => line.wrong);
    this.ways.replaceChildren(`${t('own.ways')} `, ...ways.map(({ name, layers }) => h('button', {
      type: 'button', class: 'small', onclick: () => this.#take(layers, { line: wrong, control: 'more' }),
    }, t(`own.way.${name}`))));
    this.list.replaceChildren(...lines.map((line, at) => this.#line(line, at)));
    const { line, control } = this.#focus ?? { line: -1, control: '' };
    this.#focus = undefined;
    const found = this.list.children[Math.min(line, lines.length - 1)];
    const there = found?.querySelector(`[data-control="${control}"]`) ?? found?.querySelector('[data-control="more"]');
    if (there instanceof HTMLElement) there.focus({ preventScroll: true });
    const seen = this.list.querySelector('[data-wrong]') ?? found;
    if (seen instanceof HTMLElement) this.#scroll(seen);
  }

  /** Brings a line into the list's own window; the page stays where it is. @param {HTMLElement} line */
  #scroll(line) {
    const { list } = this;
    const top = line.offsetTop;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + line.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = top + line.offsetHeight - list.clientHeight;
  }

  /** @param {Line} line @param {number} at */
  #line(line, at) {
    const name = nameOf(line);
    const shown = line.numbers.filter((setting) => this.#wide.has(at) || setting.written || setting.letter === '');
    const [first] = shown.filter(({ letter }) => letter === '');
    const more = menuButton({ class: 'quiet icon', 'data-control': 'more', 'aria-label': t('own.more-for', { name, line: number(at + 1) }) }, DOTS, () => [
      ...line.actions.map((action) => ({ label: t(`own.act.${action}`), act: () => this.#edit({ kind: action, line: at }, 'more') })),
      ...(shown.length < line.numbers.length ? [{ label: t('own.act.numbers'), act: () => this.#widen(at) }] : []),
      ...(line.actions.includes('duplicate') ? [{ label: t('own.act.times'), act: () => this.#edit({ kind: 'times', line: at, times: line.times + 1 }, 'times') }] : []),
    ]);
    const add = menuButton({ class: 'quiet icon', 'data-control': 'add', 'aria-label': t(line.kind === 'branch' ? 'own.add-within' : 'own.add-behind', { name, line: number(at + 1) }) }, '+', () => [
      ...this.parts.layers.map(([word, kind]) => ({ label: t(`layer.${kind}`), act: () => this.#edit({ kind: 'add', line: at, word }, 'more') })),
      ...this.parts.blocks.map((word) => ({ label: t(`own.block.${word}`), act: () => this.#edit({ kind: 'add', line: at, word }, 'more') })),
    ]);
    const element = h('li', { class: 'own-line', 'data-kind': line.kind, 'data-wrong': line.wrong || null, 'data-line': at },
      h('span', { class: 'own-line-name' }, line.times > 1 && this.#times(line, at), name, line.name && h('code', {}, ` ${line.name}`), first && this.#field(first, at)),
      h('span', { class: 'own-line-numbers' }, ...shown.filter((setting) => setting !== first).map((setting) => this.#number(setting, at))),
      h('span', { class: 'own-line-shape' }, line.output ? shapeText(line.output) : '', line.parameters > 0 && h('span', { class: 'rest' }, ` · ${compact(line.parameters)}`)),
      h('span', { class: 'own-line-tools' }, add, more));
    element.style.setProperty('--depth', String(line.depth));
    return element;
  }

  /** @param {Setting} setting @param {number} line */
  #number(setting, line) {
    return h('label', { class: 'own-number' }, h('span', { translate: 'no' }, setting.name), this.#field(setting, line));
  }

  /** @param {Setting} setting @param {number} line */
  #field({ letter, name, value, min, max, whole }, line) {
    const field = h('input', { type: 'number', min, max, step: whole ? 1 : 'any', value: String(value), 'data-control': name, 'aria-label': name, title: name, onchange: () => {
      if (Number.isNaN(field.valueAsNumber)) field.value = String(value);
      else this.#edit({ kind: 'number', line, letter, value: field.valueAsNumber }, name);
    } });
    return field;
  }

  /** @param {Line} line @param {number} at */
  #times({ times }, at) {
    const field = h('input', { type: 'number', min: 1, step: 1, value: String(times), 'data-control': 'times', 'aria-label': t('own.times'), onchange: () => {
      if (Number.isNaN(field.valueAsNumber)) field.value = String(times);
      else this.#edit({ kind: 'times', line: at, times: Math.max(1, Math.round(field.valueAsNumber)) }, 'times');
    } });
    return h('label', { class: 'own-number' }, field, h('span', {}, '×'));
  }

  /** @param {number} at */
  #widen(at) {
    this.#wide.add(at);
    this.#focus = { line: at, control: 'more' };
    this.#draw(this.engine.ownOutline(this.experiment.view.choices, this.experiment.facts));
  }

  /** @param {Edit} edit @param {string} control which gets the focus afterwards */
  #edit(edit, control) {
    const { view, facts } = this.experiment;
    const edited = this.#tried(() => this.engine.ownEdit(view.choices, facts, edit));
    if (!edited) return this.#draw(this.engine.ownOutline(view.choices, facts));
    const { layers, line } = edited;
    // Other lines are at these numbers now.
    if (edit.kind !== 'number' && edit.kind !== 'times') this.#wide.clear();
    this.#take(layers, { line, control });
    setText(this.said, t('own.edited', { line: number(line + 1) }));
  }

  /** What cannot be is said, and the numbers are as they were. @template T @param {() => T} act @returns {T | undefined} */
  #tried(act) {
    try {
      return act();
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      note(problemText(thrown));
      return undefined;
    }
  }

  /** @param {string} layers @param {{ line: number, control: string }} focus */
  #take(layers, focus) {
    const before = this.experiment.view.spec.layers;
    if (layers === before) return;
    this.#focus = focus;
    this.#past = [...this.#past, before].slice(-REMEMBERED);
    this.experiment.chooseAll({ layers });
  }

  #back() {
    const layers = this.#past.pop();
    if (layers === undefined) return;
    this.experiment.chooseAll({ layers });
    if (this.undo.disabled) this.list.querySelector('button')?.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!(event.target instanceof Element)) return;
    const line = Number(event.target.closest('[data-line]')?.getAttribute('data-line') ?? -1);
    if ((event.ctrlKey || event.metaKey) && event.key === 'z' && !(event.target instanceof HTMLInputElement)) this.#back();
    else if (event.altKey && KEYS[event.key] && line >= 0) {
      const action = KEYS[event.key];
      const { lines } = this.engine.ownOutline(this.experiment.view.choices, this.experiment.facts);
      if (action && lines[line]?.actions.includes(action)) this.#edit({ kind: action, line }, 'more');
    } else return;
    event.preventDefault();
  }
}

/** @param {Line} line */
function nameOf({ kind, word }) {
  if (kind === 'layer') return t(`layer.${word}`);
  return kind === 'join' ? t(`own.join.${word}`) : t(`own.${kind}`);
}
