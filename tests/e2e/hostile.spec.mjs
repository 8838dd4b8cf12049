// What a page around this one may say, and what the core is called with: anything that a message can carry. No browser.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { PROTOCOL, readCommand, readConnect } from '../../www/app/embed/protocol.js';

const pkg = new URL('../../target/site/pkg/core/', import.meta.url);
const LONG = 'x'.repeat(100_000);
/** The same inputs whenever it runs; `FUZZ_RUNS` asks for more of them. */
const runs = (/** @type {number} */ usual) => ({ seed: 1, numRuns: Number(process.env.FUZZ_RUNS ?? usual), endOnFailure: true });

/** Names that objects have anyway, and those that mean something here. */
const NAMES = [
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'type', 'id', 'link', 'choices', 'playground', 'from', 'net', 'data',
  'batch', 'lr', 'mean', 'seed', 'shape', 'channels', 'height', 'width', 'classes', 'train', 'test', 'deviation', 'facts', 'name',
];
const WORDS = ['run', 'set', 'get', 'connect', 'choices', 'example', 'original', 'resnet', 'mnist', 'file', 'v=1&net=mlp', ''];
const NUMBERS = [0, -0, 1, -1, 0.5, 255, 65536, 2 ** 31, 2 ** 32, 2 ** 53, 1e300, NaN, Infinity, -Infinity];

const name = fc.oneof(fc.constantFrom(...NAMES), fc.constant(LONG), fc.string({ maxLength: 80 }));
const leaf = fc.oneof(
  fc.constantFrom(...NUMBERS), fc.constantFrom(...WORDS), fc.boolean(), fc.double(), fc.string(), fc.bigInt(),
  fc.constantFrom(null, undefined), fc.constant(LONG), fc.date(), fc.uint8Array(), fc.constant(new Map([[{}, 1]])),
);
/** Every value that can be cloned, also one that contains itself. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 }, leaf,
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(name, tie('value'), { maxKeys: 8, noNullPrototype: false }),
    // `{ __proto__: … }` as JSON has it: a name like any other.
    fc.tuple(name, tie('value')).map(([key, value]) => Object.defineProperty({}, key, { value, enumerable: true })),
    fc.tuple(fc.boolean(), name).map(([list, key]) => (list ? circle([]) : circle({}, key))),
  ),
})).value;

/** @param {any} holder @param {string | number} [key] */
function circle(holder, key = 0) {
  Object.defineProperty(holder, key, { value: holder, enumerable: true });
  return holder;
}

/** As near to a command as to have most of it read. */
const almost = fc.record({
  type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('run', 'pause', 'reset', 'get', 'set', 'keep', 'restore') }, anything),
  id: fc.oneof(fc.constantFrom(undefined, 1, 'a'), anything),
  link: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.string(), anything),
  choices: fc.oneof(fc.dictionary(name, fc.oneof(leaf, fc.array(leaf))), anything),
  most: fc.oneof(fc.integer(), anything),
  text: fc.oneof(fc.string(), anything),
}, { requiredKeys: [] });

const isProblem = (/** @type {any} */ it) => typeof it === 'object' && it !== null && typeof it.code === 'string' && typeof it.params === 'object';

test('a message of a parent is a command of known shape, or what is wrong with it', () => {
  const wanted = new Set(['type', 'id', 'link', 'choices', 'most', 'text']);
  fc.assert(fc.property(fc.oneof(almost, anything), (data) => {
    const { command, wrong } = readCommand(data);
    if (command === undefined) {
      assert.equal(wrong?.code, 'shape');
      assert(JSON.stringify(wrong).length < 1_000);
      return;
    }
    assert(Object.keys(command).every((key) => wanted.has(key)));
    const { id, link, choices = {}, most, text } = /** @type {any} */ (command);
    assert(most === undefined || (Number.isInteger(most) && most > 0 && most <= 64_000));
    assert(text === undefined || (typeof text === 'string' && text.length <= 64_000));
    assert(id === undefined || Number.isFinite(id) || (typeof id === 'string' && id.length <= 64));
    assert(link === undefined || (typeof link === 'string' && link.length <= 10_000));
    for (const value of Object.values(choices).flat()) assert(['boolean', 'number', 'string'].includes(typeof value));
    // It can be said again as it is.
    JSON.stringify(command);
  }), runs(5_000));
});

