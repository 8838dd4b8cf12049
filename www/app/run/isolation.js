// Threads on a first visit where the host sends no headers for them. The page's service worker has them for every later
// load; so the page is loaded once more as soon as that has arrived, unless somebody has done something by then.

import { whenItArrives } from '../base/arrival.js';
import { framed } from '../base/around.js';
import { keepSetting, setting } from '../base/storage.js';

/** @import { FirstImages } from '../seen/images.js' */
/** @import { Training } from './training.js' */

/** Under which name it is kept that this browser did so: once is enough. */
const KEPT = 'loaded-for-threads';
/** Milliseconds in which a person has hardly begun to read; later, only a page that nobody sees is loaded again. */
const SOON = 5000;

/** @param {FirstImages} first @param {Training} training */
export function loadForThreads(first, training) {
  if (framed || self.crossOriginIsolated || setting(KEPT) !== null) return;
  /** When there was something to see, in milliseconds. @type {number | undefined} */
  let seen;
  first.subscribe(() => { seen ??= first.shown.state === 'loading' ? undefined : performance.now(); });
  whenItArrives(async ({ isolates }) => {
    await training.device.ready;
    const onCpu = training.device.choice.device === 'cpu' && navigator.hardwareConcurrency > 1;
    const untouched = !navigator.userActivation.hasBeenActive && scrollY === 0 && training.phase === 'idle' && training.run === undefined;
    const early = document.hidden || performance.now() - (seen ?? performance.now()) < SOON;
    if (!isolates || !onCpu || !untouched || !early) return;
    keepSetting(KEPT, true);
    location.reload();
  });
}
