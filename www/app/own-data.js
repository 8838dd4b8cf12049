// A person's own files: chosen or dropped, read by the worker, shown like any other data set.

import { h } from './dom.js';
import { number, plural, problemText, t } from './i18n.js';
import { OWN } from './images.js';
import { announce } from './messages.js';

/** @import { DataFacts, Problem } from './core.d.ts' */
/** @import { Experiment } from './experiment.js' */
/** @import { FirstImages } from './images.js' */
/** @import { Report } from './worker-client.js' */

export class OwnData {
  /** Those that make the data set, or will. @type {File[]} */
  files = [];
  /** @type {DataFacts | undefined} */
  facts;
  #number = 0;
  /** @type {(files: File[]) => void} */
  #read = () => {};

  /** @param {Experiment} experiment @param {FirstImages} first */
  constructor(experiment, first) {
    this.experiment = experiment;
    this.first = first;
    const input = h('input', { type: 'file', id: 'own-files', multiple: true, tabindex: -1, 'aria-label': t('own.choose') });
    input.addEventListener('change', () => {
      this.take([...(input.files ?? [])]);
      input.value = '';
    });
    const choose = h('button', { type: 'button', onclick: () => input.click() }, t('own.choose'));
    this.state = h('p', { role: 'status' }, t('own.formats'));
    this.element = h('div', { class: 'own' }, t('own.drop'), choose, input, this.state);
    experiment.subscribe(() => this.#show());
    this.#show();
  }

  /** What tells these files from others that were here before. */
  get name() {
    return `${OWN}:${this.#number}`;
  }

  /** @param {(files: File[]) => void} read */
  connect(read) {
    this.#read = read;
  }

  /** @param {File[]} files */
  take(files) {
    if (files.length === 0 || this.experiment.isFixed('data')) return;
    if (this.facts || this.files.length === 0) {
      // A whole set is there: these begin another one.
      this.#number += 1;
      this.facts = undefined;
      this.files = [];
      this.first.forgetOwn();
    }
    this.files.push(...files);
    this.experiment.choose('data', OWN);
    this.#read(files);
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
        if (known) return;
        this.#say(plural('own.ready', facts.classes.length, { train: number(facts.train), test: number(facts.test), classes: number(facts.classes.length) }));
      }
    }
  }

  /** @param {Problem} problem */
  refuse(problem) {
    // The file at fault is the last one that was read; the others stay.
    this.files.pop();
    this.#say(problemText(problem), true);
  }

  /** @param {string} text @param {boolean} [bad] */
  #say(text, bad = false) {
    this.state.textContent = text;
    this.state.classList.toggle('bad', bad);
    announce(text);
  }

  #show() {
    this.element.hidden = this.experiment.view.spec.data !== OWN;
  }
}
