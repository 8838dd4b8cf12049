// What 2,000 photographs in 10 classes cost until they are a data set: time, memory, and the longest task of the page's main
// thread. A JSON line for each step, and a table.
//   node pictures.mjs --address A [--chromium C | --engine firefox | --engine webkit] [--width 1024 --height 768] [--folder F] [--archive F.zip]
// Firefox and WebKit are driven as `tests/engines` does: `cargo xtask bench` names their programs. Their drivers give no folder to a
// page: they get an archive alone.
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { zipSync } from 'fflate';
import { handsIn } from './hands.mjs';
import { photographsOf } from './photographs.mjs';

const { values: o } = parseArgs({ options: {
  address: { type: 'string' }, engine: { type: 'string', default: 'chromium' }, chromium: { type: 'string', default: '/usr/bin/chromium' },
  width: { type: 'string', default: '1024' }, height: { type: 'string', default: '768' }, folder: { type: 'string' }, archive: { type: 'string' },
} });
if (!o.address) throw new Error('node pictures.mjs --address WHERE-THE-PLAYGROUND-IS-SERVED [--folder OF-PICTURES] [--archive OF-THEM.zip]');

const CLASSES = 10;
const EACH = 200;
/** Photographs that one question to a page makes: a driver waits for half a minute. */
const AT_ONCE = 10;

const hands = await handsIn(o.engine, o.chromium);

/** A folder of photographs, as large as a camera's small ones. @param {string} root */
async function photographs(root) {
  const files = {};
  for (let from = 0; from < CLASSES * EACH; from += AT_ONCE) {
    const folder = `class ${Math.floor(from / EACH)}`;
    await mkdir(join(root, folder), { recursive: true });
    const made = await hands.ask(photographsOf, Math.floor(from / EACH), from % EACH, AT_ONCE, Number(o.width), Number(o.height));
    for (const [at, base64] of made.entries()) {
      const bytes = Buffer.from(base64, 'base64');
      files[`${folder}/${(from % EACH) + at}.jpg`] = [bytes, { level: 0 }];
      await writeFile(join(root, folder, `${(from % EACH) + at}.jpg`), bytes);
    }
  }
  await writeFile(`${root}.zip`, zipSync(files));
}

/** The megabytes that the browser's processes have now, where the system tells (Linux). */
async function resident() {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const states = await Promise.all(ids.map(async (id) => [id, await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')]));
  const number = (text, key) => Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const ours = new Set([String(hands.pid)]);
  let sum = 0;
  // A process is younger than the one that began it.
  for (const [id, state] of states.sort(([one], [other]) => one - other)) {
    if (!ours.has(id) && !ours.has(String(number(state, 'PPid')))) continue;
    ours.add(id);
    sum += number(state, 'RssAnon') / 1024;
  }
  return sum || NaN;
}

/** Does one step, and says what it took. @param {string} step @param {() => Promise<void>} what */
async function measured(step, what) {
  let most = await resident();
  const before = most;
  const watch = setInterval(async () => { most = Math.max(most, await resident()); }, 200);
  const from = Date.now();
  const { ms, what: within } = await hands.busiest(what);
  clearInterval(watch);
  const line = { step, seconds: Number(((Date.now() - from) / 1000).toFixed(1)), 'MB before': Math.round(before), 'MB at most': Math.round(most), 'longest task, ms': ms, within };
  console.log(JSON.stringify(line));
  return line;
}

const made = await mkdtemp(join(tmpdir(), 'photographs-'));
const root = o.folder ?? join(made, 'photographs');
if (!o.folder) await photographs(root);
const archive = o.archive ?? (o.folder ? undefined : `${root}.zip`);
const lines = [];
const ways = [...(o.engine === 'chromium' ? [['folder', '#own-folder', root]] : []), ...(archive ? [['archive', '#own-files', archive]] : [])];
for (const [way, field, path] of ways) {
  await hands.open(`${o.address}#v=1&net=cnn&stop=steps&steps=20&batch=16`);
  lines.push(await measured(`${way}: until it says what is in it`, async () => {
    await hands.give(field, path);
    await hands.says('.album-dialog', /Classes: 10/);
  }));
  lines.push(await measured(`${way}: until it is a data set`, async () => {
    await hands.press('.album-dialog', 'Make the data set');
    await hands.says('.own', /training images and/);
  }));
  lines.push(await measured(`${way}: until it is there after a reload`, async () => {
    await hands.reload();
    await hands.says('.own', /training images and/);
  }));
}
await hands.stop();
await rm(made, { recursive: true });
console.table(lines);
