// A package for a course system: what a student is to do, and a zip file that the system takes.

import { download } from '../base/download.js';
import { h, setText } from '../base/dom.js';
import { languages, problemText, t, thrownText, wordsOf } from '../base/i18n.js';
import { VENDOR } from '../place.js';
import { fileHref, hrefOf } from '../share/codes.js';

/** @import { GoalOffer, PackageAsk } from '../core.d.ts' */
/** @import { Plan } from './plan.js' */

/** Each kind of package, and which of the two scripts talks to such a system. */
const KINDS = /** @type {const} */ ([['scorm-1.2', 'scorm'], ['scorm-2004', 'scorm'], ['cmi5', 'cmi5']]);
/** Characters that SCORM leaves a title. */
const LONGEST_TITLE = 200;
/** Keys of the words that the page of a package says. */
const WORDS = 'player.';

export class CoursePackage {
  /** @param {HTMLElement} place @param {Plan} plan */
  constructor(place, plan) {
    this.plan = plan;
    this.rows = plan.table.goals.map((offer) => this.#row(offer));
    this.wrong = h('p', { class: 'field-error', role: 'alert' });
    this.name = h('input', { type: 'text', id: 'package-title', dir: 'auto', maxlength: LONGEST_TITLE, 'aria-describedby': 'package-title-about' });
    this.buttons = KINDS.map(([kind, player]) => h('button', { type: 'button', id: `package-${kind}`, onclick: () => void this.#save(kind, player) }, t(`builder.package.${kind}`)));
    this.failed = h('p', { class: 'field-error', role: 'alert' });
    place.replaceChildren(
      h('p', { class: 'caption' }, t('builder.course-about')),
      h('fieldset', { class: 'builder-goals' }, h('legend', { class: 'field-label' }, t('builder.goals')),
        ...this.rows.map(({ element }) => element), this.wrong, h('p', { class: 'caption' }, t('builder.goals-about'))),
      h('div', { class: 'field' }, h('label', { class: 'field-label', for: this.name.id }, t('builder.title-of-package')), this.name,
        h('p', { class: 'caption', id: 'package-title-about' }, t('builder.title-about'))),
      h('div', { class: 'builder-packages' }, ...this.buttons),
      this.failed);
    plan.subscribe(() => this.show());
    this.show();
  }

  /** @param {GoalOffer} offer */
  #row({ kind, usual, range: [least, most] }) {
    const label = t(`builder.goal.${kind}`);
    const box = h('input', { type: 'checkbox', id: `goal-${kind}`, onchange: () => this.#chosen() });
    const amount = h('input', { type: 'number', min: least, max: most, step: Number.isInteger(least) ? 1 : least, value: usual, 'aria-label': t('builder.goal-amount', { goal: label }), hidden: least === most, onchange: () => this.#chosen() });
    const element = h('div', { class: 'builder-goal' }, box, h('label', { for: box.id }, label), amount);
    return { kind, usual, box, amount, element };
  }

  /** Takes the goals into the link as they are typed: what cannot be asked for is said, and nothing is made of it. */
  #chosen() {
    const asked = this.rows.filter(({ box }) => box.checked);
    // What a field for numbers cannot read it does not give.
    this.plan.set('goal', asked.map(({ kind, amount }) => (amount.hidden ? kind : `${kind}:${amount.validity.badInput ? '?' : amount.value}`)).join(','));
  }

  show() {
    const problems = this.plan.goalProblems;
    setText(this.wrong, problems.map(problemText).join(' '));
    for (const button of this.buttons) button.disabled = problems.length > 0;
    const asked = new Map(this.plan.get('goal').split(',').filter(Boolean).map((goal) => /** @type {[string, string | undefined]} */ (goal.split(':'))));
    for (const { kind, usual, box, amount } of this.rows) {
      box.checked = asked.has(kind);
      amount.disabled = !box.checked;
      if (asked.has(kind) && amount !== document.activeElement) amount.value = amount.validity.badInput ? amount.value : asked.get(kind) ?? String(usual);
    }
  }

  /** @param {PackageAsk['kind']} kind @param {string} player */
  async #save(kind, player) {
    setText(this.failed, '');
    try {
      const [{ strToU8, zipSync }, script, pictures] = await Promise.all([import('../../vendor/fflate.js'), read(new URL(`player-${player}.js`, VENDOR).href), this.#pictures()]);
      const ask = await this.#ask(kind, Object.fromEntries(pictures.map(({ tag, path }) => [tag, path])));
      const texts = Object.entries(this.plan.engine.packageFiles(ask)).map(([path, text]) => [path, strToU8(text)]);
      const zip = zipSync(Object.fromEntries([...texts, ['player.js', script], ...pictures.map(({ path, bytes }) => [path, bytes])]));
      download(zip, 'application/zip', `cnn-playground-${this.plan.get('lab') || 'experiment'}-${kind}.zip`);
    } catch (thrown) {
      setText(this.failed, t('builder.package.failed', { detail: thrownText(thrown) }));
    }
  }

  /** The card of the lab, or of the playground, in each language; one that cannot be had at the moment is left out. */
  async #pictures() {
    const card = this.plan.get('lab') || 'playground';
    const all = Object.keys(languages()).map(async (tag) => {
      const bytes = await read(fileHref(`cards/${tag}/${card}.png`)).catch(() => null);
      return bytes ? [{ tag, path: `thumbnail.${tag}.png`, bytes }] : [];
    });
    return (await Promise.all(all)).flat();
  }

  /** @param {PackageAsk['kind']} kind @param {PackageAsk['pictures']} pictures @returns {Promise<PackageAsk>} */
  async #ask(kind, pictures) {
    const tags = Object.keys(languages());
    const all = await Promise.all(tags.map(async (tag) => /** @type {const} */ ([tag, await wordsOf(tag) ?? {}])));
    const lab = this.plan.get('lab');
    /** @param {string} key */
    const each = (key) => Object.fromEntries(all.map(([tag, words]) => [tag, words[key] ?? '']));
    const words = Object.fromEntries(all.map(([tag, texts]) => [tag, Object.fromEntries(Object.entries(texts).filter(([key]) => key.startsWith(WORDS)).map(([key, text]) => [key.slice(WORDS.length), text]))]));
    return {
      kind, words, pictures, files: [], address: hrefOf(this.plan.text(true)),
      title: this.name.value.trim() ? Object.fromEntries(tags.map((tag) => [tag, this.name.value.trim()])) : each(lab ? `lab.${lab}.question` : 'page.name'), about: each(lab ? `lab.${lab}.predict` : 'page.description'),
    };
  }
}

/** A file that stands in the package as it is. @param {string} address */
async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
