// The sets of a person's own that this browser keeps, several by their names, and which of them is in use.

import { download } from '../base/download.js';
import { plural } from '../base/i18n.js';

/** @import { Engine } from '../engine.js' */
/** @import { RunStore } from '../base/storage.js' */

/**
 * A set: its files, when they came (in milliseconds, which tells it from every other), whether the coarse ones of two labels are used,
 * and what is known since it was read.
 * @typedef {{ id: number, name: string, files: File[], coarse: boolean, fingerprint: string, train: number, test: number, classes: number }} OwnSet
 */

/** What is kept: a set each under this word and its time, and the time of the one in use. */
const SET = 'set ';
const IN_USE = 'set-in-use';
/** Where the one set was kept when there was only one. */
const ONE = 'files';
/** More bytes of one set's files are not kept: all of CIFAR-10 has 186 million. */
const MOST_BYTES = 200_000_000;

/** The bytes of a set's files. @param {OwnSet} set */
export const bytesOf = ({ files }) => files.reduce((sum, file) => sum + file.size, 0);

/** What a set is called until somebody says otherwise. @param {File[]} files */
export function nameOf([first, ...others]) {
  const name = first?.name.replace(/(\.(album|csv|npz|npy|gz|tar|tgz|zip))+$/i, '') ?? '';
  return others.length > 0 ? plural('own.set-of', others.length, { name }) : name;
}

/** Hands a set back as one file, which opens on another computer. @param {Engine} engine @param {OwnSet} set */
export function handBack(engine, { files, name }) {
  const [file] = files;
  if (file && files.length === 1) return download(file, file.type, file.name);
  const around = engine.aroundFiles(files.map((one) => [one.name, one.size]));
  const pieces = files.flatMap((one, at) => [around[at] ?? '', one]);
  download(new Blob([...pieces, around.at(-1) ?? '']), 'application/x-tar', `${name}.tar`);
}

/** @param {unknown} thing @returns {thing is OwnSet} */
function isSet(thing) {
  const { files, id, name } = /** @type {Partial<OwnSet>} */ (thing ?? {});
  return Array.isArray(files) && files.every((file) => file instanceof File) && Number.isFinite(id) && typeof name === 'string';
}

export class KeptSets {
  /** Those that are here, oldest first. @type {OwnSet[]} */
  list = [];
  /** Those among them that found no room. @type {Set<number>} */
  #unkept = new Set();

  /** @param {RunStore} store */
  constructor(store) {
    this.store = store;
  }

  /** Brings back what was kept. Gives the set that was in use. @returns {Promise<OwnSet | undefined>} */
  async restore() {
    await this.#adopt();
    const names = await this.store.thingNames(SET);
    const found = (await Promise.all(names.map((name) => this.store.thing(name)))).filter(isSet);
    // A quick person may have brought others meanwhile.
    const here = new Set(this.list.map(({ id }) => id));
    this.list = [...found.filter(({ id }) => !here.has(id)), ...this.list].sort((one, other) => one.id - other.id);
    const used = await this.store.thing(IN_USE);
    return this.list.find(({ id }) => id === used) ?? this.list.at(-1);
  }

  /** Makes of the one set that an earlier version kept the first of several. */
  async #adopt() {
    const one = /** @type {{ files?: File[], since?: number } | undefined} */ (await this.store.thing(ONE));
    if (!one) return;
    const set = { id: one.since, files: one.files, name: Array.isArray(one.files) ? nameOf(one.files) : '', coarse: false, fingerprint: '', train: 0, test: 0, classes: 0 };
    if (isSet(set) && !(await this.#put(set))) return;
    await this.store.removeThing(ONE, 'files');
  }

  /** Whether a set will be there after a reload. @param {OwnSet} set */
  isKept({ id }) {
    return !this.#unkept.has(id);
  }

  /** Takes a set in, or what has become of it. @param {OwnSet} set */
  async put(set) {
    const at = this.list.findIndex(({ id }) => id === set.id);
    if (at < 0) this.list.push(set);
    else this.list[at] = set;
    if (await this.#put(set)) this.#unkept.delete(set.id);
    else {
      this.#unkept.add(set.id);
      // What it was before must not stay behind.
      await this.store.removeThing(`${SET}${set.id}`, 'files');
    }
  }

  /** @param {OwnSet} set */
  async #put(set) {
    return bytesOf(set) <= MOST_BYTES && this.store.putThing(`${SET}${set.id}`, set, 'files');
  }

  /** @param {OwnSet} set */
  async use(set) {
    await this.store.putThing(IN_USE, set.id, 'files');
  }

  /** @param {OwnSet} set */
  async remove(set) {
    this.list = this.list.filter(({ id }) => id !== set.id);
    await this.store.removeThing(`${SET}${set.id}`, 'files');
  }
}
