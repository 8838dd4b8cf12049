// One more thread of the training worker: helps it in the same memory, until that ends.

import init, { runThread } from '../pkg/threads/threads.js';

self.onmessage = async (/** @type {MessageEvent<{ code: WebAssembly.Module, memory: WebAssembly.Memory, alarm: MessagePort }>} */ { data: { code, memory, alarm } }) => {
  try {
    await init({ module_or_path: code, memory });
  } catch (error) {
    return self.postMessage(String(error));
  }
  self.postMessage('');
  try {
    runThread();
  } catch (error) {
    alarm.postMessage(String(error));
  }
};
