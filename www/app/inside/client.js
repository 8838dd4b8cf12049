// The page's end of the worker that looks inside: questions out, answers in. It knows which runs the
// worker has with which weights, and sends only what is missing.

import { OWN } from '../seen/images.js';
import { INSIDE } from '../place.js';
import { startWorker } from '../base/workers.js';

/** @import { Ascended, Classified, DataFacts, Explained, ExperimentSpec, Gate, Judged, Map as FeatureMap, Patches, Problem, Question, Neuron, Separable, Statistics, Tiles } from '../core.d.ts' */
/** @import { OwnData } from '../seen/own-data.js' */
/** @import { Run } from '../runs/list.js' */

/** What a run looks at: a test image by its place, or pixels of the data set's size. @typedef {{ index: number, pixels?: undefined } | { index?: undefined, pixels: Uint8Array<ArrayBuffer> }} Picture */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/**
 * What the worker is asked.
 * @typedef {{ id: number } & (
 *     { kind: 'data', name: string, files: File[] }
 *   | { kind: 'open', run: string, spec: ExperimentSpec, weights: Bytes } | { kind: 'close', run: string }
 *   | { kind: 'look', run: string, index: number, pixels?: undefined } | { kind: 'look', run: string, index?: undefined, pixels: Bytes }
 *   | { kind: 'images', run: string, from: number, count: number }
 *   | { kind: 'drawn', ink: Bytes, width: number } | { kind: 'photo', rgba: Bytes }
 *   | { kind: 'ask', run: string, question: Question, test: number })} Request
 */

/** @typedef {{ id: number, answer: any, problem?: undefined } | { id: number, problem: Problem, answer?: undefined }} Reply */

/**
 * The answer to each kind of question.
 * @typedef {object} Answers
 * @property {Tiles} picture
 * @property {Tiles | null} kernels
 * @property {FeatureMap[]} maps
 * @property {Neuron} neuron
 * @property {Classified} classify
 * @property {Statistics[]} statistics
 * @property {Patches} patches
 * @property {Ascended} ascend
 * @property {Explained | null} explain
 * @property {Gate[]} gates
 * @property {Judged} judge
 * @property {Separable} separable
 */

export class InsideClient {
  /** @type {Worker | undefined} */
  #worker;
  #next = 0;
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (problem: unknown) => void }>} */
  #waiting = new Map();
  #data = '';
  /** @type {Promise<DataFacts> | undefined} */
  #facts;
  /** Which weights the worker has of each run. @type {Map<number, string>} */
  #versions = new Map();
  /** @type {Map<number, Picture>} */
  #looking = new Map();

  /** @param {OwnData} own */
  constructor(own) {
    this.own = own;
  }

  /**
   * Hands this version of a run to the worker. Returns the facts of its data set; nothing if there are no weights.
   * @param {Run} run @param {string} version
   * @param {() => Promise<Bytes | undefined>} read gets the weights, if the worker has them not
   */
  async open(run, version, read) {
    const facts = await this.openData(run.spec.data);
    if (this.#versions.get(run.id) === version) return facts;
    const weights = await read();
    if (!weights) return undefined;
    await this.#send({ kind: 'open', run: String(run.id), spec: run.spec, weights });
    this.#versions.set(run.id, version);
    return facts;
  }

  /** Ends the worker, unless a question is open; the next question starts a new one. */
  rest() {
    if (this.#waiting.size > 0) return;
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#data = '';
  }

  /** Forgets all runs but these. @param {Run[]} runs */
  keep(runs) {
    for (const id of this.#versions.keys()) {
      if (runs.some((run) => run.id === id)) continue;
      this.#versions.delete(id);
      this.#looking.delete(id);
      void this.#send({ kind: 'close', run: String(id) });
    }
  }

  /** @param {string} data @returns {Promise<DataFacts>} */
  openData(data) {
    const name = data === OWN ? this.own.name : data;
    if (name === this.#data && this.#facts) return this.#facts;
    this.#data = name;
    this.#versions.clear();
    this.#looking.clear();
    this.#facts = this.#send({ kind: 'data', name, files: data === OWN ? this.own.files : [] });
    // Waiting callers get the failure; the next call tries again.
    this.#facts.catch(() => { this.#data = ''; });
    return this.#facts;
  }

  /** Lets a run that is open look at a picture. @param {Run} run @param {Picture} picture */
  async look(run, picture) {
    if (this.#looking.get(run.id) === picture) return;
    this.#looking.set(run.id, picture);
    const whose = { kind: /** @type {const} */ ('look'), run: String(run.id) };
    await this.#send(picture.pixels ? { ...whose, pixels: picture.pixels } : { ...whose, index: picture.index });
  }

  /** Some test images as a run that is open has them, and their labels. @param {Run} run @param {number} from @param {number} count @returns {Promise<[Tiles, number[]]>} */
  images(run, from, count) {
    return this.#send({ kind: 'images', run: String(run.id), from, count });
  }

  /** A drawing as an image of the data set. @param {Bytes} ink @param {number} width @returns {Promise<Picture>} */
  async drawn(ink, width) {
    return { pixels: await this.#send({ kind: 'drawn', ink, width }) };
  }

  /** A picture of the data set's size as an image of the data set. @param {Bytes} rgba @returns {Promise<Picture>} */
  async photo(rgba) {
    return { pixels: await this.#send({ kind: 'photo', rgba }) };
  }

  /**
   * @template {Question['kind']} Kind
   * @param {Run} run
   * @param {Extract<Question, { kind: Kind }>} question
   * @param {number} [test] how many test images must be there for it
   * @returns {Promise<Answers[Kind]>}
   */
  ask(run, question, test = 0) {
    return this.#send({ kind: 'ask', run: String(run.id), question, test });
  }

  /** @param {Request extends infer Each ? Each extends Request ? Omit<Each, 'id'> : never : never} request @returns {Promise<any>} */
  #send(request) {
    const worker = this.#start();
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ ...request, id });
    });
  }

  #start() {
    if (this.#worker) return this.#worker;
    const worker = startWorker(INSIDE);
    worker.onmessage = (/** @type {MessageEvent<Reply>} */ { data: reply }) => {
      const asked = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.problem) asked?.reject(reply.problem);
      else asked?.resolve(reply.answer);
    };
    // A trap in the module ends the worker; the next question gets a new one.
    worker.onerror = (event) => {
      worker.terminate();
      this.#worker = undefined;
      this.#data = '';
      const problem = { code: 'internal', field: null, params: { detail: event.message ?? '' } };
      for (const { reject } of this.#waiting.values()) reject(problem);
      this.#waiting.clear();
    };
    this.#worker = worker;
    return worker;
  }
}
