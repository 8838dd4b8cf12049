// A script and no module, which every frame may run and which needs nothing else: leaves the reader's language of what
// stands there in each of them, says why the page has not started, and offers to try again. Without it the page's style
// shows the same words after a time, in all languages.
// In the language of 2015 and of browsers that are too old for the page: they are who it is for.

{
  /** @param {string} tag */
  const languageOf = (tag) => tag.toLowerCase().split(/[-_]/, 1)[0];

  const spoken = /** @type {HTMLElement[]} */ (Array.from(document.querySelectorAll('.not-started [lang], .arriving [lang], .lost [lang]')));
  const tags = [new URLSearchParams(location.hash.slice(1)).get('lang') || ''].concat(navigator.languages, 'en');
  const chosen = tags.map(languageOf).find((tag) => spoken.some((words) => languageOf(words.lang) === tag));
  for (const words of spoken) if (languageOf(words.lang) !== chosen) words.remove();
}

// The page of an address that is none has no such place.
for (const place of /** @type {HTMLElement[]} */ (Array.from(document.querySelectorAll('#not-started')))) {
  /** Milliseconds that each part of the page gets to come anew. */
  const PATIENCE = 10000;

  const reasons = /** @type {HTMLElement[]} */ (Array.from(place.querySelectorAll('[data-why]')));
  /** @param {string} name */
  const show = (name) => {
    for (const reason of reasons) reason.hidden = reason.dataset.why !== name;
    place.classList.add('now');
  };
  // What decides how old a browser may be (`tests/house/browsers.mjs`).
  const old = !window.CSS || !CSS.supports('color', 'light-dark(red, red)') || !('popover' in HTMLElement.prototype);
  if (old) {
    show('old');
    // It stays even if the page does start.
    place.classList.add('old');
  }

  /** @param {string} detail */
  const say = (detail) => {
    const main = document.querySelector('main');
    if (old || (main && main.getAttribute('aria-busy') === 'false')) return;
    /** @param {string} name */
    const explains = (name) => reasons.some((reason) => reason.dataset.why === name);
    // A sandboxed frame has no origin, and a host may let none but its own read its modules. The playground as one file
    // has all of them, and neither reason.
    const why = location.protocol === 'file:' && explains('disk') ? 'disk' : self.origin === 'null' && explains('frame') ? 'frame' : 'error';
    show(why);
    const address = place.querySelector('[data-why="frame"] a');
    if (address instanceof HTMLAnchorElement) address.href = address.textContent = location.href;
    /** @type {HTMLElement} */ (place.querySelector('[data-detail]')).textContent = why === 'error' ? detail : '';
  };

  /** A module that came under another type looks to the page like one that did not come. @param {string} address */
  const askType = (address) => fetch(address).then((answer) => {
    const type = answer.headers.get('content-type') || '';
    if (!answer.ok || /javascript|text\/html/.test(type)) return;
    show('type');
    /** @type {HTMLElement} */ (place.querySelector('[data-detail]')).textContent = `${address}: ${type || '?'}`;
  }).catch(() => undefined);

  // In the capturing phase: the error of a script that did not come goes no further than to its element.
  addEventListener('error', (event) => {
    const target = event.target;
    if (event instanceof ErrorEvent) say(event.message);
    else if (target instanceof HTMLScriptElement && target.type === 'module') {
      say(target.src);
      if (location.protocol !== 'file:' && self.origin !== 'null') void askType(target.src);
    }
  }, true);
  addEventListener('unhandledrejection', (event) => say(event.reason instanceof Error ? event.reason.message : String(event.reason)));

  const again = place.querySelector('[data-again]');
  if (again) {
    again.addEventListener('click', (event) => {
      event.preventDefault();
      // What was kept of an earlier try may be what is wrong.
      const asked = performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => name.startsWith(location.origin));
      const fetched = Promise.all(Array.from(new Set(asked)).map((address) => fetch(address, { cache: 'reload' }).catch(() => undefined)));
      const enough = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
      void Promise.race([fetched, enough]).then(() => location.reload());
    });
  }
}
