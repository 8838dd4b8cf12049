// In place of `app/base/workers.js`, where the playground is one file: a worker's script stands in the page.

import { pathOf, textOf } from './files.js';

/** @param {URL} url of a script @returns {Worker} */
export function startWorker(url) {
  const script = document.querySelector(`script[data-worker="${pathOf(url)}"]`)?.textContent ?? '';
  const blob = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(blob);
  worker.addEventListener('message', () => URL.revokeObjectURL(blob), { once: true });
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data: path, ports: [answer] }) => void textOf(path).then((text) => answer?.postMessage(text));
  worker.postMessage(port2, [port2]);
  return worker;
}
