// Drawing and table together, or why there is none.

import { h, setText } from '../base/dom.js';
import { problemText, t, valueText } from '../base/i18n.js';
import { Drawing, totals } from './drawing.js';
import { LayerTable } from './table.js';

/** @import { View } from '../core.d.ts' */
/** @import { Experiment } from '../experiment/experiment.js' */

export class NetworkPanel {
  #shown = '';

  /** @param {HTMLElement} place @param {Experiment} experiment @param {(path: string) => void} open called with the path of the layer that a person presses */
  constructor(place, experiment, open) {
    this.drawing = new Drawing((rows) => this.#mark(rows, true), (rows) => {
      const layer = experiment.view.network?.rows[rows[0] ?? -1];
      if (layer) open(layer.path);
    });
    this.table = new LayerTable((rows) => this.#mark(rows, false));
    this.facts = h('p', { class: 'network-facts' });
    this.refusal = h('div', { class: 'refusal', role: 'status' });
    place.replaceChildren(this.facts, this.refusal, this.drawing.element, this.table.element);
    this.place = place;
    this.show(experiment.view);
    experiment.subscribe((view) => this.show(view));
  }

  /** @param {View} view */
  show({ network, refusal, spec }) {
    const key = JSON.stringify([network, refusal]);
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
      this.refusal.replaceChildren(h('strong', {}, t('network.refused')), h('p', {}, problemText(refusal)));
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
