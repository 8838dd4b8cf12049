// What is shown again and again, only as often as the browser can: where painting takes long, as without a graphics card, a
// number that is painted ten times a second takes more time than what it counts.

import { afterFrame } from './turns.js';

/** Milliseconds of rest for each that something took to be seen. */
const REST = 9;

/** Shows something, and settles when the next may be shown. @param {() => void} show @returns {Promise<void>} */
export function paced(show) {
  const from = performance.now();
  show();
  return new Promise((resolve) => {
    afterFrame(() => { setTimeout(resolve, REST * (performance.now() - from)); });
  });
}
