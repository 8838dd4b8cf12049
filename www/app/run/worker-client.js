// The page's end of the worker: orders out, reports in, and a fresh worker where the old one will not do.

import { TRAINER } from '../place.js';
import { startWorker } from '../base/workers.js';

/** @import { DataFacts, Event as TrainingEvent, ExperimentSpec, Problem } from '../core.d.ts' */

/**
 * What the page asks for.
 * @typedef {{ kind: 'open', device: 'cpu' | 'webgpu', threads: number }
 *   | { kind: 'fetch', spec: ExperimentSpec }
 *   | { kind: 'files', files: File[] }
 *   | { kind: 'begin', spec: ExperimentSpec }
 *   | { kind: 'resume', spec: ExperimentSpec, checkpoint: Uint8Array<ArrayBuffer> }
 *   | { kind: 'measure', spec: ExperimentSpec, seconds: number }
 *   | { kind: 'weights' } | { kind: 'keep' } | { kind: 'go' } | { kind: 'step' } | { kind: 'pause' }} Order
 */

/**
 * What it gets. Seconds are those that the run has worked; `training` leaves out testing. `alone` is a worker that
 * got no further threads.
 * @typedef {{ kind: 'events', events: TrainingEvent[], seconds: number, training: number }
 *   | { kind: 'ready', alarms: MessagePort[] } | { kind: 'alone' } | { kind: 'paused' }
 *   | { kind: 'measured', speed: number }
 *   | { kind: 'arriving', bytes: number, total: number }
 *   | { kind: 'checkpoint', checkpoint: Uint8Array }
 *   | { kind: 'masks', masks: Masks }
 *   | { kind: 'weights', weights: Uint8Array, final: boolean }
 *   | { kind: 'reading', name: string } | { kind: 'incomplete', name: string }
 *   | { kind: 'facts', facts: DataFacts, pixels: Uint8Array, labels: Uint8Array }
 *   | { kind: 'problem', problem: Problem, about: Order['kind'] }
 *   | { kind: 'crashed', detail: string }} Report
 */

/**
 * What a run marked in the first test images, beside the truth: pictures `[images, height, width, 4]`, and the IoU of each.
 * @typedef {{ before: Uint8ClampedArray, after: Uint8ClampedArray, mask: Uint8ClampedArray, predicted: Uint8ClampedArray, overlaps: Float32Array }} Masks
 */

/** @typedef {'cpu' | 'webgpu'} DeviceName */

export class WorkerClient {
  /** @type {Worker | undefined} */
  #worker;
  /** What its trainer holds. */
  #device = '';
  #data = '';

  /** @param {(report: Report) => void} hear @param {() => number} threads how many there should be on the CPU */
  constructor(hear, threads) {
    this.hear = hear;
    this.threads = threads;
  }

  /**
   * Makes sure that a worker with this device is there, and tells whether it has to be given the
   * person's files first: it keeps one data set at a time, and a new worker has none.
   * @param {DeviceName} device
   * @param {string} data
   * @param {boolean} own whether the data set is the person's files
   */
  prepare(device, data, own) {
    const needsFiles = own && (this.#data !== data || this.#device !== device);
    if (!this.#worker || this.#device !== device || needsFiles) this.#start(device);
    this.#data = data;
    return needsFiles;
  }

  /** @param {Order} order */
  send(order) {
    this.#worker?.postMessage(order);
  }

  /** Ends the worker at once; the next run gets a new one. */
  end() {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#data = '';
  }

  /** @param {DeviceName} device */
  #start(device) {
    this.end();
    this.#device = device;
    const worker = startWorker(TRAINER);
    this.#worker = worker;
    const crashed = (/** @type {string} */ detail) => { if (worker === this.#worker) this.hear({ kind: 'crashed', detail }); };
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return;
      // A worker that waits for a thread cannot tell that this has stopped.
      if (data.kind === 'ready') for (const alarm of data.alarms) alarm.onmessage = (/** @type {MessageEvent<string>} */ { data: detail }) => crashed(detail);
      this.hear(data);
    };
    // A trap inside a promise of the module's ends here, not in the worker's own hands.
    worker.onerror = (event) => crashed(event.message ?? '');
    this.send({ kind: 'open', device, threads: this.threads() });
  }
}
