// The data set that the trainer holds: a served one, whose shards come one after the other, or a person's own files.

import { isProblem } from '../app/base/is-problem.js';
import { DATA } from '../app/place.js';
import { fetchBytes, fetchJson, problem } from '../app/base/fetch.js';

/** @import { DataFacts, ExperimentSpec, Manifest, Problem, Split } from '../app/core.d.ts' */
/** @import { Trainer } from '../pkg/cpu/cpu.js' */

/** Images of a person's own files that the page gets for its preview. */
const PREVIEWED = 500;

/** What is told while data comes. @typedef {{ kind: 'arriving', bytes: number, total: number } | { kind: 'reading' | 'incomplete', name: string } | { kind: 'refused', name: string, problem: Problem } | { kind: 'remark', problem: Problem } | { kind: 'facts', facts: DataFacts, pixels: Uint8Array, labels: Uint8Array } | { kind: 'read', problem?: Problem }} News */

export class Data {
  /** The data set that is fetched or read, and that the trainer holds as far as it is here. */
  #name = '';
  /** Gives up what is on its way when another set is wanted. */
  #giveUp = new AbortController();
  /** @type {Promise<Manifest> | undefined} */
  #manifest;
  /** Whether the trainer knows the manifest. */
  #opened = false;
  /** The bytes of each shard that was asked for, as they come. @type {Map<string, Promise<Uint8Array<ArrayBuffer>>>} */
  #coming = new Map();
  #arrived = 0;
  #expected = 0;
  /** How many of a person's files were read. */
  #read = 0;

  /** @param {Trainer} trainer @param {(news: News, transfer?: Transferable[]) => void} tell */
  constructor(trainer, tell) {
    this.trainer = trainer;
    this.tell = tell;
  }

  /**
   * Hands the trainer the first `samples` samples of a split. The trainer is touched only in here, so that no call of it is
   * on meanwhile; what is fetched comes in the background. Throws a `Problem`; asked again, it tries again.
   * @param {{ name: string, files?: File[], coarse?: boolean, spec?: ExperimentSpec }} set its name, with the files of a person's own and which of two labels is meant, and
   *   the experiment whose samples are fetched ahead
   * @param {Split} split @param {number} samples
   * @param {() => Promise<void>} interrupted settles when something else is wanted
   * @returns {Promise<boolean>} false if something else was wanted first
   */
  async bring({ name, files, coarse = false, spec }, split, samples, interrupted) {
    if (name !== this.#name) this.#turnTo(name);
    const first = async (/** @type {Promise<unknown>} */ coming) => {
      let is = false;
      await Promise.race([coming.then(() => { is = true; }), interrupted()]);
      return is;
    };
    if (files) return this.#readAll(files, coarse, first);
    this.#manifest ??= this.#fetchManifest(name);
    if (!(await first(this.#manifest))) return false;
    const manifest = await this.#manifest;
    if (!this.#opened) this.trainer.openData(manifest);
    this.#opened = true;
    if (spec) this.#fetchAhead(manifest, spec);
    for (let file; (file = this.trainer.nextShard(split, samples)) !== undefined;) {
      const bytes = this.#coming.get(file) ?? this.#fetch(file);
      if (!(await first(bytes))) return false;
      await this.#add(split, file, await bytes);
    }
    return true;
  }

  /** @param {string} name */
  #turnTo(name) {
    this.#giveUp.abort();
    this.#giveUp = new AbortController();
    this.#name = name;
    this.#coming.clear();
    this.#manifest = undefined;
    this.#opened = false;
    this.#read = 0;
  }

  /** @param {string} name @returns {Promise<Manifest>} */
  #fetchManifest(name) {
    const file = `${name}/manifest.json`;
    const coming = fetchJson(new URL(file, DATA), file, { until: this.#giveUp.signal });
    coming.catch(() => { if (this.#manifest === coming) this.#manifest = undefined; });
    return coming;
  }

  /** Begins to fetch what an experiment needs, one shard after the other, so that the first ones are here soon. @param {Manifest} manifest @param {ExperimentSpec} spec */
  #fetchAhead({ train, test }, spec) {
    const missing = [...first(train, spec.train), ...first(test, spec.test)].filter(({ file }) => !this.#coming.has(file));
    if (missing.length === 0) return;
    this.#arrived = 0;
    this.#expected = missing.reduce((sum, { bytes }) => sum + bytes, 0);
    let before = Promise.resolve();
    const { signal } = this.#giveUp;
    for (const { file } of missing) {
      const bytes = before.then(() => {
        signal.throwIfAborted();
        return this.#fetch(file);
      });
      before = bytes.then(() => {}, () => {});
      this.#coming.set(file, bytes);
      // Who waits for it hears of a failure, and the next try fetches again.
      bytes.catch(() => { if (this.#coming.get(file) === bytes) this.#coming.delete(file); });
    }
  }

  /** @param {string} file @param {boolean} [again] */
  #fetch(file, again) {
    const path = `${this.#name}/${file}`;
    return fetchBytes(new URL(path, DATA), path, {
      again,
      until: this.#giveUp.signal,
      hear: (bytes) => {
        this.#arrived += bytes;
        this.tell({ kind: 'arriving', bytes: this.#arrived, total: this.#expected });
      },
    });
  }

  /** @param {Split} split @param {string} file @param {Uint8Array<ArrayBuffer>} bytes */
  async #add(split, file, bytes) {
    try {
      this.trainer.addShard(split, bytes);
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      // What was kept on the way may be damaged: once more, past all of it.
      this.#coming.delete(file);
      this.trainer.addShard(split, await this.#fetch(file, true));
    }
    // The trainer has its copy; the entry stays as a sign that the shard is here.
    this.#coming.set(file, Promise.resolve(new Uint8Array()));
  }

  /** Reads a person's files: one that cannot be read is named, and the others count. @param {File[]} files @param {boolean} coarse @param {(coming: Promise<unknown>) => Promise<boolean>} first */
  async #readAll(files, coarse, first) {
    for (let file; (file = files[this.#read]) !== undefined; this.#read += 1) {
      const { name } = file;
      this.tell({ kind: 'reading', name });
      try {
        const content = file.arrayBuffer();
        if (!(await first(content))) return false;
        const facts = this.trainer.addFile(name, new Uint8Array(await content), coarse);
        this.#opened ||= facts !== undefined;
        for (const left of this.trainer.leftOut()) this.tell({ kind: 'remark', problem: left });
        if (!facts) this.tell({ kind: 'incomplete', name });
        else {
          const [pixels, labels] = [this.trainer.firstPixels(PREVIEWED), this.trainer.firstLabels(PREVIEWED)];
          this.tell({ kind: 'facts', facts, pixels, labels }, [pixels.buffer, labels.buffer]);
        }
      } catch (thrown) {
        const why = thrown instanceof DOMException ? problem('unreadable', { file: name, reason: thrown.name }) : thrown;
        if (!isProblem(why)) throw why;
        this.tell({ kind: 'refused', name, problem: why });
      }
    }
    for (const remark of this.trainer.remarks()) this.tell({ kind: 'remark', problem: remark });
    this.tell({ kind: 'read', problem: this.trainer.mismatch() });
    if (!this.#opened) throw problem('no-data', {});
    return true;
  }
}

/** The shards that hold the first `samples` samples. @param {Manifest['train']} shards @param {number} samples */
function first(shards, samples) {
  let here = 0;
  return shards.filter((shard) => {
    const wanted = here < samples;
    here += shard.samples;
    return wanted;
  });
}
