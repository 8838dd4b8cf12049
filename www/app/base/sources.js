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

/** @param {Passage} place */
const placeText = (place) => t(`source.${place.part}`, 'at' in place ? { at: place.at } : {});

/** What these texts rest on: each work once, with all places in it. @param {string[]} keys */
export function referencesOf(...keys) {
  /** @type {Map<string, Reference>} */
  const found = new Map();
  for (const { work, places } of keys.flatMap((key) => known.get(key) ?? [])) {
    const before = found.get(work.address)?.places ?? [];
    const told = before.map(placeText);
    found.set(work.address, { work, places: [...before, ...places.filter((place) => !told.includes(placeText(place)))] });
  }
  return [...found.values()];
}

/** Who wrote it, and where in it. @param {Reference} reference */
export const whereText = ({ work, places }) => [work.name, ...places.map(placeText)].join(t('source.join'));

/** The same with its title. @param {Reference} reference */
export const referenceText = ({ work, places }) => [work.name, t('source.title', { title: work.title }), ...places.map(placeText)].join(t('source.join'));

/** A paragraph, and behind it the sources of these texts, if they have some. @param {string} name of its class @param {string | (Node | string)[]} text @param {string[]} keys */
export function sourced(name, text, ...keys) {
  const note = sourceNote(...keys);
  const parts = [text].flat();
  return note ? h('div', { class: `${name} sourced`.trim() }, h('p', {}, ...parts), ' ', note) : h('p', { class: name || null }, ...parts);
}

/** What a press opens; nothing where these texts rest on nothing but arithmetic. @param {string[]} keys */
export function sourceNote(...keys) {
  const references = referencesOf(...keys);
  if (references.length === 0) return null;
  const entry = /** @param {Reference} reference */ ({ work, places }) => h('li', {},
    h('a', { href: work.address, target: '_blank', rel: 'noopener noreferrer' }, work.name),
    [t('source.title', { title: work.title }), ...places.map(placeText)].map((text) => `${t('source.join')}${text}`).join(''));
  return h('details', { class: 'cited' },
    h('summary', {}, t(references.length > 1 ? 'source.list' : 'source.open')),
    h('ul', {}, ...references.map(entry)));
}
