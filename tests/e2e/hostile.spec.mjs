// What a page around this one may say: anything that a message can carry. No browser.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { PROTOCOL, readCommand, readConnect } from '../../www/app/embed/protocol.js';

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
  type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('run', 'pause', 'reset', 'get', 'set') }, anything),
  id: fc.oneof(fc.constantFrom(undefined, 1, 'a'), anything),
  link: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.string(), anything),
  choices: fc.oneof(fc.dictionary(name, fc.oneof(leaf, fc.array(leaf))), anything),
}, { requiredKeys: [] });

test('a message of a parent is a command of known shape, or what is wrong with it', () => {
  const wanted = new Set(['type', 'id', 'link', 'choices']);
  fc.assert(fc.property(fc.oneof(almost, anything), (data) => {
    const { command, wrong } = readCommand(data);
    if (command === undefined) {
      assert.equal(wrong?.code, 'shape');
      assert(JSON.stringify(wrong).length < 1_000);
      return;
    }
    assert(Object.keys(command).every((key) => wanted.has(key)));
    const { id, link, choices = {} } = /** @type {any} */ (command);
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
