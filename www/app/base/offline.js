// Lets the playground open without a network after the first visit.

/** @import { FirstImages } from '../seen/images.js' */

/**
 * Begins to keep it as soon as there is something to see, so that the first visit does not wait for the second.
 * Only a bundle names a service worker; a page that is being worked on must never be an old one.
 * @param {FirstImages} first
 */
export function keepForOffline(first) {
  const address = document.querySelector('meta[name="offline"]')?.getAttribute('content');
  // A sandboxed frame has no origin, and so nothing that could be kept for it.
  if (!address || self.origin === 'null' || !('serviceWorker' in navigator)) return;
  let begun = false;
  const begin = () => {
    if (begun || first.shown.state === 'loading') return;
    begun = true;
    // A browser without storage for this page refuses; then the page needs the network.
    navigator.serviceWorker.register(address).catch(() => {});
  };
  first.subscribe(begin);
  begin();
}
