// The three switches, always in their places: the largest controls of the page.

import { h, setText, svg } from '../base/dom.js';
import { bareInput, caption, labelledField, segments } from './fields.js';
import { hasWords, t, valueText } from '../base/i18n.js';
import { announce } from '../base/messages.js';
import { tip } from './tips.js';

/** @import { Family, FieldView, Value, View } from '../core.d.ts' */
/** @import { Experiment } from './experiment.js' */

/** @typedef {{ element: HTMLElement, note: HTMLElement, slot: HTMLElement, corner: HTMLElement, more: HTMLElement }} Card */

/** @type {Record<string, string>} */
const ICONS = {
  permute: 'M3 6h4l8 12h6M3 18h4l2.2-3.3M12.8 9.3 15 6h6M18 3l3 3-3 3M18 15l3 3-3 3',
  normalize: 'M2 20h20M4 20c5 0 5-15 8-15s3 15 8 15M12 2v3M12 20v-3',
  residual: 'M12 2v4M12 18v4M8 6h8v4H8zM16 12a6 6 0 0 1-4 6M12 10v8M12 4c6 0 8 3 8 8s-3 8-8 8',
};

/** Why there are no residual connections to switch. @param {Family} net */
function none(net) {
  const own = `switch.residual.none.${net}`;
  return hasWords(own) ? t(own) : t('switch.residual.none', { net: valueText('net', net) });
}

export class Switches {
  /** @param {HTMLElement} place @param {Experiment} experiment */
  constructor(place, experiment) {
    this.experiment = experiment;
    /** What a switch does, as a picture. @type {(key: string) => Node | undefined} */
    this.effect = () => undefined;
    this.permute = this.#card('permute');
    this.normalize = this.#card('normalize');
    this.residual = this.#card('residual');
    place.replaceChildren(this.permute.element, this.normalize.element, this.residual.element);

    const permute = experiment.field('permute');
    const normalize = experiment.field('normalize');
    const words = permute.kind.type === 'choice' ? permute.kind.words : [];
    this.permuteInput = segments('permute', 'switch-permute', words, (value) => this.#choose('permute', value));
    this.permute.slot.append(this.permuteInput.element);
    this.normalizeInput = bareInput(normalize, 'switch-normalize', (value) => this.#choose('normalize', value));
    this.normalize.slot.append(this.normalizeInput.element);
    this.normalizeWords = JSON.stringify(normalize.kind);
    this.own = ['mean', 'std'].map((key) => labelledField(experiment, experiment.field(key)));
    this.normalize.more.append(...this.own.map((control) => control.element));
    this.toggle = h('input', { type: 'checkbox', role: 'switch', class: 'toggle large', id: 'switch-residual', 'aria-describedby': 'switch-residual-note', onchange: () => this.#choose('residual', this.toggle.checked) });
    this.residual.corner.append(this.toggle);
    this.use = h('button', { type: 'button', class: 'small', onclick: () => this.#chooseFamily(experiment.field('residual')) }, t('switch.residual.use'));
    this.residual.slot.append(this.use);

    this.show(experiment.view);
    experiment.subscribe((view) => this.show(view));
  }

  /** Goes on to the next setting of a switch, for the keyboard. @param {'permute' | 'normalize' | 'residual'} key */
  next(key) {
    if (this.experiment.isFixed(key)) return;
    const field = this.experiment.field(key);
    if (!field.applies) this.#chooseFamily(field);
    else if (field.kind.type === 'choice') {
      const { words } = field.kind;
      this.#choose(key, words[(words.indexOf(String(field.value)) + 1) % words.length] ?? '');
    } else this.#choose(key, field.value !== true);
  }

  /** @param {View} view */
  show(view) {
    const field = /** @param {string} key */ (key) => /** @type {FieldView} */ (view.fields.find((one) => one.key === key));
    this.#showCard(this.permute, field('permute'), 'off');
    this.permuteInput.show(field('permute'));

    const normalize = field('normalize');
    this.#showCard(this.normalize, normalize, String(normalize.default));
    if (view.byteStatistics) setText(this.normalize.note, t('switch.normalize.bytes'));
    if (this.normalizeWords !== JSON.stringify(normalize.kind)) {
      // Another data set offers other presets.
      this.normalizeWords = JSON.stringify(normalize.kind);
      const had = this.normalize.slot.contains(document.activeElement);
      this.normalizeInput = bareInput(normalize, 'switch-normalize', (value) => this.#choose('normalize', value));
      this.normalize.slot.replaceChildren(this.normalizeInput.element);
      if (had) this.normalizeInput.element.focus();
    }
    this.normalizeInput.show(normalize);
    this.own.forEach((control) => control.show(field(control.element.dataset.field ?? '')));
    this.normalize.more.hidden = !field('mean').applies;

    const residual = field('residual');
    this.residual.element.classList.toggle('absent', !residual.applies);
    this.residual.element.classList.toggle('on', residual.applies && residual.value === true);
    this.toggle.disabled = !residual.applies;
    this.toggle.checked = residual.applies && residual.value === true;
    this.use.hidden = residual.applies;
    this.use.disabled = this.experiment.isFixed('net');
    setText(this.residual.note, residual.applies
      ? t(`switch.residual.${residual.value ? view.spec.join : 'off'}`)
      : none(view.spec.net));
  }

  /** A network that has what this field is about. @param {FieldView} field */
  #chooseFamily({ family }) {
    if (family) this.#choose('net', family);
  }

  /** @param {string} key @param {Value} value */
  #choose(key, value) {
    this.experiment.choose(key, value);
    announce(t('announce.switch', { field: t(`field.${key}`), value: valueText(key, value) }));
  }

  /** @param {Card} card @param {FieldView} field @param {string} off */
  #showCard(card, field, off) {
    card.element.classList.toggle('on', field.value !== off);
    setText(card.note, t(`switch.${field.key}.${field.value}`));
  }

  /** @param {string} key @returns {Card} */
  #card(key) {
    const label = t(`field.${key}`);
    const slot = h('div', { class: 'switch-slot' });
    const corner = h('div', { class: 'switch-corner' });
    const more = h('div', { class: 'switch-more' });
    const note = h('p', { id: `switch-${key}-note` });
    const icon = svg('svg', { viewBox: '0 0 24 24', class: 'switch-icon', 'aria-hidden': 'true' }, svg('path', { d: ICONS[key] ?? '' }));
    const element = h('div', { class: 'switch', 'data-switch': key },
      h('div', { class: 'switch-head' }, icon, caption(this.experiment.field(key).kind, `switch-${key}`, label), corner),
      h('div', { class: 'switch-note' }, note, tip(key, label, { icon: true, picture: () => this.effect(key) })), slot, more);
    return { element, note, slot, corner, more };
  }
}
