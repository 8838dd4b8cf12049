// The drawing's end of the worker that looks inside, one of its own: it never waits for what the panel below asks.
// It is told only what has changed since the last question, or all, if the worker is a new one.

import { OWN } from '../seen/images.js';
import { INSIDE } from '../place.js';
import { AskedWorker } from '../base/asked.js';

/** @import { Activations, Derivation, DataFacts, ExperimentSpec, Question, Scored, Touch, Touched } from '../core.d.ts' */
/** @import { Ask } from '../base/asked.js' */
/** @import { OwnData } from '../seen/own-data.js' */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** What the worker is asked beside what the panel asks. @typedef {{ id: number } & ({ kind: 'first', run: string, spec: ExperimentSpec, facts: DataFacts } | { kind: 'train', run: string, pixels: Bytes, index: number } | { kind: 'touch', run: string, past: Touched[], touches: Touch[] } | { kind: 'onnx', run: string })} Request */

/** An image of "What the network sees": a training image with its pixels, or a test image by its place. `key` tells it from others. @typedef {{ key: string, index: number, pixels?: Bytes | undefined }} Shown */

/**
 * The network that is drawn. `network` tells it from others; without `weights` it has its first ones, else those of this `version`.
 * `touches` are a person's changes to it, `past` those that its run has gone on from.
 * @typedef {{ network: string, spec: ExperimentSpec, facts: DataFacts, version: string, weights: Bytes | undefined, past: Touched[], touches: Touch[] }} Drawn
 */

/** @typedef {{ activations: Activations, arithmetic: Derivation[], score: Scored }} Answers */

/** No changes. */
const NONE = JSON.stringify([[], []]);

/** The only network that this worker has. */
const RUN = 'drawing';

export class DrawingClient {
  #data = '';
  #network = '';
  #version = '';
  #picture = '';
  /** The changes that it knows of. */
  #touched = NONE;

  /** @param {OwnData} own */
  constructor(own) {
    this.own = own;
    this.worker = new AskedWorker(INSIDE, () => { this.#data = this.#network = this.#version = this.#picture = '';
      this.#touched = NONE;
    });
  }

  /** Ends the worker, unless a question is open. */
  rest() {
    this.worker.rest();
  }

  /**
   * @template {keyof Answers} Kind
   * @param {Drawn} drawn @param {Shown} shown @param {Extract<Question, { kind: Kind }>} question @param {number} [test] how many test images it is about
   * @returns {Promise<Answers[Kind]>}
   */
  ask(drawn, shown, question, test = 0) {
    return this.worker.do(async (ask) => {
      if (test > 0) await this.#open(drawn.spec.data, ask);
      await this.#prepare(drawn, shown, ask);
      return ask({ kind: 'ask', run: RUN, question, test });
    });
  }

  /** Changes the network, and gives the changes with their layers; it is as before if it does not take them. @param {Drawn} drawn @param {Shown} shown @param {Touch[]} touches @returns {Promise<Touched[]>} */
  touch(drawn, shown, touches) {
    return this.worker.do(async (ask) => {
      await this.#prepare(drawn, shown, ask);
      const told = await ask({ kind: 'touch', run: RUN, past: drawn.past, touches });
      this.#touched = JSON.stringify([drawn.past, touches]);
      return told;
    });
  }

  /** The network as it is, as a file of ONNX. @param {Drawn} drawn @param {Shown} shown @returns {Promise<Bytes>} */
  onnx(drawn, shown) {
    return this.worker.do(async (ask) => {
      await this.#prepare(drawn, shown, ask);
      return ask({ kind: 'onnx', run: RUN });
    });
  }

  /** @param {Drawn} drawn @param {Shown} shown @param {Ask} ask */
  async #prepare({ network, spec, facts, version, weights, past, touches }, { key, index, pixels }, ask) {
    if (!pixels) await this.#open(spec.data, ask);
    // Back to the first weights as well: they are drawn anew.
    if (network !== this.#network || (!weights && version !== this.#version)) {
      await ask({ kind: 'first', run: RUN, spec, facts });
      this.#network = network;
      this.#version = weights ? '' : version;
      this.#picture = '';
      this.#touched = NONE;
    }
    if (weights && version !== this.#version) {
      await ask({ kind: 'open', run: RUN, spec, weights });
      this.#version = version;
    }
    const touched = JSON.stringify([past, touches]);
    if (touched !== this.#touched) {
      await ask({ kind: 'touch', run: RUN, past, touches });
      this.#touched = touched;
    }
    if (key === this.#picture) return;
    await ask({ run: RUN, index, ...(pixels ? { kind: 'train', pixels } : { kind: 'look' }) });
    this.#picture = key;
  }

  /** The data set, for an image that is only there. With it, the worker forgets the network. @param {string} data @param {Ask} ask */
  async #open(data, ask) {
    const name = data === OWN ? this.own.name : data;
    if (name === this.#data) return;
    this.#network = '';
    await ask({ kind: 'data', name, files: data === OWN ? this.own.files : [], coarse: this.own.coarse });
    this.#data = name;
  }
}
