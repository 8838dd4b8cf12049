// A person's own files: chosen or dropped, read by the worker, shown like any other data set, and kept in this browser.

import { h, setText } from '../base/dom.js';
import { number, plural, problemText, t } from '../base/i18n.js';
import { OWN } from './images.js';
import { announce } from '../base/messages.js';

/** @import { DataFacts, Problem } from '../core.d.ts' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { FirstImages } from './images.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { RunStore } from '../base/storage.js' */
/** @import { Report } from '../run/worker-client.js' */

/** What is kept, under this name. @typedef {{ files: File[], since: number }} Kept */
const KEPT = 'files';
/** More bytes of files are not kept: all of CIFAR-10 has 186 million. */
const MOST_BYTES = 200_000_000;

/** What reads files. @typedef {{ isFree: () => boolean, read: (files: File[]) => void }} Reader */

export class OwnData {
  /** Those that make the data set, or will. @type {File[]} */
  files = [];
  /** @type {DataFacts | undefined} */
  facts;
  #number = 0;
  /** When the first of them came, in milliseconds. */
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
    const input = h('input', { type: 'file', id: 'own-files', multiple: true, tabindex: -1, 'aria-label': t('own.choose') });
    input.addEventListener('change', () => {
      this.take([...(input.files ?? [])]);
      input.value = '';
    });
    const choose = h('button', { type: 'button', onclick: () => input.click() }, t('own.choose'));
    this.state = h('p', { role: 'status' }, t('own.formats'));
    this.forget = h('button', { type: 'button', class: 'quiet small', hidden: true, onclick: () => void this.#forget() }, t('own.forget'));
    this.element = h('div', { class: 'own' }, t('own.drop'), choose, input, this.state, this.forget);
    experiment.subscribe(() => this.look());
    this.look();
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
    return this.files.length > 0 && run.id >= this.#since;
  }

  /** Brings back what was kept; it is read once it is needed. */
  async restore() {
    const kept = /** @type {Kept | undefined} */ (await this.store.thing(KEPT));
    // A quick person may have chosen others meanwhile.
    if (!kept || this.files.length > 0) return;
    this.#number += 1;
    this.files = kept.files;
    this.#since = kept.since;
    this.#unread = true;
    this.look();
  }

  /** Has kept files read, if somebody wants to see them and the worker has time. */
  look() {
    this.element.hidden = this.experiment.view.spec.data !== OWN;
    this.forget.hidden = this.files.length === 0 || !this.#kept;
    if (this.element.hidden || !this.#unread) return;
    if (!this.#reader.isFree()) return setText(this.state, t('own.later'));
    this.#unread = false;
    this.#reader.read(this.files);
  }

  async #keep() {
    const { files } = this;
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    this.#kept = files.length > 0 && bytes <= MOST_BYTES && (await this.store.putThing(KEPT, { files, since: this.#since }));
    // What is kept must never be other files than those that are here.
    if (!this.#kept) await this.store.removeThing(KEPT);
    if (!this.#kept && this.facts) setText(this.state, this.#words(this.facts));
    this.look();
  }

  /** @param {DataFacts} facts */
  #words({ classes, train, test }) {
    const words = plural('own.ready', classes.length, { train: number(train), test: number(test), classes: number(classes.length) });
    return this.#kept ? words : `${words} ${t('own.not-kept')}`;
  }

  /** Forgets the files, and the images that came of them. */
  async #forget() {
    this.#clear();
    await this.#keep();
    this.experiment.restore('data');
    this.#say(t('own.forgotten'));
  }

  #clear() {
    this.#number += 1;
    this.#unread = false;
    this.facts = undefined;
    this.files = [];
    this.first.forgetOwn();
  }

  /** @param {File[]} files */
  take(files) {
    if (files.length === 0 || this.experiment.isFixed('data')) return;
    if (this.facts || this.#unread || this.files.length === 0) {
      // A whole set is there: these begin another one.
      this.#clear();
      this.#since = Date.now();
    }
    this.files = [...this.files, ...files];
    this.experiment.choose('data', OWN);
    this.#reader.read(files);
    void this.#keep();
  }

  /** @param {Extract<Report, { kind: 'reading' | 'incomplete' | 'facts' }>} report */
  hear(report) {
    switch (report.kind) {
      case 'reading': return this.#say(t('own.reading', { name: report.name }));
      case 'incomplete': return this.#say(t('own.more', { name: report.name }));
      case 'facts': {
        const { facts } = report;
        const known = this.facts !== undefined;
        this.facts = facts;
        this.first.take(facts, /** @type {Uint8Array<ArrayBuffer>} */ (report.pixels), /** @type {Uint8Array<ArrayBuffer>} */ (report.labels));
        if (!known) this.#say(this.#words(facts));
      }
    }
  }

  /** @param {Problem} problem */
  refuse(problem) {
    // The file at fault is the last one that was read; the others stay.
    this.files = this.files.slice(0, -1);
    void this.#keep();
    this.#say(problemText(problem), true);
  }

  /** @param {string} text @param {boolean} [bad] */
  #say(text, bad = false) {
    this.state.textContent = text;
    this.state.classList.toggle('bad', bad);
    announce(text);
  }
}
