// A person's own files: chosen or dropped, judged by their beginnings, read by the worker, shown like any other data set,
// and kept in this browser. What is here stays until the new files are a whole set.

import { h, setText } from '../base/dom.js';
import { number, plural, problemText, t } from '../base/i18n.js';
import { OWN } from './images.js';
import { announce, note } from '../base/messages.js';
import { AlbumDialog } from './album.js';
import { download } from '../base/download.js';
import { judge } from './judge.js';

/** @import { DataFacts, Problem } from '../core.d.ts' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Judged } from './judge.js' */
/** @import { FirstImages } from './images.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { RunStore } from '../base/storage.js' */

/** What is kept, under this name. @typedef {{ files: File[], since: number }} Kept */
const KEPT = 'files';
/** More bytes of files are not kept: all of CIFAR-10 has 186 million. */
const MOST_BYTES = 200_000_000;
/** More files that were left out are counted, not named. */
const MOST_NAMED = 4;

/** What reads files. @typedef {{ isFree: () => boolean, read: (files: File[]) => void }} Reader */

/**
 * What it says of each file, and when it has read the last one.
 * @typedef {{ kind: 'reading' | 'incomplete', name: string } | { kind: 'refused', name: string, problem: Problem } | { kind: 'remark', problem: Problem }
 *   | { kind: 'facts', facts: DataFacts, pixels: Uint8Array, labels: Uint8Array } | { kind: 'read', problem?: Problem }} News
 */

export class OwnData {
  /** @type {DataFacts | undefined} */
  facts;
  /** Those that make the data set. @type {File[]} */
  #set = [];
  /** Those that are to make the next one. @type {File[]} */
  #coming = [];
  /** Whether the worker has been asked for them, and has not read the last one. */
  #reading = false;
  /** Whether they have made a data set. */
  #whole = false;
  /** What became of files that could not be used, in words. @type {string[]} */
  #leftOut = [];
  /** Which file was read last without making a set. */
  #last = '';
  #number = 0;
  /** When the set's files came, in milliseconds. */
  #since = 0;
  /** Whether they were kept, and nobody has read them yet. */
  #unread = false;
  #kept = true;
  /** @type {Reader} */
  #reader = { isFree: () => false, read: () => {} };

