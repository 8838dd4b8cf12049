// Weights as files for PyTorch, and such files as weights, by a worker that is there only meanwhile.

import { AskedWorker } from '../base/asked.js';
import { WEIGHTS } from '../place.js';

/** @import { DataFacts, ExperimentSpec, Problem, Touch } from '../core.d.ts' */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** A network: its experiment, and the facts of its data set, which a served one does not need. @typedef {{ spec: ExperimentSpec, facts: DataFacts | null }} Of */

/** What the worker is asked: to write weights, or to read a file. @typedef {Of & ({ weights: Bytes, file?: undefined } | { weights?: undefined, file: File | Bytes })} Asked */

/**
 * What a file comes to: the core's `State` in bytes, what does not fit where all but the last layer does, and what freezes that.
 * @typedef {{ weights: Bytes, misfit: Problem | null, freezes: Touch[] }} Fit
 */

const worker = new AskedWorker(WEIGHTS, () => {});

/** @param {Asked} asked */
async function ask(asked) {
  try {
    return await worker.do((ask) => ask(asked));
  } finally {
    worker.rest();
  }
}

/** These weights as safetensors. @param {Of} of @param {Bytes} weights @returns {Promise<Bytes>} */
export const write = (of, weights) => ask({ ...of, weights });

/** The weights of a file, for this network; what is wrong is thrown as a `Problem`. @param {Of} of @param {File | Bytes} file @returns {Promise<Fit>} */
export const read = (of, file) => ask({ ...of, file });
