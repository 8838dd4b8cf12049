// Looks inside networks, on the CPU, whatever device trains. One message after the other.

import { DATA } from './app/place.js';

/** @import { DataFacts, Problem } from './app/core.d.ts' */
/** @import { Reply, Request } from './app/inside/inspector.js' */
/** @import { Inspector } from './pkg/cpu/cpu.js' */

/** @type {Promise<Inspector> | undefined} */
let opening;
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
  return new module.Inspector();
}

/** @param {Request} request @returns {Promise<any>} */
async function obey(request) {
  opening ??= load();
  const inspector = await opening;
  switch (request.kind) {
    case 'data': return openData(inspector, request.name, request.files);
    case 'open': return inspector.open(request.run, request.spec, request.weights);
    case 'close': return inspector.close(request.run);
    case 'look':
      if (request.pixels) return inspector.look(request.run, request.pixels);
      await deliver(inspector, request.index + 1);
      return inspector.lookAtTest(request.run, request.index);
    case 'images':
      await deliver(inspector, request.from + request.count);
      return inspector.testImages(request.from, request.count);
    case 'drawn': return inspector.drawn(request.ink, request.width);
    case 'photo': return inspector.photo(request.rgba);
    case 'ask':
      await deliver(inspector, request.test);
      return inspector.ask(request.run, request.question);
  }
}

/** @param {Inspector} inspector @param {string} name @param {File[]} files */
async function openData(inspector, name, files) {
  if (name !== data || !facts) {
    if (files.length === 0) facts = inspector.openData(await (await get(`${name}/manifest.json`)).json());
    for (const file of files) facts = inspector.addFile(file.name, new Uint8Array(await file.arrayBuffer()));
    data = name;
  }
  return facts;
}

/** Gets the first so many test images, or all that there are. @param {Inspector} inspector @param {number} count */
async function deliver(inspector, count) {
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
