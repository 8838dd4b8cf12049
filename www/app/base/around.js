// Whether the page has a window of its own or stands in a frame, and what that frame allows.

/** Whether the page stands within another one. */
export const framed = window.parent !== window;

const told = document.querySelector('meta[name="one-file"]')?.getAttribute('content');

/** Whether the page is the playground as one file, as it is opened from a disk. */
export const oneFile = told !== undefined;

/** Where such a file says that the playground is on the web. */
export const home = told || undefined;

/** Whether its frame has no origin, as a sandbox gives it: no address is its own then, and nothing is kept. */
export const sandboxed = self.origin === 'null';
