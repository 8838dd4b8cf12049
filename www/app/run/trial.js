// A device that nobody has seen at work here, tried beside a run that is on: it makes the first batch of the same run, from
// the same weights, and is then timed for a second. So the run does not wait, and what is faster is measured. Where the page
// chooses, the run is on the CPU and the GPU is tried; where a person chose the GPU, it is the other way round.

import { inTime } from '../base/in-time.js';
import { isProblem } from '../base/is-problem.js';
import { OWN } from '../seen/images.js';
import { WorkerClient } from './worker-client.js';

/** @import { Code, Event as TrainingEvent, Moment, Pace, Problem, Work } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { OwnData } from '../seen/own-data.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { DeviceName, Report } from './worker-client.js' */

/** What came of a trial: what is wrong with the GPU, or how fast both are, as far as that is known. @typedef {{ problem?: Problem | undefined, pace?: Pace | undefined }} Outcome */

/** What a GPU fails with; that its program does not arrive is the network's doing. @type {Code[]} */
const GPU_FAILS = ['device-lost', 'no-device', 'crashed', 'gpu-differs'];
/** Batches that are compared. */
const BATCHES = 1;
/** Seconds that a device is timed for, about. */
const TIMED = 1;
/** Seconds that a device has until its first loss, counted from the last that was heard of it: it is given its programs then. */
const PATIENCE = 60;
/** Seconds that the timing may take. */
const PATIENCE_TIMED = 20;

export class Trial {
  #desk;
  /** The run beside which a device is tried. @type {Run | undefined} */
  #run;
  /** Told every report of the job that is on, and its end. @type {{ take: (report: Report) => void, end: (reason: Problem) => void } | undefined} */
  #job;

  /** @param {Engine} engine @param {OwnData} own @param {() => number} threads @param {(run: Run, outcome: Outcome | undefined) => void} judge told nothing where the CPU has no answer */
  constructor(engine, own, threads, judge) {
    this.#desk = engine.desk();
    this.own = own;
    this.judge = judge;
    this.client = new WorkerClient((report) => this.#hear(report), (detail) => this.#job?.end({ code: 'crashed', field: null, params: { detail } }), threads);
  }

  /** Whether it is being found out if the GPU that a run is on miscalculates. @param {Run} run */
  doubts(run) {
    return this.#run === run && isOnGpu(run);
  }

  /** Whether what was kept of two devices' speeds also says which is faster for this run. @param {unknown} pace @param {Run} run */
  covers(pace, run) {
    return this.#desk.covers(pace, run.multiplyAdds);
  }

  /** Looks for a first loss in what came of a run, and begins if there is one. @param {Run} run @param {TrainingEvent[]} events */
  read(run, events) {
    const loss = firstLoss(events);
    // Without a step, a loss that is no number may be the GPU's fault, and is the network's on the CPU.
    if (loss !== undefined && !this.#run && (isOnGpu(run) || run.steps > 0)) void this.#begin(run, loss);
  }

  /** @param {Run} run @param {number} loss its first */
  async #begin(run, loss) {
    this.#run = run;
    const outcome = await this.#beside(run, isOnGpu(run) ? 'cpu' : 'webgpu', { loss, from: momentOf(run) }).catch((thrown) => {
      // What fails on the CPU, or does not arrive, says nothing of the GPU.
      const blamed = !isOnGpu(run) && isProblem(thrown) && GPU_FAILS.includes(thrown.code);
      return blamed ? { problem: thrown } : undefined;
    });
    this.#run = undefined;
    this.#desk.giveUp();
    this.client.end();
    this.judge(run, outcome);
  }

  /** @param {Run} run @param {DeviceName} other @param {{ loss: number, from: Moment }} of @returns {Promise<Outcome>} */
  async #beside(run, other, { loss, from }) {
    const { spec } = run;
    const first = await this.#ask(run, other, { kind: 'train', spec, resumed: false }, PATIENCE, (report) => (report.kind === 'events' ? firstLoss(report.events) : undefined));
    const problem = other === 'cpu' ? this.#desk.doubt(loss, first) : this.#desk.doubt(first, loss);
    if (problem) return { problem };
    const speed = await this.#timed(run, other);
    // A run that was over too soon, or is paused, leaves its device free to be timed alone.
    const beside = this.#desk.speedBetween(from, momentOf(run)) ?? (other === 'cpu' ? undefined : await this.#timed(run, 'cpu'));
    if (beside === undefined) return {};
    const [gpu, cpu] = other === 'cpu' ? [beside, speed] : [speed, beside];
    return { pace: this.#desk.pace(gpu, cpu, run.multiplyAdds) };
  }

  /** Images a second. @param {Run} run @param {DeviceName} device */
  #timed({ spec }, device) {
    return this.#ask({ spec }, device, { kind: 'measure', spec, seconds: TIMED }, PATIENCE_TIMED, (report) => (report.kind === 'measured' ? report.speed : undefined));
  }

  /**
   * What a device comes to; throws a `Problem`.
   * @param {Pick<Run, 'spec'>} run @param {DeviceName} device @param {Work} work @param {number} patience seconds between two reports @param {(report: Report) => number | undefined} find
   * @returns {Promise<number>}
   */
  #ask({ spec }, device, work, patience, find) {
    const mine = spec.data === OWN;
    const { name, files, coarse } = this.own;
    this.#desk.begin(work, mine ? name : spec.data, BATCHES);
    const { wish } = this.#desk;
    if (!wish) throw new Error();
    /** @type {Promise<number>} */
    const answer = new Promise((resolve, reject) => {
      this.#job = {
        take: (report) => {
          const found = find(report);
          if (found !== undefined) resolve(found);
          else if (report.kind === 'problem') reject(report.problem);
        },
        end: reject,
      };
    });
    this.client.begin(device, wish, mine ? { files, coarse } : {});
    return inTime(answer, patience, (reason) => ({ code: 'no-device', field: null, params: { reason } }));
  }

  /** @param {Report} report */
  #hear(report) {
    if (this.#desk.hear(report.job, report.at)) this.#job?.take(report);
  }
}

/** A run's first loss, if it is in what came of it; not a number if there is none. @param {TrainingEvent[]} events */
function firstLoss(events) {
  for (const event of events) {
    if (event.type === 'steps' && event.first === 1) return event.losses[0] ?? NaN;
    if (event.type === 'failed' && event.problem.code === 'not-finite') return NaN;
  }
  return undefined;
}

/** @param {Run} run */
const isOnGpu = (run) => run.devices.at(-1) === 'webgpu';

/** @param {Run} run @returns {Moment} */
const momentOf = ({ samples, training }) => ({ samples, training });
