// What is being built: a link, with what it hides and locks, and the size of its frame. It stands in the address too.

import { keepSetting, setting } from '../base/storage.js';

/** @import { Claim, PageTable, Problem } from '../core.d.ts' */
/** @import { Choices, Engine } from '../engine.js' */
/** @import { Size } from '../share/codes.js' */

/** Under which name the size is kept: a link says nothing of it. */
const SIZE = 'builder.size';

/** Whether a reader sees a part or a setting, and may change it. @typedef {'shown' | 'lock' | 'hide'} Shown */

export class Plan {
  /** @type {Choices} */
  #choices = {};
  /** @type {Record<string, string>} */
  #view = {};
  /** The result of the experiment, where the link that was opened has one: it only goes into a link that asks for it. @type {Claim | null} */
  #claim = null;
  /** What of the link that was opened could not stand. @type {Problem[]} */
  problems = [];
  /** @type {Size} */
  size = /** @type {Size | null} */ (setting(SIZE)) ?? { width: null, height: 720 };
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {Engine} engine */
  constructor(engine) {
    this.engine = engine;
    /** @type {PageTable} */
    this.table = engine.pageTable();
    this.open(location.hash);
    window.addEventListener('popstate', () => this.open(location.hash));
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Takes over a link: the whole address of one, or what stands behind its `#`. @param {string} link */
  open(link) {
    const { choices, view, claim, problems } = this.engine.openLink(link);
    this.#choices = choices;
    this.#claim = claim;
    this.#view = view;
    this.problems = problems;
    this.#changed();
  }

  /** Takes over the experiment of a link; how the page shows itself stays. @param {string} link */
  openExperiment(link) {
    const { choices, claim, problems } = this.engine.openGiven(link);
    this.#choices = choices;
    this.#claim = claim;
    this.problems = problems;
    this.#changed();
  }

  /** What the link says of the page, by key; the default is the empty text. @param {string} key */
  get(key) {
    return this.#view[key] ?? '';
  }

  /** @param {string} key @param {string} value */
  set(key, value) {
    this.#view = { ...this.#view, [key]: value };
    this.#changed();
  }

  /** @param {Size} size */
  resize(size) {
    this.size = size;
    keepSetting(SIZE, size);
    this.#changed();
  }

  /** @param {string} name @returns {Shown} */
  shown(name) {
    if (this.#names('hide').includes(name)) return 'hide';
    return this.#names('lock').includes(name) ? 'lock' : 'shown';
  }

  /** @param {string} name @param {Shown} shown */
  show(name, shown) {
    for (const key of /** @type {const} */ (['hide', 'lock'])) {
      const others = this.#names(key).filter((other) => other !== name);
      this.#view[key] = (shown === key ? [...others, name] : others).join(',');
    }
    this.#changed();
  }

  /** The text of the link. @param {boolean} embed whether it is a frame's */
  text(embed) {
    const { embed: _, ...view } = this.#view;
    return this.engine.linkText(this.#choices, embed ? { ...view, embed: '1' } : view, this.#asksForResult ? this.#claim : null, false);
  }

  /** The text of the experiment alone, with its result. */
  get experiment() {
    return this.engine.linkText(this.#choices, {}, this.#claim, false);
  }

  /** What of the goals cannot be asked for: it is not in the link. @returns {Problem[]} */
  get goalProblems() {
    const problems = this.engine.openLink(this.text(true)).problems.filter(({ field }) => field === 'goal');
    const withoutResult = this.#asksForResult && !this.#claim;
    return withoutResult ? [...problems, { code: 'goal-without-result', field: 'goal', params: {} }] : problems;
  }

  get #asksForResult() {
    return this.get('goal').split(',').includes('reproduce');
  }

  /** @param {'hide' | 'lock'} key */
  #names(key) {
    return this.get(key).split(',').filter(Boolean);
  }

  #changed() {
    history.replaceState(null, '', `#${this.text(true)}`);
    for (const listener of this.#listeners) listener();
  }
}
