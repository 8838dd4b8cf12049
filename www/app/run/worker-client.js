// The page's end of the training worker: the latest wish out, reports in, and a fresh worker where the old one will not do.

import { startWorker } from '../base/workers.js';
import { TRAINER } from '../place.js';

/** @import { DataFacts, Event as TrainingEvent, Phase, Problem, Touch, Wish } from '../core.d.ts' */

/** @typedef {'cpu' | 'webgpu'} DeviceName */

/** A network that was given weights or changed by hand: the weights and what they are called, unless it has its first ones or those of a checkpoint, and the changes. @typedef {{ weights?: Uint8Array<ArrayBuffer> | undefined, name?: string, touches: Touch[] }} Touching */

/** What a job needs beside its wish. @typedef {Partial<Touching> & { checkpoint?: Uint8Array<ArrayBuffer>, files?: File[], coarse?: boolean }} Luggage */

/**
 * What the page sends: what it wants now, with a job's first wish its luggage, and with a worker's first message the
 * device that it is for.
 * @typedef {{ wish: Wish | undefined, luggage?: Luggage, open?: { device: DeviceName, threads: number } }} Order
 */

/**
 * What is in a report. Seconds are those that the job has worked; `training` leaves out testing, `weights` are those at
 * the run's end. `alone` is a worker
 * that got no further threads; `at` says only where the job is.
 * @typedef {{ kind: 'at' } | { kind: 'open', alarms: MessagePort[], alone: boolean }
 *   | { kind: 'events', events: TrainingEvent[], seconds: number, training: number, masks?: Masks, weights?: Uint8Array }
 *   | { kind: 'measured', speed: number }
 *   | { kind: 'arriving', bytes: number, total: number }
 *   | { kind: 'checkpoint', checkpoint: Uint8Array }
 *   | { kind: 'weights', weights: Uint8Array }
 *   | { kind: 'reading' | 'incomplete', name: string } | { kind: 'refused', name: string, problem: Problem }
 *   | { kind: 'remark', problem: Problem } | { kind: 'read' }
 *   | { kind: 'facts', facts: DataFacts, pixels: Uint8Array, labels: Uint8Array }
 *   | { kind: 'problem', problem: Problem }} Payload
 */

/** What the page gets: of which job it is, and where that is. @typedef {Payload & { job: number, at: Phase }} Report */

/**
 * What a run marked in the first test images, beside the truth: pictures `[images, height, width, 4]`, and the IoU of each.
 * @typedef {{ before: Uint8ClampedArray, after: Uint8ClampedArray, mask: Uint8ClampedArray, predicted: Uint8ClampedArray, overlaps: Float32Array }} Masks
 */

export class WorkerClient {
  /** @type {Worker | undefined} */
  #worker;
  /** Whether its program is there; until then nothing can be on. */
  opened = false;
  #device = '';
  /** The person's files that it has, by their data set's name. */
  #own = '';

  /** @param {(report: Report) => void} hear @param {(detail: string) => void} crashed @param {() => number} threads how many there should be on the CPU */
  constructor(hear, crashed, threads) {
    this.hear = hear;
    this.crashed = crashed;
    this.threads = threads;
  }

  /**
   * Says what is wanted, to a worker with this device. A person's own files get a worker of their own.
   * @param {DeviceName} device @param {Wish} wish @param {Luggage} luggage
   */
  begin(device, wish, luggage) {
    const own = luggage.files ? wish.data : this.#own;
    const fits = this.#worker && this.#device === device && (this.#own === '' || this.#own === own);
    const open = fits ? undefined : this.#start(device);
    this.#own = own;
    this.#post({ wish, luggage, open });
  }

  /** Says what is wanted now of the job that was begun. @param {Wish | undefined} wish */
  send(wish) {
    this.#post({ wish });
  }

  /** @param {Order} order */
  #post(order) {
    this.#worker?.postMessage(order);
  }

  /** Ends the worker at once; the next job gets a new one. */
  end() {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.opened = false;
    this.#own = '';
  }

  /** @param {DeviceName} device @returns {NonNullable<Order['open']>} */
  #start(device) {
    this.end();
    this.#device = device;
    const worker = startWorker(TRAINER);
    this.#worker = worker;
    const crashed = (/** @type {string} */ detail) => { if (worker === this.#worker) this.crashed(detail); };
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return;
      if (data.kind === 'open') this.opened = true;
      // A worker that waits for a thread cannot tell that this has stopped.
      if (data.kind === 'open') for (const alarm of data.alarms) alarm.onmessage = (/** @type {MessageEvent<string>} */ { data: detail }) => crashed(detail);
      this.hear(data);
    };
    // Its modules could not be loaded, or it has crashed where it could not catch that itself.
    worker.onerror = (event) => crashed(event.message ?? 'worker/desk.js');
    return { device, threads: this.threads() };
  }
}
