// The table of pasted links: whose, which experiment, what is claimed, and what came of checking it.

import { byId, h, setText } from '../base/dom.js';
import { beside, named, number, percent, plural, t, valueText } from '../base/i18n.js';
import { hrefOf } from '../share/codes.js';
import { labText, predictionText } from '../lab/words.js';
import { SIGNS } from '../share/claim.js';
import { saysOnlyPrediction } from './checker.js';

/** @import { Checker, Line } from './checker.js' */

const COLUMNS = ['number', 'name', 'experiment', 'claimed', 'checked'];
/** What is counted in one line, in this order. */
const OUTCOMES = /** @type {const} */ (['bits', 'within', 'other', 'apart', 'failed']);

export class LinkTable {
  /** What each row says. @type {string[]} */
  #shown = [];

  /** @param {Checker} checker */
  constructor(checker) {
    this.checker = checker;
    this.paste = /** @type {HTMLTextAreaElement} */ (byId('paste'));
    this.start = /** @type {HTMLButtonElement} */ (byId('start'));
    this.paste.value = checker.kept() || this.paste.value;
    this.paste.addEventListener('input', () => checker.read(this.paste.value));
    this.start.addEventListener('click', () => (checker.on ? checker.stop() : checker.start()));
    this.body = h('tbody');
    byId('links').replaceChildren(h('table', { class: 'check-table' },
      h('thead', {}, h('tr', {}, ...COLUMNS.map((name) => h('th', { scope: 'col' }, t(`check.column.${name}`))))), this.body));
    checker.subscribe(() => this.show());
    // A browser that goes back to this page brings the text along.
    checker.read(this.paste.value);
  }

  /** Adds to the text in which links are found. @param {string} text */
  add(text) {
    this.paste.value = [this.paste.value.trimEnd(), text].filter(Boolean).join('\n');
    this.checker.read(this.paste.value);
  }

  show() {
    const { lines, on, open, more } = this.checker;
    setText(this.start, on ? t('check.stop') : plural('check.start', open.length));
    this.start.disabled = !on && open.length === 0;
    byId('found').hidden = lines.length === 0;
    const counted = OUTCOMES.flatMap((outcome) => {
      const count = lines.filter((line) => this.#resultOf(line)?.outcome === outcome).length;
      return count > 0 ? [t(`check.count-${outcome}`, { count: number(count) })] : [];
    });
    const said = lines.length === 0
      ? (this.paste.value.trim() && t('check.none'))
      : beside(plural('check.links', lines.length), ...counted, ...(more > 0 ? [t('check.more', { count: number(more) })] : []));
    setText(byId('said'), said);
    lines.forEach((line, at) => this.#showRow(line, at));
    while (this.body.rows.length > lines.length) this.body.deleteRow(-1);
    this.#shown.length = lines.length;
  }

  /** Only what says something else than before is made anew. @param {Line} line @param {number} at */
  #showRow(line, at) {
    const said = this.#said(line);
    const shown = JSON.stringify([line.link.name, line.key, said]);
    if (shown === this.#shown[at]) return;
    this.#shown[at] = shown;
    const row = this.#row(line, at, said);
    const old = this.body.rows[at];
    if (old) old.replaceWith(row);
    else this.body.append(row);
  }

  /** What came of a line, or of the one that it repeats. @param {Line} line */
  #resultOf({ link, refused, result }) {
    if (refused) return undefined;
    return link.sameAs === null ? result : this.checker.lines[link.sameAs]?.result;
  }

  /** @param {Line} line @param {number} at @param {string} said */
  #row(line, at, said) {
    const { link: { name, opened: { choices, claim, view } }, key, refused } = line;
    const lab = saysOnlyPrediction(line.link) ? [labText(view.lab ?? '', 'title')] : [];
    const says = Object.entries(choices).map(([field, value]) => named(t(`field.${field}`), valueText(field, value)));
    const result = this.#resultOf(line);
    const sign = result && result.outcome !== 'failed' ? SIGNS[result.outcome] : '';
    const cells = [number(at + 1), name, h('a', { href: hrefOf(key), target: '_blank' }, beside(...lab, ...says) || t('check.usual')), claim ? percent(claim.accuracy) : '–', h('span', {}, sign && h('span', { class: 'claim-sign', 'aria-hidden': 'true' }, sign), said)];
    return h('tr', { 'data-outcome': this.checker.outcomes[at] },
      ...cells.map((cell, column) => h('td', { 'data-name': t(`check.column.${COLUMNS[column]}`) }, cell)));
  }

  /** @param {Line} line */
  #said(line) {
    const { link, refused, run } = line;
    if (refused) return refused;
    if (saysOnlyPrediction(link)) return t('check.predicted', { prediction: predictionText(link.opened.view.lab ?? '', link.opened.predicted ?? '') });
    const result = this.#resultOf(line);
    if (result) return link.sameAs === null ? result.text : `${t('check.same', { number: number(link.sameAs + 1) })} ${result.text}`;
    if (this.checker.on !== line) return link.sameAs === null ? t('check.waiting') : t('check.same', { number: number(link.sameAs + 1) });
    return t('check.running', { share: percent(run && run.totalSteps > 0 ? run.steps / run.totalSteps : 0) });
  }
}
