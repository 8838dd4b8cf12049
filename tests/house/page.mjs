// No mathematics, no default and no rule in JavaScript: what a module of the page may not contain. `node tests/house/page.mjs`
//
// 1. Functions: of `Math` only the six that place things (`min`, `max`, `floor`, `ceil`, `round`, `abs`), and no power.
// 2. Statistics: no `reduce`, which makes one figure of many, and nothing that is called after a statistic.
// 3. Numbers: none that decides anything. What remains are those below, how many digits are written, and constants
//    whose comment says that they are pixels, (milli)seconds or bytes.
// 4. Words: none of the words that a field of an experiment can have, so that nothing is decided by what was chosen.
// 5. Markup: no text becomes markup or code, so that what a stranger wrote stays text. Markup that stands in the source may.
//
// 1 and 3 do not hold in the modules that draw, which are geometry. Whatever else is needed stands in `exceptions.json`
// beside this file, with its reason; an entry that nothing needs any more is a fault too.

import { readFileSync, readdirSync } from 'node:fs';
import { parse } from 'acorn';
import { simple } from 'acorn-walk';

const ROOT = new URL('../../', import.meta.url);
/** @param {string} path */
const read = (path) => readFileSync(new URL(path, ROOT), 'utf8');

/** The modules that draw. */
const DRAWN = [
  'app/base/pad.js', 'app/base/picture.js', 'app/base/tiles.js', 'app/calculator/sliding.js', 'app/charts/figure.js', 'app/charts/picture.js', 'app/charts/plot.js',
  'app/inside/layer-curves.js', 'app/inside/shift-curve.js', 'app/lab/diagram.js', 'app/lab/first.js', 'app/network/drawing.js', 'app/network/layout.js', 'app/network/strips.js', 'app/runs/marks.js',
  'app/seen/histogram.js', 'app/seen/picture.js', 'app/share/qr.js',
];
const PLACING = ['min', 'max', 'floor', 'ceil', 'round', 'abs'];
const STATISTIC = /^(mean|average|median|variance|deviation|spread|quantile|percentile|correlation|significan\w*|smooth\w*)$/i;
/** Counting, the channels of a pixel, percent, and units of time. */
const PLAIN = [0, 1, 2, 3, 4, 60, 100, 255, 1000, 3600];
const DIGITS = /^(minimum|maximum)(Fraction|Significant)Digits$/;
/** What reads a text as markup or as code. */
const MARKUP = ['innerHTML', 'outerHTML', 'srcdoc', 'insertAdjacentHTML', 'setHTMLUnsafe', 'createContextualFragment', 'eval', 'Function'];
const UNIT = /pixel|second|byte/i;
/** The types of the core whose words are what can be chosen. */
const CHOICES = ['Activation', 'Attention', 'Block', 'DataSet', 'Family', 'Head', 'Inception', 'Normalize', 'Optimizer', 'Permute', 'Pool', 'Schedule', 'Shortcut', 'Task'];
/** Of their words, those that the page also says of other things. */
const COMMON = ['average', 'basic', 'classify', 'constant', 'conv', 'copied', 'custom', 'dense', 'file', 'fixed', 'half', 'identity', 'max', 'none', 'off', 'own', 'raw', 'step', 'unit', 'wrong'];

