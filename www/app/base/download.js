// A file that the page makes, handed to the browser.

import { h } from './dom.js';

/** Milliseconds until the browser has surely taken the file. */
const LET_GO = 10_000;

/** @param {BlobPart} content @param {string} type @param {string} name */
export function download(content, type, name) {
  const href = URL.createObjectURL(new Blob([content], { type }));
  h('a', { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), LET_GO);
}
