// The table of pasted links: whose, which experiment, what is claimed, and what came of checking it.

import { byId, h, setText } from '../base/dom.js';
import { number, percent, plural, t, valueText } from '../base/i18n.js';
import { hrefOf } from '../share/codes.js';
import { SIGNS } from '../share/claim.js';

/** @import { Checker, Line } from './checker.js' */

const COLUMNS = ['number', 'name', 'experiment', 'claimed', 'checked'];
/** What is counted in one line, in this order. */
const OUTCOMES = /** @type {const} */ (['bits', 'within', 'other', 'apart', 'failed']);

export class LinkTable {
  #shown = '';

  /** @param {Checker} checker */
  constructor(checker) {
    this.checker = checker;
    this.paste = /** @type {HTMLTextAreaElement} */ (byId('paste'));
    this.start = /** @type {HTMLButtonElement} */ (byId('start'));
    this.paste.addEventListener('input', () => checker.read(this.paste.value));
    this.start.addEventListener('click', () => (checker.on ? checker.stop() : void checker.start()));
    this.body = h('tbody');
    byId('links').replaceChildren(h('table', { class: 'check-table' },
      h('thead', {}, h('tr', {}, ...COLUMNS.map((name) => h('th', { scope: 'col' }, t(`check.column.${name}`))))), this.body));
    checker.subscribe(() => this.show());
    // A browser that goes back to this page brings the text along.
    checker.read(this.paste.value);
  }

  show() {
    const { lines, on, waiting, more } = this.checker;
    setText(this.start, on ? t('check.stop') : plural('check.start', waiting.length));
    this.start.disabled = !on && waiting.length === 0;
    byId('found').hidden = lines.length === 0;
    const counted = OUTCOMES.flatMap((outcome) => {
      const count = lines.filter((line) => this.#resultOf(line)?.outcome === outcome).length;
      return count > 0 ? [t(`check.count-${outcome}`, { count: number(count) })] : [];
    });
    const said = lines.length === 0
      ? (this.paste.value.trim() && t('check.none'))
      : [plural('check.links', lines.length), ...counted, ...(more > 0 ? [t('check.more', { count: number(more) })] : [])].join(' · ');
    setText(byId('said'), said);
    const rows = lines.map((line, at) => this.#row(line, at));
    // The words of a row are few; it is drawn anew only when one of them is another.
    const shown = rows.map(({ outerHTML }) => outerHTML).join('');
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.body.replaceChildren(...rows);
  }

  /** What came of a line, or of the one that it repeats. @param {Line} line */
  #resultOf({ link, refused, result }) {
    if (refused) return undefined;
    return link.sameAs === null ? result : this.checker.lines[link.sameAs]?.result;
  }

  /** @param {Line} line @param {number} at */
  #row(line, at) {
    const { link: { name, opened: { choices, claim } }, key, refused } = line;
    const says = Object.entries(choices).map(([field, value]) => `${t(`field.${field}`)}: ${valueText(field, value)}`);
    const result = this.#resultOf(line);
    const sign = result && result.outcome !== 'failed' ? SIGNS[result.outcome] : '';
    const cells = [number(at + 1), name, h('a', { href: hrefOf(key), target: '_blank' }, says.join(' · ') || t('check.usual')), claim ? percent(claim.accuracy) : '–', h('span', {}, sign && h('span', { class: 'claim-sign', 'aria-hidden': 'true' }, sign), this.#said(line))];
    return h('tr', { 'data-outcome': refused ? 'refused' : (result?.outcome ?? 'open') },
      ...cells.map((cell, column) => h('td', { 'data-name': t(`check.column.${COLUMNS[column]}`) }, cell)));
  }

  /** @param {Line} line */
  #said(line) {
    const { link, refused, run } = line;
    if (refused) return refused;
    const result = this.#resultOf(line);
    if (result) return link.sameAs === null ? result.text : `${t('check.same', { number: number(link.sameAs + 1) })} ${result.text}`;
    if (this.checker.on !== line) return link.sameAs === null ? t('check.waiting') : t('check.same', { number: number(link.sameAs + 1) });
    return t('check.running', { share: percent(run && run.totalSteps > 0 ? run.steps / run.totalSteps : 0) });
  }
}
