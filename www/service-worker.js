// Keeps a release of the playground, and the data that was used, for when there is no network. A
// bundle writes `RELEASE` in front of this.

/**
 * What a bundle says of itself; every address is relative to this file.
 * @typedef {object} Release
 * @property {string} name
 * @property {string} code folder of what changes with every release, under a name of its own
 * @property {string} data folder of the data sets, under a name that changes with them
 * @property {string[]} keep what is needed to open the page, and to train with its first images
 */

/** The part of a service worker that is used here; the page's types do not have it. @typedef {Event & { waitUntil: (work: Promise<unknown>) => void }} Life */
/** @typedef {Life & { request: Request, respondWith: (answer: Promise<Response>) => void }} Asked */
/** @typedef {{ registration: { scope: string }, skipWaiting: () => void, clients: { claim: () => Promise<void> }, addEventListener: (kind: string, listen: (event: any) => void) => void }} Service */

const worker = /** @type {Service} */ (/** @type {unknown} */ (self));
const release = /** @type {{ RELEASE: Release }} */ (/** @type {unknown} */ (self)).RELEASE;
const { scope } = worker.registration;

/** Milliseconds that the network has for a page that is also kept. */
const PATIENCE = 3000;
/** Pages that are still open may belong to the release before this one. */
const RELEASES = 2;
// The origin may be shared with others.
const SHELLS = `${scope} release `;
const SHELL = SHELLS + release.name;
const DATA = `${scope} data`;
/** Where it stands in which order the releases came: browsers name caches in an order of their own. */
const ORDER = `${scope}data/order`;

/** What of the playground an address is, relative to the scope. @param {string} url */
const pathOf = (url) => (url.startsWith(scope) ? url.slice(scope.length).replace(/[?#].*/, '') : undefined);

/** Where an address is kept that never changes what it says. @param {string} path */
function placeOf(path) {
  if (path.startsWith('v/')) return SHELL;
  return path.startsWith('data/') ? DATA : undefined;
}

/** @param {string} path */
async function keep(path) {
  const place = placeOf(path);
  const answer = await fetch(new URL(path, scope), { cache: place ? 'default' : 'no-cache' });
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  // A page may not be opened from an answer that was redirected.
  await (await caches.open(place ?? SHELL)).put(new URL(path, scope), answer.redirected ? new Response(answer.body, answer) : answer);
}

/** What was kept of an address. @param {string} path */
async function kept(path) {
  const url = new URL(path === 'index.html' ? './' : path, scope);
  for (const place of [SHELL, DATA]) {
    const answer = await (await caches.open(place)).match(url, { ignoreVary: true });
    if (answer) return answer;
  }
  // A page that was opened before this release came.
  return placeOf(path) === SHELL ? caches.match(url, { ignoreVary: true }) : undefined;
}

/** From what was kept, else from the network, and kept then. @param {Request} request @param {string} path @param {string} place */
async function unchanging(request, path, place) {
  const known = await kept(path);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.status === 200) await (await caches.open(place)).put(new URL(path, scope), answer.clone());
  return answer;
}

/** From the network, so that a new release is seen at once; from what was kept if that does not answer. @param {Request} request @param {string} path */
async function latest(request, path) {
  const known = await kept(path);
  if (!known) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => known);
  const fresh = fetch(request).then((answer) => (answer.ok ? answer : known), () => known);
  return Promise.race([fresh, late]);
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
  event.waitUntil(sweep().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (/** @type {Asked} */ event) => {
  const path = pathOf(event.request.url);
  if (event.request.method !== 'GET' || path === undefined) return;
  const place = placeOf(path);
  event.respondWith(place ? unchanging(event.request, path, place) : latest(event.request, path));
});
