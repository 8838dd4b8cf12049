// A person's own files: chosen or dropped, judged by their beginnings, read by the worker, shown like any other data set,
// and kept in this browser. What is here stays until the new files are a whole set.

import { h, setText } from '../base/dom.js';
import { problemText, t } from '../base/i18n.js';
import { OWN } from './images.js';
import { announce, note, offerUndo } from '../base/messages.js';
import { AlbumDialog, ENDING } from './album.js';
import { judge } from './judge.js';
import { handBack, KeptSets, nameOf } from './kept-sets.js';
import { leftOutWords, pictureWords, setWords } from './own-words.js';
import { SetList } from './set-list.js';
import { ways } from './ways.js';

/** @import { DataFacts, Problem } from '../core.d.ts' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Judged } from './judge.js' */
/** @import { OwnSet } from './kept-sets.js' */
/** @import { FirstImages } from './images.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { RunStore } from '../base/storage.js' */
/** @import { News } from '../../worker/data.js' */

/** What reads files, and whether it does. @typedef {{ isFree: () => boolean, reads: () => boolean, read: () => void }} Reader */

/** Files that are to be the set, with what was wrong with others; the kept set that they are. @typedef {{ files: File[], problems: string[], set?: OwnSet }} Next */

export class OwnData {
  /** @type {DataFacts | undefined} */
  facts;
  /** The one in use. @type {OwnSet | undefined} */
  #set;
  /** Files that are to make the next one. @type {File[]} */
  #coming = [];
  /** The set that those are, if they were one before. @type {OwnSet | undefined} */
  #again;
  /** Whether the person has chosen them: else a link, or the last visit. */
  #chosen = false;
  /** Whether the worker has been asked for them, and has not read the last one. */
  #reading = false;
  /** Whether they have made a data set. */
  #whole = false;
  /** What became of files that could not be used, in words. @type {string[]} */
  #leftOut = [];
  /** What was given while others were read: whether it is the other half of those, is known once they are. @type {Next | undefined} */
  #after;
  /** Which file was read last without making a set. */
  #last = '';
  #number = 0;
  /** Whether the set in use was kept, and nobody has read it yet. */
  #unread = false;
  /** What is to be used as soon as the person says so: a run is on. @type {Next | undefined} */
  #waiting;
  /** The note that says it, or that nothing of what was given is data. @type {Element | undefined} */
  #offer;
  /** The set that the link means and that is not here. */
  #missed = '';
  /** Whether it is known which sets are kept. */
  #restored = false;
  /** Kept sets that could not be read. @type {Set<number>} */
  #broken = new Set();
  /** Opens what was given in place of data: saved runs, code and weights. @type {(found: Pick<Judged, 'runs' | 'python' | 'weights'>) => Promise<void>} */
  openOthers = async () => {};
  /** @type {Reader} */
  #reader = { isFree: () => false, reads: () => false, read: () => {} };
  /** While it is asked to read. */
  #asking = false;

