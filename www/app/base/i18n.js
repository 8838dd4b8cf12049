// Words and numbers in the reader's language. A language is one file, `locales/<tag>.json`, named in
// `locales/index.json`.

import { LOCALES } from '../place.js';
import { apart, directionOf, isolated, leftwards } from './direction.js';
import { isProblem } from './is-problem.js';

/** @import { Problem, Value } from '../core.d.ts' */

const FALLBACK = 'en';

/** Texts by key, without the names that every object has. @param {...(Record<string, string> | undefined)} parts @returns {Record<string, string>} */
const table = (...parts) => Object.assign(Object.create(null), ...parts);

let words = table();
let known = table();
let language = FALLBACK;
let plurals = new Intl.PluralRules(FALLBACK);

/** @param {unknown} found @returns {found is Record<string, string>} */
const isTable = (found) => typeof found === 'object' && found !== null && Object.values(found).every((text) => typeof text === 'string');

/**
 * A file of texts; nothing where it is missing, damaged, or a page in its place, as that of a login is. What was kept of it
 * may be what is wrong, so it is asked for once more past all that is kept.
 * @param {string} path
 */
async function read(path) {
  for (const cache of /** @type {const} */ (['default', 'reload'])) {
    try {
      const answer = await fetch(new URL(`${path}.json`, LOCALES), { cache });
      const found = answer.ok ? await answer.json() : undefined;
      if (isTable(found)) return table(found);
    } catch {
      // The next try, or no file, is the answer to that.
    }
  }
  return undefined;
}

/** What came already, by language. @type {Map<string, Record<string, string>>} */
const had = new Map();

/** The words of a language, asked for once; nothing where they cannot be had. @param {string} tag */
export async function wordsOf(tag) {
  const found = had.get(tag) ?? await read(tag);
  if (found) had.set(tag, found);
  return found;
}

/** @param {string} tag */
const languageOf = (tag) => tag.toLowerCase().split(/[-_]/, 1)[0];

/** The language of this tag, else the same language in another script or region. @param {string} wish */
function closest(wish) {
  const tags = Object.keys(known);
  return tags.find((tag) => tag.toLowerCase() === wish.toLowerCase()) ?? tags.find((tag) => languageOf(tag) === languageOf(wish));
}

/**
 * Loads the language of the link, else the browser's, else English.
 * @param {string | undefined} asked
 */
export async function loadLanguage(asked) {
  known = (await read('index')) ?? table({ [FALLBACK]: 'English' });
  const wishes = [asked, ...navigator.languages].filter((tag) => tag !== undefined);
  const chosen = wishes.map(closest).find((tag) => tag !== undefined) ?? FALLBACK;
  // What a translation lacks is read in English.
  const [english, own] = await Promise.all([wordsOf(FALLBACK), chosen === FALLBACK ? undefined : wordsOf(chosen)]);
  if (!english && !own) throw new Error(`${LOCALES.pathname}${FALLBACK}.json`);
  words = table(english, own);
  language = own ? chosen : FALLBACK;
  plurals = new Intl.PluralRules(language);
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

/** The languages there are, by tag. */
export const languages = () => known;

/** The reader's next language, else the first other one; nothing where there is but one. */
export function otherLanguage() {
  const others = [...navigator.languages.map(closest), ...Object.keys(known)];
  return others.find((tag) => tag !== undefined && tag !== language);
}

/** The language in use. */
export const currentLanguage = () => language;

/** All words of the language in use, by key. @returns {Readonly<Record<string, string>>} */
export const allWords = () => words;

/** A text as the page shows it. @param {string} text */
const shown = (text) => (leftwards() ? isolated(text) : text);

/**
 * The words of a key, with its `{names}` filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 */
export function t(key, params = {}) {
  return shown((words[key] ?? key).replaceAll(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole)));
}

/**
 * The same in pieces, so that what is filled in may be an element.
 * @template T
 * @param {string} key
 * @param {Record<string, T>} params
 * @returns {(T | string)[]}
 */
export function pieces(key, params) {
  return (words[key] ?? key).split(/\{(\w+)\}/).map((piece, at) => (at % 2 === 0 ? shown(piece) : params[piece] ?? `{${piece}}`)).filter((piece) => piece !== '');
}

/**
 * The words of `key.one`, `key.other`, … for this count.
 * @param {string} key
 * @param {number} count
 * @param {Record<string, string | number>} [params]
 */
export function plural(key, count, params = {}) {
  const form = `${key}.${plurals.select(count)}`;
  return t(form in words ? form : `${key}.other`, { count: number(count), ...params });
}

/** A class of a data set: a word in the reader's language, or the name that the data set gives it. @param {string} name */
export const classText = (name) => (hasWords(`class.${name}`) ? t(`class.${name}`) : name);

/** A kind of layer, where there is little room. @param {{ kind: string }} row */
export const shortName = ({ kind }) => t(hasWords(`short.${kind}`) ? `short.${kind}` : `layer.${kind}`);

