// While a run trains, the screen of a phone stays on: where it goes dark, the page stops.

import { framed } from '../base/around.js';

/** @import { Training } from './training.js' */

/** @param {Training} training */
export function stayAwake(training) {
  // A frame would ask in the name of the page around it.
  if (framed || !navigator.wakeLock) return;
  /** @type {Promise<WakeLockSentinel | undefined> | undefined} */
  let lock;
  const look = () => {
    const wanted = training.busy && !document.hidden;
    if (wanted === (lock !== undefined)) return;
    // The browser itself ends it where the page is hidden, and gives none where the battery is low.
    if (wanted) lock = navigator.wakeLock.request('screen').catch(() => undefined);
    else {
      void lock?.then((one) => one?.release());
      lock = undefined;
    }
  };
  training.subscribe(look);
  document.addEventListener('visibilitychange', look);
}
