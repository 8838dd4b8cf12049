// Where the first images come from: the head of a served data set, or a person's own files.

import { breathe } from '../base/dom.js';
import { fetchBytes, fetchJson } from '../base/fetch.js';
import { isProblem } from '../base/is-problem.js';
import { problemText, t, valueText } from '../base/i18n.js';
import { DATA } from '../place.js';

/** @import { DataFacts } from '../core.d.ts' */
/** @import { Engine, Images } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */

/**
 * @typedef {{ state: 'loading' } | { state: 'none' } | { state: 'failed', detail: string }
 *   | { state: 'ready', images: Images }} Shown
 */

/** The data set that comes from files, not from the server. */
export const OWN = 'file';

export class FirstImages {
  /** @type {Map<string, Images>} */
  #known = new Map();
  /** @type {Set<string>} */
  #coming = new Set();
  /** @type {Map<string, string>} */
  #failed = new Map();
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {Engine} engine @param {Experiment} experiment */
  constructor(engine, experiment) {
    this.engine = engine;
    this.experiment = experiment;
    experiment.subscribe(() => this.#follow());
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** What there is of the data set in use. */
  get shown() {
    return this.#of(this.experiment.view.spec.data);
  }

  /** What there is of a data set, which is fetched if it is not there. @param {string} name */
  of(name) {
    this.#want(name);
    return this.#of(name);
  }

  /** @param {string} name @returns {Shown} */
  #of(name) {
    const images = this.#known.get(name);
    if (images) return { state: 'ready', images };
    const detail = this.#failed.get(name);
    if (detail !== undefined) return { state: 'failed', detail };
    return { state: name === OWN ? 'none' : 'loading' };
  }

  /** Loads what is missing; after a failure, once more. */
  load() {
    this.#failed.delete(this.experiment.view.spec.data);
    this.#follow();
    this.#tell();
  }

  /** Takes the images of a person's files. @param {DataFacts} facts @param {Uint8Array<ArrayBuffer>} pixels @param {Uint8Array<ArrayBuffer>} labels */
  take(facts, pixels, labels) {
    this.#known.set(OWN, this.engine.imagesOfPixels(facts, pixels, labels));
    this.#follow();
    this.#tell();
  }

  /** Forgets the images of a person's files. */
  forgetOwn() {
    this.#known.delete(OWN);
    this.#tell();
  }

  #follow() {
    const { view, facts } = this.experiment;
    const name = view.spec.data;
    const images = this.#known.get(name);
    if (images) {
      // Of a person's own files there may be others now.
      if (facts !== images.facts) this.experiment.learn(images.facts);
    } else this.#want(name);
  }

  /** @param {string} name */
  #want(name) {
    if (name !== OWN && !this.#known.has(name) && !this.#coming.has(name) && !this.#failed.has(name)) void this.#fetch(name);
  }

  /** The images of a data set's first shard. @param {string} name @param {boolean} again past everything that was kept */
  async #firstOf(name, again) {
    const file = `${name}/manifest.json`;
    const manifest = await fetchJson(new URL(file, DATA), file, { again });
    // One that names none is at fault, which the core says.
    const shard = `${name}/${manifest.train?.[0]?.file}`;
    const bytes = manifest.train?.[0] ? await fetchBytes(new URL(shard, DATA), shard, { again }) : new Uint8Array();
    return this.engine.imagesOfShard(manifest, bytes);
  }

  /** @param {string} name */
  async #fetch(name) {
    this.#coming.add(name);
    try {
      // What was kept of an earlier visit may be what is wrong: it is asked for once more, past all that is kept.
      const images = await this.#firstOf(name, false).catch(() => this.#firstOf(name, true));
      this.#known.set(name, images);
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      const isMissing = thrown.code === 'bad-status' && thrown.params.status === '404';
      this.#failed.set(name, isMissing ? t('message.not-here', { data: valueText('data', name) }) : problemText(thrown));
    }
    await breathe();
    this.#coming.delete(name);
    this.#follow();
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
