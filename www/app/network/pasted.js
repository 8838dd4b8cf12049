// PyTorch code that a person brings, as a network of their own: what is in it, why it cannot be taken, and what it says of training.

import { AskedWorker } from '../base/asked.js';
import { h, setText } from '../base/dom.js';
import { hasWords, named, number, problemText, t, thrownText, valueText } from '../base/i18n.js';
import { isProblem } from '../base/is-problem.js';
import { offerUndo } from '../base/messages.js';
import { PYTHON } from '../place.js';
import { Drawing, totals } from './drawing.js';

/** @import { View } from '../core.d.ts' */
/** @import { Choices, Engine } from '../engine.js' */
/** @import { Reading, ReadingFault, ReadingStep } from '../python.d.ts' */
/** @import { Experiment } from '../experiment/experiment.js' */

/** Seconds that a text may be read. */
const PATIENCE = 20;
/** Milliseconds without a letter, after which it is read what somebody types. */
const PAUSE = 400;
/** What a network of one's own consists of. */
const FIELDS = ['net', 'layers', 'task'];

export class PastedCode {
  #worker = new AskedWorker(PYTHON, () => {}, PATIENCE);
  /** @type {string | File} */
  #code = '';
  /** What the person picked of it, and for which data. @type {{ network?: string, data?: string }} */
  #picked = {};
  /** How often something was to be read: only the last time counts. */
  #turn = 0;
  /** What a press opens. @type {{ choices: Choices, offers: { box: HTMLInputElement, choices: Choices }[], name: string } | undefined} */
  #ready;

