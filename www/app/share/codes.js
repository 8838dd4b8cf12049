// What puts a playground into another page: a frame, or the element of `embed.js`. And the addresses of the pages.

import { home, oneFile } from '../base/around.js';
import { t } from '../base/i18n.js';

/** Width in pixels, or all there is; height in pixels. @typedef {{ width: number | null, height: number }} Size */

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The playground's own address, whichever of its pages this is. */
const base = () => new URL(home ?? './', location.href);

/** Whether the playground has an address that others can open. */
export const hasAddress = !oneFile || home !== undefined;

/** The address of the page with this link's text; without one, what goes behind that of any copy. @param {string} text */
export const hrefOf = (text) => (hasAddress ? new URL(`#${text}`, base()).href : `#${text}`);

/** The address of a file beside the page. @param {string} path */
export const fileHref = (path) => new URL(path, base()).href;

/** The address of a page beside this one, in its language and its theme. @param {string} name @param {string} [text] the text of a link */
export function besideHref(name, text = '') {
  const url = new URL(name, base());
  url.searchParams.set('lang', document.documentElement.lang);
  const { theme } = document.documentElement.dataset;
  if (theme) url.searchParams.set('theme', theme);
  url.hash = text;
  return url.href;
}

/** The same link, of the compact page for a frame. @param {string} text */
export const embedded = (text) => (new URLSearchParams(text).has('embed') ? text : `${text}&embed=1`);

/** @param {string} text the text of a link that says that it is embedded @param {Size} size */
export function frameCode(text, { width, height }) {
  return `<iframe src="${escaped(hrefOf(text))}" title="${escaped(t('page.name'))}"
  width="${width ?? '100%'}" height="${height}" style="border: 0" loading="lazy" allow="clipboard-write; fullscreen"></iframe>`;
}

/** @param {string} text the text of a link that says that it is embedded @param {Size} size */
export function elementCode(text, { width, height }) {
  // The element sets `embed` itself.
  const said = [...new URLSearchParams(text)].filter(([key]) => key !== 'embed');
  const attributes = said.map(([key, value]) => ` ${key}="${escaped(value)}"`).join('');
  const style = `width: ${width === null ? '100%' : `${width}px`}; height: ${height}px`;
  return `<script src="${escaped(fileHref('embed.js'))}" defer></script>
<cnn-playground${attributes} style="${style}">
  <a href="${escaped(hrefOf(text))}">${escaped(t('page.name'))}</a>
</cnn-playground>`;
}
