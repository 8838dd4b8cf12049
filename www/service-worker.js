// Keeps a release of the playground, and the data that was used, for when there is no network. A
// bundle writes `RELEASE` in front of this.
//
// It takes what another program hands over to the installed page (`app/seen/handed.js`), since no server is there to take it.
//
// It also gives pages the headers with which a browser lets them train on more than one core, where the host sends none:
// from the second visit on, since the first one is not its own.
//
// What never changes is kept only if it is what the release says: no half of a file, and no login page in its place. Whoever
// finds something wrong all the same asks for it with `cache: 'reload'`: that goes to the network, and replaces what was kept.

/**
 * What a bundle says of itself; every address is relative to this file.
 * @typedef {object} Release
 * @property {string} name
 * @property {string} code folder of what changes with every release, under a name of its own
 * @property {string} data folder of the data sets, under a name that changes with them
 * @property {boolean} isolate whether pages get the headers for threads where the host sends none
 * @property {string[]} keep what is needed to open the page, and to train with its first images
 * @property {Record<string, string>} digests the SHA-256 of each file that never changes, in hexadecimal digits
 */

/** The part of a service worker that is used here; the page's types do not have it. @typedef {Event & { waitUntil: (work: Promise<unknown>) => void }} Life */
/** @typedef {Life & { request: Request, respondWith: (answer: Promise<Response>) => void }} Asked */
/** @typedef {{ registration: { scope: string }, skipWaiting: () => void, clients: { claim: () => Promise<void> }, addEventListener: (kind: string, listen: (event: any) => void) => void }} Service */

const worker = /** @type {Service} */ (/** @type {unknown} */ (self));
const release = /** @type {{ RELEASE: Release }} */ (/** @type {unknown} */ (self)).RELEASE;
const { scope } = worker.registration;
const digests = new Map(Object.entries(release.digests));

/** Where pages and their training workers listen for this one to arrive (`app/base/arrival.js`). */
const ARRIVAL = 'cnn-playground offline';
/** Milliseconds that the network has for a page that is also kept. */
const PATIENCE = 3000;
/** Milliseconds that the browser has to say what it keeps, and to keep what is handed over. */
const PATIENCE_STORAGE = 10000;
/** Pages that are still open may belong to the release before this one. */
const RELEASES = 2;
// The origin may be shared with others.
const SHELLS = `${scope} release `;
const SHELL = SHELLS + release.name;
const DATA = `${scope} data`;
/** Where files wait that another program handed over, and what tells the page that there was no room for them (`app/seen/handed.js`). */
const HANDED = `${scope} handed over`;
const NO_ROOM = 'no-room';
/** Where it stands in which order the releases came: browsers name caches in an order of their own. */
const ORDER = `${scope}data/order`;

/**
 * With these a browser isolates a page, which it wants for threads; the last one isolates a frame whatever the page around
 * it sends, where browsers know it. A host that sends any of them decides by itself.
 */
const ISOLATING = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp', 'Document-Isolation-Policy': 'isolate-and-credentialless' };
/** What takes part in that, by the browser's words for what a request is for: an isolated page may hold no frame and no worker that does not. */
const TAKE_PART = ['document', 'iframe', 'worker'];
/** What trains on more than one core, if this release has it. */
const THREADS = [...digests.keys()].find((path) => path.endsWith('threads_bg.wasm'));

/** Whether an answer gets these headers from here. @param {Response} answer */
const lacksThem = ({ headers }) => release.isolate && THREADS !== undefined && !Object.keys(ISOLATING).some((name) => headers.has(name));

/** @param {{ destination: string }} request @param {Response} answer */
function isolated({ destination }, answer) {
  // An answer that leads elsewhere cannot be read, nor changed.
  if (!TAKE_PART.includes(destination) || !lacksThem(answer) || answer.type === 'opaqueredirect') return answer;
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(ISOLATING)) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}

