// Looks inside networks, on the CPU, whatever device trains. One message after the other.

import { DATA } from './app/place.js';

/** @import { DataFacts, Problem } from './app/core.d.ts' */
/** @import { Reply, Request } from './app/inside/inspector.js' */
/** @import { Inspector } from './pkg/cpu/cpu.js' */

/** @type {Promise<typeof import('./pkg/cpu/cpu.js')> | undefined} */
let loading;
/** @type {Inspector} */
let inspector;
/** @type {Promise<void>} */
let work = Promise.resolve();
/** The served data set that is open, or that of a person's files. */
let data = '';
/** @type {DataFacts | undefined} */
let facts;

self.onmessage = (/** @type {MessageEvent<Request>} */ { data: request }) => {
  work = work.then(async () => {
    /** @type {Reply} */
    let reply;
    try {
      reply = { id: request.id, answer: await obey(request) };
    } catch (thrown) {
      reply = { id: request.id, problem: isProblem(thrown) ? thrown : { code: 'internal', field: null, params: { detail: String(thrown) } } };
    }
    self.postMessage(reply);
  });
};

/** @param {unknown} thrown @returns {thrown is Problem} */
const isProblem = (thrown) => typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'params' in thrown;

async function load() {
  const module = await import('./pkg/cpu/cpu.js');
  await module.default();
  return module;
}

/** @param {Request} request @returns {Promise<any>} */
async function obey(request) {
  switch (request.kind) {
    case 'data': return openData(request.name, request.files);
    case 'open': return inspector.open(request.run, request.spec, request.weights);
    case 'close': return inspector.close(request.run);
    case 'look':
      if (request.pixels) return inspector.look(request.run, request.pixels);
      await deliver(request.index + 1);
      return inspector.lookAtTest(request.run, request.index);
    case 'images':
      await deliver(request.from + request.count);
      return inspector.testImages(request.run, request.from, request.count);
    case 'drawn': return inspector.drawn(request.ink, request.width);
    case 'photo': return inspector.photo(request.rgba);
    case 'ask':
      await deliver(request.test);
      return inspector.ask(request.run, request.question);
  }
}

/** An inspector knows one data set only: with another, all that it was told is forgotten. @param {string} name @param {File[]} files */
async function openData(name, files) {
  if (name !== data || !facts) {
    loading ??= load();
    const { Inspector } = await loading;
    inspector?.free();
    facts = undefined;
    inspector = new Inspector();
    if (files.length === 0) facts = inspector.openData(await (await get(`${name}/manifest.json`)).json());
    for (const file of files) facts = inspector.addFile(file.name, new Uint8Array(await file.arrayBuffer()));
    data = name;
  }
  return facts;
}

/** Gets the first so many test images, or all that there are. @param {number} count */
async function deliver(count) {
  for (let file; (file = inspector.nextShard('test', count)) !== undefined;) {
    inspector.addShard('test', new Uint8Array(await (await get(`${data}/${file}`)).arrayBuffer()));
  }
}

/** @param {string} path */
async function get(path) {
  const answer = await fetch(new URL(path, DATA)).catch(() => undefined);
  if (!answer?.ok) throw { code: 'no-data', field: null, params: { data: path } };
  return answer;
}
