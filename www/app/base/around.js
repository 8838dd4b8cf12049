// What there is around the page: a window of its own, or a frame with what it allows.

/** Whether the page stands within another one. */
export const framed = window.parent !== window;

/** Whether its frame has no origin, as a sandbox gives it: no address is its own then, and nothing is kept. */
export const sandboxed = self.origin === 'null';
