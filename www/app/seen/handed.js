// What another program hands to the page as an app: files that a phone shares with it (the service worker lets them wait), and
// files that a system opens with it.

import { t } from '../base/i18n.js';
import { inTime } from '../base/in-time.js';
import { note } from '../base/messages.js';

/** What stands in the address where the service worker (`service-worker.js`) had no room for what was handed over. */
const NO_ROOM = 'no-room';
/** Seconds that the browser has to say what waits. */
const PATIENCE = 30;

/** Of the browsers that open files with an installed page. @typedef {{ setConsumer: (take: (launch: { files: FileSystemFileHandle[] }) => void) => void }} LaunchQueue */

/** @param {(files: File[]) => Promise<void>} open */
export async function takeHanded(open) {
  const { launchQueue } = /** @type {{ launchQueue?: LaunchQueue }} */ (/** @type {unknown} */ (window));
  launchQueue?.setConsumer(({ files }) => {
    if (files.length > 0) void Promise.all(files.map((handle) => handle.getFile())).then(open);
  });
  const address = new URL(location.href);
  if (address.searchParams.has(NO_ROOM)) {
    address.searchParams.delete(NO_ROOM);
    history.replaceState(history.state, '', address);
    note(t('own.no-room'));
  }
  const files = await inTime(waiting(), PATIENCE).catch(() => []);
  if (files.length > 0) await open(files);
}

/** The files that wait for this page, which then wait no longer. @returns {Promise<File[]>} */
async function waiting() {
  if (!('serviceWorker' in navigator) || !navigator.serviceWorker.controller) return [];
  const place = `${new URL('./', location.href).href} handed over`;
  if (!(await caches.has(place))) return [];
  const cache = await caches.open(place);
  const files = (await cache.keys()).map(async (request) => {
    const name = decodeURIComponent(request.url.split('/').at(-1) ?? '');
    const blob = await (await cache.match(request))?.blob();
    return blob ? [new File([blob], name, { type: blob.type })] : [];
  });
  const found = await Promise.all(files);
  await caches.delete(place);
  return found.flat();
}
