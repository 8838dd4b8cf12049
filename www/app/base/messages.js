// What the page says to the person: notes that stay until dismissed, and short announcements.

import { byId, h, setText } from './dom.js';
import { problemText, t } from './i18n.js';

/** @import { Problem } from '../core.d.ts' */

/** Milliseconds between two announcements; of several in between, only the last one is spoken. */
const PAUSE = 3000;

/**
 * Shows a note; it takes the place of one with the same words. `refuse` is for who closes it without acting.
 * @param {string} text
 * @param {{ label: string, act: () => void, refuse?: () => void }} [action]
 */
export function note(text, action) {
  const box = byId('messages');
  const dismiss = () => message.remove();
  const message = h('div', { class: 'message' },
    h('span', { class: 'message-text' }, text),
    action && h('button', { type: 'button', class: 'primary', onclick: () => { dismiss(); action.act(); } }, action.label),
    h('button', { type: 'button', class: 'quiet icon', 'aria-label': t('message.dismiss'), onclick: () => { dismiss(); action?.refuse?.(); } }, '×'),
  );
  const same = [...box.children].find((other) => other.querySelector('.message-text')?.textContent === text);
  if (same) same.replaceWith(message);
  else box.append(message);
  return message;
}

/** @type {Element | undefined} */
let undoable;

/** Says what was done, and offers to undo it; only the last deed can be undone. @param {string} text @param {() => void} undo */
export function offerUndo(text, undo) {
  undoable?.remove();
  undoable = note(text, { label: t('message.undo'), act: undo });
  announce(text);
}

/** One note for each thing that a link said and that was dropped. @param {Problem[]} problems */
export function noteLinkProblems(problems) {
  for (const problem of problems) note(`${t('message.link')} ${problemText(problem)}`);
}

let last = -Infinity;
let waiting = '';

/** Tells a screen reader, calmly. @param {string} text */
export function announce(text) {
  const due = last + PAUSE - performance.now();
  if (due <= 0) {
    last = performance.now();
    setText(byId('announcer'), text);
    return;
  }
  if (waiting === '') {
    setTimeout(() => {
      const text = waiting;
      waiting = '';
      announce(text);
    }, due);
  }
  waiting = text;
}
