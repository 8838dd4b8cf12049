// The playground as one file (`cargo xtask bundle --single`) has its parts within it. Whoever fetches one, the page or a
// worker, gets it from here: the addresses of all parts begin with one that no network has. Nothing else can be fetched.

/** @import { Problem } from '../app/core.d.ts' */

/** What all addresses begin with. The bundle writes another address for every `import.meta.url`. */
const PLACE = new URL('../', import.meta.url).href;

/** What a part is, by the end of its name. @type {Record<string, string>} */
const TYPES = { wasm: 'application/wasm', json: 'application/json', html: 'text/html;charset=utf-8', png: 'image/png' };

/** A part as it stands in the page, gzipped, as base64 text; nothing for a path that has none. @typedef {(path: string) => Promise<string | undefined>} Find */

/** @type {Find} */
let find = async () => undefined;

/** Says where parts are found, before the first is asked for. @param {Find} how */
export const findWith = (how) => { find = how; };

/** A part's text. @param {string} path */
export const textOf = (path) => find(path);

/** The path of a part by its address. @param {string | URL} address */
export const pathOf = (address) => String(address).slice(PLACE.length);

/** Throws a `Problem` that names what is not here. @param {string} path */
export async function part(path) {
  const text = await find(path);
  /** @type {Problem} */
  const missing = { code: 'not-in-file', field: null, params: { file: path } };
  if (text === undefined) throw missing;
  // WebKit lets a worker of a page from a disk read no blob, so there is none on the way.
  const pressed = new Response(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))).body;
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? '';
  return new Response(pressed?.pipeThrough(new DecompressionStream('gzip')), { headers: { 'content-type': type } });
}

self.fetch = (input) => part(pathOf(input instanceof Request ? input.url : input));
