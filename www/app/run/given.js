// Weights that the next run begins from in the place of its seed's: of a file, or of another run. They stay until a person puts
// them away, and are fitted anew to each network that is chosen meanwhile.

import { h, setText } from '../base/dom.js';
import { download } from '../base/download.js';
import { problemText, t, thrownText } from '../base/i18n.js';
import { isProblem } from '../base/is-problem.js';
import { menuButton } from '../base/menu.js';
import { announce, note } from '../base/messages.js';
import { nameOf } from '../runs/marks.js';
import { OWN } from '../seen/images.js';
import { read, write } from './weight-files.js';

/** @import { DataFacts, Problem } from '../core.d.ts' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { Training } from './training.js' */
/** @import { Bytes, Fit } from './weight-files.js' */
/** @import { Touching } from './worker-client.js' */

export class Given {
  /** What was given. @type {{ name: string, file: File | Bytes } | undefined} */
  #source;
  /** For which network it was last read. */
  #key = '';
  /** How often something was read: only the last time counts. */
  #turn = 0;
  /** @type {Fit | undefined} */
  #fit;
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** Who waits for the weights of the run that is on. @type {((weights: Bytes) => void)[]} */
  #waiting = [];
  /** Whether it is not known yet whether they fit. */
  reading = false;

  /** @param {Experiment} experiment @param {Training} training */
  constructor(experiment, training) {
    this.experiment = experiment;
    this.training = training;
    this.chooser = h('input', { type: 'file', id: 'weights-file', hidden: true, accept: '.safetensors,.pt,.pth' });
    this.chooser.addEventListener('change', () => {
      const [file] = this.chooser.files ?? [];
      if (file) this.use(file.name, file);
      this.chooser.value = '';
    });
    this.button = menuButton({ class: 'quiet small', 'aria-label': t('given.load'), title: t('given.load') }, t('given.button'), () => [
      { label: t('given.choose'), act: () => this.chooser.click() },
      ...training.runs.list.filter((run) => this.has(run)).map((run) => ({ label: t('given.of-run', { run: nameOf(run) }), act: () => void this.useRun(run) })),
    ]);
    this.name = h('b', { dir: 'auto' });
    this.says = h('span', { class: 'given-says', role: 'status' });
    this.freeze = h('input', { type: 'checkbox', id: 'given-freeze', onchange: () => this.#tell() });
    this.freezing = h('label', { class: 'given-freeze' }, this.freeze, t('given.freeze'));
    this.element = h('section', { class: 'given', hidden: true, 'aria-label': t('given.title') },
      h('p', {}, t('given.title'), ' ', this.name, h('button', { type: 'button', class: 'quiet icon', 'aria-label': t('given.drop'), title: t('given.drop'), onclick: () => this.drop() }, '×')),
      this.says, this.freezing, this.chooser);
    experiment.subscribe(() => this.#follow());
    training.watch((_, weights) => { for (const tell of this.#waiting.splice(0)) tell(weights); });
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** What a run of what is chosen begins from; nothing where nothing was given, or it does not fit. @returns {Touching | undefined} */
  get touching() {
    const [source, fit] = [this.#source, this.#fit];
    return source && fit && { name: source.name, weights: fit.weights, touches: this.freeze.checked ? fit.freezes : [] };
  }

  /** Tells the weights that are given from those that were before. */
  get version() {
    return `${this.#source?.name} ${this.#turn}`;
  }

  /** Whether weights of a run can be had. @param {Run} run */
  has(run) {
    return (run === this.training.run && run.active && run.steps > 0) || this.training.runs.store.hasWeights(run.id);
  }

  /** Begins from these. @param {string} name @param {File | Bytes} file */
  use(name, file) {
    this.#source = { name, file };
    this.#key = '';
    this.freeze.checked = false;
    this.#follow();
  }

  /** Begins from what a run has learned. @param {Run} run */
  async useRun(run) {
    const file = await this.#fileOf(run);
    if (file) this.use(nameOf(run), file);
  }

  /** Trains on from what a run has learned, in a new one. @param {Run} run */
  async goOn(run) {
    const weights = await this.#weightsOf(run);
    if (!weights) return note(t('given.gone', { run: nameOf(run) }));
    this.experiment.open(run.choices, 'push');
    this.training.begin(run.spec, run.choices, 'go', {}, { name: nameOf(run), weights, touches: [] });
  }

  /** Hands a run's weights to the browser as a file. @param {Run} run */
  async save(run) {
    const file = await this.#fileOf(run);
    if (file) download(file, 'application/octet-stream', `run-${run.number}.safetensors`);
  }

  drop() {
    this.#source = undefined;
    this.#follow();
    this.button.focus();
  }

  /** What a run has learned: as it is now, if it is on, else as it was kept. @param {Run} run @returns {Promise<Bytes | undefined>} */
  #weightsOf(run) {
    const { training } = this;
    if (run !== training.run || !run.active) return training.runs.store.weights(run.id);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      training.askWeights();
    });
  }

  /** @param {Run} run @returns {Promise<Bytes | undefined>} */
  async #fileOf(run) {
    const weights = await this.#weightsOf(run);
    if (!weights) return void note(t('given.gone', { run: nameOf(run) }));
    try {
      return await write({ spec: run.spec, facts: this.#factsOf(run) }, weights);
    } catch (thrown) {
      return void note(isProblem(thrown) ? problemText(thrown) : thrownText(thrown));
    }
  }

  /** The facts of a run's data set, as far as they are here. @param {Run} run @returns {DataFacts | null} */
  #factsOf({ spec }) {
    const { view, facts } = this.experiment;
    return spec.data === view.spec.data ? facts ?? null : null;
  }

  /** Fits what was given to the network that is chosen. */
  #follow() {
    const { view: { network, spec }, facts } = this.experiment;
    const source = this.#source;
    // The last layer may have to be drawn anew.
    const key = source && network && (facts || spec.data !== OWN) ? JSON.stringify([network, spec.init, spec.seed]) : '';
    if (source && key !== '' && key === this.#key) return;
    this.#key = key;
    this.#turn += 1;
    this.#fit = undefined;
    this.reading = source !== undefined && key !== '';
    this.element.hidden = !source;
    setText(this.name, source?.name ?? '');
    setText(this.says, this.reading ? t('given.reading') : '');
    this.freezing.hidden = true;
    this.#tell();
    if (source && key !== '') void this.#read(source.file, this.#turn);
  }

  /** @param {File | Bytes} file @param {number} turn */
  async #read(file, turn) {
    const { view: { spec }, facts = null } = this.experiment;
    /** @type {Fit | undefined} */
    let fit;
    let says = '';
    try {
      fit = await read({ spec, facts }, file);
      says = fit.misfit ? bodyText(fit.misfit) : t('given.fits');
    } catch (thrown) {
      says = t('given.misfit', { why: isProblem(thrown) ? problemText(thrown) : thrownText(thrown) });
    }
    if (turn !== this.#turn) return;
    this.#fit = fit;
    this.reading = false;
    setText(this.says, says);
    this.element.dataset.fits = String(fit !== undefined);
    this.freezing.hidden = !fit || fit.freezes.length === 0;
    announce(says);
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

/** That all fits but the last layer. @param {Problem} misfit */
function bodyText(misfit) {
  return misfit.code === 'tensor-differs' ? t('given.body', misfit.params) : t('given.body-other', { why: problemText(misfit) });
}
