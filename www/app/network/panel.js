// Drawing and table together, or why there is none.

import { byId, h, setText } from '../base/dom.js';
import { problemText, t, valueText } from '../base/i18n.js';
import { Drawing, totals } from './drawing.js';
import { OwnNetwork } from './own.js';
import { LayerTable } from './table.js';

/** @import { View } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */

export class NetworkPanel {
  #shown = '';

  /**
   * @param {HTMLElement} place
   * @param {Experiment} experiment
   * @param {Engine} engine
   * @param {(path: string) => void} open called with the path of the layer that a person presses
   */
  constructor(place, experiment, engine, open) {
    this.drawing = new Drawing((rows) => this.#mark(rows, true), (rows) => {
      const layer = experiment.view.network?.rows[rows[0] ?? -1];
      if (layer) open(layer.path);
    });
    this.table = new LayerTable((rows) => this.#mark(rows, false));
    this.own = new OwnNetwork(experiment, engine);
    this.facts = h('p', { class: 'network-facts' });
    byId('network-tools').prepend(this.own.opener);
    this.refusal = h('div', { class: 'refusal', role: 'status' });
    place.replaceChildren(this.facts, this.own.element, this.own.limits, this.refusal, this.drawing.element, this.table.element);
    this.place = place;
    this.show(experiment.view);
    experiment.subscribe((view) => this.show(view));
  }

  /** @param {View} view */
  show(view) {
    this.own.show(view);
    const { network, refusal, mark, spec } = view;
    const key = JSON.stringify([spec.net, network, refusal, mark]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.place.dataset.state = network ? 'ready' : refusal ? 'refused' : 'none';
    if (network) {
      const name = valueText('net', spec.net);
      setText(this.facts, `${name} · ${totals(network)}`);
      this.refusal.replaceChildren();
      this.drawing.show(network, name);
      this.table.show(network);
    } else if (refusal) {
      setText(this.facts, valueText('net', spec.net));
      this.refusal.replaceChildren(h('strong', {}, t('network.refused')), h('p', {}, problemText(refusal)),
        ...(mark ? [this.own.place(mark)] : []));
    } else {
      setText(this.facts, '');
      this.refusal.replaceChildren(h('p', {}, t('network.no-data')));
    }
  }

  /** @param {number[]} rows @param {boolean} follow */
  #mark(rows, follow) {
    this.drawing.mark(rows);
    this.table.mark(rows, follow);
  }
}
