// Reads the PyTorch code that a person brings. Its program is fetched here alone, so only by whoever brings some.

import { isProblem } from '../app/base/is-problem.js';
import { problem } from '../app/base/fetch.js';

/** @import { Reply } from '../app/base/asked.js' */
/** @import { Reading, Request } from '../app/python.d.ts' */

/** What the page asks: of a text, or of a file. @typedef {Omit<Request, 'text'> & { code: string | File }} Asked */

/** @returns {Promise<(request: string) => string>} */
async function program() {
  try {
    const module = await import('../pkg/python/python.js');
    await module.default();
    return module.readPython;
  } catch (thrown) {
    throw problem('no-module', { detail: String(thrown) });
  }
}

/** @param {string | File} code */
async function textOf(code) {
  if (typeof code === 'string') return code;
  try {
    return await code.text();
  } catch (thrown) {
    throw problem('unreadable', { file: code.name, reason: thrown instanceof DOMException ? thrown.name : String(thrown) });
  }
}

self.onmessage = async (/** @type {MessageEvent<Asked & { id: number }>} */ { data: { id, code, network, data, facts } }) => {
  /** @param {Reply} reply */
  const say = (reply) => self.postMessage(reply);
  try {
    const read = await program();
    say({ id, kind: 'alive' });
    /** @type {Request} */
    const request = { text: await textOf(code), network, data, facts };
    /** @type {Reading} */
    const answer = JSON.parse(read(JSON.stringify(request)));
    say({ id, kind: 'answer', answer });
  } catch (thrown) {
    const why = isProblem(thrown) ? thrown : problem('internal', { detail: String(thrown) });
    // After a trap, or without its program, a new worker may do better.
    say({ id, kind: why.code === 'unreadable' ? 'refused' : 'broken', problem: why });
  }
};
