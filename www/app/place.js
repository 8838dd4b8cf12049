// Where the page finds what is not part of it.

/** The folder of the data sets. A bundle writes another address here: they outlive its releases. */
export const DATA = new URL('../data/', import.meta.url);

/** The worker that looks inside networks. */
export const INSPECTOR = new URL('../inspector-worker.js', import.meta.url);
