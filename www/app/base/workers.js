// Starting workers, also where the page has no origin.

/** @param {URL} url of a module @returns {Worker} */
export function startWorker(url) {
  if (self.origin !== 'null') return new Worker(url, { type: 'module' });
  // A worker's address must be of the page's origin. A sandboxed frame has none that any address shares but a blob's;
  // the script there may import the module, if the host lets every origin read it. Modules in blobs are refused.
  const blob = URL.createObjectURL(new Blob([`(${begin})(${JSON.stringify(url.href)})`], { type: 'text/javascript' }));
  const worker = new Worker(blob);
  worker.addEventListener('message', () => URL.revokeObjectURL(blob), { once: true });
  return worker;
}

/** Runs in the worker: what comes before the module is there waits for it. @param {string} url */
function begin(url) {
  /** @type {unknown[]} */
  const early = [];
  self.onmessage = ({ data }) => early.push(data);
  import(url).then(
    () => { for (const data of early) self.dispatchEvent(new MessageEvent('message', { data })); },
    (error) => setTimeout(() => { throw error; }),
  );
}