  /** @param {Experiment} experiment @param {FirstImages} first @param {RunStore} store */
  constructor(experiment, first, store) {
    this.experiment = experiment;
    this.first = first;
    this.store = store;
    this.album = new AlbumDialog(first.engine, () => (this.#set.length === 1 ? this.#set[0] : undefined), (set, problems) => this.use({ data: [set], runs: [], pictures: [], problems }));
    const [files, chooseFiles] = this.#chooser('files', {});
    const [folder, chooseFolder] = this.#chooser('folder', { webkitdirectory: true });
    this.state = h('p', { role: 'status' }, t('own.formats'));
    this.forget = h('button', { type: 'button', class: 'quiet small', hidden: true, onclick: () => void this.#forget() }, t('own.forget'));
    const camera = h('button', { type: 'button', onclick: () => void this.album.shoot() }, t('own.camera'));
    this.save = h('button', { type: 'button', class: 'quiet small', hidden: true, onclick: () => this.#save() }, t('own.save'));
    this.element = h('div', { class: 'own' }, t('own.drop'),
      h('div', { class: 'own-ways' }, chooseFiles, files, chooseFolder, folder, camera), this.state, this.save, this.forget);
    experiment.subscribe(() => this.look());
    this.look();
  }

  /** A field for files, and the button that opens it. @param {'files' | 'folder'} what @param {Record<string, boolean>} of */
  #chooser(what, of) {
    const words = t(`own.choose-${what}`);
    const input = h('input', { type: 'file', id: `own-${what}`, multiple: true, tabindex: -1, 'aria-label': words, ...of });
    input.addEventListener('change', () => {
      void this.take([...(input.files ?? [])]);
      input.value = '';
    });
    return /** @type {const} */ ([input, h('button', { type: 'button', onclick: () => input.click() }, words)]);
  }

  /** What the worker has to read: while it reads new ones those, else the set. @returns {File[]} */
  get files() {
    return this.#reading ? this.#coming : this.#set;
  }

  /** Whether files are on their way that are to be the set. */
  get reading() {
    return this.#reading;
  }

  /** What tells these files from others that were here before. */
  get name() {
    return `${OWN}:${this.#number}`;
  }

  /** @param {Reader} reader */
  connect(reader) {
    this.#reader = reader;
  }

  /** Whether a run was made with these files. @param {Run} run */
  isOf(run) {
    return this.#set.length > 0 && run.id >= this.#since;
  }

  /** Brings back what was kept; it is read once it is needed. */
  async restore() {
    const kept = /** @type {Partial<Kept> | undefined} */ (await this.store.thing(KEPT));
    // A quick person may have chosen others meanwhile.
    if (!Array.isArray(kept?.files) || !kept.files.every((file) => file instanceof File) || this.files.length > 0) return;
    this.#number += 1;
    this.#set = kept.files;
    this.#since = Number(kept.since);
    this.#unread = true;
    this.look();
  }

  /** Has kept files read, if somebody wants to see them and the worker has time. */
  look() {
    this.element.hidden = this.experiment.view.spec.data !== OWN;
    this.forget.hidden = this.#set.length === 0 && this.#coming.length === 0;
    this.save.hidden = this.#set.length !== 1;
    if (this.element.hidden || !this.#unread) return;
    if (!this.#reader.isFree()) return setText(this.state, t('own.later'));
    this.#unread = false;
    this.#read(this.#set);
  }

  /** Takes files that a person gave. Those that are no data are named and left out; a run that is on is not ended without a question. @param {File[]} files */
  async take(files) {
    if (files.length === 0 || this.experiment.isFixed('data')) return;
    this.use(await judge(this.first.engine, files));
  }

  /** Takes what was judged: of pictures a set is made first. @param {Judged} found */
  use({ data, pictures, problems }) {
    if (this.experiment.isFixed('data')) return;
    // What lies beside pictures is no set of its own, and must not take the place of one.
    if (this.album.takes(pictures)) return void this.album.take(pictures, [...problems, ...data.map(({ name }) => t('album.beside', { file: name }))]);
    problems.unshift(...pictures.map(({ file }) => problemText({ code: 'picture', field: null, params: { file: file.name } })));
    if (data.length === 0) return this.#refuse(problems);
    const use = () => {
      // These come in place of kept ones that nobody has read.
      this.#unread = false;
      this.experiment.choose('data', OWN);
      this.#leftOut = problems;
      this.#read(this.#whole ? data : [...this.#coming, ...data]);
    };
    if (this.#reader.isFree()) return use();
    note(t('own.wait', { files: data.map(({ name }) => name).join(', ') }), { label: t('own.use-now'), act: use });
  }

  /** Has all of these read, also those that the worker had before: it may be another one now. @param {File[]} files */
  #read(files) {
    this.#coming = files;
    this.#whole = false;
    this.#reading = true;
    this.#number += 1;
    this.#reader.read(files);
  }

  /** @param {News} news */
  hear(news) {
    // A run has the worker read the set that is here once more.
    if (!this.#reading) return;
    switch (news.kind) {
      case 'reading': return this.#say(t('own.reading', { name: news.name }));
      case 'incomplete':
        this.#last = news.name;
        return this.#say(t('own.more', { name: news.name }));
      case 'remark': return void this.#leftOut.push(problemText(news.problem));
      case 'refused': return this.refuse(news.problem, news.name);
      case 'facts': return this.#commit(news.facts, /** @type {Uint8Array<ArrayBuffer>} */ (news.pixels), /** @type {Uint8Array<ArrayBuffer>} */ (news.labels));
      case 'read': return this.#end(news.problem);
    }
  }

  /** The files make a set: it takes the place of the one before. @param {DataFacts} facts @param {Uint8Array<ArrayBuffer>} pixels @param {Uint8Array<ArrayBuffer>} labels */
  #commit(facts, pixels, labels) {
    // Kept ones are as old as they were.
    if (!this.#whole && this.#coming !== this.#set) this.#since = Date.now();
    this.#whole = true;
    this.#set = this.#coming;
    this.facts = facts;
    this.first.take(facts, pixels, labels);
    this.#say(this.#words(facts));
    void this.#keep();
  }

  /** A file that the worker could not use: the others stay. @param {Problem} problem @param {string} [name] */
  refuse(problem, name = problem.params.file) {
    const at = this.#coming.findIndex((file) => file.name === name);
    this.#coming = this.#coming.filter((_, index) => index !== at);
    this.#leftOut.push(problemText(problem));
    // The worker has nothing then; the set that is here still has to be given to it again.
    if (this.#coming.length === 0) this.#stop();
    if (this.#whole) {
      this.#set = this.#coming;
      void this.#keep();
    }
    this.#say(this.#said(), true);
  }

  /** All are read. @param {Problem | undefined} problem why they make no set, where that is known */
  #end(problem) {
    if (this.#whole && this.facts) {
      this.#reading = false;
      return this.#say(this.#words(this.facts), this.#leftOut.length > 0);
    }
    this.#stop();
    this.#unread = !this.facts && this.#set.length > 0;
    const why = this.#coming.length === 0 ? [] : [problem ? problemText(problem) : t('own.more', { name: this.#last })];
    this.#say([...why, this.#said()].filter(Boolean).join(' '), true);
  }

  /** These files are no set: the worker is to have the one that is here, under a name that it does not know yet. */
  #stop() {
    this.#reading = false;
    this.#number += 1;
  }

  async #keep() {
    const files = this.#set;
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    const before = this.#kept;
    const put = files.length > 0 && bytes <= MOST_BYTES && (await this.store.putThing(KEPT, { files, since: this.#since }, 'files'));
    // Older files must not stay behind where these could not be kept.
    if (!put) await this.store.removeThing(KEPT, 'files');
    this.#kept = put || files.length === 0;
    if (this.#kept !== before && this.facts && !this.#reading) this.#say(this.#words(this.facts));
    this.look();
  }

  /** What the set is, what it lacks, and what was left out. @param {DataFacts} facts */
  #words({ classes, train, test, untrained = [], untested = [], cautions = [] }) {
    return [
      plural('own.ready', classes.length, { train: number(train), test: number(test), classes: number(classes.length) }),
      untrained.length > 0 && t('own.untrained', { classes: untrained.join(', ') }),
      untested.length > 0 && t('own.untested', { classes: untested.join(', ') }),
      ...cautions.map((caution) => problemText(caution)),
      !this.#kept && t('own.not-kept'),
      this.#said(),
    ].filter(Boolean).join(' ');
  }

  /** What was left out, and why. */
  #said() {
    const named = this.#leftOut.slice(0, MOST_NAMED);
    if (named.length === 0) return '';
    const more = this.#leftOut.length > named.length ? ` ${t('own.more-left-out', { count: number(this.#leftOut.length - named.length) })}` : '';
    return plural('own.left-out', this.#leftOut.length, { problems: named.join(' ') + more });
  }

  /** Says where it is seen that nothing of this can be used. @param {string[]} problems */
  #refuse(problems) {
    if (problems.length === 0) return;
    this.#leftOut = problems;
    const text = this.#said();
    if (this.element.hidden) note(text);
    this.#say(this.#whole && this.facts ? this.#words(this.facts) : text, true);
  }

  /** Hands a set that is one file back: it opens on another computer. */
  #save() {
    const [file] = this.#set;
    if (file) download(file, file.type, file.name);
  }

  /** Forgets the files, and the images that came of them. */
  async #forget() {
    this.#number += 1;
    this.#unread = this.#reading = this.#whole = false;
    this.facts = undefined;
    [this.#set, this.#coming, this.#leftOut] = [[], [], []];
    this.first.forgetOwn();
    await this.#keep();
    this.experiment.restore('data');
    this.#say(t('own.forgotten'));
  }

  /** @param {string} text @param {boolean} [bad] */
  #say(text, bad = false) {
    this.state.textContent = text;
    this.state.classList.toggle('bad', bad);
    announce(text);
  }
}
