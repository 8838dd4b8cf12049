// The link in the address bar: read at the start and when a person goes back, written at every change.

import { framed } from './embed/around.js';

/** @import { Problem } from './core.d.ts' */
/** @import { Engine } from './engine.js' */
/** @import { Experiment, Trace } from './experiment.js' */
/** @import { Preferences } from './preferences.js' */

/** What a link says of a frame. */
const FRAME = ['embed', 'start', 'hide', 'lock'];

export class Address {
  /**
   * @param {Engine} engine
   * @param {Experiment} experiment
   * @param {Preferences} preferences
   * @param {(problems: Problem[]) => void} complain
   */
  constructor(engine, experiment, preferences, complain) {
    this.engine = engine;
    this.experiment = experiment;
    this.preferences = preferences;
    this.complain = complain;
    experiment.subscribe((_, trace) => this.#write(trace));
    preferences.subscribe(() => this.#write('replace'));
    window.addEventListener('popstate', () => this.open());
  }

  /** Shows what the address says. */
  open() {
    const opened = this.engine.openLink(location.hash);
    this.preferences.open(opened.view);
    this.experiment.open(opened.choices, 'none');
    this.complain(opened.problems);
  }

  /** The whole link. */
  get href() {
    return new URL(this.#hash() || location.pathname + location.search, location.href).href;
  }

  /** What stands behind the link's `#`. */
  get link() {
    return [this.experiment.view.link, ...this.#view()].join('&');
  }

  /** The link of the whole page, where this one is compact or lacks something. */
  get whole() {
    return new URL(`#${[this.experiment.view.link, ...this.#view(FRAME)].join('&')}`, location.href).href;
  }

  /** What of the page is another way than by default. @param {string[]} [without] */
  #view(without = []) {
    return this.preferences.chosen().flatMap(([key, value]) => (without.includes(key) ? [] : [`${key}=${encodeURIComponent(value)}`]));
  }

  #hash() {
    const empty = Object.keys(this.experiment.view.choices).length === 0;
    const view = this.#view();
    return empty && view.length === 0 ? '' : `#${[this.experiment.view.link, ...view].join('&')}`;
  }

  /** @param {Trace} trace */
  #write(trace) {
    const hash = this.#hash();
    if (trace === 'none' || hash === location.hash) return;
    const url = hash || location.pathname + location.search;
    // In a frame, the way back is that of the page around it.
    if (trace === 'push' && !framed) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
  }
}
