// A script and no module, which every frame may run and which needs nothing else: says why the page has not started, in
// the reader's language, and offers to try again. Without it the page's style shows the same words after a time.

{
  /** Milliseconds that each part of the page gets to come anew. */
  const PATIENCE = 10_000;
  /** The bytes of the smallest module with an instruction of 128 bits. */
  const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

  const place = /** @type {HTMLElement} */ (document.querySelector('#not-started'));
  /** @param {string} name */
  const part = (name) => /** @type {HTMLElement} */ (place.querySelector(`[data-why="${name}"]`));
  /** @param {string} tag */
  const languageOf = (tag) => tag.toLowerCase().split(/[-_]/, 1)[0];

  const spoken = /** @type {HTMLElement[]} */ ([...place.querySelectorAll('[lang]')]);
  const tags = [new URLSearchParams(location.hash.slice(1)).get('lang') ?? '', ...navigator.languages, 'en'];
  const chosen = tags.map(languageOf).find((tag) => spoken.some(({ lang }) => languageOf(lang) === tag));
  for (const words of spoken) if (languageOf(words.lang) !== chosen) words.remove();

  // Without these a part of the page would come, and not work.
  const isOld = !globalThis.CSS?.supports('color', 'light-dark(#000, #fff)') || !('withResolvers' in Promise) || !('popover' in HTMLElement.prototype) || !globalThis.WebAssembly?.validate(new Uint8Array(SIMD));

  /** @param {string} detail */
  const say = (detail) => {
    if (!isOld && document.querySelector('main')?.getAttribute('aria-busy') === 'false') return;
    // A sandboxed frame has no origin, and a host may let none but its own read its modules.
    const why = isOld ? 'old' : self.origin === 'null' ? 'frame' : 'error';
    place.classList.toggle('old', isOld);
    for (const name of ['late', 'error', 'frame', 'old']) part(name).hidden = name !== why;
    const address = part('frame').querySelector('a');
    if (address) address.href = address.textContent = location.href;
    /** @type {HTMLElement} */ (place.querySelector('[data-detail]')).textContent = why === 'error' ? detail : '';
    // Another try would find the same browser.
    /** @type {HTMLElement} */ (place.querySelector('[data-again]')).hidden = isOld;
    place.classList.add('now');
  };

  if (isOld) say('');
  // In the capturing phase: the error of a script that did not come goes no further than to its element.
  addEventListener('error', (event) => {
    const { target } = event;
    if (event instanceof ErrorEvent) say(event.message);
    else if (target instanceof HTMLScriptElement && target.type === 'module') say(target.src);
  }, true);
  addEventListener('unhandledrejection', ({ reason }) => say(reason instanceof Error ? reason.message : String(reason)));

  place.querySelector('[data-again]')?.addEventListener('click', async (event) => {
    event.preventDefault();
    // What was kept of an earlier try may be what is wrong.
    const asked = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.startsWith(location.origin));
    await Promise.allSettled([...new Set(asked)].map((address) => fetch(address, { cache: 'reload', signal: AbortSignal.timeout(PATIENCE) })));
    location.reload();
  });
}
