// The run that is on: what the page wants of its training worker, and what becomes of what it reports. Which report
// counts and where the run is, the core's desk says (`src/desk`).

import { t } from '../base/i18n.js';
import { announce } from '../base/messages.js';
import { OWN } from '../seen/images.js';
import { FATAL, Healing } from './healing.js';
import { Keeper } from './keeper.js';
import { Silence } from './silence.js';
import { sayBegun, sayPaused, sayTested } from './spoken.js';
import { Trial } from './trial.js';
import { WorkerClient } from './worker-client.js';

/** @import { ExperimentSpec, Phase, Problem, Work } from '../core.d.ts' */
/** @import { Choices, Engine } from '../engine.js' */
/** @import { OwnData } from '../seen/own-data.js' */
/** @import { About, Run, Runs } from '../runs/list.js' */
/** @import { Device } from './device.js' */
/** @import { DeviceName, Luggage, Payload, Report, Touching } from './worker-client.js' */

/** A limit of steps that means: no further, wherever the run is. */
const PAUSE = 0;

export class Training {
  /** @type {Run | undefined} */
  run;
  /** Of what has to be fetched before the run can go on, 0 to 1. @type {number | undefined} */
  arrived;
  /** What the page wants, and where that is. */
  #desk;
  /** The job that the worker knows of. */
  #sent = 0;
  /** Who waits for a speed. @type {((speed: number | undefined) => void) | undefined} */
  #measured;
  /** Whether a person waits for what is on: not for what is fetched ahead. */
  #silent = false;
  /** What the run goes on with, until there is a checkpoint that has it. @type {Touching | undefined} */
  #touching;
  /** Work done before the job that is on. */
  #before = { seconds: 0, training: 0 };
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {Set<(run: Run, weights: Uint8Array<ArrayBuffer>, steps: number) => void>} */
  #watchers = new Set();

