// How far a person came with what the link asks for, and what a course system keeps of it, told when either changes.

/** @import { Message } from '../../embed.d.ts' */
/** @import { Problem, Reached } from '../core.d.ts' */
/** @import { Controlled } from './commands.js' */

/** Milliseconds between two words. */
const PAUSE = 250;

export class Progress {
  /** Letters that the page around this one keeps; none before it says so. */
  #most = 0;
  /** What was done on another machine. @type {Reached[]} */
  #elsewhere = [];
  /** Runs that were here before the page around this one said whose turn it is. @type {number[]} */
  #before = [];
  #said = '';
  #kept = '';
  #due = false;

  /** @param {Controlled} page @param {(message: Message) => void} say */
  constructor(page, say) {
    this.page = page;
    this.say = say;
    const { experiment, preferences, training, labs } = page;
    for (const part of [experiment, preferences, training, training.runs, labs]) part.subscribe(() => this.#later());
  }

  /** Tells a page that connected later. */
  again() {
    this.#said = this.#kept = '';
    this.#later();
  }

  /** From now on says what to keep, in a text of at most so many letters. @param {number} most */
  keep(most) {
    this.#most = most;
    this.again();
  }

  /** Takes over what was kept. What was here before is another person's, unless the text could not be read. @param {string} text @returns {Problem[]} */
  restore(text) {
    const { engine, experiment, labs, training } = this.page;
    const { kept, problems } = engine.unpackKept(text);
    this.#elsewhere = [kept.reached];
    this.#before = training.runs.list.map(({ id }) => id);
    if (kept.lab || problems.length === 0) labs.restore(kept);
    if (kept.link) {
      const opened = engine.openLink(kept.link);
      problems.push(...opened.problems);
      experiment.open(opened.choices, 'replace');
    }
    this.again();
    return problems;
  }

  #later() {
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => {
      this.#due = false;
      this.#tell();
    }, PAUSE);
  }

  #tell() {
    const { engine, experiment, address, preferences, training, labs } = this.page;
    const goal = Object.fromEntries(preferences.chosen()).goal ?? '';
    if (goal === '' && this.#most === 0) return;
    const { record } = labs;
    const here = training.runs.book.reached(this.#before, experiment.view.spec, address.claim);
    const done = { ...here, predicted: record.prediction !== undefined, explained: Boolean(record.words?.trim()), answered: record.answered?.length ?? 0 };
    const progress = engine.goalProgress(goal, [...this.#elsewhere, done]);
    const said = JSON.stringify(progress);
    if (said !== this.#said) this.say({ type: 'progress', progress });
    this.#said = said;
    if (this.#most === 0) return;
    const link = engine.linkText(experiment.view.choices, {}, null, false);
    const { text, problems } = engine.packKept({ reached: progress.reached, link, ...labs.kept }, this.#most);
    const words = record.words ?? '';
    const kept = JSON.stringify([text, words]);
    if (kept !== this.#kept) this.say({ type: 'kept', text, problems, words });
    this.#kept = kept;
  }
}
