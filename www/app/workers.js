// Starting workers, also where the page has no origin.

/** @param {URL} url of a module @returns {Worker} */
export function startWorker(url) {
  if (self.origin !== 'null') return new Worker(url, { type: 'module' });
  // A worker's address must be of the page's origin. A sandboxed frame has none that any address shares but a blob's,
  // and that may import the module, if the host lets every origin read it.
  const blob = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }));
  const worker = new Worker(blob, { type: 'module' });
  worker.addEventListener('message', () => URL.revokeObjectURL(blob), { once: true });
  return worker;
}
