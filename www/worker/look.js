// Looks inside networks, on the CPU, whatever device trains. It is asked one thing at a time.

import { isProblem } from '../app/base/is-problem.js';
import { DATA } from '../app/place.js';
import { fetchBytes, fetchJson, problem } from '../app/base/fetch.js';

/** @import { DataFacts } from '../app/core.d.ts' */
/** @import { Reply } from '../app/base/asked.js' */
/** @import { Request as Drawn } from '../app/living/client.js' */
/** @import { Request } from '../app/inside/client.js' */
/** @import { Insides } from '../pkg/cpu/cpu.js' */

/** @type {Insides} */
let insides;
/** The data set that is open, a served one or that of a person's files. */
let data = '';
/** @type {DataFacts | undefined} */
let facts;

self.onmessage = async (/** @type {MessageEvent<Request | Drawn>} */ { data: request }) => {
  const { id } = request;
  /** @param {Reply} reply */
  const say = (reply) => self.postMessage(reply);
  try {
    say({ id, kind: 'answer', answer: await obey(request, () => say({ id, kind: 'alive' })) });
  } catch (thrown) {
    const why = isProblem(thrown) ? thrown : problem('internal', { detail: String(thrown) });
    // After a trap, or without its program, a new worker may do better.
    say({ id, kind: why.code === 'internal' || why.code === 'no-module' ? 'broken' : 'refused', problem: why });
  }
};

/** @param {Request | Drawn} request @param {() => void} alive says that it goes on @returns {Promise<any>} */
async function obey(request, alive) {
  switch (request.kind) {
    case 'data': return openData(request.name, request.files, request.coarse, alive);
    case 'first':
      // Of its data set nothing is needed but the facts.
      if (!insides) insides = new (await program()).Insides();
      return insides.openFirst(request.run, request.spec, request.facts);
    case 'train': return insides.lookAtTraining(request.run, request.pixels, request.index);
    case 'open': return insides.open(request.run, request.spec, request.weights);
    case 'touch': return insides.touch(request.run, request.past, request.touches);
    case 'onnx': return insides.onnx(request.run);
    case 'close': return insides.close(request.run);
    case 'look':
      if (request.pixels) return insides.look(request.run, request.pixels);
      await deliver(request.index + 1, alive);
      return insides.lookAtTest(request.run, request.index);
    case 'images':
      await deliver(request.from + request.count, alive);
      return insides.testImages(request.run, request.from, request.count);
    case 'drawn': return insides.drawn(request.ink, request.width);
    case 'photo': return insides.photo(request.rgba);
    case 'ask':
      await deliver(request.test, alive);
      return insides.ask(request.run, request.question);
  }
}

/** An `Insides` knows one data set only: with another, all that it was told is forgotten. @param {string} name @param {File[]} files @param {boolean} coarse @param {() => void} alive */
async function openData(name, files, coarse, alive) {
  if (name === data && facts) return facts;
  const module = await program();
  alive();
  insides?.free();
  // Until all of it is here there is none.
  data = '';
  facts = undefined;
  insides = new module.Insides();
  if (files.length === 0) facts = insides.openData(await fetchJson(...at(`${name}/manifest.json`), { hear: alive }));
  for (const file of files) {
    facts = insides.addFile(file.name, await contentOf(file), coarse);
    alive();
  }
  data = name;
  return facts;
}

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

/** @param {File} file */
async function contentOf(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (thrown) {
    throw problem('unreadable', { file: file.name, reason: thrown instanceof DOMException ? thrown.name : String(thrown) });
  }
}

/** Gets the first `count` test images, or all that there are. @param {number} count @param {() => void} alive */
async function deliver(count, alive) {
  if (count === 0) return;
  for (let file; (file = insides.nextShard('test', count)) !== undefined;) {
    const path = `${data}/${file}`;
    try {
      insides.addShard('test', await get(path, alive));
    } catch (thrown) {
      if (!isProblem(thrown) || thrown.code === 'unreachable') throw thrown;
      // What was kept on the way may be damaged: once more, past all of it.
      insides.addShard('test', await get(path, alive, true));
    }
    alive();
  }
}

/** @param {string} path @param {() => void} alive @param {boolean} [again] past everything that was kept of it */
const get = (path, alive, again) => fetchBytes(...at(path), { again, hear: alive });

/** Where a file of a data set is, and its name. @param {string} path @returns {[URL, string]} */
const at = (path) => [new URL(path, DATA), path];
