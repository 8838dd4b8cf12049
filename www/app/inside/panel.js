// "Look inside": which run, which picture, which view. What is open is shown anew when the run's
// weights, the picture or the choice change; what is closed asks for nothing.

import { h, setText } from '../base/dom.js';
import { isProblem } from '../base/is-problem.js';
import { beside, problemText, t, valueText } from '../base/i18n.js';
import { OWN } from '../seen/images.js';
import { nameOf } from '../runs/marks.js';
import { announce } from '../base/messages.js';
import { tabs } from '../base/tabs.js';
import { DrawView } from './draw.js';
import { ExciteView } from './excite.js';
import { InsideClient } from './client.js';
import { KernelsView } from './kernels.js';
import { LayersView } from './layers.js';
import { MapsView } from './maps.js';
import { MistakesView } from './mistakes.js';
import { Pictures } from './pictures.js';
import { ShiftView } from './shift.js';
import { WhyView } from './why.js';

/** @import { DataFacts, Summary } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { OwnData } from '../seen/own-data.js' */
/** @import { Run, Runs } from '../runs/list.js' */
/** @import { Training } from '../run/training.js' */
/** @import { Bytes, Picture } from './client.js' */

/**
 * What a view is shown of.
 * @typedef {object} Subject
 * @property {Run} run
 * @property {Summary} network
 * @property {DataFacts} facts
 * @property {Picture} picture
 * @property {string} version changes with the run's weights
 * @property {number} steps after which it had these weights
 */

/** Waits for what a view does by itself, and says what goes wrong. @typedef {(work: Promise<void>) => void} Attempt */

/**
 * One of the tabs. `live` ones follow the weights while a run is on.
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {boolean} live
 * @property {(subject: Subject) => Promise<void>} show
 * @property {(path: string) => void} [select]
 * @property {() => void} [hide]
 */

/** Views of the classes that a network names. */
const OF_CLASSES = ['why', 'mistakes', 'shift', 'draw'];

export class Inside {
  /** @type {Run | undefined} */
  #chosen;
  /** The latest weights of the run that is on, and after how many steps it had them. @type {{ run: Run, weights: Bytes, count: number, steps: number } | undefined} */
  #live;
  #open = false;
  #onScreen = false;
  #busy = false;
  #again = false;
  /** The network of each run, by the run's id: it takes time to work out, and never changes. @type {Map<number, Summary>} */
  #networks = new Map();
  /** How many steps the run had when its weights were asked for. */
  #asked = -Infinity;
  /** @type {string} */
  #tab = 'kernels';

