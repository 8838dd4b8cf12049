// Which classes are taken for which, and where the network is wrong and most certain of it.

import { onward } from '../base/direction.js';
import { h, setText } from '../base/dom.js';
import { classText, number, percent, t } from '../base/i18n.js';
import { Scale } from '../base/scale.js';
import { tile } from '../base/tiles.js';

/** @import { DataFacts, Judged } from '../core.d.ts' */
/** @import { InsideClient } from './client.js' */
/** @import { Subject, View } from './panel.js' */

/** The share of its row at which a wrong cell has its full colour. */
const FULL = 1 / 4;

/** @implements {View} */
export class MistakesView {
  live = false;
  #shown = '';
  #whole = false;

  /** @param {InsideClient} client @param {(index: number) => void} open */
  constructor(client, open) {
    this.client = client;
    this.open = open;
    this.facts = h('p', { class: 'view-facts', role: 'status' });
    this.matrix = h('table', { class: 'confusion' });
    this.matrix.style.setProperty('--full', String(FULL));
    const scales = [new Scale(), new Scale()];
    scales[0]?.say('right', share(0), share(1));
    scales[1]?.say('wrong', share(0), t('inside.at-least', { share: share(FULL) }));
    this.key = h('p', { class: 'caption confusion-key' }, t('inside.confusion-key'), ...scales.map(({ element }) => element));
    this.wrong = h('div', { class: 'wrong-images' });
    this.element = h('div', { class: 'view' }, this.facts, h('div', { class: 'mistakes' },
      h('div', {}, h('div', { class: 'confusion-box' }, this.matrix), this.key),
      h('div', {}, h('h3', {}, t('inside.wrong')), this.wrong)));
  }

  hide() {
    // What is not whole begins anew.
    if (!this.#whole) this.#shown = '';
  }

  /** @param {Subject} subject */
  async show({ run, facts, version }) {
    if (version === this.#shown) return;
    this.#shown = version;
    this.#whole = false;
    /** @type {Judged} */
    let judged;
    let from = 0;
    try {
      do {
        judged = await this.client.ask(run, { kind: 'judge', from }, run.spec.test);
        if (version !== this.#shown) return;
        from = judged.done;
        this.#draw(judged, facts);
      } while (judged.done < judged.total);
      this.#whole = true;
    } finally {
      // What was not answered is asked again.
      if (!this.#whole && version === this.#shown) this.#shown = '';
    }
  }

  /** @param {Judged} judged @param {DataFacts} facts */
  #draw({ done, right, matrix, mistakes, tiles }, facts) {
    const name = /** @param {number} at */ (at) => classText(facts.classes[at] ?? '');
    setText(this.facts, t('inside.judged', { done: number(done), right: number(right), accuracy: percent(right / done) }));
    this.matrix.replaceChildren(
      h('caption', { class: 'caption' }, t('inside.confusion')),
      h('thead', {}, h('tr', {}, h('td'), ...matrix.map((_, at) => h('th', { scope: 'col' }, h('span', {}, name(at)))))),
      h('tbody', {}, ...matrix.map((row, at) => {
        const total = row.reduce((sum, count) => sum + count, 0);
        return h('tr', {}, h('th', { scope: 'row' }, name(at)), ...row.map((count, predicted) => {
          const cell = h('td', { class: at === predicted ? 'right' : 'wrong', title: t('inside.taken-for', { count: number(count), class: name(at), predicted: name(predicted) }) }, count > 0 ? number(count) : '');
          cell.style.setProperty('--share', String(total > 0 ? count / total : 0));
          return cell;
        }));
      })));
    this.wrong.replaceChildren(...mistakes.map(({ index, label, predicted, probability }, at) => {
      const words = t('inside.mistake', { number: number(index + 1), class: name(label), predicted: name(predicted), share: percent(probability) });
      return h('button', { type: 'button', class: 'wrong-image', title: words, 'aria-label': words, onclick: () => this.open(index) },
        tile(tiles, at), h('span', {}, `${name(label)} ${onward()} ${name(predicted)}`), h('span', { class: 'caption' }, percent(probability)));
    }));
    if (mistakes.length === 0) this.wrong.replaceChildren(h('p', { class: 'caption' }, t('inside.none-wrong')));
  }
}

/** @param {number} of a row */
const share = (of) => number(of, { style: 'percent' });
