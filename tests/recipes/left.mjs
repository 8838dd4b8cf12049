// What is left of a piece of code in a page: its element, each of its attributes, and what stands within.
import { DomUtils, parseDocument } from 'htmlparser2';

/** @param {string} html @param {string} tag */
const find = (html, tag) => DomUtils.getElementsByTagName(tag, parseDocument(html), true);
/** @param {string[]} names */
const named = (names) => names.map((name) => `\`${name}\``).join(' ');
/** Two ways to write a style, or an address, that are the same. @param {string} text */
const plain = (text) => text.replaceAll('&amp;', '&').replaceAll(/[\s;]+/g, '');

/** In words, for the table. @param {string} given @param {string} made @param {string} tag */
export function leftOf(given, made, tag) {
  const [before] = find(given, tag);
  if (!before) throw new Error(`no ${tag} in ${given}`);
  const addresses = find(given, 'a').map((link) => plain(link.attribs.href ?? ''));
  const links = find(made, 'a').filter((link) => addresses.includes(plain(link.attribs.href ?? '')));
  const same = find(made, tag).map((after) => {
    const lost = Object.entries(before.attribs).filter(([name, value]) => after.attribs[name] === undefined || plain(after.attribs[name]) !== plain(value));
    return lost.map(([name]) => name);
  }).sort((one, other) => one.length - other.length)[0];
  if (!same) return addresses.length === 0 ? 'nothing' : links.length > 0 ? 'the link' : 'nothing';
  const parts = [...(same.length > 0 ? [`all but ${named(same)}`] : ['all']), ...(addresses.length > 0 && links.length === 0 ? ['without the link'] : [])];
  if (tag === 'cnn-playground' && !find(made, 'script').some(({ attribs }) => attribs.src?.endsWith('/embed.js'))) parts.push('without its script');
  return parts.join(', ');
}
