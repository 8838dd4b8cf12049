// The calculator: one layer from the numbers that a person types, and two networks side by side.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { LayerCalculator } from './layer.js';
import { NetworkComparison } from './networks.js';

/** @import { Engine } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Runs } from '../runs/list.js' */

export class Calculator {
  /** @type {{ layer: LayerCalculator, networks: NetworkComparison } | undefined} */
  #parts;

  /** @param {HTMLElement} place @param {HTMLElement} button that opens and closes it @param {Engine} engine @param {Experiment} experiment @param {Runs} runs */
  constructor(place, button, engine, experiment, runs) {
    this.place = place;
    this.button = button;
    this.make = () => ({ layer: new LayerCalculator(engine), networks: new NetworkComparison(engine, experiment, runs) });
    button.addEventListener('click', () => this.#turn(place.hidden === true));
    place.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      this.#turn(false);
      button.focus();
    });
  }

  /** @param {boolean} on */
  #turn(on) {
    if (on && !this.#parts) {
      // Made when the panel is first opened.
      this.#parts = this.make();
      const close = h('button', { type: 'button', class: 'quiet icon', 'aria-label': t('calculator.close'), onclick: () => {
        this.#turn(false);
        this.button.focus();
      } }, '×');
      this.place.append(
        h('div', { class: 'panel-head' }, h('h2', { id: 'calculator-title', tabindex: -1 }, t('calculator.title')), close),
        this.#parts.layer.element, this.#parts.networks.element);
    }
    this.place.hidden = !on;
    this.button.setAttribute('aria-expanded', String(on));
    this.#parts?.layer.sliding.turn(on);
    if (!on) return;
    this.#parts?.networks.show();
    this.place.scrollIntoView({ block: 'nearest' });
    this.place.querySelector('h2')?.focus();
  }
}
