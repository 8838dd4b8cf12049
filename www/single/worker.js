// Before a worker's own script, where the playground is one file: it asks the page for parts, through the port that is in
// its first message.

import { findWith } from './files.js';

/** @type {Promise<MessagePort>} */
const line = new Promise((resolve) => {
  self.addEventListener('message', (event) => {
    // The script that comes next does not see it.
    event.stopImmediatePropagation();
    resolve(event.data);
  }, { once: true });
});

findWith(async (path) => {
  const port = await line;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => {
      port1.close();
      resolve(data);
    };
    port.postMessage(path, [port2]);
  });
});
