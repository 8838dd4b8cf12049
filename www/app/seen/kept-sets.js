// The sets of a person's own that this browser keeps, several by their names, and which of them is in use.

import { download } from '../base/download.js';
import { nameSet, plural } from '../base/i18n.js';

/** @import { Engine } from '../engine.js' */
/** @import { RunStore } from '../base/storage.js' */

/**
 * A set: its files, when they came (in milliseconds, which tells it from every other), whether the coarse ones of two labels are used,
 * and what is known since it was read; `twin` is the fingerprint with the other ones of the two labels, if they were used before.
 * @typedef {{ id: number, name: string, files: File[], coarse: boolean, fingerprint: string, twin?: string | undefined, train: number, test: number, classes: number }} OwnSet
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
  const name = first?.name.replace(/(?<=.)(\.(album|csv|npz|npy|gz|tar|tgz|zip))+$/i, '') ?? '';
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

/** A file where a browser keeps none. @typedef {{ name: string, type: string, lastModified: number, bytes: ArrayBuffer }} FileBytes */

/** @param {File} file @returns {Promise<FileBytes>} */
const bytesOfFile = async (file) => ({ name: file.name, type: file.type, lastModified: file.lastModified, bytes: await file.arrayBuffer() });

/** A set as it was kept, with files in place of their bytes. @param {unknown} thing @returns {unknown} */
function withFiles(thing) {
  const { files, ...rest } = /** @type {Record<string, unknown>} */ (thing ?? {});
  if (!Array.isArray(files)) return thing;
  return { ...rest, files: files.map((file) => (file?.bytes instanceof ArrayBuffer ? new File([file.bytes], file.name, file) : file)) };
}

/** @param {unknown} thing @returns {thing is OwnSet} */
function isSet(thing) {
  const { files, id, name } = /** @type {Partial<OwnSet>} */ (thing ?? {});
  return Array.isArray(files) && files.every((file) => file instanceof File) && Number.isFinite(id) && typeof name === 'string';
}

/** Where the tabs of this browser tell each other that sets have changed. */
const CHANNEL = 'cnn-playground sets';

export class KeptSets {
  /** Those that are here, oldest first. @type {OwnSet[]} */
  list = [];
  /** Those among them that found no room. @type {Set<number>} */
  #unkept = new Set();
  /** The end of all changes that are on their way. @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** How many there have been. */
  #changes = 0;
  #channel = new BroadcastChannel(CHANNEL);

  /** @param {RunStore} store @param {() => void} changed called when another tab has changed the list */
  constructor(store, changed) {
    this.store = store;
    this.#channel.onmessage = () => void this.#read().then(changed);
  }

  /** Brings back what was kept. Gives the set that was in use. @returns {Promise<OwnSet | undefined>} */
  async restore() {
    await this.#adopt();
    await this.#read();
    const used = await this.store.thing(IN_USE);
    return this.list.find(({ id }) => id === used) ?? this.list.at(-1);
  }

  /** Takes what is kept by now; what found no room stays. */
  async #read() {
    let changes;
    /** @type {OwnSet[]} */
    let found = [];
    // A quick person may change something meanwhile.
    while (changes !== this.#changes) {
      changes = this.#changes;
      await this.#last;
      const names = await this.store.thingNames(SET);
      found = (await Promise.all(names.map((name) => this.store.thing(name)))).map(withFiles).filter(isSet);
    }
    this.#order([...found, ...this.list.filter(({ id }) => this.#unkept.has(id))]);
  }

  /** @param {OwnSet[]} sets */
  #order(sets) {
    this.list = sets.sort((one, other) => one.id - other.id);
    for (const { fingerprint, twin, name } of sets) for (const of of [fingerprint, twin]) if (of) nameSet(of, name);
  }

  /** @template Answer @param {Promise<Answer>} change @returns {Promise<Answer>} */
  async #told(change) {
    this.#changes += 1;
    this.#last = Promise.allSettled([this.#last, change]);
    const answer = await change;
    this.#channel.postMessage('');
    return answer;
  }

  /** This name, or one like it that no other set has. @param {string} name @param {number} [id] of the set that is to have it */
  free(name, id) {
    const taken = new Set(this.list.filter((set) => set.id !== id).map((set) => set.name));
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name} (${number})`;
    return free;
  }

  /** The set of this fingerprint, with those of its labels that it means. @param {string} fingerprint @param {Set<number>} broken those that cannot be read */
  meant(fingerprint, broken) {
    const set = this.list.find((one) => !broken.has(one.id) && [one.fingerprint, one.twin].includes(fingerprint));
    return set && set.fingerprint !== fingerprint ? { ...set, coarse: !set.coarse } : set;
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

  /** Takes a set in, or what has become of it: where there is no room for that, what it was stays kept. @param {OwnSet} set */
  async put(set) {
    const others = this.list.filter(({ id }) => id !== set.id);
    const isNew = others.length === this.list.length;
    this.#order([...others, set]);
    if (await this.#told(this.#put(set))) this.#unkept.delete(set.id);
    else if (isNew) this.#unkept.add(set.id);
  }

  /** @param {OwnSet} set */
  async #put(set) {
    // In the order in which the changes were made.
    const before = this.#last;
    const inBytes = async () => {
      await before;
      return { ...set, files: await Promise.all(set.files.map(bytesOfFile)) };
    };
    return bytesOf(set) <= MOST_BYTES && this.store.putFiles(`${SET}${set.id}`, set, inBytes);
  }

  /** @param {OwnSet} set */
  async use(set) {
    await this.store.putThing(IN_USE, set.id, 'files');
  }

  /** @param {OwnSet} set */
  async remove(set) {
    this.list = this.list.filter(({ id }) => id !== set.id);
    await this.#told(this.store.removeThing(`${SET}${set.id}`, 'files'));
  }
}
