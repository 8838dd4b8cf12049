// The glossary: what the words of the course mean, in the page's language and beside it in another one, whose words are
// asked for when it is first opened.
//
// A term is a key `glossary.<term>`, its name; what it means is `glossary.<term>.about`, where `{tip.stride}` stands for
// what that tip says, so that nothing is said in two ways.

import { directionOf, isolated } from './direction.js';
import { h, setText } from './dom.js';
import { sourced } from './sources.js';
import { allWords, currentLanguage, languages, otherLanguage, plural, t, wordsOf } from './i18n.js';

/** @typedef {Readonly<Record<string, string>>} Words */

const NAME = /^glossary\.([^.]+)$/;
const QUOTED = /\{([\w.-]+)\}/g;

/** A text as it is compared: whatever its case and width, and however it is hyphenated. @param {string} text */
const plain = (text) => text.normalize('NFKC').toLowerCase().replaceAll('×', 'x').replaceAll(/[-–\s]+/g, ' ').trim();

class Row {
  /** What is searched. */
  names = '';
  texts = '';
  /** Its whole names. @type {string[]} */
  called = [];

  /** @param {string} term */
  constructor(term) {
    this.term = term;
    this.element = h('li', { id: `glossary-${term}`, class: 'glossary-row', tabindex: -1 });
  }

  /** Adds what one language says, the page's own with its sources. @param {string} tag @param {Words} words @param {boolean} [own] */
  add(tag, words, own = false) {
    const name = words[`glossary.${this.term}`];
    const about = words[`glossary.${this.term}.about`];
    if (name === undefined || about === undefined) return;
    const text = about.replaceAll(QUOTED, (whole, key) => words[key] ?? whole);
    const dir = directionOf(tag);
    const shown = dir === 'rtl' ? isolated : String;
    this.element.append(h('div', { lang: tag, dir }, h('dfn', {}, shown(name)), sourced('', shown(text), ...(own ? Array.from(about.matchAll(QUOTED), ([, key]) => key ?? '') : []))));
    this.names += ` ${plain(name)}`;
    this.called.push(plain(name));
    this.texts += ` ${plain(text)}`;
  }
}

class Glossary {
  /** Whether both languages are there. */
  #whole = false;
  /** The other language, while it is on its way. @type {Promise<void> | undefined} */
  #coming;

  constructor() {
    const words = allWords();
    const own = currentLanguage();
    const terms = Object.keys(words).flatMap((key) => NAME.exec(key)?.[1] ?? []);
    const { compare } = new Intl.Collator(own, { numeric: true });
    this.rows = terms.map((term) => new Row(term)).sort((a, b) => compare(t(`glossary.${a.term}`), t(`glossary.${b.term}`)));
    for (const row of this.rows) row.add(own, words, true);
    this.other = otherLanguage();

    this.search = h('input', {
      type: 'search', id: 'glossary-search', dir: 'auto', autocomplete: 'off',
      'aria-label': t('terms.search'), placeholder: t('terms.search'), 'aria-controls': 'glossary-rows', oninput: () => this.#filter(),
    });
    this.title = h('h2', { id: 'glossary-title', tabindex: -1 }, t('terms.title'));
    this.count = h('p', { class: 'glossary-count', role: 'status' });
    this.note = h('p', { class: 'glossary-note', role: 'status' });
    this.list = h('ul', { class: 'glossary-rows', id: 'glossary-rows' });
    this.body = h('div', { class: 'glossary-body', tabindex: 0, role: 'region', 'aria-labelledby': 'glossary-title' }, this.list);
    this.dialog = h('dialog', { class: 'glossary', id: 'glossary', 'aria-labelledby': 'glossary-title' },
      this.title,
      h('p', { class: 'caption' }, t('terms.about', { language: this.#otherName() })),
      h('div', { class: 'glossary-find' }, this.search, this.count),
      this.note, this.body,
      h('form', { method: 'dialog', class: 'dialog-end' }, h('button', { class: 'small' }, t('shortcuts.close'))));
    document.body.append(this.dialog);
  }

  /** What the other language is called. */
  #otherName() {
    return languages()[this.other ?? ''] ?? this.other ?? '';
  }

  /** @param {string} [term] where to open it */
  async show(term) {
    this.search.value = '';
    this.#filter();
    if (!this.dialog.open) this.dialog.showModal();
    const row = this.rows.find((one) => one.term === term);
    for (const { element } of this.rows) element.classList.toggle('sought', element === row?.element);
    const go = () => row?.element.scrollIntoView({ block: 'start' });
    // On a touch screen the keyboard would hide half of what somebody came to read.
    const first = matchMedia('(pointer: coarse)').matches ? this.title : this.search;
    (row?.element ?? first).focus({ preventScroll: true });
    go();
    if (this.#whole) return;
    this.#coming ??= this.#add();
    await this.#coming;
    // The rows above have grown; who has gone on meanwhile is left where they are.
    if (document.activeElement === row?.element) go();
  }

  /** Asks for the other language, each time the glossary is opened until it is there. */
  async #add() {
    const words = this.other === undefined ? undefined : await wordsOf(this.other);
    this.#coming = undefined;
    if (this.other === undefined) return;
    setText(this.note, words ? '' : t('terms.alone', { language: this.#otherName() }));
    if (!words) return;
    this.#whole = true;
    this.list.classList.add('whole');
    for (const row of this.rows) row.add(this.other, words);
    // Somebody may have typed a word of this language already.
    if (this.search.value) this.#filter();
  }

  /** Terms that are called so come first, then those with these words in their names, then those that are explained with them. */
  #filter() {
    const text = plain(this.search.value);
    const wanted = text.split(' ');
    const holding = this.rows.filter(({ names }) => wanted.every((word) => names.includes(word)));
    const named = [true, false].flatMap((whole) => holding.filter(({ called }) => called.includes(text) === whole));
    const explained = this.rows.filter((row) => !named.includes(row) && wanted.every((word) => row.names.includes(word) || row.texts.includes(word)));
    const found = [...named, ...explained];
    this.body.scrollTop = 0;
    this.list.replaceChildren(...found.map(({ element }) => element));
    setText(this.count, found.length > 0 ? plural('terms.count', found.length) : t('terms.none', { text: this.search.value.trim() }));
  }
}

/** One for the whole page, made when it is first asked for. @type {Glossary | undefined} */
let glossary;

/** Opens the glossary, at a term if one is named. @param {string} [term] as in `glossary.<term>` */
export async function openGlossary(term) {
  glossary ??= new Glossary();
  await glossary.show(term);
}

/** A button that opens it. */
export function glossaryButton() {
  return h('button', { type: 'button', class: 'quiet small', 'aria-haspopup': 'dialog', onclick: () => void openGlossary() }, t('terms.title'));
}
