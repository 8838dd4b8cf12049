// Each fault of docs/faults.md names a test of `tests/e2e`, or the fault that one makes, and those that it names exist; a dash says
// that there is none. `node tests/house/faults.mjs`.

import { readFileSync, readdirSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);
/** @param {string} path */
const read = (path) => readFileSync(new URL(path, ROOT), 'utf8');
const specs = readdirSync(new URL('tests/e2e/', ROOT)).filter((name) => name.endsWith('.spec.mjs')).map((name) => read(`tests/e2e/${name}`)).join('\n');
/** @param {string} name */
const exists = (name) => [`test('${name}'`, `test(\`${name}\``, `'${name}':`].some((begin) => specs.includes(begin));

const rows = read('docs/faults.md').split('\n').filter((line) => /^\| (?!what fails)/.test(line)).map((line) => line.slice(2, -2).split(' | '));
/** @type {string[]} */
const faults = rows.length < 20 ? [`only ${rows.length} faults were found`] : [];
for (const row of rows) {
  const held = row.at(-1) ?? '';
  const names = [...held.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  if (names.length === 0 && held !== '—') faults.push(`“${row[0]}” names no test`);
  for (const name of names) if (!exists(name)) faults.push(`“${row[0]}”: tests/e2e has no test “${name}”`);
}
for (const fault of faults) console.error(fault);
if (faults.length === 0) console.log(`docs/faults.md: ${rows.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
