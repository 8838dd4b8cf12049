// Does what the page around this one says, with the answer to each command.

import { isProblem } from '../base/is-problem.js';
import { stateFacts } from './facts.js';

/** @import { Command, Fault, Message } from '../../embed.d.ts' */
/** @import { Problem } from '../core.d.ts' */
/** @import { Preferences } from '../base/preferences.js' */
/** @import { Queue } from '../run/queue.js' */
/** @import { RunBar } from '../run/bar.js' */
/** @import { Page } from './facts.js' */
/** @import { Progress } from './progress.js' */

/** @typedef {Page & { preferences: Preferences, queue: Queue, bar: RunBar }} Controlled */
/** Why a command was not done. @typedef {Omit<Fault, 'type' | 'id'>} Refusal */

export class Commands {
  /** @param {Controlled} page @param {(message: Message) => void} say @param {Progress} progress */
  constructor(page, say, progress) {
    this.page = page;
    this.say = say;
    this.progress = progress;
  }

  /** @param {Command} command */
  obey(command) {
    const answer = this.#do(command);
    const { id } = command;
    if (!Array.isArray(answer)) this.say({ type: 'error', ...answer, ...(id === undefined ? {} : { id }) });
    else if (id !== undefined) this.say({ type: 'answer', id, state: stateFacts(this.page), problems: answer });
    // A sender that wants no answer is told of dropped values all the same.
    else for (const problem of answer) this.say({ type: 'error', code: 'problem', problem });
  }

  /** @param {Command} command @returns {Problem[] | Refusal} */
  #do(command) {
    const { training, queue } = this.page;
    switch (command.type) {
      case 'get': return [];
      case 'run': return this.begin() ?? [];
      case 'pause':
        training.pause();
        return [];
      case 'reset':
        queue.stop();
        if (training.phase !== 'idle') training.reset();
        return [];
      case 'keep':
        this.progress.keep(command.most);
        return [];
      case 'restore': return this.progress.restore(command.text);
      case 'set':
        try {
          return command.link === undefined ? this.#choose(command.choices) : this.#open(command.link);
        } catch (thrown) {
          if (!isProblem(thrown)) throw thrown;
          return { code: 'problem', problem: thrown };
        }
    }
  }

  /** Begins, or goes on with, what a person's Run would: the open lab, else the experiment. @returns {Refusal | undefined} */
  begin() {
    const { training, labs, bar } = this.page;
    if (training.busy || (labs.busy && training.run?.state !== 'failed')) {
      if (training.phase === 'paused') bar.toggle();
      return undefined;
    }
    if (labs.view && labs.view.runs.length > 0 && training.phase !== 'paused') {
      if (labs.record.prediction === undefined) return { code: 'prediction-first' };
      void (labs.waiting ? labs.goOn() : labs.run());
      return undefined;
    }
    if (bar.run.disabled) {
      const { refusal } = this.page.experiment.view;
      return { code: 'cannot-run', ...(refusal ? { problem: refusal } : {}) };
    }
    bar.toggle();
    return undefined;
  }

  /** Changes what these name and keeps all else. @param {{[key: string]: import('../core.d.ts').Value}} choices */
  #choose(choices) {
    const { engine, experiment } = this.page;
    const facts = 'data' in choices ? undefined : experiment.facts;
    const view = engine.view({ ...experiment.view.choices, ...choices }, facts);
    experiment.open(view.choices, 'replace');
    return view.problems;
  }

  /** Opens another experiment; what the link does not say of the page stays as it is. @param {string} link */
  #open(link) {
    const { engine, experiment, preferences } = this.page;
    const opened = engine.openLink(link);
    experiment.open(opened.choices, 'replace');
    preferences.open({ ...Object.fromEntries(preferences.chosen()), ...opened.view });
    return opened.problems;
  }
}
