// The news that the page's service worker has arrived: from now on it answers what the page asks for.

/** Where it tells so (`service-worker.js`). */
const ARRIVAL = 'cnn-playground offline';

/** Whose pages it answers for, and whether it isolates them when they are loaded again. @typedef {{ scope: string, isolates: boolean }} Arrival */

/** @param {(arrival: Arrival) => void} hear told once */
export function whenItArrives(hear) {
  const channel = new BroadcastChannel(ARRIVAL);
  channel.addEventListener('message', (/** @type {MessageEvent<Arrival>} */ { data }) => {
    // The origin may be shared with other copies of the playground.
    if (!location.href.startsWith(data.scope)) return;
    channel.close();
    hear(data);
  });
}