  /** @param {Engine} engine @param {Runs} runs @param {Device} device @param {OwnData} own */
  constructor(engine, runs, device, own) {
    this.#desk = engine.desk();
    this.runs = runs;
    this.device = device;
    this.own = own;
    this.keeper = new Keeper(runs);
    this.client = new WorkerClient((report) => this.#hear(report), (detail) => this.#crashed(detail), () => device.threads);
    this.silence = new Silence(this, () => this.#startAgain());
    this.healing = new Healing(this, (run, device) => this.#again(run, device));
    this.trial = new Trial(engine, own, () => device.threads, (run, outcome) => this.healing.judge(run, outcome));
    own.connect({ isFree: () => !this.busy && this.phase !== 'paused', reads: () => this.#holds(OWN), read: () => this.#read() });
    this.subscribe(() => own.look());
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Whoever looks inside gets the weights of the run that is on, at its end and whenever they were asked for. @param {(run: Run, weights: Uint8Array<ArrayBuffer>, steps: number) => void} watcher */
  watch(watcher) {
    this.#watchers.add(watcher);
  }

  /** @returns {Phase} */
  get phase() {
    return this.#silent ? 'idle' : this.#desk.phase;
  }

  /** Whether the worker has something to do that a person waits for. */
  get busy() {
    return !this.#silent && this.#desk.busy;
  }

  /** Whether a person waits for an answer of the worker: about a run, or about their files. */
  get awaited() {
    return this.busy || this.phase === 'pausing' || this.#desk.wish?.work.kind === 'read';
  }

  /**
   * Begins a new run, and goes on with it or makes one step only.
   * @param {ExperimentSpec} spec @param {Choices} choices @param {'go' | 'step'} then @param {About} [about] @param {Touching} [touching] what it begins with @returns {Run}
   */
  begin(spec, choices, then, about, touching) {
    this.#leave();
    const run = this.runs.begin(structuredClone(spec), { ...choices }, this.device.choice.device, about);
    this.#take(run, { spec, resumed: false }, then === 'go' ? undefined : 1, undefined, undefined, touching);
    return run;
  }

  /** Goes on with a run that was interrupted. @param {Run} run @param {Uint8Array<ArrayBuffer>} checkpoint @param {DeviceName} [device] @param {Touching} [touching] */
  goOn(run, checkpoint, device, touching) {
    this.#leave();
    this.runs.turn(run, 'starting');
    this.#take(run, { spec: run.spec, resumed: true }, undefined, checkpoint, device, touching);
  }

  /**
   * Goes on with a network that was changed by hand: with the run that is paused, else with a new one that begins with it.
   * @param {{ spec: ExperimentSpec, choices: Choices }} experiment @param {Touching} touching @param {Run} [of] the run that has it
   */
  goOnTouched({ spec, choices }, touching, of) {
    const { run, keeper: { checkpoint } } = this;
    if (run?.active && run === of && checkpoint) {
      this.goOn(run, checkpoint, undefined, { touches: touching.touches });
    } else this.begin(spec, choices, 'go', {}, touching);
  }

  /** @param {Run} run @param {{ spec: ExperimentSpec, resumed: boolean }} how @param {number | undefined} until @param {Uint8Array<ArrayBuffer>} [checkpoint] @param {DeviceName} [device] @param {Touching} [touching] */
  #take(run, how, until, checkpoint, device, touching) {
    this.#touching = touching;
    this.run = run;
    this.keeper.checkpoint = checkpoint;
    this.#before = { seconds: run.elapsed, training: run.training };
    this.#want({ kind: 'train', ...how }, until, { ...touching, ...(checkpoint && { checkpoint }) }, device);
  }

  /** Starts the worker and gets it the first data of an experiment, before there is a run. @param {ExperimentSpec} spec */
  startAhead(spec) {
    if (this.phase !== 'idle' || this.run) return;
    this.#want({ kind: 'fetch', spec }, undefined, {}, undefined, true);
  }

  /**
   * Images a second that an experiment trains at, measured in about `seconds` seconds; nothing if
   * something came in between.
   * @param {ExperimentSpec} spec @param {number} seconds @returns {Promise<number | undefined>}
   */
  measure(spec, seconds) {
    this.#leave();
    this.run = undefined;
    this.#want({ kind: 'measure', spec, seconds }, undefined);
    return new Promise((resolve) => { this.#measured = resolve; });
  }

  /** Whether what is wanted of the worker is about this data set. @param {string} data */
  #holds(data) {
    const work = this.#desk.wish?.work;
    return work?.kind === 'read' ? data === OWN : work?.spec.data === data;
  }

  /** Lets the worker read a person's files, so that the page can show them. */
  #read() {
    if (this.run?.active) this.reset();
    else this.#leave();
    this.#want({ kind: 'read' }, undefined, {}, undefined, true);
  }

  /**
   * Wants another job, and nothing of the one before.
   * @param {Work} work @param {number | undefined} until @param {Luggage} [luggage] @param {DeviceName} [device] @param {boolean} [silent]
   */
  async #want(work, until, luggage = {}, device, silent = false) {
    const own = work.kind === 'read' || work.spec.data === OWN;
    const job = this.#desk.begin(work, own ? this.own.name : work.spec.data, until);
    this.#silent = silent;
    this.arrived = undefined;
    this.#tell();
    await this.device.ready;
    const { wish } = this.#desk;
    if (wish?.job !== job) return;
    const on = device ?? this.device.choice.device;
    if (this.run && !silent) this.runs.runOn(this.run, on);
    this.#sent = job;
    this.silence.begin();
    this.client.begin(on, wish, own ? { ...luggage, files: this.own.files, coarse: this.own.coarse } : luggage);
  }

  /** Tells the worker what is wanted now. */
  #send() {
    const { wish } = this.#desk;
    // A job that still waits for its device goes out with its latest wish.
    if (!wish || wish.job === this.#sent) this.client.send(wish);
    this.#tell();
  }

  /** Asks for the weights as they are; only an open view does, since it slows training. */
  askWeights() {
    this.#desk.askWeights();
    this.#send();
  }

  /** Goes on after a pause. @param {'go' | 'step'} then */
  resume(then) {
    if (!this.run || (this.phase !== 'paused' && this.phase !== 'pausing')) return;
    this.#desk.until(then === 'go' ? undefined : this.run.steps + 1);
    this.silence.begin();
    this.#send();
  }

  /** Keeps the run that is on: the page may go away without another word. */
  keep() {
    if (!this.run?.active) return;
    this.runs.save(this.run);
    this.#desk.askCheckpoint();
    this.#send();
  }

  pause() {
    if (this.phase === 'measuring' || this.#measured) return this.reset();
    if (!this.busy) return;
    this.#desk.until(PAUSE);
    this.#send();
    const { wish } = this.#desk;
    // Without its program the worker cannot answer, and has nothing to end.
    if (wish && !this.client.opened && this.#desk.hear(wish.job, 'paused')) {
      this.#paused();
      this.#tell();
    }
  }

  /** Gives the run up; its curves stay if there are any. */
  reset() {
    this.#leave();
    this.run = undefined;
    this.#tell();
    announce(t('announce.reset'));
  }

  /** Gives the worker up while there is nothing for it to do. */
  rest() {
    if (!this.busy && this.phase !== 'paused') this.client.end();
  }

  /** @param {Run} run */
  forget(run) {
    if (this.run === run) this.reset();
    this.runs.remove(run);
  }

  #leave() {
    const { run } = this;
    this.#desk.giveUp();
    this.#silent = false;
    // A program that does not come would keep the next job waiting too.
    if (!this.client.opened) this.client.end();
    this.#send();
    this.silence.end();
    this.#tellSpeed(undefined);
    if (!run?.active) return;
    this.keeper.drop(run);
    if (run.steps === 0) return this.runs.remove(run);
    this.runs.turn(run, 'stopped');
    this.runs.save(run);
  }

  /** The worker does not answer: a fresh one goes on from what was kept, or from the start. */
  #startAgain() {
    this.client.end();
    const { run } = this;
    if (this.#desk.wish?.work.kind === 'read') this.#read();
    else if (this.#silent) this.#desk.giveUp();
    else if (run) this.#again(run);
    else this.reset();
  }

  /** The same run once more, from its checkpoint if there is one. @param {Run} run @param {DeviceName} [device] */
  #again(run, device) {
    const { checkpoint } = this.keeper;
    this.runs.turn(run, 'starting');
    this.#take(run, { spec: run.spec, resumed: checkpoint !== undefined }, undefined, checkpoint, device, this.#touching);
  }

  /** @param {number | undefined} speed */
  #tellSpeed(speed) {
    const tell = this.#measured;
    this.#measured = undefined;
    tell?.(speed);
  }

  /** @param {Report} report */
  #hear(report) {
    const counts = this.#desk.hear(report.job, report.at);
    const fatal = report.kind === 'problem' && FATAL.includes(report.problem.code);
    if (fatal) this.client.end();
    // A report of another job changes nothing; but a worker that has ended cannot do this one either.
    if (!counts) {
      if (fatal && this.#desk.wish?.job === this.#sent) this.#startAgain();
      return;
    }
    this.silence.heard();
    this.#obey(report);
    if (report.at === 'paused') this.#paused();
    this.#tell();
  }

  /** @param {Payload} report */
  #obey(report) {
    switch (report.kind) {
      case 'at': return;
      case 'open':
        if (report.alone) this.device.beAlone();
        return;
      case 'arriving':
        this.arrived = report.total > 0 ? Math.min(report.bytes / report.total, 1) : undefined;
        return;
      case 'measured': return this.#tellSpeed(report.speed);
      case 'events': return this.#record(report);
      case 'checkpoint':
        // What was changed by hand is in it.
        this.#touching = undefined;
        if (this.run) this.keeper.keep(this.run, /** @type {Uint8Array<ArrayBuffer>} */ (report.checkpoint));
        return;
      case 'weights': return this.#watched(/** @type {Uint8Array<ArrayBuffer>} */ (report.weights));
      case 'problem': return this.#problem(report.problem);
      default: this.own.hear(report);
    }
  }

  /** @param {Extract<Payload, { kind: 'events' }>} report */
  #record({ events, seconds, training, masks, weights }) {
    const { run } = this;
    if (!run) return;
    const [steps, tests] = [run.steps, run.tests.length];
    this.runs.apply(run, events, this.#before.seconds + seconds, this.#before.training + training);
    if (!this.#touching && this.device.isOpen(run.devices.at(-1), (pace) => this.trial.covers(pace, run))) this.trial.read(run, events);
    if (masks) this.runs.mark(run, masks);
    if (weights) {
      void this.runs.store.putWeights(run.id, /** @type {Uint8Array<ArrayBuffer>} */ (weights));
      this.#watched(/** @type {Uint8Array<ArrayBuffer>} */ (weights));
    }
    if (run.problem && FATAL.includes(run.problem.code)) {
      this.client.end();
      return this.#problem(run.problem);
    }
    if (!run.active) {
      if (run.problem && !this.trial.doubts(run)) this.healing.say(run, run.problem);
      this.keeper.drop(run);
    }
    if (steps === 0 && run.steps > 0) sayBegun(run);
    if (run.tests.length > tests) sayTested(run);
    if (run.tests.length > tests || !run.active) this.runs.save(run);
  }

  #paused() {
    const { run } = this;
    if (!run?.active || run.state === 'paused') return;
    this.runs.turn(run, 'paused');
    sayPaused(run);
    this.runs.save(run);
  }

  /** @param {Uint8Array<ArrayBuffer>} weights */
  #watched(weights) {
    const { run } = this;
    if (run) for (const watcher of this.#watchers) watcher(run, weights, run.steps);
  }

  /** @param {string} detail */
  #crashed(detail) {
    if (this.#desk.wish) this.fail({ code: 'crashed', field: null, params: { detail } });
    else this.client.end();
  }

  /** Ends the worker, and what was on with it. @param {Problem} problem */
  fail(problem) {
    this.client.end();
    this.#desk.fail();
    this.#problem(problem);
    this.#tell();
  }

  /** The job that was on cannot go on. @param {Problem} problem */
  #problem(problem) {
    this.silence.end();
    this.#tellSpeed(undefined);
    // What failed ahead of time is tried again when it is needed.
    if (this.#silent) return this.own.hear({ kind: 'read', problem });
    const { run } = this;
    if (run) {
      this.runs.fail(run, problem);
      this.runs.save(run);
    }
    this.healing.take(run, problem);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