  /**
   * @param {{ body: HTMLElement, tools: HTMLElement }} places
   * @param {{ engine: Engine, runs: Runs, training: Training, own: OwnData }} page
   */
  constructor({ body, tools }, { engine, runs, training, own }) {
    this.engine = engine;
    this.runs = runs;
    this.training = training;
    this.own = own;
    this.client = new InsideClient(own);
    this.pictures = new Pictures(engine, runs.store, this.client, () => this.refresh(), (file) => own.lookedAt(file));
    const { client, pictures } = this;
    const attempt = /** @param {Promise<void>} work */ (work) => void this.#attempt(work);
    /** @type {Record<string, View>} */
    this.views = {
      kernels: new KernelsView(client, (channel) => this.#excite(channel)),
      maps: new MapsView(client, pictures, attempt, (row, channel) => this.#excite(channel, row)),
      excite: new ExciteView(client, attempt),
      layers: new LayersView(client, runs, (run) => this.networkOf(run)),
      why: new WhyView(client, pictures, attempt),
      mistakes: new MistakesView(client, (index) => {
        pictures.choose({ index });
        this.tabs.choose('why');
      }),
      shift: new ShiftView(client, (shown) => this.#everyone(shown)),
      draw: new DrawView(runs.store, client, pictures, (shown) => this.#everyone(shown)),
    };
    this.select = h('select', { 'aria-label': t('inside.run'), onchange: () => {
      this.#chosen = runs.list.find((run) => String(run.id) === this.select.value);
      this.refresh();
    } });
    this.toggle = h('button', { type: 'button', 'aria-expanded': false, 'aria-controls': body.id, onclick: () => this.#turn(!this.#open) }, t('inside.open'));
    tools.replaceChildren(this.select, this.toggle);
    this.tabs = tabs('inside', Object.keys(this.views), (tab) => {
      this.views[this.#tab]?.hide?.();
      this.#tab = tab;
      this.refresh();
    });
    this.note = h('p', { class: 'caption', role: 'status' });
    this.retry = h('button', { type: 'button', class: 'small', hidden: true, onclick: () => this.refresh() }, t('inside.again'));
    this.intro = h('p', { class: 'caption' }, t('inside.intro'));
    this.place = h('div', { class: 'inside-view', role: 'tabpanel', tabindex: -1, 'aria-label': t('inside.title') });
    this.content = h('div', { class: 'inside-content', hidden: true }, this.tabs.element, this.note, this.retry,
      h('div', { class: 'inside-columns' }, pictures.element, this.place));
    body.replaceChildren(this.intro, this.content);

    new IntersectionObserver((entries) => {
      this.#onScreen = entries.some((entry) => entry.isIntersecting);
      if (this.#onScreen) this.refresh();
    }).observe(body);
    document.addEventListener('visibilitychange', () => this.refresh());
    runs.subscribe(() => this.#follow());
    training.watch((run, weights, steps) => {
      this.#live = { run, weights, count: (this.#live?.count ?? 0) + 1, steps };
      if (this.#looking && run === this.run && this.views[this.#tab]?.live) this.refresh();
    });
    this.#follow();
  }

  /** The run that is looked at: the one chosen, else the one that is on, else the last. */
  get run() {
    const { list } = this.runs;
    const chosen = this.#chosen && list.includes(this.#chosen) ? this.#chosen : undefined;
    const on = this.training.run && list.includes(this.training.run) ? this.training.run : undefined;
    return chosen ?? on ?? list.at(-1);
  }

  get #looking() {
    return this.#open && this.#onScreen && !document.hidden;
  }

  /** Opens a layer of the network on the page, as far as the run has it. @param {string} path */
  openLayer(path) {
    if (!this.run) return;
    this.#turn(true);
    this.views.maps?.select?.(path);
    this.tabs.choose('maps');
    this.content.scrollIntoView({ block: 'nearest', behavior: 'auto' });
  }

  /** Opens one of the tabs on a run. @param {string} tab @param {Run} run */
  openTab(tab, run) {
    this.#chosen = run;
    this.select.value = String(run.id);
    this.#turn(true);
    this.tabs.choose(tab);
    this.content.scrollIntoView({ block: 'start', behavior: 'auto' });
  }

  /** Looks at a picture that was pasted, where something is open that can. @param {File} file */
  take(file) {
    const is = this.#open && this.pictures.isShown;
    if (is) {
      void this.pictures.take(file);
      this.content.scrollIntoView({ block: 'nearest', behavior: 'auto' });
    }
    return is;
  }

  /** How well each layer of a run separates the classes, over `images` test images; nothing if its weights were not kept. @param {Run} run @param {number} images */
  async separable(run, images) {
    const facts = this.networkOf(run) && await this.#known(run);
    return facts && this.client.ask(run, { kind: 'separable', images }, images);
  }

  /** @param {number} channel @param {number} [row] */
  #excite(channel, row) {
    /** @type {ExciteView} */ (this.views.excite).choose(row, channel);
    this.tabs.choose('excite');
  }

  /** @param {boolean} open */
  #turn(open) {
    this.#open = open;
    this.content.hidden = !open;
    this.intro.hidden = open;
    this.toggle.setAttribute('aria-expanded', String(open));
    setText(this.toggle, t(open ? 'inside.close' : 'inside.open'));
    if (open) this.refresh();
    else this.views[this.#tab]?.hide?.();
  }

  /** Asks for the weights of the run that is on, while a view that follows them is looked at. */
  #ask() {
    const { run } = this.training;
    if (!this.#looking || this.#busy || !run || run !== this.run || !run.active || run.steps === 0) return;
    if (run.steps === this.#asked && this.#live?.run === run) return;
    if (!this.views[this.#tab]?.live && this.#live?.run === run) return;
    this.#asked = run.steps;
    this.training.askWeights();
  }

  /** The list of runs follows the runs. */
  #follow() {
    const { list } = this.runs;
    const known = JSON.stringify(list.map((run) => [run.id, run.label]));
    if (this.select.dataset.known !== known) {
      this.select.dataset.known = known;
      this.select.replaceChildren(...[...list].reverse().map((run) => h('option', { value: run.id }, titleOf(run))));
      this.client.keep(list);
      for (const id of this.#networks.keys()) if (!list.some((run) => run.id === id)) this.#networks.delete(id);
      this.toggle.disabled = list.length === 0;
      this.select.hidden = list.length === 0;
    }
    const { run } = this;
    if (run) this.select.value = String(run.id);
    if (this.#tab === 'layers' && this.#looking) this.refresh();
    if (run && this.place.dataset.run !== `${run.id} ${run.state === 'done'}`) this.refresh();
    this.#ask();
  }

  /** Redraws the open view; again if something changes meanwhile. */
  refresh() {
    if (!this.#looking) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    this.#again = false;
    void this.#attempt(this.#show()).finally(() => {
      this.#busy = false;
      if (this.#again) this.refresh();
      this.#ask();
    });
  }

  /** What goes wrong is said, and can be tried again. @param {Promise<void>} work */
  async #attempt(work) {
    try {
      await work;
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      this.#say(problemText(thrown));
      this.retry.hidden = false;
    }
  }

  async #show() {
    const { run } = this;
    const view = this.views[this.#tab];
    if (!run || !view) return;
    this.place.dataset.run = `${run.id} ${run.state === 'done'}`;
    const network = this.networkOf(run);
    const facts = network && await this.#known(run);
    if (!network || !facts) {
      this.place.replaceChildren();
      this.#say(t(run.active ? 'inside.waiting' : network ? 'inside.no-weights' : 'inside.no-data', { run: nameOf(run) }));
      return;
    }
    if (run.task === 'segment' && OF_CLASSES.includes(this.#tab)) {
      this.place.replaceChildren();
      this.#say(t('inside.no-classes', { run: nameOf(run) }));
      return;
    }
    await this.pictures.follow(run, facts);
    if (this.place.firstElementChild !== view.element) this.place.replaceChildren(view.element);
    this.#say('');
    await view.show({ run, network, facts, picture: this.pictures.picture, version: this.#version(run), steps: this.#live?.run === run ? this.#live.steps : run.steps });
  }

  /** @param {string} text */
  #say(text) {
    this.retry.hidden = true;
    if (text && this.note.textContent !== text) announce(text);
    setText(this.note, text);
  }

  /** A key that changes with a run's weights. @param {Run} run */
  #version(run) {
    return `${run.id} ${this.#live?.run === run ? this.#live.count : 'kept'}`;
  }

  /** Lets the client know a run. Gives its data set's facts, if it has weights. @param {Run} run */
  #known(run) {
    const live = this.#live?.run === run ? this.#live.weights : undefined;
    return this.client.open(run, this.#version(run), async () => live ?? this.runs.store.weights(run.id));
  }

  /** Every run on the chart that takes the picture, open and looking at it. @param {(run: Run, facts: DataFacts, version: string) => Promise<void>} shown */
  async #everyone(shown) {
    const { run: main } = this;
    for (const run of this.runs.list.filter((other) => other.visible && other.task === main?.task && other.spec.data === main?.spec.data)) {
      const facts = this.networkOf(run) && await this.#known(run);
      if (!facts) continue;
      await this.client.look(run, this.pictures.picture);
      await shown(run, facts, this.#version(run));
    }
  }

  /** A run's layers, if the page has what its data set tells about them. @param {Run} run @returns {Summary | undefined} */
  networkOf(run) {
    const own = run.spec.data === OWN;
    // The files may no longer be the ones that the run was trained on.
    if (own && !(this.own.facts && this.own.isOf(run))) return undefined;
    const network = this.#networks.get(run.id) ?? this.engine.view(run.choices, own ? this.own.facts : undefined).network ?? undefined;
    if (network) this.#networks.set(run.id, network);
    return network;
  }
}

/** @param {Run} run */
const titleOf = (run) => beside(nameOf(run), valueText('net', run.spec.net));
