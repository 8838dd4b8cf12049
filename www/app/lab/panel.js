// The lab that is open, as a panel: its question, and one step at a time.

import { rowKeys } from '../base/direction.js';
import { byId, h, setText } from '../base/dom.js';
import { number, t } from '../base/i18n.js';
import { labText } from './words.js';
import { further, happened, predict, runs, why } from './steps.js';

/** @import { Labs } from './labs.js' */

/** @typedef {{ element: HTMLElement, show: () => void, open?: () => boolean }} Step */

/** In order; each makes its content for the lab that is open. @type {Record<string, (labs: Labs, go: (step: string) => void) => Step>} */
const STEPS = { predict, run: runs, happened, why, further };

export class LabPanel {
  /** What the panel was made for. */
  #made = '';
  /** @type {Map<string, Step & { tab: HTMLButtonElement }>} */
  #steps = new Map();
  #step = '';
  #concluded = false;
  #folded = false;

  /** @param {HTMLElement} place @param {Labs} labs @param {() => void} pick */
  constructor(place, labs, pick) {
    this.place = place;
    this.labs = labs;
    this.where = h('p', { class: 'lab-where' });
    this.question = h('h2', { id: 'lab-question', tabindex: -1 });
    this.progress = h('progress', { max: 1, value: 0, 'aria-label': t('lab.progress') });
    this.fold = h('button', { type: 'button', class: 'quiet', 'aria-expanded': 'true', 'aria-controls': 'lab-body', onclick: () => this.#fold(!this.#folded) });
    this.tabs = h('div', { class: 'lab-tabs', role: 'tablist', 'aria-label': t('lab.steps'), onkeydown: (event) => this.#key(event) });
    this.body = h('div', { class: 'lab-body', id: 'lab-body' }, this.tabs);
    place.replaceChildren(
      h('div', { class: 'lab-head' },
        h('div', { class: 'lab-title' }, this.where, this.question),
        h('div', { class: 'lab-tools' }, this.fold,
          h('button', { type: 'button', class: 'quiet', 'data-part': 'labs', onclick: pick }, t('lab.all')),
          h('button', { type: 'button', class: 'quiet icon', 'data-part': 'labs', 'aria-label': t('lab.close'), onclick: () => this.#close() }, '×'))),
      this.progress, this.body);
    labs.subscribe(() => this.show());
    this.show();
  }

  show() {
    const { view } = this.labs;
    this.place.hidden = view === undefined;
    if (!view) {
      this.#made = '';
      return;
    }
    const held = this.body.contains(document.activeElement);
    const made = JSON.stringify([view.id, view.options.map(({ value }) => value)]);
    if (made !== this.#made) this.#build(made);
    const { queue, conclusion, busy } = this.labs;
    this.progress.value = busy && queue.busy ? queue.progress.share : 0;
    this.progress.hidden = !busy;
    // Another student, or another try, begins at the first step, and does not find what came out.
    if (this.labs.record.prediction === undefined && this.#steps.get(this.#step)?.open?.() === false) this.#step = 'predict';
    for (const [name, step] of this.#steps) {
      const open = step.open?.() ?? true;
      step.tab.disabled = !open;
      step.tab.setAttribute('aria-selected', String(name === this.#step));
      step.tab.tabIndex = name === this.#step ? 0 : -1;
      step.element.hidden = name !== this.#step;
      step.show();
    }
    if (held) this.#keepFocus();
    // What happened shows itself once, when it is there.
    const concluded = conclusion !== null && this.labs.record.prediction !== undefined && !busy;
    if (concluded && !this.#concluded && this.#steps.has('happened')) {
      this.#concluded = true;
      this.#go('happened');
    } else this.#concluded = concluded;
  }

  /** @param {string} made */
  #build(made) {
    const { view, record, conclusion } = this.labs;
    if (!view) return;
    const another = JSON.parse(made)[0] !== (this.#made ? JSON.parse(this.#made)[0] : '');
    this.#made = made;
    setText(this.where, t('lab.where', { number: number(view.row), title: labText(view.id, 'title') }));
    setText(this.question, labText(view.id, 'question'));
    const held = this.body.contains(document.activeElement) ? document.activeElement : null;
    for (const step of this.#steps.values()) step.element.remove();
    this.#steps = new Map(Object.entries(STEPS)
      .filter(([name]) => name !== 'run' || view.runs.length > 0)
      .map(([name, make], at) => {
        const step = make(this.labs, (to) => this.#go(to));
        step.element.id = `lab-step-${name}`;
        step.element.setAttribute('role', 'tabpanel');
        step.element.tabIndex = -1;
        step.element.setAttribute('aria-labelledby', `lab-tab-${name}`);
        const tab = h('button', { type: 'button', role: 'tab', id: `lab-tab-${name}`, 'aria-controls': step.element.id, onclick: () => this.#go(name) },
          h('span', { class: 'lab-number', 'aria-hidden': 'true' }, at + 1), h('span', {}, t(`lab.step.${name}`)));
        return [name, { ...step, tab }];
      }));
    this.tabs.replaceChildren(...[...this.#steps.values()].map(({ tab }) => tab));
    this.body.append(...[...this.#steps.values()].map(({ element }) => element));
    this.#concluded = conclusion !== null && record.prediction !== undefined;
    this.#step = record.prediction === undefined ? 'predict' : this.#concluded ? 'happened' : 'run';
    if (another) this.#fold(false);
    if (!held) return;
    if (another) this.question.focus();
    else focusAgain(held, this.body);
  }

  /** @param {string} step */
  #go(step) {
    this.#step = step;
    this.show();
  }

  /** Who has pressed something that is gone with its step goes on in the step that is there, by keys or by ear. */
  #keepFocus() {
    // Some browsers take the focus away at once, some with the next picture.
    const at = document.activeElement;
    if (at && at !== document.body && !at.matches('[hidden], [hidden] *, :disabled')) return;
    // What is to be seen stays where it is.
    this.#steps.get(this.#step)?.element.focus({ preventScroll: true });
  }

  /** @param {boolean} folded */
  #fold(folded) {
    this.#folded = folded;
    this.body.hidden = folded;
    this.fold.setAttribute('aria-expanded', String(!folded));
    setText(this.fold, t(folded ? 'lab.unfold' : 'lab.fold'));
  }

  #close() {
    this.labs.close();
    byId('labs-button').focus();
  }

  /** Arrows go from tab to tab. @param {KeyboardEvent} event */
  #key(event) {
    const [onward, back] = rowKeys();
    const move = { [onward]: 1, ArrowDown: 1, [back]: -1, ArrowUp: -1 }[event.key];
    const open = [...this.#steps].filter(([, step]) => !step.tab.disabled);
    const at = open.findIndex(([name]) => name === this.#step);
    const next = move && open[(at + move + open.length) % open.length];
    if (!next) return;
    event.preventDefault();
    this.#go(next[0]);
    next[1].tab.focus();
  }
}

/** The focus stays with what a person types or chooses, though it was made anew. @param {Element} held @param {HTMLElement} body */
function focusAgain(held, body) {
  if (!(held instanceof HTMLInputElement || held instanceof HTMLSelectElement)) return;
  /** @type {HTMLInputElement | HTMLSelectElement | null} */
  const same = body.querySelector(held.id ? `#${held.id}` : `[name="${held.name}"][value="${held.value}"]`);
  same?.focus({ preventScroll: true });
  if (same instanceof HTMLInputElement && same.type === 'text') same.setSelectionRange(same.value.length, same.value.length);
}
