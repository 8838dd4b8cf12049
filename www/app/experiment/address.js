// The link in the address bar: read at the start and when a person goes back, written at every change.

import { framed } from '../base/around.js';

/** @import { Claim, Problem } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { Experiment, Trace } from './experiment.js' */
/** @import { Preferences } from '../base/preferences.js' */

/** What a link says of a frame. */
const FRAME = ['embed', 'start', 'hide', 'lock'];
/** How much a link says: `page` how the page shows itself, `frame` how it stands within another one, `full` what is as usual too. @typedef {{ page?: boolean, frame?: boolean, claim?: Claim | null, full?: boolean }} Saying */

/** Whether the link stands behind a `?`, where something on its way has put it. */
const isQuery = () => new URLSearchParams(location.search).has('v');

/** All of the address that may say an experiment. */
export const inAddress = () => location.search + location.hash;

export class Address {
  /** What the link claims of its experiment. @type {Claim | null} */
  #claim = null;
  /** The experiment that it is claimed of, as a link. */
  #claimed = '';
  /** Whether the controls say that experiment. */
  #isClaimed = false;
  /** What of the link could not be read. @type {Problem[]} */
  problems = [];
  /** While it is read, nothing is written. */
  #reading = false;

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
    experiment.subscribe((view, trace) => {
      // The data set's real sizes may change the spec without a change of the choices.
      if (trace === 'none' && this.#isClaimed) this.#claimed = view.link;
      this.#isClaimed = view.link === this.#claimed;
      this.#write(trace);
    });
    // Opening a lab is a step of its own, which Back takes back.
    preferences.subscribe((changed) => this.#write(changed.includes('lab') ? 'push' : 'replace'));
    window.addEventListener('popstate', () => this.open());
  }

  /** Shows what the address says. */
  open() {
    const opened = this.engine.openLink(inAddress());
    this.#reading = true;
    this.#claim = opened.claim;
    this.#isClaimed = true;
    this.preferences.open(opened.view);
    this.experiment.open(opened.choices, 'none');
    this.#reading = false;
    this.problems = opened.problems;
    this.complain(opened.problems);
    if (isQuery()) this.#write('replace');
  }

  /** What the link claims of a run of the experiment that the controls say. */
  get claim() {
    return this.#isClaimed ? this.#claim : null;
  }

  /** Whether the link says how the page shows itself. */
  get says() {
    return this.preferences.chosen().some(([key]) => !FRAME.includes(key));
  }

  /** The text of a link to the experiment that the controls say. @param {Saying} [saying] */
  text({ page = false, frame = false, claim = null, full = false } = {}) {
    const view = this.preferences.chosen().filter(([key]) => (FRAME.includes(key) ? frame : page));
    return this.engine.linkText(this.experiment.view.choices, Object.fromEntries(view), claim, full);
  }

  /** The text of the link to all that the page shows. */
  get link() {
    return this.text({ page: true, frame: true, claim: this.claim });
  }

  /** The link of the whole page, where this one is compact or lacks something. */
  get whole() {
    return new URL(`#${this.text({ page: true })}`, location.href).href;
  }

  /** @param {Trace} trace */
  #write(trace) {
    if (trace === 'none' || this.#reading) return;
    const { link } = this;
    // Where all is as usual, the version alone says nothing.
    const hash = link.includes('&') ? `#${link}` : '';
    if (hash === location.hash && !isQuery()) return;
    const url = location.pathname + (isQuery() ? '' : location.search) + hash;
    // In a frame, the way back is that of the page around it.
    if (trace === 'push' && !framed) history.pushState(history.state, '', url);
    else history.replaceState(history.state, '', url);
  }
}
