// Tells when the first words of the page have been painted, and asks for what the page needs next only then: until
// then the line is theirs. A file of its own, so that it is there before the page's other modules.

/** Milliseconds after which it goes on all the same: a page that nobody sees is not painted. */
const UNSEEN = 500;

/** Whether the page comes from what was kept of an earlier visit, and needs no line. A sandboxed frame may not ask. */
const kept = self.origin !== 'null' && Boolean(navigator.serviceWorker?.controller);

export const painted = new Promise((resolve) => {
  if (kept) return resolve(undefined);
  requestAnimationFrame(() => requestAnimationFrame(resolve));
  setTimeout(resolve, UNSEEN);
});

void painted.then(() => {
  const next = document.querySelector('#next');
  if (next instanceof HTMLTemplateElement) document.head.append(next.content);
});
