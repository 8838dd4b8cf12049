// The link in the address bar: read at the start and when a person goes back, written at every change.

/** @import { Problem } from './core.d.ts' */
/** @import { Engine } from './engine.js' */
/** @import { Experiment, Trace } from './experiment.js' */
/** @import { Preferences } from './preferences.js' */

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

  #hash() {
    const empty = Object.keys(this.experiment.view.choices).length === 0;
    const view = this.preferences.chosen().map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    return empty && view.length === 0 ? '' : `#${[this.experiment.view.link, ...view].join('&')}`;
  }

  /** @param {Trace} trace */
  #write(trace) {
    const hash = this.#hash();
    if (trace === 'none' || hash === location.hash) return;
    const url = hash || location.pathname + location.search;
    if (trace === 'push') history.pushState(null, '', url);
    else history.replaceState(null, '', url);
  }
}
