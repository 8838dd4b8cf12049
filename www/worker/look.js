// Looks inside networks, on the CPU, whatever device trains. One message after the other.

import { isProblem } from '../app/base/is-problem.js';
import { DATA } from '../app/place.js';

/** @import { DataFacts } from '../app/core.d.ts' */
/** @import { Reply, Request } from '../app/inside/client.js' */
/** @import { Insides } from '../pkg/cpu/cpu.js' */

/** @type {Promise<typeof import('../pkg/cpu/cpu.js')> | undefined} */
let loading;
/** @type {Insides} */
let insides;
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

async function load() {
  const module = await import('../pkg/cpu/cpu.js');
  await module.default();
  return module;
}

/** @param {Request} request @returns {Promise<any>} */
async function obey(request) {
  switch (request.kind) {
    case 'data': return openData(request.name, request.files);
    case 'open': return insides.open(request.run, request.spec, request.weights);
    case 'close': return insides.close(request.run);
    case 'look':
      if (request.pixels) return insides.look(request.run, request.pixels);
      await deliver(request.index + 1);
      return insides.lookAtTest(request.run, request.index);
    case 'images':
      await deliver(request.from + request.count);
      return insides.testImages(request.run, request.from, request.count);
    case 'drawn': return insides.drawn(request.ink, request.width);
    case 'photo': return insides.photo(request.rgba);
    case 'ask':
      await deliver(request.test);
      return insides.ask(request.run, request.question);
  }
}

/** An `Insides` knows one data set only: with another, all that it was told is forgotten. @param {string} name @param {File[]} files */
async function openData(name, files) {
  if (name !== data || !facts) {
    loading ??= load();
    const { Insides } = await loading;
    insides?.free();
    facts = undefined;
    insides = new Insides();
    if (files.length === 0) facts = insides.openData(await (await get(`${name}/manifest.json`)).json());
    for (const file of files) facts = insides.addFile(file.name, new Uint8Array(await file.arrayBuffer()));
    data = name;
  }
  return facts;
}

/** Gets the first so many test images, or all that there are. @param {number} count */
async function deliver(count) {
  for (let file; (file = insides.nextShard('test', count)) !== undefined;) {
    insides.addShard('test', new Uint8Array(await (await get(`${data}/${file}`)).arrayBuffer()));
  }
}

/** @param {string} path */
async function get(path) {
  const answer = await fetch(new URL(path, DATA)).catch(() => undefined);
  if (!answer?.ok) throw { code: 'no-data', field: null, params: { data: path } };
  return answer;
}
