// A network of one's own as text, beside its drawing: the field, templates, what it takes, and the place of a mistake.

import { h, setText } from '../base/dom.js';
import { compact, number, t } from '../base/i18n.js';
import { labelledField } from '../experiment/fields.js';
import { LineEditor } from './lines.js';

/** @import { Mark, View } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { PastedCode } from './pasted.js' */
/** @import { Experiment } from '../experiment/experiment.js' */

export class OwnNetwork {
  /** @param {Experiment} experiment @param {Engine} engine @param {PastedCode} pasted */
  constructor(experiment, engine, pasted) {
    this.experiment = experiment;
    this.engine = engine;
    this.field = labelledField(experiment, experiment.field('layers'));
    // Layers as PyTorch names them are no mistake of the notation.
    this.field.element.addEventListener('paste', (event) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (!engine.isPytorch(text)) return;
      event.preventDefault();
      pasted.open(text);
    });
    this.opener = h('button', { type: 'button', class: 'quiet small', onclick: () => this.#open() }, t('own.open'));
    this.limits = h('p', { class: 'network-facts' });
    const templates = engine.ownTemplates().map(([name, layers]) => h('button', {
      type: 'button', class: 'quiet small', onclick: () => experiment.chooseAll({ layers }),
    }, t(`own.template.${name}`)));
    const from = t('own.templates');
    this.templates = h('p', { class: 'own-templates', role: 'group', 'aria-label': from }, `${from}: `, ...templates);
    this.lines = new LineEditor(experiment, engine);
    this.element = h('div', { class: 'own-network' }, this.field.element, this.templates);
  }

  get #text() {
    return this.field.element.querySelector('textarea');
  }

  #open() {
    this.experiment.chooseAll(this.engine.openedAsOwn(this.experiment.view.choices, this.experiment.facts));
    this.#text?.focus();
  }

  /** @param {View} view */
  show(view) {
    const { fields, spec, network, refusal, demand } = view;
    const field = fields.find(({ key }) => key === 'layers');
    if (field) this.field.show(field);
    const isOwn = field?.applies ?? false;
    this.element.hidden = !isOwn;
    const changes = isOwn && !this.experiment.isFixed('layers');
    this.lines.element.hidden = !changes;
    if (!changes) this.lines.ways.hidden = true;
    if (changes) this.lines.show(view);
    // What cannot be changed here cannot be opened either, and only what is possible can be read.
    this.opener.hidden = isOwn || refusal !== null || ['net', 'layers', 'task'].some((key) => this.experiment.isFixed(key));
    this.templates.hidden = this.experiment.isFixed('layers');
    this.field.element.querySelector('textarea')?.setAttribute('aria-invalid', String(isOwn && refusal !== null));
    setText(this.limits, isOwn && network && demand.megabytes !== null ? t('own.limits', {
      weights: number(network.parameters), mostWeights: compact(demand.mostWeights), multiplyAdds: compact(network.multiply_adds),
      megabytes: number(demand.megabytes), mostMegabytes: number(demand.mostMegabytes), batch: number(spec.batch),
    }) : '');
  }

  /** The piece of the text in which a mistake is, and the way there. @param {Mark} mark */
  place(mark) {
    const show = () => {
      const text = this.#text;
      if (!text) return;
      text.focus();
      text.dispatchEvent(new Event('change'));
      text.setSelectionRange(mark.start, mark.end);
    };
    return h('p', { class: 'own-place' }, h('code', {}, mark.before, h('mark', {}, mark.there), mark.after), ' ',
      h('button', { type: 'button', class: 'quiet small', onclick: show }, t('own.show')));
  }
}
