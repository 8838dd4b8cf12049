// Copying a text, with a confirmation for eyes and ears; where the page may not copy, the text is selected and a person told how.

import { h, setText } from './dom.js';
import { t } from './i18n.js';

/** @param {string} text @returns {Promise<boolean>} whether the browser let the page copy it */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** How a person copies what is selected. */
export function byHand() {
  if (matchMedia('(pointer: coarse)').matches) return t('copy.by-touch');
  return t('copy.by-hand', { keys: /Mac|iP/.test(navigator.platform) ? '⌘ C' : t('copy.keys') });
}

/** @param {HTMLElement} element */
function select(element) {
  element.focus();
  if (element instanceof HTMLTextAreaElement) element.select();
  else getSelection()?.selectAllChildren(element);
}

/**
 * A button that copies what an element shows.
 * @param {{ label: string, what: string, from: HTMLElement, status: HTMLElement }} of what is said to be copied, and the live region that says it
 */
export function copyButton({ label, what, from, status }) {
  return h('button', { type: 'button', class: 'small copy', onclick: async () => {
    const text = from instanceof HTMLTextAreaElement ? from.value : from.textContent ?? '';
    const done = await copyText(text);
    if (!done) select(from);
    // The same words twice are not heard twice.
    status.replaceChildren();
    setText(status, done ? t('copy.done', { what }) : byHand());
    status.classList.toggle('done', done);
  } }, label);
}

/**
 * A button that copies a text which is made when it is pressed, and what stands below it: the text, only where the browser does
 * not let the page copy it, and what came of it.
 * @param {{ id: string, label: string, what: string, dir: 'auto' | 'ltr', make: () => string }} of what is said to be copied, which way it is read, and what makes it
 */
export function copyMade({ id, label, what, dir, make }) {
  const status = copyStatus();
  const text = h('textarea', { readonly: true, hidden: true, rows: 4, class: 'copy-text', dir, 'aria-label': label });
  const button = h('button', { type: 'button', id, onclick: async () => {
    text.value = make();
    const done = await copyText(text.value);
    text.hidden = done;
    if (!done) text.select();
    setText(status, done ? t('copy.done', { what }) : byHand());
  } }, label);
  /** As if nothing was copied yet. */
  const clear = () => {
    text.hidden = true;
    setText(status, '');
  };
  return { button, below: [status, text], clear };
}

/** What says that something was copied. */
export const copyStatus = () => h('p', { class: 'caption copy-status', role: 'status' });

/**
 * A text to copy, with its name.
 * @param {string} id @param {string} name @param {HTMLElement} status
 */
export function copyField(id, name, status) {
  const text = h('textarea', { id, readonly: true, rows: 1, spellcheck: 'false', class: 'copy-text' });
  const element = h('div', { class: 'copy-field' },
    h('label', { for: id, class: 'field-label' }, name), text,
    copyButton({ label: t('copy.button'), what: name, from: text, status }));
  return {
    element,
    /** @param {string} value */
    set(value) {
      text.value = value;
    },
  };
}