  /** @param {Experiment} experiment @param {FirstImages} first @param {RunStore} store */
  constructor(experiment, first, store) {
    this.experiment = experiment;
    this.first = first;
    this.kept = new KeptSets(store, () => this.#changedElsewhere());
    this.album = new AlbumDialog(first.engine, () => (this.#set?.files.length === 1 ? this.#set.files[0] : undefined), (set, problems) => void this.use({ data: [set], runs: [], python: [], weights: [], archive: [], pictures: [], problems }));
    this.list = new SetList({ use: (set) => this.#choose(set), save: (set) => handBack(first.engine, set), rename: (set, name) => void this.#rename(set, name), remove: (set) => void this.#remove(set) });
    this.state = h('p', { role: 'status' }, t('own.formats'));
    this.useNow = h('button', { type: 'button', class: 'small', hidden: true, onclick: () => { if (this.#waiting) this.#use(this.#waiting); } });
    this.labels = h('button', { type: 'button', class: 'quiet small', hidden: true, onclick: () => { if (this.#set) this.#next({ files: this.#set.files, problems: [], set: { ...this.#set, coarse: !this.coarse } }); } });
    this.element = h('div', { class: 'own' }, t('own.drop'), ways(this.album, (files) => void this.take(files)), this.state, this.labels, this.useNow, this.list.element);
    experiment.subscribe(() => this.look());
    this.look();
  }

  /** What the worker has to read: while it reads new ones those, else the set. @returns {File[]} */
  get files() {
    return this.#reading ? this.#coming : this.#set?.files ?? [];
  }

  /** Whether the worker has to take the coarse ones of two labels for each image. */
  get coarse() {
    return (this.#reading ? this.#again : this.#set)?.coarse ?? false;
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
    if (!this.#set) return false;
    const { set } = run.spec;
    // Runs did not always say it: those are of the files that were there before them.
    return set ? set === this.#set.fingerprint : run.id >= this.#set.id;
  }

  /** Brings back what was kept; it is read once it is needed. */
  async restore() {
    const used = await this.kept.restore();
    if (used && this.files.length === 0) [this.#number, this.#set, this.#unread] = [this.#number + 1, used, true];
    this.#restored = true;
    this.look();
  }

  /** Another tab has brought, renamed or removed sets. */
  #changedElsewhere() {
    const same = this.kept.list.find(({ id }) => id === this.#set?.id);
    if (this.#set && same) this.#set = { ...this.#set, name: same.name };
    this.look();
  }

  /** Shows what is here, and has kept files read, if somebody wants to see them and the worker has time. */
  look() {
    const { data, set: meant } = this.experiment.view.spec;
    this.element.hidden = data !== OWN && !this.#waiting;
    this.list.show(this.kept.list, this.#set);
    this.useNow.hidden = !this.#waiting;
    this.labels.hidden = typeof this.facts?.coarse !== 'boolean';
    setText(this.labels, t(this.facts?.coarse ? 'own.fine' : 'own.coarse'));
    setText(this.useNow, t(this.#reader.isFree() ? 'own.use' : 'own.use-now'));
    if (data !== OWN || this.#asking) return;
    // A run of other data may have come in between.
    if (this.#reading) return this.#reader.isFree() && !this.#reader.reads() ? this.#ask() : undefined;
    // A link, or a run that is shown again, may mean another one that is here.
    const isOther = meant !== '' && meant !== this.#set?.fingerprint;
    const other = isOther ? this.kept.meant(meant, this.#broken) : undefined;
    // Of one that an earlier version kept, nobody knows which it is before it is read.
    const here = this.#unread && (!isOther || this.#set?.fingerprint === '') ? this.#set : undefined;
    const next = other ?? here;
    if (!next && !this.#restored) return;
    this.#miss(isOther && !other ? meant : '');
    if (!next) return;
    if (!this.#reader.isFree()) return setText(this.state, t('own.later'));
    this.#unread = false;
    this.#chosen = false;
    this.#read(next.files, next);
  }

  /** Says which set is meant, once, if it is not here. @param {string} meant */
  #miss(meant) {
    const before = this.#missed;
    this.#missed = meant;
    if (meant && meant !== before) this.#say('', t('own.missing', { set: meant }));
  }

  /** Whether another set is meant than those that are here. */
  get misses() {
    return this.#missed !== '';
  }

  /** Takes files that a person gave. Those that are no data are named and left out; a run that is on is not ended without a question. @param {File[]} files */
  async take(files) {
    if (files.length === 0 || this.experiment.isFixed('data')) return;
    const found = await judge(this.first.engine, files);
    await this.openOthers(found);
    await this.use(found);
  }

  /** Takes what was judged: of pictures a set is made first, also of those in archives. @param {Judged} found */
  async use(found) {
    if (this.experiment.isFixed('data')) return;
    const [packed] = found.archive;
    if (packed) this.#say(t('own.reading', { name: packed.name }));
    const { data, pictures, problems } = packed ? await this.album.unpacked(found) : found;
    // What lies beside pictures is no set of its own, and must not take the place of one.
    if (this.album.takes(pictures)) {
      if (packed) this.#say(...this.#words());
      return void this.album.take(pictures, [...problems, ...data.map(({ name }) => problemText({ code: 'beside-pictures', field: null, params: { file: name } }))]);
    }
    problems.unshift(...pictures.map(({ file }) => pictureWords(file.name)));
    if (data.length === 0) return this.#refuse(problems);
    this.#next({ files: data, problems });
  }

  /** A set of the list, which may be the one in use beside a link that means another. @param {OwnSet} set */
  #choose(set) {
    if (set.id !== this.#set?.id || !this.facts) return this.#next({ files: set.files, problems: [], set });
    this.experiment.restore('set', 'replace');
    this.#say(...this.#words());
  }

  /** Uses this, at once or as soon as the person says that it may end a run. @param {Next} next */
  #next(next) {
    this.#offer?.remove();
    if (this.#reader.isFree()) return this.#use(next);
    // The other half of what waits already, or something else in its place.
    const before = (next.set || this.#waiting?.set ? [] : this.#waiting?.files ?? []).filter(({ name }) => !name.endsWith(ENDING) && next.files.every((file) => file.name !== name));
    this.#waiting = { ...next, files: [...before, ...next.files] };
    const files = next.set?.name ?? this.#waiting.files.map(({ name }) => name).join(', ');
    this.#offer = note(t('own.wait', { files }), { label: t('own.use-now'), act: () => { if (this.#waiting) this.#use(this.#waiting); }, refuse: () => this.element.scrollIntoView({ block: 'nearest' }) });
    this.look();
    this.#say(t('own.waits', { files }));
  }

  /** @param {Next} next */
  #use({ files, problems, set }) {
    this.#offer?.remove();
    this.#waiting = undefined;
    if (this.#reading && !this.#again && !set) {
      this.#after = { files: [...this.#after?.files ?? [], ...files], problems: [...this.#after?.problems ?? [], ...problems] };
      this.experiment.choose('data', OWN);
      return this.look();
    }
    this.#after = undefined;
    // These come in place of kept ones that nobody has read.
    this.#unread = false;
    this.#chosen = true;
    this.experiment.choose('data', OWN);
    this.#leftOut = problems;
    // The other half of what is here already, unless that is a whole set, or is about to be one again.
    this.#read(set || this.#whole || this.#again ? files : [...this.#coming, ...files], set);
    this.look();
  }

  /** Has all of these read, also those that the worker had before: it may be another one now. @param {File[]} files @param {OwnSet} [set] that they were before */
  #read(files, set) {
    [this.#coming, this.#again, this.#whole, this.#reading] = [files, set, false, true];
    this.#number += 1;
    this.#ask();
  }

  #ask() {
    this.#asking = true;
    this.#reader.read();
    this.#asking = false;
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
      case 'remark':
        if (news.problem.code === 'not-used') this.#coming = this.#coming.filter(({ name }) => name !== news.problem.params.file);
        return void this.#leftOut.push(problemText(news.problem));
      case 'refused': return this.refuse(news.problem, news.name);
      case 'facts': return this.#commit(news.facts, /** @type {Uint8Array<ArrayBuffer>} */ (news.pixels), /** @type {Uint8Array<ArrayBuffer>} */ (news.labels));
      case 'read':
        this.#end(news.problem);
        return this.#goOn();
    }
  }

  /** Reads what was given meanwhile. */
  #goOn() {
    const next = this.#after;
    this.#after = undefined;
    if (next && !this.#reading) this.#use({ ...next, problems: [...(this.#whole ? [] : this.#leftOut), ...next.problems] });
  }

  /** The files make a set. @param {DataFacts} facts @param {Uint8Array<ArrayBuffer>} pixels @param {Uint8Array<ArrayBuffer>} labels */
  #commit(facts, pixels, labels) {
    [this.#whole, this.facts] = [true, facts];
    this.first.take(facts, pixels, labels);
    this.#say(...this.#words());
  }

  /** A file that the worker could not use: the others stay. @param {Problem} problem @param {string} [name] */
  refuse(problem, name = problem.params.file) {
    const at = this.#coming.findIndex((file) => file.name === name);
    this.#coming = this.#coming.filter((_, index) => index !== at);
    this.#leftOut.push(problemText(problem));
    // The worker has nothing then; the set that is here still has to be given to it again.
    if (this.#coming.length === 0) this.#stop();
    this.#say('', leftOutWords(this.#leftOut));
    if (!this.#reading) this.#goOn();
  }

  /** All are read. @param {Problem | undefined} problem why they make no set, where that is known */
  #end(problem) {
    if (this.#whole && this.facts) {
      this.#reading = false;
      return this.#became(this.facts);
    }
    this.#stop();
    if (this.#again) this.#broken.add(this.#again.id);
    this.#unread = !this.facts && this.#set !== undefined && !this.#broken.has(this.#set.id);
    const why = this.#coming.length === 0 ? [] : [problem ? problemText(problem) : t('own.more', { name: this.#last })];
    this.#say('', [...why, leftOutWords(this.#leftOut)].filter(Boolean).join(' '));
  }

  /** These files are no set: the worker is to have the one that is here, under a name that it does not know yet. */
  #stop() {
    this.#reading = false;
    this.#number += 1;
  }

  /** The files that were read are the set in use from now on, under the name that it has if it was here before. @param {DataFacts} facts */
  #became(facts) {
    const { fingerprint, train, test, classes } = facts;
    const before = this.#again ?? this.kept.list.find((set) => set.fingerprint === fingerprint);
    const twin = before && before.fingerprint !== fingerprint ? before.fingerprint : before?.twin;
    this.#set = { id: Date.now(), name: this.kept.free(nameOf(this.#coming)), ...before, files: this.#coming, coarse: this.#again?.coarse ?? false, fingerprint, twin, train, test, classes: classes.length };
    const meant = this.experiment.view.spec.set;
    const isOther = this.#chosen && meant !== '' && meant !== fingerprint;
    const missed = isOther && meant === this.#missed && t('own.not-meant', { set: meant });
    if (isOther) this.experiment.restore('set', 'replace');
    this.#say(this.#words()[0], [missed, leftOutWords(this.#leftOut)].filter(Boolean).join(' '));
    void this.#keep(this.#set);
  }

  /** @param {OwnSet} set */
  async #keep(set) {
    const coming = this.kept.put(set);
    void this.kept.use(set);
    this.look();
    await coming;
    if (!this.kept.isKept(set) && this.facts && this.#set === set && !this.#reading) this.#say(...this.#words());
  }

  /** What the set is and lacks, and what was left out. @returns {[string, string]} */
  #words() {
    const here = [this.facts ? setWords(this.facts) : t('own.formats'), this.#set && !this.kept.isKept(this.#set) && t('own.not-kept')];
    return [here.filter(Boolean).join(' '), leftOutWords(this.#leftOut)];
  }

  /** Says where it is seen that nothing of this can be used. @param {string[]} problems */
  #refuse(problems) {
    if (problems.length === 0) return;
    this.#leftOut = problems;
    const text = leftOutWords(this.#leftOut);
    if (this.element.hidden) this.#offer = note(text);
    this.#say(this.#whole ? this.#words()[0] : '', text);
  }

  /** A picture is looked at in its place: that it was left out is no longer to be said. @param {string} file */
  lookedAt(file) {
    const others = this.#leftOut.filter((text) => text !== pictureWords(file));
    if (others.length === this.#leftOut.length) return;
    this.#leftOut = others;
    if (!this.#waiting) this.#offer?.remove();
    if (!this.#reading) this.#say(...this.#words());
  }

  /** @param {OwnSet} set @param {string} name */
  async #rename(set, name) {
    const renamed = { ...set, name: this.kept.free(name, set.id) };
    if (this.#set?.id === set.id) this.#set = renamed;
    const coming = this.kept.put(renamed);
    this.look();
    await coming;
  }

  /** Forgets a set, and the images that came of it; another one that is kept takes its place. @param {OwnSet} set */
  async #remove(set) {
    const coming = this.kept.remove(set);
    const isUsed = this.#set?.id === set.id;
    offerUndo(t('own.set-removed', { name: set.name }), () => {
      void this.kept.put(set);
      if (isUsed) this.#next({ files: set.files, problems: [], set });
      this.look();
    });
    if (isUsed) {
      const next = this.kept.list.at(-1);
      this.#number += 1;
      this.#unread = this.#reading = this.#whole = false;
      [this.facts, this.#set, this.#coming, this.#leftOut] = [undefined, undefined, [], []];
      this.first.forgetOwn();
      this.experiment.restore('set', 'replace');
      if (next) this.#next({ files: next.files, problems: [], set: next });
      else {
        this.experiment.restore('data');
        this.#say(t('own.forgotten'));
      }
    }
    this.look();
    await coming;
  }

  /** @param {string} text @param {string} [bad] what of the person's files is not used, or missing */
  #say(text, bad = '') {
    this.state.replaceChildren(text, text && bad && ' ', h('span', { class: 'bad' }, bad));
    announce(this.state.textContent);
  }
}