/** @param {string} key */
export const hasWords = (key) => key in words;

/** Making a format costs far more than using it. @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** @param {number} value @param {Intl.NumberFormatOptions} [options] @param {string} [tag] of the language */
export function number(value, options = {}, tag = language) {
  const key = `${tag} ${JSON.stringify(options)}`;
  // The digits of formulas and of what is typed, in every language.
  const format = formats.get(key) ?? new Intl.NumberFormat(`${tag}-u-nu-latn`, options);
  formats.set(key, format);
  // A minus, not a hyphen.
  return format.format(value).replace('-', '−');
}

/** Exactly, as a person typed it: without the marks of direction that some languages have about a sign. @param {number} value */
export const exact = (value) => number(value, { maximumSignificantDigits: 15 }).replaceAll('\u200e', '');

/** A few digits that matter. @param {number} value @param {number} [digits] */
export const rounded = (value, digits = 3) => number(value, { maximumSignificantDigits: digits });

/** Three digits and a word for the rest: 1.23M, which is also how a formula has it that runs from left to right among words that do not. @param {number} value */
export function compact(value) {
  return number(value, { notation: 'compact', maximumSignificantDigits: 3 }, leftwards() ? FALLBACK : language);
}

/** Numbers one after the other, apart from each other also where a comma stands before decimals. @param {string[]} numbers */
export const joined = (numbers) => numbers.join(t('value.join'));

/** Something, and what it is: `Seed: 3`. @param {string} name @param {string} value */
export const named = (name, value) => t('value.of', { name, value });

/** A share from 0 to 1, in percent with one decimal. @param {number} share */
export function percent(share) {
  return number(share, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** A loss. @param {number} value */
export function lossText(value) {
  if (value >= 1000) return number(value, { notation: 'scientific', maximumSignificantDigits: 3 });
  return number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
}

/** A time that a person waits. @param {number} seconds */
export function duration(seconds) {
  if (seconds < 9.95) return t('unit.seconds', { value: number(seconds, { maximumFractionDigits: 1 }) });
  const whole = Math.round(seconds);
  if (whole < 60) return t('unit.seconds', { value: number(whole) });
  if (whole < 3600) return t('unit.minutes', { minutes: Math.floor(whole / 60), seconds: whole % 60 });
  return t('unit.hours', { hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60) });
}

/** How long a run took, to a tenth of a second, and on what. @param {import('../core.d.ts').Took} took */
export function tookText({ seconds, threads }) {
  const time = t('unit.seconds', { value: number(seconds, { maximumFractionDigits: 1 }) });
  return threads === null ? t('took.gpu', { time }) : t('took.cpu', { time, threads });
}

/** `1024×7×7`: without separators between thousands, as a shape is written. @param {number[]} sizes */
export const shapeText = (sizes) => shown(sizes.join('×'));

/** What the person's own sets are called here, by their fingerprints. @type {Map<string, string>} */
const sets = new Map();

/** Says what a set is called. @param {string} fingerprint @param {string} name */
export const nameSet = (fingerprint, name) => void sets.set(fingerprint, name);

/**
 * A field's value as its control shows it.
 * @param {string} field
 * @param {Value | null | undefined} value
 * @returns {string}
 */
export function valueText(field, value) {
  if (value === null || value === undefined) return t('value.none');
  if (typeof value === 'boolean') return t(value ? 'value.on' : 'value.off');
  if (typeof value === 'number') return exact(value);
  if (Array.isArray(value)) return joined(value.map(exact));
  if (field === 'set') return sets.get(value) ?? value;
  return field === 'layers' ? value : t(`choice.${field}.${value}`);
}

/** A problem in words, with the name of its field. @param {Problem} problem */
export function problemText(problem) {
  const { data } = problem.params;
  // A data set is called as everywhere.
  const facts = data ? { ...problem.params, data: valueText('data', data) } : problem.params;
  const said = t(`problem.${problem.code}`, facts);
  const text = 'from' in facts ? t('problem.place', { ...facts, problem: said }) : said;
  return problem.field ? named(t(`field.${problem.field}`), text) : text;
}

/** Whatever was thrown, in words. @param {unknown} thrown */
export function thrownText(thrown) {
  if (isProblem(thrown)) return problemText(thrown);
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) ? JSON.stringify(thrown) : String(thrown);
}

/** Names and phrases in a row. @param {...string} parts */
export const beside = (...parts) => parts.map(apart).join(' · ');

/** Puts the words into the elements that ask for them. @param {ParentNode} root */
export function fillWords(root) {
  for (const element of root.querySelectorAll('[data-i18n]')) {
    element.textContent = t(element.getAttribute('data-i18n') ?? '');
  }
  for (const element of root.querySelectorAll('[data-i18n-label]')) {
    element.setAttribute('aria-label', t(element.getAttribute('data-i18n-label') ?? ''));
  }
}
