// Reads a file of saved runs: a large one takes seconds, in which the page has to answer.

import init, { readRuns } from '../pkg/core/core.js';
import { isProblem } from '../app/base/is-problem.js';

/** @import { Reply } from '../app/base/asked.js' */
/** @import { RunRecord } from '../app/runs/list.js' */

self.onmessage = async (/** @type {MessageEvent<{ id: number, file: File }>} */ { data: { id, file } }) => {
  /** @type {Reply} */
  let reply;
  try {
    await init();
    /** @type {RunRecord[]} */
    const answer = readRuns(await file.text());
    reply = { id, kind: 'answer', answer };
  } catch (thrown) {
    const why = isProblem(thrown) ? thrown : { code: /** @type {const} */ ('unreadable'), field: null, params: { file: file.name, reason: String(thrown) } };
    reply = { id, kind: 'refused', problem: why };
  }
  self.postMessage(reply);
};
