// What becomes of the two pieces of code of docs/embedding.md, the iframe and the element, in course sites and course systems:
//   node tests/recipes/recipes.mjs [NAME…]                    builds each site, runs each sanitizer, and compares with the document's table
//   UPDATE_RECIPES=1 node tests/recipes/recipes.mjs [NAME…]   writes those rows anew
// It is no part of `cargo xtask test`: it installs some 1.2 GB, by npm, by pip, and of Debian's packages, which it unpacks and
// does not install. All of that lies in the cache (`cargo xtask where`), below `recipes`.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { SANITIZERS } from './sanitizers.mjs';
import { SITES } from './sites.mjs';
import { leftOf } from './left.mjs';
import { snippets } from './snippets.mjs';

const DOCUMENT = new URL('../../docs/embedding.md', import.meta.url);
const MARK = '<!-- recipes -->\n';
const HEAD = ['| system | tried with | of the iframe is left | of the element is left | how |', '|---|---|---|---|---|'];

const cache = path.join(process.env.CNN_PLAYGROUND_CACHE ?? path.join(homedir(), '.cache/cnn-playground'), 'recipes');
const given = snippets();

const wanted = process.argv.slice(2);
const all = [...SITES, ...SANITIZERS];
const unknown = wanted.filter((name) => !all.some((one) => one.name === name));
if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}, only ${all.map(({ name }) => name).join(', ')}`);

/** The rows that the document has, by their systems, and what stands around them. */
function document() {
  const [before, rest] = readFileSync(DOCUMENT, 'utf8').split(MARK);
  if (before === undefined || rest === undefined) throw new Error(`docs/embedding.md has no ${MARK}`);
  const end = rest.indexOf('<!-- end -->');
  const rows = rest.slice(0, end).split('\n').slice(HEAD.length).filter(Boolean);
  return { before, after: rest.slice(end), rows: new Map(rows.map((row) => [row.split(' | ')[0]?.slice(2) ?? '', row])) };
}

/** @type {Map<string, string>} */
const made = new Map();
for (const one of all) {
  if (wanted.length > 0 && !wanted.includes(one.name)) continue;
  console.log(`— ${one.system}: ${one.with}`);
  const place = path.join(cache, one.name);
  mkdirSync(place, { recursive: true });
  const html = await one.make(place, given);
  const cells = [leftOf(given.iframe, html, 'iframe'), leftOf(given.element, html, 'cnn-playground')];
  console.log(`  iframe: ${cells[0]}\n  element: ${cells[1]}`);
  made.set(one.system, `| ${one.system} | ${one.with} | ${cells.join(' | ')} | ${one.how} |`);
}

const { before, after, rows } = document();
const differ = [...made].filter(([system, row]) => rows.get(system) !== row).map(([system]) => system);
if (process.env.UPDATE_RECIPES) {
  const written = all.flatMap(({ system }) => made.get(system) ?? rows.get(system) ?? []);
  writeFileSync(DOCUMENT, `${before}${MARK}${[...HEAD, ...written].join('\n')}\n${after}`);
} else if (differ.length > 0) {
  console.error(`docs/embedding.md says something else of ${differ.join(', ')}: UPDATE_RECIPES=1 node tests/recipes/recipes.mjs`);
  process.exitCode = 1;
} else console.log('docs/embedding.md says what came out');
