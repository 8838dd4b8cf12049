// The page's end of the worker that looks inside: questions out, answers in. Before each, the worker is told what it does not
// know yet of the run, so that it does not matter who asked about which run before, or that the worker is a new one.

import { OWN } from '../seen/images.js';
import { INSIDE } from '../place.js';
import { AskedWorker } from '../base/asked.js';

/** @import { Ascended, Classified, DataFacts, Explained, ExperimentSpec, Gate, Judged, Map as FeatureMap, Patches, Question, Neuron, Separable, Shifted, Statistics, Tiles } from '../core.d.ts' */
/** @import { Ask } from '../base/asked.js' */
/** @import { OwnData } from '../seen/own-data.js' */
/** @import { Run } from '../runs/list.js' */

/** What a run looks at: a test image by its place, or pixels of the data set's size. @typedef {{ index: number, pixels?: undefined } | { index?: undefined, pixels: Uint8Array<ArrayBuffer> }} Picture */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/**
 * What the worker is asked.
 * @typedef {{ id: number } & (
 *     { kind: 'data', name: string, files: File[], coarse: boolean }
 *   | { kind: 'open', run: string, spec: ExperimentSpec, weights: Bytes } | { kind: 'close', run: string }
 *   | { kind: 'look', run: string, index: number, pixels?: undefined } | { kind: 'look', run: string, index?: undefined, pixels: Bytes }
 *   | { kind: 'images', run: string, from: number, count: number }
 *   | { kind: 'drawn', ink: Bytes, width: number } | { kind: 'photo', rgba: Bytes }
 *   | { kind: 'ask', run: string, question: Question, test: number })} Request
 */

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
 * @property {Tiles} moves
 * @property {Shifted} shift
 */

/** What a run is to be looked at with. @typedef {{ version: string, read: () => Promise<Bytes | undefined>, picture?: Picture | undefined }} Wanted */

export class InsideClient {
  /** @type {Map<number, Wanted>} */
  #wanted = new Map();
  /** The data set that the worker has. */
  #data = '';
  /** @type {DataFacts | undefined} */
  #facts;
  /** Which weights the worker has of each run, and which picture that run looks at. @type {Map<number, { version: string, picture: Picture | undefined }>} */
  #has = new Map();

  /** @param {OwnData} own */
  constructor(own) {
    this.own = own;
    this.worker = new AskedWorker(INSIDE, () => this.#forget());
  }

  /**
   * Hands this version of a run to the worker. Returns the facts of its data set; nothing if there are no weights, or not the
   * files that it was trained on.
   * @param {Run} run @param {string} version
   * @param {() => Promise<Bytes | undefined>} read gets the weights, if the worker has them not
   */
  open(run, version, read) {
    this.#wanted.set(run.id, { ...this.#wanted.get(run.id), version, read });
    return this.worker.do((ask) => this.#prepare(run, ask));
  }

  /** Lets a run look at a picture. @param {Run} run @param {Picture} picture */
  look(run, picture) {
    const wanted = this.#wanted.get(run.id);
    if (wanted) wanted.picture = picture;
    return this.#about(run, async () => {});
  }

  /** Some test images as a run has them, and their labels. @param {Run} run @param {number} from @param {number} count @returns {Promise<[Tiles, number[]]>} */
  images(run, from, count) {
    return this.#about(run, (ask) => ask({ kind: 'images', run: String(run.id), from, count }));
  }

  /** A drawing as an image of a run's data set. @param {Run} run @param {Bytes} ink @param {number} width @returns {Promise<Picture>} */
  drawn(run, ink, width) {
    return this.#about(run, async (ask) => ({ pixels: await ask({ kind: 'drawn', ink, width }) }));
  }

  /** A picture of the data set's size as an image of a run's data set. @param {Run} run @param {Bytes} rgba @returns {Promise<Picture>} */
  photo(run, rgba) {
    return this.#about(run, async (ask) => ({ pixels: await ask({ kind: 'photo', rgba }) }));
  }

  /**
   * @template {keyof Answers} Kind
   * @param {Run} run
   * @param {Extract<Question, { kind: Kind }>} question
   * @param {number} [test] how many test images must be there for it
   * @returns {Promise<Answers[Kind]>}
   */
  ask(run, question, test = 0) {
    return this.#about(run, (ask) => ask({ kind: 'ask', run: String(run.id), question, test }));
  }

  /** Ends the worker, unless a question is open; the next question starts a new one. */
  rest() {
    this.worker.rest();
  }

  /** Forgets all runs but these. @param {Run[]} runs */
  keep(runs) {
    for (const id of this.#wanted.keys()) {
      if (runs.some((run) => run.id === id)) continue;
      this.#wanted.delete(id);
      if (this.#has.has(id)) void this.worker.do(async (ask) => { if (this.#has.delete(id)) await ask({ kind: 'close', run: String(id) }); }).catch(() => {});
    }
  }

  #forget() {
    this.#data = '';
    this.#facts = undefined;
    this.#has.clear();
  }

  /** @template Answer @param {Run} run @param {(ask: Ask) => Promise<Answer>} work @returns {Promise<Answer>} */
  #about(run, work) {
    return this.worker.do(async (ask) => {
      if (!(await this.#prepare(run, ask))) throw { code: 'no-data', field: null, params: {} };
      return work(ask);
    });
  }

  /** Tells the worker what it does not know yet of a run. @param {Run} run @param {Ask} ask */
  async #prepare(run, ask) {
    const wanted = this.#wanted.get(run.id);
    if (!wanted || (run.spec.data === OWN && !this.own.isOf(run))) return undefined;
    const { version, picture } = wanted;
    const facts = await this.#openData(run.spec.data, ask);
    let has = this.#has.get(run.id);
    if (has?.version !== version) {
      const weights = await wanted.read();
      if (!weights) return undefined;
      await ask({ kind: 'open', run: String(run.id), spec: run.spec, weights });
      if (run.touches.length > 0) await ask({ kind: 'touch', run: String(run.id), past: run.touches, touches: [] });
      has = { version, picture: has?.picture };
      this.#has.set(run.id, has);
    }
    if (picture && has.picture !== picture) {
      await ask({ kind: 'look', run: String(run.id), ...(picture.pixels ? { pixels: picture.pixels } : { index: picture.index }) });
      has.picture = picture;
    }
    return facts;
  }

  /** With another data set the worker forgets all runs. @param {string} data @param {Ask} ask @returns {Promise<DataFacts>} */
  async #openData(data, ask) {
    const name = data === OWN ? this.own.name : data;
    if (name === this.#data && this.#facts) return this.#facts;
    this.#forget();
    /** @type {DataFacts} */
    const facts = await ask({ kind: 'data', name, files: data === OWN ? this.own.files : [], coarse: this.own.coarse });
    this.#data = name;
    this.#facts = facts;
    return facts;
  }
}
