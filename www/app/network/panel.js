// Drawing and table together, or why there is none.

import { byId, h, setText } from '../base/dom.js';
import { beside, problemText, t, valueText } from '../base/i18n.js';
import { Scale } from '../base/scale.js';
import { Drawing, totals } from './drawing.js';
import { Enlarged } from './enlarged.js';
import { OwnNetwork } from './own.js';
import { Strips } from './strips.js';
import { LayerTable } from './table.js';

/** @import { View } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { Chosen } from './strips.js' */
/** @import { PastedCode } from './pasted.js' */
/** @import { Experiment } from '../experiment/experiment.js' */

export class NetworkPanel {
  #shown = '';
  /** The rows that are pointed at. @type {number[]} */
  #lit = [];

  /**
   * @param {HTMLElement} place
   * @param {Experiment} experiment
   * @param {Engine} engine
   * @param {PastedCode} pasted
   * @param {(path: string) => void} open called with the path of the layer that a person presses
   */
  constructor(place, experiment, engine, pasted, open) {
    /** Called with a place in a map that a person presses. @type {(chosen: Chosen) => void} */
    this.press = () => {};
    /** The feature maps in the drawing; who fills them sets what is done when others come on the screen. */
    this.strips = new Strips();
    this.drawing = new Drawing((rows) => this.#mark(rows, true), (rows) => {
      const layer = experiment.view.network?.rows[rows[0] ?? -1];
      if (layer) open(layer.path);
    }, { strips: this.strips, press: (chosen) => this.press(chosen) });
    this.table = new LayerTable((rows) => this.#mark(rows, false));
    this.own = new OwnNetwork(experiment, engine, pasted);
    this.facts = h('p', { class: 'network-facts' });
    this.enlarged = new Enlarged(place.closest('section') ?? place, this.drawing.element);
    byId('network-tools').prepend(this.own.opener, pasted.button);
    this.refusal = h('div', { class: 'refusal', role: 'status' });
    /** What the colours stand for: those of the box that is pointed at, or whose place is open; else the rule. */
    this.scale = new Scale();
    this.scaleName = h('span');
    this.key = h('div', { class: 'network-key' }, h('p', { class: 'network-scale' }, this.scaleName, this.scale.element), this.table.formula);
    /** Room for what the network answers. */
    this.foot = h('div', { class: 'network-foot' });
    this.toggle = h('button', { type: 'button', class: 'quiet table-toggle', 'aria-expanded': false, onclick: () => this.#turn(Boolean(this.table.element.hidden)) }, t('network.table'));
    this.table.element.hidden = true;
    place.replaceChildren(h('div', { class: 'network-line' }, this.facts, this.toggle, this.enlarged.button), this.own.element, this.own.limits, this.refusal, this.own.lines.ways, this.own.lines.element, this.drawing.element, this.key, this.foot, this.table.element);
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
    this.place.dataset.own = String(!this.own.element.hidden);
    this.place.dataset.state = network ? 'ready' : refusal ? 'refused' : 'none';
    if (network) {
      const name = valueText('net', spec.net);
      // No line begins with a dot.
      setText(this.facts, beside(name, totals(network)).replaceAll(' · ', '\u00a0· '));
      this.refusal.replaceChildren();
      this.drawing.show(network, name);
      this.table.show(network);
      this.#lit = [];
      this.measure();
    } else if (refusal) {
      setText(this.facts, valueText('net', spec.net));
      this.refusal.replaceChildren(h('strong', {}, t('network.refused')), h('p', {}, problemText(refusal)),
        ...(mark ? [this.own.place(mark)] : []));
    } else {
      setText(this.facts, '');
      this.refusal.replaceChildren(h('p', {}, t('network.no-data')));
    }
  }

  /** Shows or hides the layer table. @param {boolean} open */
  #turn(open) {
    this.table.element.hidden = !open;
    this.toggle.setAttribute('aria-expanded', String(open));
  }

  /** The scale follows the maps and what is pointed at. */
  measure() {
    const found = this.strips.scaleOf(this.#lit);
    setText(this.scaleName, !found ? t('network.scale') : found.path === undefined ? t('network.scale-join') : t('network.scale-of', { layer: found.path }));
    // A path may be longer than its line, and so may any text whose letters a person has spaced out.
    this.scaleName.title = this.scaleName.textContent;
    if (found) this.scale.show(found.colours, found.largest);
    else this.scale.say('signed', t('network.scale-least'), t('network.scale-most'));
  }

  /** @param {number[]} rows @param {boolean} follow */
  #mark(rows, follow) {
    this.#lit = rows;
    this.measure();
    this.drawing.mark(rows);
    this.table.mark(rows, follow);
  }
}
