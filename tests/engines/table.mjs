// Engine × check as a table: each tier leaves what came of its checks in `target/checks`, and `node tests/engines/table.mjs` writes
// that into docs/engines.md. `tests/house/engines.mjs` holds the table against the checks that there are.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { beyond } from './lacking.mjs';

const ROOT = new URL('../../', import.meta.url);
/** What the tiers leave, a file for each engine. */
const RESULTS = new URL('target/checks/', ROOT);
export const PAGE = new URL('docs/engines.md', ROOT);
export const ENGINES = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' };

/** What stands between the marks of the table. */
export const TABLE = /(?<=<!-- checks -->\n)[^]*?(?=<!-- end -->)/;

/** Keeps what came of each check in an engine; says at the end what was not checked. */
export default class Kept {
  onBegin(config, suite) {
    this.engines = suite.suites;
  }

  onEnd() {
    for (const engine of this.engines) this.#keep(engine.title, engine.allTests());
  }

  /** What was run takes the place of what was kept of it. @param {string} engine @param {import('@playwright/test/reporter').TestCase[]} all */
  #keep(engine, all) {
    // What was interrupted counts as left out.
    const run = all.filter((check) => check.results.length > 0 && check.outcome() !== 'skipped');
    if (run.length === 0) return;
    const said = (check, type) => check.results.flatMap(({ annotations }) => annotations).find((one) => one.type === type)?.description;
    const { checks } = left(engine);
    for (const check of run) {
      const seconds = Math.round(check.results.at(-1).duration / 1000);
      checks[check.titlePath().slice(3).join(': ')] = { outcome: check.outcome(), tries: check.results.length, seconds, why: said(check, 'fail') };
    }
    const [browser] = run.flatMap((check) => said(check, 'browser') ?? []);
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(new URL(`${engine}.json`, RESULTS), `${JSON.stringify({ browser, processor: `${cpus()[0]?.model.trim()}, ${cpus().length} cores`, checks }, undefined, 2)}\n`);
    console.log(`\nNot checked in ${ENGINES[engine]}:`);
    for (const line of beyond(engine)) console.log(`  ${line}`);
  }
}

/** What a cell says of a check. */
function cell({ outcome, tries, why } = { outcome: 'skipped' }) {
  if (outcome === 'skipped') return 'not run';
  if (outcome === 'unexpected') return '**failed**';
  if (why) return `no: ${why}`;
  return tries > 1 ? `yes, at try ${tries}` : 'yes';
}

const row = (...cells) => `| ${cells.join(' | ')} |`;

/** What is not checked, as lines of a table. */
export const unchecked = () => Object.entries(ENGINES).flatMap(([engine, name]) => beyond(engine).map((line) => row(name, line)));

/** The names of the checks in a suite of Playwright's list, with those of what they stand in. @returns {string[]} */
const namesIn = ({ suites = [], specs = [] }, before = []) => [
  ...specs.map(({ title }) => [...before, title].join(': ')),
  ...suites.flatMap((suite) => namesIn(suite, suite.file === suite.title ? before : [...before, suite.title])),
];

/** The names of all checks, in order. */
export function names() {
  const asked = ['playwright', 'test', '--config', 'tests/engines/config.mjs', '--project', 'chromium', '--list', '--reporter', 'json'];
  return namesIn(JSON.parse(execFileSync('npx', asked, { cwd: fileURLToPath(ROOT), encoding: 'utf8' })));
}

/** What an engine's tier has left. @param {string} engine */
function left(engine) {
  const file = new URL(`${engine}.json`, RESULTS);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { browser: '', processor: '', checks: {} };
}

/** The tables of what the tiers have left. */
function tables() {
  const engines = Object.keys(ENGINES).map(left);
  const all = names();
  const head = (what) => [row(what, ...Object.values(ENGINES)), row('---', ...engines.map(() => '---'))];
  const of = (what, tell) => row(what, ...engines.map(tell));
  // Where some were not run there is no sum.
  const seconds = (checks) => (all.every((name) => checks[name]?.seconds !== undefined) ? all.reduce((sum, name) => sum + checks[name].seconds, 0) : '');
  return [
    ...head('check'), ...all.map((name) => of(name, ({ checks }) => cell(checks[name]))), '',
    ...head('all of them'), of('browser', ({ browser }) => browser), of('processor', ({ processor }) => processor),
    of('seconds of all checks, of which two run at a time', ({ checks }) => seconds(checks)), '',
    row('engine', 'not checked'), row('---', '---'), ...unchecked(), '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, readFileSync(PAGE, 'utf8').replace(TABLE, tables));
