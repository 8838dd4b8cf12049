// The run that is on: from a press on Run to its end, whatever the worker reports.

import { announce, note } from '../base/messages.js';
import { percent, problemText, t } from '../base/i18n.js';
import { OWN } from '../seen/images.js';
import { nameOf } from '../runs/marks.js';
import { scoreName } from '../runs/list.js';
import { WorkerClient } from './worker-client.js';

/** @import { ExperimentSpec, Problem } from '../core.d.ts' */
/** @import { Choices } from '../engine.js' */
/** @import { Device } from './device.js' */
/** @import { OwnData } from '../seen/own-data.js' */
/** @import { About, Run, Runs } from '../runs/list.js' */
/** @import { DeviceName, Order, Report } from './worker-client.js' */

/** @typedef {'idle' | 'measuring' | 'starting' | 'loading' | 'training' | 'testing' | 'paused' | 'done' | 'failed'} Phase */

export class Training {
  /** @type {Run | undefined} */
  run;
  /** @type {Phase} */
  phase = 'idle';
  /** Of what has to be fetched before the run can go on, 0 to 1. @type {number | undefined} */
  arrived;
  /** @type {Uint8Array<ArrayBuffer> | undefined} */
  #checkpoint;
  /** Whether the worker was ever asked for something that is to be heard of. */
  #started = false;
  /** Who waits for a speed. @type {((speed: number | undefined) => void) | undefined} */
  #measured;
  /** Work done before the worker that is on now. */
  #before = { seconds: 0, training: 0 };
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {Set<(run: Run, weights: Uint8Array<ArrayBuffer>, steps: number) => void>} */
  #watchers = new Set();

