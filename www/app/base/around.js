// Whether the page has a window of its own or stands in a frame, and what that frame allows.

/** Whether the page stands within another one. */
export const framed = window.parent !== window;

/** Whether its frame has no origin, as a sandbox gives it: no address is its own then, and nothing is kept. */
export const sandboxed = self.origin === 'null';