/** Every word that a choice can have, from the types that Rust generates. */
function words() {
  const types = read('www/app/core.d.ts');
  const found = CHOICES.flatMap((name) => {
    const line = types.match(new RegExp(`^export type ${name} = (.*);$`, 'm'));
    if (!line) throw new Error(`www/app/core.d.ts has no type ${name}`);
    return [...(line[1] ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '');
  });
  return new Set(found.filter((word) => !COMMON.includes(word)));
}

/** @typedef {{ kind: string, what: string, line: number }} Fault */

/**
 * What a module contains that it may not.
 * @param {string} source @param {{ drawn: boolean, chosen: Set<string> }} of
 * @returns {Fault[]}
 */
export function faultsOf(source, { drawn, chosen }) {
  const tree = parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  /** @type {Fault[]} */
  const faults = [];
  /** Parts of the source in which numbers may stand. @type {[number, number][]} */
  const free = [];
  /** @param {any} node @param {string} kind @param {string} what */
  const add = (node, kind, what) => faults.push({ kind, what, line: node.loc.start.line });

  // What is said above a constant holds for it and for those right below it.
  const lines = source.split('\n');
  simple(tree, {
    VariableDeclaration(/** @type {any} */ node) {
      if (!node.declarations.every((/** @type {any} */ one) => /^[A-Z_]+$/.test(one.id.name ?? ''))) return;
      let at = node.loc.start.line - 2;
      while (at >= 0 && /^\s*(\/\*|\*|(export )?const [A-Z_]+ =)/.test(lines[at] ?? '')) at--;
      const above = lines.slice(at + 1, node.loc.start.line - 1).join('\n').split('/**').at(-1) ?? '';
      if (UNIT.test(above.split('*/')[0] ?? '')) free.push([node.start, node.end]);
    },
  });
  simple(tree, {
    MemberExpression(/** @type {any} */ node) {
      if (node.object.name === 'Math' && !drawn && !PLACING.includes(node.property.name)) add(node, 'function', `Math.${node.property.name}`);
      if (node.property.name === 'reduce' || node.property.name === 'reduceRight') add(node, 'statistic', node.property.name);
    },
    BinaryExpression(/** @type {any} */ node) {
      if (node.operator === '**' && !drawn) add(node, 'function', '**');
    },
    VariableDeclarator(/** @type {any} */ node) {
      if (STATISTIC.test(node.id.name ?? '')) add(node, 'statistic', node.id.name);
    },
    FunctionDeclaration(/** @type {any} */ node) {
      if (STATISTIC.test(node.id?.name ?? '')) add(node, 'statistic', node.id.name);
    },
    Property(/** @type {any} */ node) {
      if (DIGITS.test(node.key.name ?? '')) free.push([node.start, node.end]);
      if (MARKUP.includes(node.key.name)) add(node, 'markup', node.key.name);
    },
    AssignmentExpression(/** @type {any} */ { left, right }) {
      const name = left.property?.name;
      if (MARKUP.includes(name) && right.type !== 'Literal') add(left, 'markup', name);
    },
    CallExpression(/** @type {any} */ { callee }) {
      const name = callee.property?.name ?? callee.name;
      if (MARKUP.includes(name)) add(callee, 'markup', name);
      if (callee.object?.name === 'document' && /^write/.test(name)) add(callee, 'markup', `document.${name}`);
    },
    NewExpression(/** @type {any} */ { callee }) {
      if (MARKUP.includes(callee.name)) add(callee, 'markup', callee.name);
    },
  });
  simple(tree, {
    Literal(/** @type {any} */ node) {
      const within = free.some(([from, to]) => node.start >= from && node.end <= to);
      if (typeof node.value === 'number' && !drawn && !within && !PLAIN.includes(node.value)) add(node, 'number', node.raw);
      if (typeof node.value === 'string' && chosen.has(node.value)) add(node, 'word', node.value);
    },
  });
  return faults;
}

/** That each rule finds what it forbids, before it is trusted with the page. */
function tryOut() {
  const chosen = new Set(['resnet']);
  /** @type {[string, string][]} */
  const cases = [
    ['const a = Math.sqrt(b);', 'function Math.sqrt'],
    ['const a = b ** 2;', 'function **'],
    ['const total = list.reduce((sum, value) => sum + value);', 'statistic reduce'],
    ['function mean(list) { return list; }', 'statistic mean'],
    ['const deviation = 1;', 'statistic deviation'],
    ['/** Seeds. */\nconst SEEDS = 5;', 'number 5'],
    ['/** Milliseconds. */\nconst PAUSE = 120;\n\nconst SEEDS = 5;', 'number 5'],
    ['if (loss > 2.5) stop();', 'number 2.5'],
    ['/** Milliseconds. */\nconst PAUSE = 120;\n/** Seeds. */\nconst SEEDS = 5;', 'number 5'],
    ["if (spec.net === 'resnet') show();", 'word resnet'],
    ['row.innerHTML = label;', 'markup innerHTML'],
    ["h('iframe', { srcdoc: text });", 'markup srcdoc'],
    ["row.insertAdjacentHTML('beforeend', label);", 'markup insertAdjacentHTML'],
    ['document.write(label);', 'markup document.write'],
    ['new Function(label);', 'markup Function'],
    ["const blocks = ['resnet'].includes(spec.net);", 'word resnet'],
  ];
  for (const [source, expected] of cases) {
    const found = faultsOf(source, { drawn: false, chosen }).map(({ kind, what }) => `${kind} ${what}`);
    if (found.join() !== expected) throw new Error(`${source}\nshould be "${expected}", and is "${found.join()}"`);
  }
  const allowed = 'mark.innerHTML = "<path/>";\n/** Milliseconds between two looks. */\nconst PAUSE = 120;\nconst TICK = 130;\nshow(Math.max(1, share * 100), { maximumFractionDigits: 7 });';
  if (faultsOf(allowed, { drawn: false, chosen }).length) throw new Error('what is allowed is refused');
  if (faultsOf('const edge = 7.5 * Math.log2(channels) ** 2;', { drawn: true, chosen }).length) throw new Error('a drawing may measure');
}

tryOut();
/** @type {Record<string, Record<string, string>>} by module, and by what it contains: why it may */
const exceptions = JSON.parse(read('tests/house/exceptions.json'));
const modules = ['app', 'worker'].flatMap((folder) =>
  readdirSync(new URL(`www/${folder}`, ROOT), { recursive: true }).map((name) => `${folder}/${name}`)).concat('embed.js');
const chosen = words();
const needed = new Set();
const faults = [];
for (const path of modules.filter((name) => name.endsWith('.js')).sort()) {
  for (const { kind, what, line } of faultsOf(read(`www/${path}`), { drawn: DRAWN.includes(path), chosen })) {
    const key = `${kind} ${what}`;
    if (exceptions[path]?.[key]) needed.add(`${path} ${key}`);
    else faults.push(`www/${path}:${line}: ${key}`);
  }
}
for (const [path, keys] of Object.entries(exceptions)) {
  for (const key of Object.keys(keys)) if (!needed.has(`${path} ${key}`)) faults.push(`tests/house/exceptions.json: nothing in ${path} needs "${key}" any more`);
}
for (const path of DRAWN) if (!modules.includes(path)) faults.push(`tests/house/page.mjs: no module ${path}`);
if (faults.length) {
  console.error(`No mathematics, no default and no rule in JavaScript (tests/house/page.mjs says which):\n${faults.join('\n')}`);
  process.exit(1);
}
console.log(`${modules.length} files of the page decide nothing`);
