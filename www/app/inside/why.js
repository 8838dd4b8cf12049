// Why the network says what it says: where the picture speaks for a class, and how far its gates are open.

import { h, setText } from '../base/dom.js';
import { classText, number, percent, rounded, t } from '../base/i18n.js';
import { Scale } from '../base/scale.js';
import { bars, KeptTiles } from '../base/tiles.js';

/** @import { DataFacts, Explained, Gate, Tiles } from '../core.d.ts' */
/** @import { InsideClient } from './client.js' */
/** @import { Attempt, Subject, View } from './panel.js' */
/** @import { Pictures } from './pictures.js' */

/** @implements {View} */
export class WhyView {
  live = true;
  /** @type {number | null} */
  #class = null;
  #about = '';
  #tiles = new KeptTiles();
  /** @type {Subject | undefined} */
  #subject;

  /** @param {InsideClient} client @param {Pictures} pictures @param {Attempt} attempt */
  constructor(client, pictures, attempt) {
    this.client = client;
    this.pictures = pictures;
    this.attempt = attempt;
    this.facts = h('p', { class: 'view-facts', role: 'status' });
    this.scale = new Scale();
    this.heat = h('p', { class: 'scale-line caption' }, t('inside.heat-key'), this.scale.element);
    this.classes = h('div', {});
    this.gates = h('div', { class: 'gates' });
    this.gatesTitle = h('h3', {}, t('inside.gates'));
    this.element = h('div', { class: 'view' }, this.facts, this.heat, this.classes, this.gatesTitle, this.gates);
  }

  hide() {
    this.pictures.cover(undefined);
  }

  /** @param {Subject} subject */
  async show(subject) {
    this.#subject = subject;
    const { run, facts, picture } = subject;
    // Another picture has another answer.
    const about = `${run.id} ${picture.index ?? 'own'}`;
    if (about !== this.#about) this.#class = null;
    this.#about = about;
    const explained = await this.client.ask(run, { kind: 'explain', class: this.#class });
    this.heat.hidden = !explained;
    if (explained) this.#explain(explained, facts);
    else {
      this.pictures.cover(undefined);
      setText(this.facts, t('inside.no-places'));
      const { probabilities } = await this.client.ask(run, { kind: 'classify' });
      this.#list(probabilities, facts, undefined);
    }
    const gates = await this.client.ask(run, { kind: 'gates' });
    this.gatesTitle.hidden = gates.length === 0;
    this.gates.replaceChildren(...gates.map((gate, place) => gateFigure(gate, (places) => this.#tiles.tile(place, places, 0))));
  }

  /** @param {Explained} explained @param {DataFacts} facts */
  #explain({ class: chosen, probabilities, path, heat, strongest }, facts) {
    this.pictures.cover(heat);
    this.scale.show('above', heat.largest);
    setText(this.facts, t('inside.explained', {
      class: classText(facts.classes[chosen] ?? ''), share: percent(probabilities[chosen] ?? 0), layer: path,
      y: number(strongest[0] + 1), x: number(strongest[1] + 1),
    }));
    this.#list(probabilities, facts, chosen);
  }

  /** @param {number[]} probabilities @param {DataFacts} facts @param {number | undefined} chosen */
  #list(probabilities, facts, chosen) {
    this.classes.replaceChildren(bars(probabilities.map((share, at) => {
      const name = classText(facts.classes[at] ?? '');
      return {
        name, share, text: percent(share), chosen: at === chosen, label: t('inside.explain', { class: name, share: percent(share) }),
        act: chosen === undefined ? undefined : () => {
          this.#class = at;
          if (this.#subject) this.attempt(this.show(this.#subject));
        },
      };
    })));
  }
}

/** @param {Gate} gate @param {(places: Tiles) => HTMLCanvasElement} draw */
function gateFigure({ path, channels, places, lowest, highest }, draw) {
  const words = t('inside.gate', { layer: path, low: rounded(lowest, 2), high: rounded(highest, 2) });
  const picture = places ? draw(places) : h('div', { class: 'gate-bars' }, ...channels.map((open, at) => {
    const bar = h('span', { title: `${number(at + 1)}: ${rounded(open, 2)}` });
    bar.style.setProperty('--share', String(open));
    return bar;
  }));
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', words);
  return h('figure', { class: 'gate' }, picture, h('figcaption', { class: 'caption' }, words, places && ' ', places && new Scale().show('above', places.largest).element));
}
