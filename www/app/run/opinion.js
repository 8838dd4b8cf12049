// A second opinion on a GPU that nobody has seen at work yet: the CPU makes the first batch of the same run, from the same
// weights, beside it. What comes of it is kept for that GPU.

import { OWN } from '../seen/images.js';
import { WorkerClient } from './worker-client.js';

/** @import { Event as TrainingEvent, ExperimentSpec, Problem } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { OwnData } from '../seen/own-data.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { Report } from './worker-client.js' */

/** Batches that are compared. */
const BATCHES = 1;

export class Opinion {
  #desk;
  /** The run in question, and its first loss on the GPU. @type {{ run: Run, loss: number } | undefined} */
  #asked;

  /** @param {Engine} engine @param {OwnData} own @param {(run: Run, opinion: { problem: Problem | undefined } | undefined) => void} judge told what is wrong if anything is; nothing where the CPU has no answer */
  constructor(engine, own, judge) {
    this.#desk = engine.desk();
    this.own = own;
    this.judge = judge;
    this.client = new WorkerClient((report) => this.#hear(report), () => this.#tell(undefined), () => 1);
  }

  /** Whether an answer about this run is awaited. @param {Run} run */
  isAbout(run) {
    return this.#asked?.run === run;
  }

  /** Looks for a first loss in what came of a run, and asks if there is one, or none can come any more. @param {Run} run @param {TrainingEvent[]} events */
  read(run, events) {
    if (this.isAbout(run)) return;
    for (const event of events) {
      if (event.type === 'steps' && event.first === 1) return this.#ask(run, event.losses[0] ?? NaN);
      if (event.type === 'failed' && event.problem.code === 'not-finite' && run.steps === 0) return this.#ask(run, NaN);
    }
  }

  /** @param {Run} run @param {number} loss */
  #ask(run, loss) {
    if (this.#asked) this.#tell(undefined);
    this.#asked = { run, loss };
    const mine = run.spec.data === OWN;
    const { name, files, coarse } = this.own;
    this.#desk.begin({ kind: 'train', spec: run.spec, resumed: false }, mine ? name : run.spec.data, BATCHES);
    const { wish } = this.#desk;
    if (wish) this.client.begin('cpu', wish, mine ? { files, coarse } : {});
  }

  /** @param {Report} report */
  #hear(report) {
    if (!this.#asked || !this.#desk.hear(report.job, report.at)) return;
    const steps = report.kind === 'events' ? report.events.find(({ type }) => type === 'steps') : undefined;
    if (steps?.type === 'steps') this.#tell({ problem: this.#desk.doubt(this.#asked.loss, steps.losses[0] ?? NaN) });
    else if (report.kind === 'problem' || report.at === 'failed') this.#tell(undefined);
  }

  /** @param {{ problem: Problem | undefined } | undefined} opinion */
  #tell(opinion) {
    const run = this.#asked?.run;
    this.#asked = undefined;
    this.#desk.giveUp();
    this.client.end();
    if (run) this.judge(run, opinion);
  }
}
