// docs/engines.md has every check of `tests/engines`, in every engine, and nothing else: each was run, and none failed but
// for a reason that `tests/engines/lacking.mjs` gives. `node tests/house/engines.mjs`.

import { readFileSync } from 'node:fs';
import { faults as known } from '../engines/lacking.mjs';
import { ENGINES, PAGE, TABLE, names, unchecked } from '../engines/table.mjs';

const checks = names();
const rows = (/** @type {string} */ text) => text.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.slice(2, -2).split(' | '));
const [checked, , not] = (TABLE.exec(readFileSync(PAGE, 'utf8'))?.[0] ?? '').split('\n\n');
const [[, ...engines] = [], , ...done] = rows(checked ?? '');
const table = new Map(done.map(([name, ...cells]) => [name, cells]));

/** @type {string[]} */
const faults = [];
if (checks.length < 20) faults.push(`only ${checks.length} checks were found`);
if (engines.join() !== Object.values(ENGINES).join()) faults.push(`the table has ${engines.join(', ')}`);
for (const name of checks) if (!table.has(name)) faults.push(`the table lacks “${name}”`);
for (const [name, cells] of table) {
  if (!checks.includes(name)) faults.push(`the table has “${name}”, which is no check`);
  for (const [at, [engine, title]] of Object.entries(ENGINES).entries()) {
    const cell = cells[at] ?? '';
    const ok = /^yes\b/.test(cell) || known(engine).some((why) => cell === `no: ${why}`);
    if (!ok) faults.push(`“${name}” in ${title}: ${cell}`);
  }
}
for (const line of unchecked()) if (!not?.includes(line)) faults.push(`not among what is not checked: ${line}`);

for (const fault of faults) console.error(fault);
if (faults.length > 0) console.error('`cargo xtask test` with --only Chromium, Firefox and WebKit, then `node tests/engines/table.mjs`');
else console.log(`docs/engines.md: ${checks.length} checks in ${engines.length} engines`);
process.exitCode = faults.length > 0 ? 1 : 0;
