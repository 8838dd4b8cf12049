// Writes a network's weights as a file, and reads such a file: one may take as much memory as the network, twice.

import { isProblem } from '../app/base/is-problem.js';
import { problem } from '../app/base/fetch.js';

/** @import { Reply } from '../app/base/asked.js' */
/** @import { Asked } from '../app/run/weight-files.js' */

/** The engine. @returns {Promise<typeof import('../pkg/cpu/cpu.js')>} */
async function program() {
  try {
    const module = await import('../pkg/cpu/cpu.js');
    await module.default();
    return module;
  } catch (thrown) {
    throw problem('no-module', { detail: String(thrown) });
  }
}

/** @param {File | Uint8Array<ArrayBuffer>} file */
async function bytesOf(file) {
  if (file instanceof Uint8Array) return file;
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (thrown) {
    throw problem('unreadable', { file: file.name, reason: thrown instanceof DOMException ? thrown.name : String(thrown) });
  }
}

self.onmessage = async (/** @type {MessageEvent<Asked & { id: number }>} */ { data: { id, spec, facts, weights, file } }) => {
  /** @param {Reply} reply */
  const say = (reply) => self.postMessage(reply);
  try {
    const module = await program();
    if (weights) return say({ id, kind: 'answer', answer: module.writeTensors(spec, facts, weights) });
    const bytes = await bytesOf(file);
    say({ id, kind: 'answer', answer: module.readTensors(spec, facts, bytes) });
  } catch (thrown) {
    const why = isProblem(thrown) ? thrown : problem('internal', { detail: String(thrown) });
    say({ id, kind: why.code === 'internal' || why.code === 'no-module' ? 'broken' : 'refused', problem: why });
  }
};
