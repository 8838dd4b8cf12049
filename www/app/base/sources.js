// What the words of the page rest on: the papers, and where in them, one press away from each text.

import { h } from './dom.js';
import { t } from './i18n.js';

/** @import { Passage, Reference, Sourced } from '../core.d.ts' */

/** What each text rests on, by the key of its words. @type {Map<string, Reference[]>} */
let known = new Map();

/** Takes over the core's table. @param {Sourced[]} all */
export function knowSources(all) {
  known = new Map(all.map(({ key, references }) => [key, references]));
}

/** What these texts rest on, each once. @param {string[]} keys */
export function referencesOf(...keys) {
  const found = keys.flatMap((key) => known.get(key) ?? []);
  return [...new Map(found.map((reference) => [referenceText(reference), reference])).values()];
}

/** @param {Passage} place */
const placeText = (place) => t(`source.${place.part}`, 'at' in place ? { at: place.at } : {});

/** Who wrote it, and where in it. @param {Reference} reference */
export const whereText = ({ work, places }) => [work.name, ...places.map(placeText)].join(t('source.join'));

/** The same with its title. @param {Reference} reference */
export const referenceText = ({ work, places }) => [work.name, t('source.title', { title: work.title }), ...places.map(placeText)].join(t('source.join'));

/** A paragraph, and behind it the sources of these texts, if they have some. @param {string} name of its class @param {string} text @param {string[]} keys */
export function sourced(name, text, ...keys) {
  const note = sourceNote(...keys);
  return note ? h('div', { class: `${name} sourced`.trim() }, h('p', {}, text), ' ', note) : h('p', { class: name || null }, text);
}

/** What a press opens. @param {string[]} keys */
function sourceNote(...keys) {
  const references = referencesOf(...keys);
  if (references.length === 0) return null;
  const entry = /** @param {Reference} reference */ ({ work, places }) => h('li', {},
    h('a', { href: work.address, target: '_blank', rel: 'noopener noreferrer' }, work.name),
    [t('source.title', { title: work.title }), ...places.map(placeText)].map((text) => `${t('source.join')}${text}`).join(''));
  return h('details', { class: 'cited' },
    h('summary', {}, t(references.length > 1 ? 'source.list' : 'source.open')),
    h('ul', {}, ...references.map(entry)));
}
