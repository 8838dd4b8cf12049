// The parts of the page and the fields that a link hides or locks.

import { h, svg } from '../base/dom.js';
import { t } from '../base/i18n.js';

/** @import { Engine } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Preferences } from '../base/preferences.js' */

/** What of a field takes input; its name and what explains it stay usable. */
const INPUTS = '.field-slot, .field-back, .switch-slot, .switch-corner';
/** Parts that are fields and nothing else. */
const FIELDS = ['switches', 'controls'];
const CLOSED = 'M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3';

export class Parts {
  /** @param {Engine} engine @param {Experiment} experiment @param {Preferences} preferences */
  constructor(engine, experiment, preferences) {
    this.engine = engine;
    this.experiment = experiment;
    this.preferences = preferences;
    preferences.subscribe((changed) => { if (changed.includes('hide') || changed.includes('lock')) this.#apply(); });
    this.#apply();
  }

  #apply() {
    const { hide, lock } = this.engine.frame(Object.fromEntries(this.preferences.chosen()));
    document.documentElement.dataset.hide = hide.parts.join(' ');
    for (const element of document.querySelectorAll('fieldset.locked')) unlock(element);
    for (const element of document.querySelectorAll('.lock-sign')) element.remove();
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-field], [data-switch]'))) {
      const key = element.dataset.field ?? element.dataset.switch ?? '';
      element.toggleAttribute('data-away', hide.fields.includes(key));
      if (lock.fields.includes(key)) lockField(element);
    }
    for (const part of lock.parts.filter((name) => !FIELDS.includes(name))) {
      for (const element of document.querySelectorAll(`[data-part~="${part}"]`)) lockUp(element);
    }
    this.experiment.fix([...hide.fields, ...lock.fields]);
  }
}

/** @param {Element} element */
function lockField(element) {
  for (const input of element.querySelectorAll(INPUTS)) lockUp(input);
  element.querySelector('.label')?.after(svg('svg', { class: 'lock-sign', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: CLOSED })));
}

/** Puts a fieldset that is disabled around it, which its controls cannot undo. @param {Element} element */
function lockUp(element) {
  if (element.closest('fieldset.locked')) return;
  const set = h('fieldset', { class: 'locked', disabled: true }, h('legend', { class: 'unseen' }, t('embed.locked')));
  element.before(set);
  set.append(element);
  // What can be pressed and is no form control.
  for (const type of ['click', 'keydown']) set.addEventListener(type, refuse, true);
}

/** @param {Event} event */
function refuse(event) {
  if (event instanceof KeyboardEvent && event.key !== 'Enter' && event.key !== ' ') return;
  event.stopPropagation();
  event.preventDefault();
}

/** @param {Element} set */
function unlock(set) {
  set.replaceWith(...[...set.children].filter((child) => !(child instanceof HTMLLegendElement)));
}
