// Every part and setting that can be hidden or locked, with three states each.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';

/** @import { Name } from '../core.d.ts' */
/** @import { Plan, Shown } from './plan.js' */

/** A row: a name, the one that holds it, and its three states. @typedef {{ name: Name, within: Name | undefined, element: HTMLElement, inputs: HTMLInputElement[] }} Row */

export class Names {
  /** @type {Row[]} */
  #rows = [];

  /** @param {Plan} plan */
  constructor(plan) {
    this.plan = plan;
    const { names } = plan.table;
    const parts = names.filter(({ kind }) => kind === 'part');
    const groups = names.filter(({ kind }) => kind === 'group');
    const fieldsOf = (/** @type {Name} */ name) => names.filter(({ kind, word }) => kind === 'field' && name.fields.includes(word));
    // A part that is one group says it all; another's groups stand within it.
    const within = (/** @type {Name} */ part) => groups.filter((group) => group.fields.every((key) => part.fields.includes(key)) && group.fields.length < part.fields.length);
    this.element = h('div', { class: 'builder-names' },
      h('h3', {}, t('builder.parts')),
      h('div', { class: 'name-rows' }, ...parts.map((part) => this.#row(part, undefined))),
      h('h3', {}, t('builder.settings')),
      ...parts.filter(({ fields }) => fields.length > 0).flatMap((part) => {
        const inner = within(part);
        return (inner.length > 0 ? inner : [part]).map((group) => h('details', { class: 'group' },
          h('summary', {}, t(`${group.kind}.${group.word}`)),
          h('div', { class: 'name-rows' },
            group === part ? null : this.#row(group, part, t('builder.all-of-it')),
            ...fieldsOf(group).map((field) => this.#row(field, group)))));
      }));
    plan.subscribe(() => this.show());
    this.show();
  }

  /** @param {Name} name @param {Name | undefined} within @param {string} [label] */
  #row(name, within, label = t(`${name.kind}.${name.word}`)) {
    // Only what holds settings can be locked.
    const states = /** @type {Shown[]} */ (name.fields.length > 0 ? ['shown', 'lock', 'hide'] : ['shown', 'hide']);
    const inputs = states.map((state) => h('input', { type: 'radio', name: `name-${name.name}`, value: state, onchange: () => this.plan.show(name.name, state) }));
    const element = h('div', { class: 'name-row', role: 'radiogroup', 'aria-label': label, 'data-name': name.name },
      h('span', {}, label),
      h('div', { class: 'segments' }, ...inputs.map((input) => h('label', {}, input, h('span', {}, t(`builder.state.${input.value}`))))));
    this.#rows.push({ name, within, element, inputs });
    return element;
  }

  show() {
    const { plan } = this;
    const rows = new Map(this.#rows.map((row) => [row.name.name, row]));
    /** What a row is by those that hold it, the most hidden first. @param {Name | undefined} name @returns {Shown} */
    const held = (name) => {
      if (!name) return 'shown';
      const all = [plan.shown(name.name), held(rows.get(name.name)?.within)];
      return all.includes('hide') ? 'hide' : all.includes('lock') ? 'lock' : 'shown';
    };
    for (const { name, within, element, inputs } of this.#rows) {
      const above = held(within);
      const state = above === 'shown' ? plan.shown(name.name) : above;
      for (const input of inputs) {
        input.checked = input.value === state;
        input.disabled = above !== 'shown';
      }
      element.classList.toggle('held', above !== 'shown');
    }
  }
}