test('a greeting of a parent is read or passed by', () => {
  const ports = fc.array(fc.constant(/** @type {any} */ ({})), { maxLength: 3 });
  const greeting = fc.record({ playground: fc.oneof(fc.constant(PROTOCOL), anything), type: fc.oneof(fc.constant('connect'), anything) }, { requiredKeys: [] });
  fc.assert(fc.property(fc.oneof(greeting, anything), ports, (data, all) => {
    const read = readConnect(data, all);
    if (read && !read.wrong) assert.deepEqual([/** @type {any} */ (data).playground, all.length], [PROTOCOL, 1]);
  }), runs(2_000));
});

test('each export of the core answers with a value or a problem, whatever it is called with', async () => {
  const core = await import(new URL('core.js', pkg).href);
  core.initSync({ module: await readFile(new URL('core_bg.wasm', pkg)) });
  // What it takes is cloned: that is how it gets here from another worker, a frame, or storage.
  const call = (/** @type {string} */ what, /** @type {() => unknown} */ made) => {
    try {
      made();
    } catch (thrown) {
      if (!isProblem(thrown)) throw new Error(`${what} threw ${thrown instanceof Error ? thrown.stack : JSON.stringify(thrown)}`, { cause: thrown });
    }
  };
  const { spec, choices } = core.view({}, undefined);
  const facts = { shape: { channels: 1, height: 28, width: 28 }, classes: ['a', 'b'], train: 100, test: 50, mean: [0.5], deviation: [0.5] };
  const run = { choices, seed: 1, parameters: 1, test: { loss: 1, accuracy: 0.5, count: 100 }, trainLoss: 1, steps: 1, samples: 64, training: 1, gradient: null, separable: null };
  const known = /** @type {Record<string, unknown[]>} */ ({
    choices: [choices, { net: 'resnet', blocks: 3 }, { net: 'own', layers: 'conv8,add(conv8),gap,fc' }],
    edit: [{ kind: 'remove', line: 0 }, { kind: 'number', line: 0, letter: 'k', value: 5 }, { kind: 'add', line: 1, word: 'se' }], facts: [undefined, facts], spec: [spec],
    claim: [{ accuracy: 0.5, loss: 1, steps: 3, digest: '0123456789abcdef', engine: '0.1.0', device: 'cpu' }],
    source: [{ from: 'choices', choices, facts }, { from: 'example', name: 'vgg' }, { from: 'original', net: 'vgg' }],
    ask: [{ budget: 'auto', speeds: [100], memory: 8, seeds: [1], level: null }],
    reached: [{ predicted: true, runs: 2, explained: false, answered: 1, accuracy: 0.5, reproduced: false }],
    kept: [{ reached: { runs: 1 }, link: 'v=1', lab: { id: core.labs()[0].id, options: {}, prediction: 'a', level: 1, seeds: [0], answered: [0], rehearsed: false }, words: 'a|b', runs: [{ label: 'a', facts: run }] }],
    package: [{ kind: 'scorm-1.2', address: 'a', title: { en: 'a' }, about: { en: 'a' }, words: { en: { done: 'a' } }, pictures: { en: 'a' }, files: ['a'] }],
    made: [core.labs().flatMap((/** @type {any} */ lab) => lab.runs.map((/** @type {string} */ label) => ({ label, facts: run })))],
    manifest: [{ name: 'a', shape: facts.shape, classes: facts.classes, source: '', mean: [0.5], deviation: [0.5], train: [{ file: 'a', samples: 1, bytes: 1, sha256: '' }], test: [] }],
  });
  const labs = [...core.labs().map((/** @type {any} */ lab) => lab.id), 'none'];
  /** Something sound, with one thing of it, however deep, in place of something else. */
  const changed = (/** @type {string} */ kind) => fc.tuple(fc.constantFrom(...(known[kind] ?? [])), fc.array(fc.nat(30), { maxLength: 5 }), anything)
    .map(([sound, path, other]) => replaced(structuredClone(sound), path, other));
  const of = (/** @type {string} */ kind) => fc.oneof({ weight: 3, arbitrary: changed(kind) }, anything);
  const count = fc.constantFrom(0, 1, 8, 2 ** 31, 2 ** 32 - 1, NaN, -1);
  const lab = fc.constantFrom(...labs);
  /** @type {[string, import('fast-check').Arbitrary<unknown[]>][]} */
  const exports = [
    ['view', fc.tuple(of('choices'), of('facts'))], ['meant', fc.tuple(fc.constantFrom('mean', 'std', 'lr'), fc.oneof(fc.string(), anything))], ['openLink', fc.tuple(fc.string())], ['openGiven', fc.tuple(fc.string())], ['readGoal', fc.tuple(fc.string())], ['pasted', fc.tuple(fc.string())], ['pytorch', fc.tuple(of('choices'), of('facts'))], ['script', fc.tuple(of('choices'), of('facts'))],
    ['openedAsOwn', fc.tuple(of('choices'), of('facts'))], ['ownOutline', fc.tuple(of('choices'), of('facts'))],
    ['ownEdit', fc.tuple(of('choices'), of('facts'), of('edit'))], ['beginsAs', fc.tuple(of('spec'), of('spec'))],
    ['linkText', fc.tuple(of('choices'), anything, fc.oneof(fc.constant(undefined), of('claim')), fc.boolean())],
    ['frame', fc.tuple(anything)], ['readRuns', fc.tuple(fc.string())], ['original', fc.tuple(fc.string())], ['layer', fc.tuple(of('choices'))], ['compare', fc.tuple(of('source'), of('source'))],
    ['fileKind', fc.tuple(fc.string(), count, fc.uint8Array())], ['checkPicture', fc.tuple(fc.string(), count, fc.uint8Array())], ['placePicture', fc.tuple(of('facts'), count, count)],
    ['isPytorch', fc.tuple(fc.string())], ['sortPictures', fc.tuple(fc.oneof(fc.array(fc.string()), anything))], ['checkClasses', fc.tuple(count)],
    ['unpackPictures', fc.tuple(fc.string(), fc.uint8Array(), fc.constant(() => {}))], ['aroundFiles', fc.tuple(fc.oneof(fc.array(fc.tuple(fc.string(), count)), anything))],
    ['labSeeds', fc.tuple(fc.uint32Array({ maxLength: 8 }))], ['labView', fc.tuple(lab, of('choices'))], ['labProbes', fc.tuple(lab, of('choices'))], ['labPlan', fc.tuple(lab, of('choices'), of('ask'))],
    ['classOf', fc.tuple(fc.string(), anything)], ['classCsv', fc.tuple(fc.string(), anything, fc.string())], ['seeded', fc.tuple(fc.string(), fc.string())],
    ['predictions', fc.tuple(fc.string(), anything)], ['handedIn', fc.tuple(fc.string(), fc.string())], ['labPredicted', fc.tuple(lab, anything)],
    ['goalProgress', fc.tuple(fc.string(), fc.oneof(fc.array(of('reached')), anything))], ['packKept', fc.tuple(of('kept'), count)], ['unpackKept', fc.tuple(fc.string())], ['packageFiles', fc.tuple(of('package'))],
    ['labConclude', fc.tuple(lab, of('choices'), of('made'), anything)],
  ];
  const takes = Object.keys(core).filter((key) => core[key].length > 0 && !/^class|^async/.test(String(core[key])) && key !== 'initSync');
  assert.deepEqual(exports.map(([key]) => key).sort(), takes.sort());
  for (const [key, given] of exports) {
    fc.assert(fc.property(given, (all) => call(key, () => core[key](...all))), runs(400));
  }
  fc.assert(fc.property(of('manifest'), fc.uint8Array(), (manifest, bytes) => call('fromShard', () => core.Samples.fromShard(manifest, bytes))), runs(400));
  const pixels = fc.uint8Array({ maxLength: 2_000 });
  fc.assert(fc.property(of('facts'), pixels, of('spec'), count, count, (about, bytes, wanted, shown, counted) => call('fromPixels', () => {
    const samples = core.Samples.fromPixels(about, bytes, bytes);
    samples.preview(wanted, shown, counted);
  })), runs(400));
  const form = fc.oneof(fc.constant({ edge: 16, fit: 'crop', colour: false }), anything);
  fc.assert(fc.property(form, fc.string(), anything, count, (given, name, part, size) => call('album', () => {
    call('open', () => core.Album.open(name, new TextEncoder().encode(`CNNALBUM${name}`)).contents());
    const album = new core.Album(given);
    call('place', () => album.place(size, size));
    call('add', () => album.add(name, part, new Uint8Array(16 * 16 * 4)));
    call('seen', () => album.seen(new Uint8Array(4)));
    album.write();
  })), runs(400));
  fc.assert(fc.property(fc.oneof(fc.constant(undefined), fc.uint8Array()), fc.double(), fc.constantFrom(...NUMBERS), (shades, x, y) => call('ink', () => {
    const ink = new core.Ink(shades);
    ink.line(x, y, y, x);
    assert.equal(ink.shades.length, ink.size ** 2);
    assert.equal(new core.Album({ edge: 16, fit: 'pad', colour: false }).drawn(ink.picture()).length, 16 * 16 * 4);
  })), runs(100));
  // It still does what it did.
  assert.deepEqual(core.view({}, undefined).spec, spec);
});

