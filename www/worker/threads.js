// More than one thread for training: workers that share the memory of one module. For a worker to call,
// since a page must not wait for others.

/** What a thread runs, as text with no address: then it has this worker's isolation, where the page's comes from the page's
 *  own service worker. WebKit does not ask that for a worker's workers. */
const THREAD = new Blob([`import '${new URL('./thread.js', import.meta.url)}'`], { type: 'text/javascript' });

/**
 * Starts the module for threads with `count` of them, of which the worker that calls is one. Each alarm
 * tells why its thread has stopped, which whoever waits for that thread cannot hear.
 * @param {number} count
 */
export async function startThreads(count) {
  const module = await import('../pkg/threads/threads.js');
  await module.default();
  const [code, memory] = module.beginThreads(count);
  const address = URL.createObjectURL(THREAD);
  /** @type {Worker[]} */
  const workers = [];
  /** @type {MessagePort[]} */
  const alarms = [];
  const started = Array.from({ length: count - 1 }, () => new Promise((resolve, reject) => {
    const worker = new Worker(address, { type: 'module' });
    const { port1, port2 } = new MessageChannel();
    workers.push(worker);
    alarms.push(port1);
    worker.onmessage = ({ data: reason }) => (reason ? reject(new Error(reason)) : resolve(undefined));
    worker.onerror = (event) => { event.preventDefault(); reject(new Error(event.message)); };
    worker.postMessage({ code, memory, alarm: port2 }, [port2]);
  }));
  try {
    await Promise.all(started);
  } catch (error) {
    for (const worker of workers) worker.terminate();
    throw error;
  } finally {
    URL.revokeObjectURL(address);
  }
  return { module, alarms };
}
