// Looks inside networks, on the CPU, whatever device trains. It is asked one thing at a time.

import { isProblem } from '../app/base/is-problem.js';
import { DATA } from '../app/place.js';

/** @import { DataFacts } from '../app/core.d.ts' */
/** @import { Reply } from '../app/inside/asked.js' */
/** @import { Request } from '../app/inside/client.js' */
/** @import { Insides } from '../pkg/cpu/cpu.js' */

/** @type {Insides} */
let insides;
/** The data set that is open, a served one or that of a person's files. */
let data = '';
/** @type {DataFacts | undefined} */
let facts;

self.onmessage = async (/** @type {MessageEvent<Request>} */ { data: request }) => {
  const { id } = request;
  /** @param {Reply} reply */
  const say = (reply) => self.postMessage(reply);
  try {
    say({ id, kind: 'answer', answer: await obey(request, () => say({ id, kind: 'alive' })) });
  } catch (thrown) {
    // What is no problem is a trap, or a program that did not come: a new worker may do better.
    say(isProblem(thrown) ? { id, kind: 'refused', problem: thrown } : { id, kind: 'broken', detail: String(thrown) });
  }
};

/** @param {Request} request @param {() => void} alive says that it goes on @returns {Promise<any>} */
async function obey(request, alive) {
  switch (request.kind) {
    case 'data': return openData(request.name, request.files, alive);
    case 'open': return insides.open(request.run, request.spec, request.weights);
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

/** An `Insides` knows one data set only: with another, all that it was told is forgotten. @param {string} name @param {File[]} files @param {() => void} alive */
async function openData(name, files, alive) {
  if (name === data && facts) return facts;
  const module = await import('../pkg/cpu/cpu.js');
  await module.default();
  alive();
  insides?.free();
  facts = undefined;
  insides = new module.Insides();
  if (files.length === 0) facts = insides.openData(JSON.parse(new TextDecoder().decode(await get(`${name}/manifest.json`))));
  for (const file of files) {
    facts = insides.addFile(file.name, new Uint8Array(await file.arrayBuffer()));
    alive();
  }
  data = name;
  return facts;
}

/** Gets the first so many test images, or all that there are. @param {number} count @param {() => void} alive */
async function deliver(count, alive) {
  for (let file; (file = insides.nextShard('test', count)) !== undefined;) {
    insides.addShard('test', await get(`${data}/${file}`));
    alive();
  }
}

/** @param {string} path */
async function get(path) {
  try {
    const answer = await fetch(new URL(path, DATA));
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  } catch {
    // No connection, or one that broke off.
  }
  throw { code: 'no-data', field: null, params: { data: path } };
}