  /** @param {Runs} runs @param {Device} device @param {OwnData} own */
  constructor(runs, device, own) {
    this.runs = runs;
    this.device = device;
    this.own = own;
    this.client = new WorkerClient((report) => this.#hear(report), () => device.threads);
    own.connect({ isFree: () => !this.busy && this.phase !== 'paused', read: (files) => void device.ready.then(() => this.#give(files)) });
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

  /** Asks for the weights as they are. Only a view that is open does, so that training is not slowed otherwise. */
  askWeights() {
    this.client.send({ kind: 'weights' });
  }

  /** Whether the worker has something to do. */
  get busy() {
    return this.phase === 'measuring' || this.phase === 'starting' || this.phase === 'loading' || this.phase === 'training' || this.phase === 'testing';
  }

  /**
   * Begins a new run, and goes on with it or makes one step only.
   * @param {ExperimentSpec} spec @param {Choices} choices @param {'go' | 'step'} then @param {About} [about]
   */
  async begin(spec, choices, then, about) {
    this.#leave();
    await this.device.ready;
    const { device } = this.device.choice;
    this.run = this.runs.begin(structuredClone(spec), { ...choices }, device, about);
    this.#checkpoint = undefined;
    this.#before = { seconds: 0, training: 0 };
    this.arrived = undefined;
    this.#turn('starting');
    this.#prepare(device, spec.data);
    this.client.send({ kind: 'begin', spec });
    this.client.send({ kind: then });
  }

  /** Starts the worker and gets it the first data of an experiment, before there is a run. @param {ExperimentSpec} spec */
  async startAhead(spec) {
    await this.device.ready;
    if (this.#started) return;
    this.client.prepare(this.device.choice.device, spec.data, false);
    this.client.send({ kind: 'fetch', spec });
  }

  /**
   * Images a second that an experiment trains at, measured in about so many seconds; nothing if
   * something came in between.
   * @param {ExperimentSpec} spec @param {number} seconds @returns {Promise<number | undefined>}
   */
  async measure(spec, seconds) {
    this.#leave();
    this.run = undefined;
    this.#turn('measuring');
    await this.device.ready;
    this.#prepare(this.device.choice.device, spec.data);
    return new Promise((resolve) => {
      this.#measured = resolve;
      this.client.send({ kind: 'measure', spec, seconds });
    });
  }

  /** Goes on after a pause. @param {'go' | 'step'} then */
  resume(then) {
    if (this.phase !== 'paused') return;
    this.#turn('training');
    this.client.send({ kind: then });
  }

  /** Keeps the run that is on: the page may go away without another word. */
  keep() {
    if (!this.run || !this.run.active) return;
    this.runs.save(this.run);
    this.client.send({ kind: 'keep' });
  }

  pause() {
    if (this.phase === 'measuring') this.reset();
    else if (this.busy) this.client.send({ kind: 'pause' });
  }

  /** Gives the run up; its curves stay if there are any. */
  reset() {
    this.#leave();
    this.run = undefined;
    this.#turn('idle');
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
    if (this.#measured) {
      this.client.end();
      this.#tellSpeed(undefined);
    }
    if (!run || !run.active) return;
    this.client.send({ kind: 'pause' });
    // What it still reports must not reach the next run.
    this.client.end();
    if (run.steps === 0) this.runs.remove(run);
    else {
      this.runs.turn(run, 'stopped');
      this.runs.save(run);
    }
    void this.runs.store.removeCheckpoint(run.id);
  }

  /** @param {number | undefined} speed */
  #tellSpeed(speed) {
    const tell = this.#measured;
    this.#measured = undefined;
    tell?.(speed);
  }

  /** Keeps the run so far, and what it can be gone on with. @param {Uint8Array<ArrayBuffer>} checkpoint */
  #keep(checkpoint) {
    this.#checkpoint = checkpoint;
    if (!this.run) return;
    this.runs.save(this.run);
    void this.runs.store.putCheckpoint(this.run.id, checkpoint);
  }

  /** @param {'cpu' | 'webgpu'} device @param {string} data */
  #prepare(device, data) {
    this.#started = true;
    const own = data === OWN;
    const needsFiles = this.client.prepare(device, own ? this.own.name : data, own);
    if (needsFiles) this.client.send({ kind: 'files', files: this.own.files });
  }

  /** Lets the worker read a person's files, so that the page can show them. @param {File[]} files */
  #give(files) {
    if (this.run && this.phase !== 'done' && this.phase !== 'failed') this.reset();
    this.#started = true;
    this.client.prepare(this.device.choice.device, this.own.name, true);
    this.client.send({ kind: 'files', files });
  }

  /** @param {Report} report */
  #hear(report) {
    // What failed ahead of time is tried again when it is needed.
    if (report.kind === 'problem' && report.about === 'fetch') return;
    if (!this.#started && (report.kind === 'problem' || report.kind === 'crashed')) return this.client.end();
    switch (report.kind) {
      case 'ready': return;
      case 'alone': return this.device.beAlone();
      case 'arriving':
        this.arrived = report.total > 0 ? report.bytes / report.total : undefined;
        return this.#turn(this.phase === 'starting' ? 'loading' : this.phase);
      case 'measured': return this.#tellSpeed(report.speed);
      case 'events': return this.#record(report);
      case 'checkpoint': return this.#keep(/** @type {Uint8Array<ArrayBuffer>} */ (report.checkpoint));
      case 'masks':
        if (this.run) this.runs.mark(this.run, report.masks);
        return;
      case 'weights': return this.#weights(/** @type {Uint8Array<ArrayBuffer>} */ (report.weights), report.final);
      case 'paused':
        if (this.run && this.run.state !== 'done' && this.run.state !== 'failed') {
          this.runs.turn(this.run, 'paused');
          this.#turn('paused');
          announce(t('announce.paused', { step: this.run.steps }));
          this.runs.save(this.run);
        }
        return;
      case 'problem': return this.#problem(report.problem, report.about);
      case 'crashed': return this.#crash(report.detail);
      default: this.own.hear(report);
    }
  }

  /** @param {Extract<Report, { kind: 'events' }>} report */
  #record({ events, seconds, training }) {
    const { run } = this;
    if (!run) return;
    const tests = run.tests.length;
    this.runs.apply(run, events, this.#before.seconds + seconds, this.#before.training + training);
    const last = events.at(-1)?.type;
    if (run.state === 'done' || run.state === 'failed') {
      this.#turn(run.state);
      const accuracy = run.tests.at(-1)?.accuracy;
      if (run.problem) note(`${nameOf(run)}: ${problemText(run.problem)}`);
      else announce(t('announce.done', { score: scoreName(run.task), accuracy: accuracy === undefined ? '' : percent(accuracy) }));
      this.runs.save(run);
      void this.runs.store.removeCheckpoint(run.id);
    } else if (last === 'waiting' && (this.arrived ?? 1) < 1) this.#turn('loading');
    else if (last !== 'started') {
      this.#turn(events.some((event) => event.type === 'steps') ? 'training' : 'testing');
      announce(t('announce.training', { step: run.steps, total: run.totalSteps }));
    }
    if (run.tests.length > tests) {
      this.runs.save(run);
      const accuracy = percent(run.tests.at(-1)?.accuracy ?? 0);
      if (run.state !== 'done') announce(t('announce.epoch', { epoch: run.tests.length, score: scoreName(run.task), accuracy }));
    }
  }

  /** @param {Uint8Array<ArrayBuffer>} weights @param {boolean} final */
  #weights(weights, final) {
    const { run } = this;
    if (!run) return;
    if (final) void this.runs.store.putWeights(run.id, weights);
    // The last ones come before the news of their steps, since another run may begin behind those.
    const steps = final ? run.totalSteps : run.steps;
    for (const watcher of this.#watchers) watcher(run, weights, steps);
  }

  /** @param {Problem} problem @param {Order['kind']} about */
  #problem(problem, about) {
    if (about === 'files') return this.own.refuse(problem);
    if (problem.code === 'device-lost' || problem.code === 'no-device') this.client.end();
    const { run } = this;
    const checkpoint = this.#checkpoint;
    this.#fail(problem);
    if (problem.code === 'device-lost' && run && checkpoint) {
      note(problemText(problem), { label: t('device.resume'), act: () => this.goOn(run, checkpoint, 'cpu') });
    } else note(problemText(problem));
  }

  /** @param {string} detail */
  #crash(detail) {
    this.client.end();
    this.#fail({ code: 'internal', field: null, params: { detail } });
    note(t('device.crashed', { detail }));
  }

  /** @param {Problem} problem */
  #fail(problem) {
    const { run } = this;
    if (this.#measured) {
      this.#tellSpeed(undefined);
      this.#turn('failed');
    }
    if (!run || run.state === 'done') return;
    this.runs.fail(run, problem);
    if (run.steps > 0) this.runs.save(run);
    this.#turn('failed');
  }

  /** Goes on with a run that was interrupted. @param {Run} run @param {Uint8Array<ArrayBuffer>} checkpoint @param {DeviceName} device */
  goOn(run, checkpoint, device) {
    this.#leave();
    this.run = run;
    this.#checkpoint = checkpoint;
    this.runs.goOn(run, device);
    this.#before = { seconds: run.elapsed, training: run.training };
    this.#turn('starting');
    this.#prepare(device, run.spec.data);
    this.client.send({ kind: 'resume', spec: run.spec, checkpoint });
    this.client.send({ kind: 'go' });
  }

  /** @param {Phase} phase */
  #turn(phase) {
    // How far the run is, everybody hears from the runs.
    if (phase === this.phase && phase !== 'loading') return;
    this.phase = phase;
    for (const listener of this.#listeners) listener();
  }
}
