// Data set, network, and everything behind them: built from the core's list of fields, group by group.

import { h, setText } from '../base/dom.js';
import { labelledField } from './fields.js';
import { plural, t } from '../base/i18n.js';

/** @import { FieldView, Group, View } from '../core.d.ts' */
/** @import { Control } from './fields.js' */
/** @import { Experiment } from './experiment.js' */

/** The two that stand on the first screen; all others wait one step behind. */
const FIRST = ['data', 'net'];
/** @type {Group[]} */
const GROUPS = ['data', 'network', 'optimizer', 'budget'];

/** Which of a person's own sets it is, they choose by its name; a network as text stands beside its drawing. @param {FieldView} field */
const isControl = ({ kind }) => kind.type !== 'digest' && kind.type !== 'layers';

export class Controls {
  /** @type {Map<string, Control>} */
  #controls = new Map();
  /** @type {{ group: Group, element: HTMLDetailsElement, changed: HTMLElement }[]} */
  #groups = [];

  /** @param {HTMLElement} place @param {Experiment} experiment @param {HTMLElement} ownData */
  constructor(place, experiment, ownData) {
    const { fields } = experiment.view;
    for (const field of fields.filter((field) => field.group !== 'switches' && isControl(field))) {
      this.#controls.set(field.key, labelledField(experiment, field));
    }
    const of = /** @param {string} key */ (key) => this.#controls.get(key)?.element ?? null;
    const first = h('div', { class: 'first-fields' }, ...FIRST.map(of));
    for (const group of GROUPS) {
      const changed = h('span', { class: 'group-changed' });
      const keys = fields.filter((field) => field.group === group && !FIRST.includes(field.key) && isControl(field)).map((field) => field.key);
      const element = h('details', { class: 'group', 'data-group': group },
        h('summary', {}, h('span', {}, t(`group.${group}`)), changed),
        h('div', { class: 'group-fields' }, ...keys.map(of)));
      this.#groups.push({ group, element, changed });
    }
    place.replaceChildren(first, ownData, ...this.#groups.map(({ element }) => element));
    this.show(experiment.view);
    experiment.subscribe((view) => this.show(view));
  }

  /** @param {View} view */
  show(view) {
    for (const field of view.fields) this.#controls.get(field.key)?.show(field);
    for (const { group, element, changed } of this.#groups) {
      const fields = view.fields.filter((field) => field.group === group && !FIRST.includes(field.key) && isControl(field));
      const count = fields.filter((field) => field.key in view.choices).length;
      setText(changed, count > 0 ? plural('group.changed', count) : '');
      element.hidden = fields.every((field) => !field.applies);
    }
  }
}
