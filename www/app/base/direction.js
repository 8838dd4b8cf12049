// Which way a language is read, and what of a text runs from left to right in all of them.

/** @import { Child } from './dom.js' */

/** Scripts that are read from right to left (ISO 15924). */
const LEFTWARDS = ['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa'];

/** @param {string} tag of a language @returns {'ltr' | 'rtl'} */
export const directionOf = (tag) => (LEFTWARDS.includes(new Intl.Locale(tag).maximize().script ?? '') ? 'rtl' : 'ltr');

/** Whether the page is read from right to left. */
export const leftwards = () => document.documentElement.dir === 'rtl';

/** The arrow keys to the next and to the previous of things in a row. @returns {[next: string, previous: string]} */
export const rowKeys = () => (leftwards() ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft']);

/** From the word before it to the word after it. */
export const onward = () => (leftwards() ? '←' : '→');

/** Isolates of the bidirectional algorithm (Unicode, annex 9): left to right, right to left, and the end of each. */
const [LTR, RTL, END] = ['\u2066', '\u2067', '\u2069'];
/** A letter or a sign of scripts that are read leftwards, and what is between them and their punctuation. */
const LEFTWARD = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const STRETCH = /[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc«»“”]+/gu;
/** A word, or a number: these are right as they are. */
const PLAIN = /^(?:|\p{L}[\p{L}\p{M}\p{N}\s_'’-]*|\p{N}+(?:[.,]\p{N}+)*)$/u;
/** Of a character, the one before it and the two behind it: whether it ends a clause. A bracket after a word or a number begins one. */
const END_OF_CLAUSE = /^.[.,:;!?]\s|^.\s[—–]\s|^[\p{L}\p{N}%] \(/su;
const OPENING = `([{⌈⌊${LTR}${RTL}`;
const CLOSING = `)]}⌉⌋${END}`;

/** The parts of a text between the ends of its sentences and clauses, outside brackets. @param {string} text */
function clauses(text) {
  const parts = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (OPENING.includes(sign)) depth++;
    if (CLOSING.includes(sign)) depth--;
    if (depth > 0 || !END_OF_CLAUSE.test((text.charAt(at - 1) || ' ') + text.slice(at, at + 3))) continue;
    parts.push(text.slice(from, at + 1));
    from = at + 1;
  }
  return [...parts, text.slice(from)];
}

/** Whether each bracket in it has its partner. @param {string} text */
function balanced(text) {
  let depth = 0;
  for (const sign of text) {
    if (OPENING.includes(sign)) depth++;
    if (CLOSING.includes(sign) && --depth < 0) return false;
  }
  return depth === 0;
}

/** @param {string} text */
function isolate(text) {
  // What connects it to the words around it is theirs.
  const [, before = '', core = '', after = ''] = /^((?:[\s)\]}⌉⌋,:;!?=×÷·/→←<>—–]|[+−](?=\s))*)(.*?)([\s([{⌈⌊,.:;!?=×÷·/→←<>+−—–]*)$/su.exec(text) ?? [];
  return PLAIN.test(core) || !balanced(core) ? text : `${before}${LTR}${core}${END}${after}`;
}

/**
 * A text of a language that is read from right to left, with each formula, shape and piece of code in it set off: without
 * that, `3×4` reads `4×3` between its words, as signs between numbers follow the direction of the text.
 * @param {string} text
 */
export const isolated = (text) => text.replaceAll(STRETCH, (stretch) => clauses(stretch).map(isolate).join(''));

/** A name or a phrase that stands beside others in a row: its words may begin with a Latin one. @param {string} text */
export const apart = (text) => (leftwards() ? `${LEFTWARD.test(text) ? RTL : LTR}${text}${END}` : text);

/**
 * The parts of one phrase, in the order in which it is read, within what runs from left to right as a drawing does.
 * @param {...Child} parts
 * @returns {Child[]}
 */
export const phrase = (...parts) => (leftwards() ? [RTL, ...parts, END] : parts);
