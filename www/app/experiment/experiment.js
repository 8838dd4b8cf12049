// The page's state: what the person chose. All else is the core's view of it.

/** @import { DataFacts, Problem, Value, View } from '../core.d.ts' */
/** @import { Choices, Engine } from '../engine.js' */

/** How the address follows a change: `push` for a step of its own in the history. @typedef {'push' | 'replace' | 'none'} Trace */
/** @typedef {(view: View, trace: Trace) => void} Listener */

export class Experiment {
  #engine;
  /** All that was ever chosen; what does not apply at the moment waits for the network that it does. @type {Choices} */
  #wishes = {};
  /** @type {DataFacts | undefined} */
  #facts;
  /** Fields that the person cannot change. @type {Set<string>} */
  #fixed = new Set();
  /** @type {Set<Listener>} */
  #listeners = new Set();

  /** @param {Engine} engine */
  constructor(engine) {
    this.#engine = engine;
    /** @type {View} */
    this.view = engine.view({}, undefined);
  }

  get facts() {
    return this.#facts;
  }

  /** @param {Listener} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Leaves these fields as they are, whatever the person chooses. @param {string[]} keys */
  fix(keys) {
    this.#fixed = new Set(keys);
    this.#change(this.view, 'none');
  }

  /** @param {string} key */
  isFixed(key) {
    return this.#fixed.has(key);
  }

  /** @param {string} key */
  field(key) {
    const field = this.view.fields.find((candidate) => candidate.key === key);
    if (!field) throw new Error(`no field ${key}`);
    return field;
  }

  /**
   * Chooses a value, and what it says of other fields: a pasted line of code may have several. Gives the problem if the field cannot take it; nothing has changed then.
   * @param {string} key
   * @param {Value} value
   * @param {Trace} [trace]
   * @returns {Problem | undefined}
   */
  choose(key, value, trace = 'push') {
    return this.chooseAll(this.#engine.meant(key, value), trace);
  }

  /**
   * @param {Choices} values
   * @param {Trace} [trace]
   * @returns {Problem | undefined}
   */
  chooseAll(values, trace = 'push') {
    if (Object.keys(values).some((key) => this.isFixed(key))) return undefined;
    const wishes = { ...this.#wishes, ...values };
    const facts = 'data' in values && values.data !== this.view.spec.data ? undefined : this.#facts;
    const view = this.#engine.view(wishes, facts);
    const refused = view.problems.find((problem) => problem.field !== null && problem.field in values);
    if (refused) return refused;
    for (const key of Object.keys(values)) {
      // A default is not a choice: it must follow the other choices.
      const value = view.choices[key];
      if (value === undefined) delete wishes[key];
      else wishes[key] = value;
    }
    this.#wishes = wishes;
    this.#facts = facts;
    this.#change(view, trace);
    return undefined;
  }

  /** @param {string} key @param {Trace} [trace] */
  restore(key, trace = 'push') {
    if (this.isFixed(key)) return;
    delete this.#wishes[key];
    this.#change(this.#engine.view(this.#wishes, this.#facts), trace);
  }

  /** Opens another experiment. One that a person opens leaves out what they cannot change. @param {Choices} choices @param {Trace} trace */
  open(choices, trace) {
    this.#wishes = trace === 'push' ? this.#withFixed(choices) : { ...choices };
    const data = this.view.spec.data;
    const view = this.#engine.view(this.#wishes, this.#facts);
    if (view.spec.data === data) {
      this.#change(view, trace);
    } else {
      this.#facts = undefined;
      this.#change(this.#engine.view(this.#wishes, undefined), trace);
    }
  }

  /** @param {DataFacts} facts */
  learn(facts) {
    this.#facts = facts;
    const before = this.view.link;
    this.#change(this.#engine.view(this.#wishes, facts), 'none');
    // Which of a person's own sets it is, a link says.
    if (this.view.link !== before) this.#change(this.view, 'replace');
  }

  /** @param {Choices} choices @returns {Choices} */
  #withFixed(choices) {
    const free = Object.entries(choices).filter(([key]) => !this.isFixed(key));
    const kept = Object.entries(this.view.choices).filter(([key]) => this.isFixed(key));
    return Object.fromEntries([...free, ...kept]);
  }

  /** @param {View} view @param {Trace} trace */
  #change(view, trace) {
    this.view = view;
    for (const listener of this.#listeners) listener(view, trace);
  }
}
