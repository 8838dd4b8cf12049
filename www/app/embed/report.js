// Tells the page around this one what happens: when something changes, and a few times a second while a run is on.

import { labFacts, runFacts, stateFacts } from './facts.js';

/** @import { Message } from '../../embed.d.ts' */
/** @import { Value } from '../core.d.ts' */
/** @import { Run } from '../runs/list.js' */
/** @import { Page } from './facts.js' */

/** Milliseconds between two words about the same thing: at most four a second, whatever a clock's ticks do. */
const PAUSE = 250;
const TICK = 260;

export class Report {
  /** What was said last of the run that is on. @type {{ run: Run | undefined, step: number, tests: number, over: boolean }} */
  #told = { run: undefined, step: 0, tests: 0, over: true };
  #stepped = -Infinity;
  /** What was said last of the lab, so that nothing is said twice, nor what was so before. */
  #lab = { id: '', predicted: false, outcome: '' };
  #said = '';
  #due = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock;

  /** @param {Page} page @param {(message: Message) => void} say */
  constructor(page, say) {
    this.page = page;
    this.say = say;
    const { experiment, training, labs, device } = page;
    this.#followLab(false);
    experiment.subscribe(() => this.#changed());
    device.subscribe(() => this.#changed());
    // A frame that is off the screen draws nothing, so this does not wait for what is drawn.
    training.subscribe(() => {
      this.#followRun();
      this.#changed();
      if (training.busy) this.#clock ??= setInterval(() => this.#followRun(), TICK);
      else {
        clearInterval(this.#clock);
        this.#clock = undefined;
      }
    });
    labs.subscribe(() => {
      // The conclusion is computed right after the last run is over.
      setTimeout(() => this.#followLab(true));
      this.#changed();
    });
  }

  /** Says how the page is, if it is another way than it was said to be. */
  #changed() {
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => {
      this.#due = false;
      const state = stateFacts(this.page);
      // How far the run is, steps say.
      const said = JSON.stringify({ ...state, run: state.run?.number });
      if (said === this.#said) return;
      this.#said = said;
      this.say({ type: 'state', state });
    }, PAUSE);
  }

  #followRun() {
    const { run } = this.page.training;
    const { engine } = this.page;
    if (run !== this.#told.run) this.#told = { run, step: 0, tests: 0, over: false };
    if (!run || this.#told.over) return;
    const facts = runFacts(run, engine);
    const due = facts.step > this.#told.step && performance.now() - this.#stepped >= PAUSE;
    if (due) {
      this.#stepped = performance.now();
      this.say({ type: 'step', run: facts });
    }
    for (const test of run.tests.slice(this.#told.tests)) {
      this.say({ type: 'epoch', run: { ...facts, step: test.step, epoch: test.step / run.stepsPerEpoch, samples: test.samples, test: { step: test.step, loss: test.loss, accuracy: test.accuracy, images: test.count } } });
    }
    const over = run.state === 'done' || run.state === 'failed';
    this.#told = { run, step: due ? facts.step : this.#told.step, tests: run.tests.length, over };
    if (over) this.say({ type: 'finished', run: facts });
    if (run.problem) this.say({ type: 'error', code: 'problem', problem: run.problem });
  }

  /** @param {boolean} tell */
  #followLab(tell) {
    const lab = labFacts(this.page.labs);
    const before = this.#lab;
    const same = lab?.id === before.id;
    this.#lab = { id: lab?.id ?? '', predicted: lab !== null && lab.prediction !== null, outcome: lab?.outcome ? JSON.stringify(lab.outcome) : lab?.busy ? '' : before.outcome };
    // What a lab that is only now opened has from before is in the state.
    if (!tell || !lab || !same || lab.prediction === null) return;
    const prediction = /** @type {Value} */ (lab.prediction);
    if (!before.predicted) this.say({ type: 'prediction', lab: lab.id, prediction });
    if (lab.outcome && this.#lab.outcome !== before.outcome) this.say({ type: 'lab', lab: lab.id, outcome: lab.outcome, prediction });
  }
}