test('the reader of PyTorch code answers with a reading, whatever it is asked', async () => {
  const folder = new URL('../python/', pkg);
  const reader = await import(new URL('python.js', folder).href);
  reader.initSync({ module: await readFile(new URL('python_bg.wasm', folder)) });
  assert.deepEqual(Object.keys(reader).filter((key) => key !== 'default' && key !== 'initSync'), ['readPython']);
  const shape = { channels: 3, height: 32, width: 32 };
  const facts = { shape, classes: ['a', 'b'], train: 100, test: 50, mean: [0, 0, 0], deviation: [1, 1, 1] };
  const code = fc.oneof(fc.constant('import torch.nn as nn\nnet = nn.Sequential(nn.Flatten(), nn.Linear(3072, 2))'), fc.constant('('.repeat(10_000)), fc.string(), anything);
  const about = fc.oneof(fc.constantFrom(null, facts, { ...facts, classes: [] }, { ...facts, shape: { channels: 0, height: 2 ** 31, width: 1 } }), anything);
  const almostRequest = fc.record({ text: code, network: fc.oneof(fc.constant(null), fc.string(), anything), data: fc.oneof(fc.constantFrom('cifar10', 'file', ''), anything), facts: about }, { requiredKeys: [] });
  const asked = fc.oneof(almostRequest, anything).map((value) => {
    try {
      return JSON.stringify(value) ?? '';
    } catch {
      return String(Object.keys(/** @type {object} */ (value)));
    }
  });
  fc.assert(fc.property(fc.oneof(asked, fc.string()), (request) => {
    const reading = JSON.parse(reader.readPython(request));
    assert(reading.fault === null || typeof reading.fault.cause === 'string');
    assert(reading.fault !== null || reading.layers !== null || reading.networks.length > 1);
  }), runs(1_000));
  const sound = JSON.stringify({ text: 'import torch.nn as nn\nnet = nn.Sequential(nn.Flatten(), nn.Linear(3072, 2))', network: null, data: 'file', facts });
  assert.equal(JSON.parse(reader.readPython(sound)).weights, 2 * 3_073);
});

/** @param {any} whole @param {number[]} path @param {unknown} other @returns {unknown} */
function replaced(whole, [first, ...rest], other) {
  const keys = typeof whole === 'object' && whole !== null ? Object.keys(whole) : [];
  if (first === undefined || keys.length === 0) return other;
  const key = /** @type {string} */ (keys[first % keys.length]);
  whole[key] = replaced(whole[key], rest, other);
  return whole;
}
