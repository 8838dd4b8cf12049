// The links that were pasted, and what becomes of each: one after the other is trained, where it can be, and compared with
// what it claims.

import { problemText, t } from '../base/i18n.js';
import { keepInTab, tabKept } from '../base/tab-kept.js';
import { OWN } from '../seen/images.js';
import { verdictText } from '../share/claim.js';

/** @import { ClassResults, LabPredictions, PastedLink, Reproduction } from '../core.d.ts' */
/** @import { Preferences } from '../base/preferences.js' */
/** @import { Engine } from '../engine.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { Training } from '../run/training.js' */

/** Under which name the pasted text is kept in this tab. */
const KEPT = 'check';

/** What came of a check. @typedef {{ text: string, outcome: Reproduction['outcome'] | 'failed' }} Result */

/** @typedef {{ link: PastedLink, key: string, refused: string | undefined, result: Result | undefined, run: Run | undefined }} Line */

/** Whether there is nothing to check about a link: it says what somebody predicted, and no result. @param {PastedLink} link */
export const saysOnlyPrediction = ({ opened: { claim, predicted } }) => claim === null && predicted !== null;

export class Checker {
  /** @type {Line[]} */
  lines = [];
  /** The text that the links were found in. */
  text = '';
  /** Their results side by side, and who predicted what. @type {{ class: ClassResults, predictions: LabPredictions[] }} */
  #found = { class: { variants: [], range: [0, 1], refuted: 0 }, predictions: [] };
  /** Of which text and outcomes. */
  #foundOf = '';
  /** Links that were too many. */
  more = 0;
  /** The line whose experiment is being trained. @type {Line | undefined} */
  on;
  /** What came of each link that was checked, also of one that is not there at the moment. @type {Map<string, Result>} */
  #results = new Map();
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {Engine} engine @param {Preferences} preferences @param {Training} training */
  constructor(engine, preferences, training) {
    this.engine = engine;
    this.preferences = preferences;
    this.training = training;
    training.subscribe(() => this.#look());
    training.runs.subscribe(() => this.#tell());
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Tells what the class comes to, now and whenever that is something else. @param {(found: Checker['found']) => void} listener */
  watch(listener) {
    /** @type {Checker['found'] | undefined} */
    let told;
    const look = () => {
      const { found } = this;
      if (found !== told) listener(told = found);
    };
    this.subscribe(look);
    look();
  }

  /** Lines that a press would check: what broke off is tried again. */
  get open() {
    return this.lines.filter(({ refused, result, link }) => !refused && !saysOnlyPrediction(link) && link.sameAs === null && (!result || result.outcome === 'failed'));
  }

  /** What was pasted before the page was loaded again, as for another language, with what came of checking it. */
  kept() {
    const { text, results } = tabKept(KEPT) ?? { text: '', results: [] };
    this.#results = new Map(results);
    return text;
  }

  /** Finds the links in a text. What was found out about them before stays. @param {string} text */
  read(text) {
    const { links, more } = this.engine.pasted(text);
    this.text = text;
    this.#keep();
    this.more = more;
    this.lines = links.map((link) => {
      const { choices, claim } = link.opened;
      const key = saysOnlyPrediction(link) ? this.engine.labPredicted(link.opened.view.lab ?? '', link.opened.predicted ?? '') : this.engine.linkText(choices, {}, claim, true);
      const on = this.on?.key === key ? this.on : undefined;
      return { link, key, refused: this.#refusal(link), result: this.#results.get(key), run: on?.run };
    });
    if (this.on) this.on = this.lines.find(({ key }) => key === this.on?.key) ?? this.on;
    this.#tell();
  }

  /** What the links say together. */
  get found() {
    const { engine, text, outcomes } = this;
    const of = JSON.stringify([text, outcomes]);
    if (of !== this.#foundOf) this.#found = { class: engine.classOf(text, outcomes), predictions: engine.predictions(text, outcomes) };
    this.#foundOf = of;
    return this.#found;
  }

  /** A word for what came of each line. */
  get outcomes() {
    return this.lines.map(({ refused, result, link }) => (refused ? 'refused' : saysOnlyPrediction(link) ? 'predicted' : (link.sameAs === null ? result : this.lines[link.sameAs]?.result)?.outcome ?? 'open'));
  }

  #keep() {
    keepInTab(KEPT, { text: this.text, results: [...this.#results] });
  }

  /** Why a link cannot be checked. @param {PastedLink} link */
  #refusal({ opened, spec }) {
    const { claim, predicted, problems } = opened;
    if (!claim && predicted !== null) return undefined;
    if (!claim) return [...problems.map(problemText), t('check.no-claim')].join(' ');
    // What could not be read has left another experiment than the one that the result is of.
    if (problems.length > 0) return problems.map(problemText).join(' ');
    return spec.data === OWN ? t('check.own') : undefined;
  }

  /** Checks what has not been checked, or broke off. */
  start() {
    for (const line of this.open) {
      line.result = undefined;
      this.#results.delete(line.key);
    }
    void this.#next();
  }

  async #next() {
    const line = this.lines.find(({ refused, result, link }) => !refused && !saysOnlyPrediction(link) && !result && link.sameAs === null);
    const { claim, choices } = line?.link.opened ?? {};
    if (!line || !claim || !choices) return;
    this.on = line;
    this.#tell();
    const { refusal } = this.engine.view(choices);
    if (refusal) return this.#finish(line, { text: problemText(refusal), outcome: 'failed' });
    // What the CPU computed can be reproduced to the last bit, but only on a CPU.
    this.preferences.set('device', claim.device === 'cpu' ? 'cpu' : 'auto');
    await this.training.device.ready;
    // Meanwhile the text may have changed, or somebody stopped it.
    if (this.on?.key === line.key) this.on.run = this.training.begin(line.link.spec, choices, 'go');
  }

  stop() {
    this.on = undefined;
    this.training.reset();
  }

  /** Goes on when a run is over. */
  #look() {
    const { on } = this;
    const { run } = this.training;
    if (!on?.run || on.run !== run || !run.ended && run.state !== 'failed') return this.#tell();
    this.#finish(on, this.#resultOf(on.link, run));
  }

  /** @param {Line} of @param {Result} result */
  #finish({ key }, result) {
    this.#results.set(key, result);
    this.#keep();
    for (const line of this.lines) if (line.key === key) line.result = result;
    this.on = undefined;
    // The training tells everybody first that this one is over.
    queueMicrotask(() => void this.#next());
    this.#tell();
  }

  /** @param {PastedLink} link @param {Run} run @returns {Result} */
  #resultOf({ opened: { claim } }, run) {
    const found = claim && run.state === 'done' ? this.training.runs.book.reproduction(run.id, claim) : null;
    if (claim && found) return { text: verdictText(t('claim.run'), run.task, claim, found), outcome: found.outcome };
    return { text: t('check.failed', { problem: run.problem ? problemText(run.problem) : '' }), outcome: 'failed' };
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