  /** @param {Experiment} experiment @param {Engine} engine */
  constructor(experiment, engine) {
    this.experiment = experiment;
    this.engine = engine;
    this.button = h('button', { type: 'button', class: 'quiet small', 'aria-haspopup': 'dialog', onclick: () => this.open('') }, t('pasted.button'));
    const follow = () => { this.button.hidden = !this.#mayOpen; };
    experiment.subscribe(follow);
    follow();
    this.text = h('textarea', { id: 'pasted-text', class: 'text-of-layers pasted-text', wrap: 'off', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', placeholder: t('pasted.example') });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let later;
    this.text.addEventListener('input', () => {
      clearTimeout(later);
      later = setTimeout(() => this.#take(this.text.value), PAUSE);
    });
    const chooser = h('input', { type: 'file', hidden: true, accept: '.py,.ipynb' });
    chooser.addEventListener('change', () => {
      const [file] = chooser.files ?? [];
      if (file) this.open(file);
      chooser.value = '';
    });
    this.from = h('p', { class: 'caption' });
    this.found = h('div', { class: 'pasted-found', role: 'status' });
    this.more = h('div', { class: 'pasted-more' });
    this.use = h('button', { type: 'button', class: 'small primary', disabled: true, onclick: () => this.#open() }, t('pasted.open'));
    this.dialog = h('dialog', { class: 'pasted-dialog', 'aria-labelledby': 'pasted-title' },
      h('h2', { id: 'pasted-title' }, t('pasted.title')),
      h('div', { class: 'pasted-body' },
        h('div', { class: 'pasted-code' },
          h('div', { class: 'pasted-head' }, h('label', { for: 'pasted-text' }, t('pasted.code')), h('button', { type: 'button', class: 'quiet small', onclick: () => chooser.click() }, t('pasted.choose'))),
          this.text, chooser, this.from),
        h('div', { class: 'pasted-result' }, this.found, this.more)),
      h('form', { method: 'dialog', class: 'dialog-end' }, h('button', { class: 'small' }, t('shortcuts.close')), this.use));
    this.dialog.addEventListener('close', () => this.#close());
  }

  /** What cannot be changed here cannot be opened either. */
  get #mayOpen() {
    return !FIELDS.some((key) => this.experiment.isFixed(key));
  }

  /** Shows what is in this code. @param {string | File} code */
  open(code) {
    if (!this.#mayOpen) return;
    if (!this.dialog.isConnected) {
      document.body.append(this.dialog);
      this.dialog.showModal();
    }
    this.text.value = typeof code === 'string' ? code : '';
    this.text.focus();
    this.#take(code);
  }

  #close() {
    this.#turn += 1;
    this.dialog.remove();
    this.#ready = undefined;
    this.#worker.rest();
  }

  /** @param {string | File} code */
  #take(code) {
    this.#code = code;
    this.#picked = {};
    void this.#read();
  }

  async #read() {
    this.#turn += 1;
    const turn = this.#turn;
    const code = this.#code;
    const isText = typeof code === 'string';
    this.#ready = undefined;
    this.use.disabled = true;
    setText(this.from, isText ? t('pasted.stays') : t('pasted.from', { file: code.name }));
    if (isText && code.trim() === '') return this.#say(t('pasted.nothing'));
    // What was found before stays until there is something else.
    if (!this.found.querySelector('strong')) this.#say(t('pasted.reading'));
    this.found.setAttribute('aria-busy', 'true');
    const { view: { spec }, facts } = this.experiment;
    const data = this.#picked.data ?? spec.data;
    try {
      /** @type {Reading} */
      const reading = await this.#worker.do((ask) => ask({ code, network: this.#picked.network ?? null, data, facts: data === spec.data ? facts ?? null : null }));
      if (turn === this.#turn) this.#show(reading);
    } catch (thrown) {
      if (turn === this.#turn) this.#say(isProblem(thrown) && hasWords(`pasted.${thrown.code}`) ? t(`pasted.${thrown.code}`, thrown.params) : thrownText(thrown), true);
    }
    // Nobody waits any more.
    if (!this.dialog.isConnected) this.#worker.rest();
  }

  /** @param {string} words @param {boolean} [bad] */
  #say(words, bad = false) {
    this.found.removeAttribute('aria-busy');
    this.found.replaceChildren(h('p', { class: bad ? 'bad' : 'caption' }, words));
    this.more.replaceChildren();
  }

  /** @param {Reading} reading */
  #show(reading) {
    if (typeof this.#code !== 'string') this.text.value = reading.text;
    this.found.removeAttribute('aria-busy');
    const { fault, layers, network } = reading;
    if (fault) this.found.replaceChildren(...this.#fault(fault));
    else if (network === null) this.found.replaceChildren(h('p', {}, t('pasted.several')));
    /** @type {Choices} */
    const choices = { net: 'own', task: reading.task ?? '', layers: layers ?? '', data: reading.data };
    const facts = reading.data === this.experiment.view.spec.data ? this.experiment.facts : undefined;
    const view = fault || layers === null ? undefined : this.engine.view({ ...this.experiment.view.choices, ...choices }, facts);
    if (view) this.found.replaceChildren(...this.#opened(view, reading));
    const offers = this.#offers(reading, choices, facts);
    this.more.replaceChildren(...[
      this.#networks(reading), this.#fitting(reading),
      fault && reading.steps.length > 1 ? stepTable(reading.steps) : null,
      view?.network ? drawing(view) : null,
      list(t('pasted.remarks'), reading.remarks.map((remark) => h('li', {}, faultText(remark)))),
      view && offers.length > 0 ? h('fieldset', { class: 'pasted-offers' }, h('legend', {}, t('pasted.offers')), ...offers.map(({ element }) => element)) : null,
    ].filter((part) => part !== null));
    this.#ready = view?.network ? { choices, offers, name: network ?? '' } : undefined;
    this.use.disabled = !this.#ready;
  }

  /** What the network is here, or why it is none. @param {View} view @param {Reading} reading */
  #opened({ network, refusal, spec }, { network: name, weights, declared, data }) {
    if (!network) return [h('p', { class: 'bad' }, refusal ? problemText(refusal) : t('network.no-data'))];
    const counts = declared === null || weights === null ? null : { weights: number(weights), declared: number(declared) };
    return [
      h('p', { class: 'pasted-name' }, h('strong', {}, name), ` · ${totals(network)}`),
      h('p', { class: 'caption' }, t('pasted.for', { data: valueText('data', data), shape: (network.rows[0]?.input ?? []).join('×') }),
        ' ', counts && t(weights === declared ? 'pasted.same-count' : 'pasted.other-count', counts)),
    ];
  }

  /** Why it cannot be taken, and where. @param {ReadingFault} fault */
  #fault(fault) {
    const { mark } = fault;
    const show = () => {
      if (!mark) return;
      this.text.focus();
      this.text.setSelectionRange(mark.start, mark.end);
      const before = this.text.value.slice(0, mark.start).split('\n').length;
      this.text.scrollTop = this.text.scrollHeight * (before / this.text.value.split('\n').length) - this.text.clientHeight / 2;
    };
    return [
      h('p', { class: 'bad' }, h('strong', {}, t('pasted.refused')), ' ', faultText(fault)),
      mark && h('pre', { class: 'pasted-place', tabindex: 0, role: 'region', 'aria-label': placeText(fault) }, mark.before, h('mark', {}, mark.there), mark.after),
      mark && h('p', {}, h('button', { type: 'button', class: 'quiet small', onclick: show }, t('own.show'))),
    ].filter((part) => part !== null);
  }

  /** Which of several networks is meant. @param {Reading} reading */
  #networks({ networks, network }) {
    if (networks.length < 2) return null;
    const select = h('select', { id: 'pasted-network', onchange: () => {
      this.#picked.network = select.value;
      void this.#read();
    } }, network === null && h('option', { value: '', selected: true, disabled: true }, t('pasted.pick')),
    ...networks.map(({ name, made }) => h('option', { value: name, selected: name === network }, [name, made].filter(Boolean).join(' = '))));
    return h('div', { class: 'field' }, h('label', { class: 'field-label', for: select.id }, t('pasted.network')), select);
  }

  /** Data whose images it could take, if it cannot take those that are chosen. @param {Reading} reading */
  #fitting({ fitting, fault }) {
    if (!fault || fitting.length === 0 || this.experiment.isFixed('data')) return null;
    return h('p', {}, t('pasted.fits'), ...fitting.flatMap((data) => [' ', h('button', { type: 'button', class: 'small', onclick: () => {
      this.#picked.data = data;
      void this.#read();
    } }, t('pasted.take-for', { data: valueText('data', data) }))]));
  }

  /** What the code says of training, to be ticked. @param {Reading} reading @param {Choices} choices @param {Experiment['facts']} facts */
  #offers({ offers }, choices, facts) {
    const open = offers.filter((offer) => !offer.some(([key]) => this.experiment.isFixed(key)));
    return open.map((offer) => {
      const wanted = Object.fromEntries(offer);
      const { fields, problems } = this.engine.view({ ...this.experiment.view.choices, ...choices, ...wanted }, facts);
      const problem = problems.find(({ field }) => field !== null && field in wanted);
      const said = offer.flatMap(([key]) => {
        const field = fields.find((one) => one.key === key);
        return field?.applies ? [named(t(`field.${key}`), valueText(key, field.value))] : [];
      });
      const box = h('input', { type: 'checkbox', disabled: problem !== undefined });
      return { box, choices: wanted, element: h('label', { class: 'share-choice' }, box, problem ? problemText(problem) : said.join(' · ')) };
    });
  }

  #open() {
    if (!this.#ready) return;
    const { choices, offers, name } = this.#ready;
    const ticked = offers.filter(({ box }) => box.checked).map((offer) => offer.choices);
    const before = this.experiment.view.choices;
    // What is chosen already need not be chosen, and may not be where it is fixed.
    const { data, ...network } = choices;
    const same = data === this.experiment.view.spec.data;
    const problem = this.experiment.chooseAll(Object.assign({ ...network, ...(same ? {} : { data }) }, ...ticked));
    if (problem) return this.#say(problemText(problem), true);
    this.dialog.close();
    offerUndo(t('pasted.opened', { network: name }), () => this.experiment.open(before, 'push'));
  }
}

/** @param {Pick<ReadingStep, 'cell' | 'line'>} place */
const placeText = ({ cell, line }) => (cell > 0 ? t('pasted.cell', { cell, line }) : line > 0 ? t('pasted.line', { line }) : '');

/** @param {ReadingFault} fault */
function faultText(fault) {
  const { problem, cause, facts, near, made } = fault;
  const said = problem ? problemText(problem) : t(`pasted.fault.${cause}`, facts);
  const place = placeText(fault);
  const whole = place ? t('pasted.at', { place, fault: said }) : said;
  return [whole, near && t('pasted.near', { near }), made && t('pasted.made', { place: placeText(made) })].filter(Boolean).join(' ');
}

/** @param {string} title @param {HTMLElement[]} items */
const list = (title, items) => (items.length > 0 ? h('div', { class: 'pasted-remarks' }, h('h3', {}, title), h('ul', {}, ...items)) : null);

/** The network as it would be here. @param {View} view */
function drawing({ network, spec }) {
  const drawn = new Drawing(() => {}, () => {});
  if (!network) return drawn.element;
  const words = t('network.figure', { name: valueText('net', spec.net), depth: network.depth, parameters: number(network.parameters) });
  drawn.draw(network, words).picture.setAttribute('role', 'img');
  for (const [key, value] of Object.entries({ tabindex: 0, role: 'region', 'aria-label': words })) drawn.element.setAttribute(key, String(value));
  return drawn.element;
}

/** What each layer made of its input, up to where it went wrong. @param {ReadingStep[]} steps */
function stepTable(steps) {
  const words = (/** @type {string} */ kind) => t(hasWords(`pasted.step.${kind}`) ? `pasted.step.${kind}` : `layer.${kind}`);
  return h('div', { class: 'pasted-steps', tabindex: 0, role: 'region', 'aria-label': t('pasted.steps') }, h('table', {},
    h('caption', {}, t('pasted.steps')),
    h('tbody', {}, ...steps.map((step) => h('tr', {}, h('th', { scope: 'row' }, words(step.kind)), h('td', {}, step.shape), h('td', { class: 'caption' }, placeText(step)))))));
}
