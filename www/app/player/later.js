// Whether the same package was opened again later, in another tab or window of this browser.

/** @param {() => void} heard called when another one is opened */
export function later(heard) {
  // A student's registration, where a system names one, and else the place of the package.
  const name = `cnn-playground ${location.pathname} ${new URLSearchParams(location.search).get('registration') ?? ''}`;
  try {
    const channel = new BroadcastChannel(name);
    channel.postMessage('opened');
    channel.addEventListener('message', heard, { once: true });
  } catch {
    // A sandbox without an origin hears of nobody.
  }
}
