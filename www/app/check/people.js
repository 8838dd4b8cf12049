// The same experiment for everybody, each with a seed of their own: a link and a code for each name.

import { byId, h, setText } from '../base/dom.js';
import { byHand, copyStatus, copyText } from '../base/copy.js';
import { number, problemText, t } from '../base/i18n.js';
import { hrefOf } from '../share/codes.js';
import { qrCode } from '../share/qr.js';

/** @import { Engine } from '../engine.js' */

export class People {
  /** @param {Engine} engine */
  constructor(engine) {
    this.engine = engine;
    this.link = h('input', { id: 'people-link', dir: 'ltr', type: 'text', spellcheck: 'false', placeholder: '#v=1', oninput: () => this.show() });
    this.problems = h('p', { class: 'field-error', role: 'alert' });
    this.names = h('textarea', { id: 'people-names', dir: 'auto', class: 'check-paste', rows: 4, spellcheck: 'false', oninput: () => this.show() });
    this.copy = h('button', { type: 'button', id: 'people-copy', onclick: () => void this.#copy() }, t('check.people-copy'));
    this.codes = h('button', { type: 'button', id: 'people-codes', onclick: () => void this.#showCodes() }, t('check.people-codes'));
    this.status = copyStatus();
    this.more = h('p', { class: 'field-error', role: 'alert' });
    this.list = h('ul', { class: 'people' });
    byId('people-body').replaceChildren(h('p', { class: 'caption' }, t('check.people-about')),
      h('label', { class: 'field-label', for: this.link.id }, t('builder.experiment')), this.link, this.problems,
      h('label', { class: 'field-label', for: this.names.id }, t('check.people-names')), this.names, this.more,
      h('div', { class: 'check-bar' }, this.copy, this.codes, this.status), this.list);
    this.show();
  }

  /** Each name with its whole address, and how many names have none. */
  get #seeded() {
    const { links, more, most } = this.engine.seeded(this.link.value, this.names.value);
    return { links: links.map(([name, text]) => ({ name, href: hrefOf(text) })), more, most };
  }

  show() {
    const { links, more, most } = this.#seeded;
    setText(this.more, more > 0 ? t('check.people-more', { count: number(more), most: number(most) }) : '');
    setText(this.problems, this.engine.openGiven(this.link.value).problems.map(problemText).join(' '));
    this.copy.disabled = this.codes.disabled = links.length === 0;
    this.list.replaceChildren(...links.map(({ name, href }) => h('li', {}, h('b', {}, name), h('a', { href, target: '_blank' }, href))));
  }

  async #copy() {
    const text = this.#seeded.links.map(({ name, href }) => `${name}: ${href}`).join('\n');
    setText(this.status, await copyText(text) ? t('copy.done', { what: t('check.people-links') }) : byHand());
  }

  async #showCodes() {
    const codes = await Promise.all(this.#seeded.links.map(({ href }) => qrCode(href)));
    [...this.list.children].forEach((row, at) => {
      row.querySelector('svg')?.remove();
      const code = codes[at];
      if (code) row.append(code);
    });
  }
}
