// Every address that the page loads something from. All stand here, because a bundle joins the page's modules into
// files of `app/`, where an address that is relative to a module of another folder would no longer hold.

/** The folder of the data sets. A bundle writes another address here: they outlive its releases. */
export const DATA = new URL('../data/', import.meta.url);

/** The folder of the words, one file a language. */
export const LOCALES = new URL('../locales/', import.meta.url);

/** Which of the WebAssembly modules were built. */
export const MODULES = new URL('../pkg/modules.json', import.meta.url);

/** The worker that trains. */
export const TRAINER = new URL('../worker/desk.js', import.meta.url);

/** The worker that looks inside networks. */
export const INSIDE = new URL('../worker/look.js', import.meta.url);

/** The worker that reads saved runs. */
export const READER = new URL('../worker/read.js', import.meta.url);

/** The worker that decodes a person's pictures. */
export const PICTURES = new URL('../worker/pictures.js', import.meta.url);

/** The worker that writes and reads files of weights. */
export const WEIGHTS = new URL('../worker/weights.js', import.meta.url);

/** The worker that reads PyTorch code. */
export const PYTHON = new URL('../worker/python.js', import.meta.url);

/** What comes from npm, and the scripts of packages for course systems. */
export const VENDOR = new URL('../vendor/', import.meta.url);