/** What of the playground an address is, relative to the scope. @param {string} url */
const pathOf = (url) => (url.startsWith(scope) ? url.slice(scope.length).replace(/[?#].*/, '') : undefined);

/** Where an address is kept that never changes what it says. @param {string} path */
function placeOf(path) {
  if (path.startsWith('v/')) return SHELL;
  return path.startsWith('data/') ? DATA : undefined;
}

/** @param {ArrayBuffer} bytes */
async function digestOf(bytes) {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether an answer is what this release says: the very bytes, or one of its pages. @param {string} path @param {Response} answer */
async function isSound(path, answer) {
  if (answer.status !== 200) return false;
  if (placeOf(path) === undefined) return (await answer.clone().text()).includes(release.code);
  return (await digestOf(await answer.clone().arrayBuffer())) === digests.get(path);
}

/** Keeps an answer if it is sound, and says whether it is. @param {string} path @param {Response} answer */
async function keepSound(path, answer) {
  if (!(await isSound(path, answer))) return false;
  // A page may not be opened from an answer that was redirected.
  await (await caches.open(placeOf(path) ?? SHELL)).put(new URL(path, scope), answer.redirected ? new Response(answer.body, answer) : answer);
  return true;
}

/** Fetches what the release needs; again past all caches if what they hold is something else. @param {string} path */
async function keep(path) {
  for (const cache of /** @type {const} */ ([placeOf(path) ? 'default' : 'no-cache', 'reload'])) {
    if (await keepSound(path, await fetch(new URL(path, scope), { cache }))) return;
  }
  throw new Error(`${path} is something else here`);
}

/** Ends when the browser has kept a question waiting for too long: all that are asked meanwhile wait for the same end. @type {Promise<never> | undefined} */
let silence;

/**
 * What comes of a question to the browser's storage, if it comes in time: no browser may keep a page waiting for it, and a page
 * asks for many files. Once it is silent nobody waits any more, until it answers something.
 * @template T @param {Promise<T>} coming @returns {Promise<T>}
 */
function inTime(coming) {
  silence ??= new Promise((_, reject) => { setTimeout(reject, PATIENCE_STORAGE); });
  const answered = () => { silence = undefined; };
  coming.then(answered, answered);
  return Promise.race([coming, silence]);
}

/** What was kept of an address. A browser that cannot say, or not in time, has kept nothing. @param {string} path */
const kept = (path) => inTime(find(path)).catch(() => undefined);

/** @param {string} path */
async function find(path) {
  const url = new URL(path === 'index.html' ? './' : path, scope);
  for (const place of [SHELL, DATA]) {
    const answer = await (await caches.open(place)).match(url, { ignoreVary: true });
    if (answer) return answer;
  }
  // A page that was opened before this release came.
  return placeOf(path) === SHELL ? caches.match(url, { ignoreVary: true }) : undefined;
}

/** From what was kept, else from the network, and kept then: behind the answer, and if there is room. @param {Asked} event @param {string} path */
async function unchanging(event, path) {
  const { request } = event;
  const known = request.cache === 'reload' ? undefined : await kept(path);
  if (known) return isolated(request, known);
  const answer = await fetch(request);
  event.waitUntil(keepSound(path, answer.clone()).catch(() => {}));
  return isolated(request, answer);
}

/** From the network, so that a new release is seen at once; from what was kept if that does not answer. @param {Request} request @param {string} path */
async function latest(request, path) {
  const known = await kept(path);
  if (!known) return isolated(request, await fetch(request));
  // Without a network it trains with what it has, which may be the module for one thread.
  const old = THREADS && (await kept(THREADS)) ? isolated(request, known) : known;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => old);
  const fresh = fetch(request).then((answer) => (answer.ok ? isolated(request, answer) : old), () => old);
  return Promise.race([fresh, late]);
}

/** Tells the pages that this one is theirs now, and whether it isolates them when they are loaded again. */
async function arrive() {
  await worker.clients.claim();
  const page = await kept('index.html');
  new BroadcastChannel(ARRIVAL).postMessage({ scope, isolates: page !== undefined && lacksThem(page) });
}

/** Forgets what no page can ask for any more. */
async function sweep() {
  const data = await caches.open(DATA);
  for (const { url } of await data.keys()) if (url !== ORDER && !pathOf(url)?.startsWith(release.data)) await data.delete(url);
  /** @type {string[]} */
  const before = (await (await data.match(ORDER))?.json()) ?? [];
  const order = [...before.filter((name) => name !== SHELL), SHELL].slice(-RELEASES);
  await data.put(ORDER, Response.json(order));
  for (const name of await caches.keys()) if (name.startsWith(SHELLS) && !order.includes(name)) await caches.delete(name);
}

worker.addEventListener('install', (/** @type {Life} */ event) => {
  worker.skipWaiting();
  event.waitUntil(Promise.all(release.keep.map(keep)));
});

worker.addEventListener('activate', (/** @type {Life} */ event) => {
  // What cannot be forgotten now, the next release forgets.
  event.waitUntil(inTime(sweep()).catch(() => {}).then(arrive));
});

/** What is handed over: files wait for the page that opens then, which is that of a link in the words, if there is one. @param {Request} request */
async function handOver(request) {
  const form = await request.formData();
  const words = ['url', 'text', 'title'].map((name) => form.get(name)).join(' ');
  const [, link = ''] = /#(\S+)/.exec(words) ?? [];
  const place = new URL(link && `#${link}`, scope);
  const files = form.getAll('files').filter((file) => file instanceof File);
  try {
    if (files.length > 0) await inTime(letWait(files));
  } catch {
    // All of them or none, so that nobody takes a part for the whole.
    void caches.delete(HANDED).catch(() => {});
    place.searchParams.set(NO_ROOM, '');
  }
  return Response.redirect(place.href, 303);
}

/** @param {File[]} files */
async function letWait(files) {
  const waiting = await caches.open(HANDED);
  await Promise.all(files.map((file, at) => waiting.put(new URL(`hand-over/${at}/${encodeURIComponent(file.name)}`, scope), new Response(file))));
}

worker.addEventListener('fetch', (/** @type {Asked} */ event) => {
  const path = pathOf(event.request.url);
  if (event.request.method === 'POST' && path === 'hand-over') event.respondWith(handOver(event.request));
  if (event.request.method !== 'GET' || path === undefined) return;
  event.respondWith(placeOf(path) ? unchanging(event, path) : latest(event.request, path));
});
