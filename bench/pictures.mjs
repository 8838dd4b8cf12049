// What a folder of 2,000 photographs in 10 classes costs until it is a data set: time, memory, and the longest task of the page's
// main thread. A JSON line for each step, and a table.
//   node pictures.mjs --address A --chromium C [--folder F] [--archive F.zip]
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { ready } from './peers/page.mjs';
import { tasks } from './tasks.mjs';

const { values: o } = parseArgs({ options: {
  address: { type: 'string' }, chromium: { type: 'string', default: '/usr/bin/chromium' }, folder: { type: 'string' }, archive: { type: 'string' },
} });
if (!o.address) throw new Error('node pictures.mjs --address WHERE-THE-PLAYGROUND-IS-SERVED [--folder OF-PICTURES] [--archive OF-THEM.zip]');

const CLASSES = 10;
const EACH = 200;
/** What looks further into a task than its name. */
const CATEGORIES = ['toplevel', 'devtools.timeline', 'v8'];

const server = await chromium.launchServer({ executablePath: o.chromium, headless: true, args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const browser = await chromium.connect(server.wsEndpoint());
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();

/** A folder of photographs of 1024 by 768 pixels, as large as a camera's small ones: each class has a tint. */
async function photographs() {
  const root = await mkdtemp(join(tmpdir(), 'photographs-'));
  for (let kind = 0; kind < CLASSES; kind += 1) {
    const folder = join(root, `class ${kind}`);
    await mkdir(folder);
    for (let at = 0; at < EACH; at += 1) {
      const bytes = await page.evaluate(async ([kind, at]) => {
        const small = new OffscreenCanvas(16, 12);
        let state = kind * 1000 + at + 1;
        const next = () => { state = (state * 48271) % 2147483647; return state % 200; };
        for (let place = 0; place < 192; place += 1) {
          const context = small.getContext('2d');
          context.fillStyle = `hsl(${kind * 36} 60% ${20 + next() / 4}%)`;
          context.fillRect(place % 16, Math.floor(place / 16), 1, 1);
        }
        const large = new OffscreenCanvas(1024, 768);
        large.getContext('2d').drawImage(small, 0, 0, 1024, 768);
        const blob = await large.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
        return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(''));
      }, [kind, at]);
      await writeFile(join(folder, `${at}.jpg`), Buffer.from(bytes, 'base64'));
    }
  }
  return root;
}

/** The megabytes that the browser's processes have now, where the system tells (Linux). */
async function resident() {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const states = await Promise.all(ids.map(async (id) => [id, await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')]));
  const number = (text, key) => Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const ours = new Set([String(server.process().pid)]);
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
  const { ms, what: within } = await busiest(what);
  clearInterval(watch);
  const line = { step, seconds: Number(((Date.now() - from) / 1000).toFixed(1)), 'MB before': Math.round(before), 'MB at most': Math.round(most), 'longest task, ms': ms, within };
  console.log(JSON.stringify(line));
  return line;
}

const root = o.folder ?? (await photographs());
const busiest = await tasks(browser, CATEGORIES);
const lines = [];
const ways = [['folder', async () => page.locator('#own-folder').setInputFiles(root)]];
if (o.archive) ways.push(['archive', async () => page.locator('#own-files').setInputFiles(o.archive)]);
for (const [way, give] of ways) {
  await page.goto('about:blank');
  await ready(page, `${o.address}#v=1&net=cnn&stop=steps&steps=20&batch=16`);
  await page.locator('#field-data').selectOption('file');
  lines.push(await measured(`${way}: until it says what is in it`, async () => {
    await give();
    await page.locator('.album-dialog').getByText(/Classes: 10/).waitFor({ timeout: 300_000 });
  }));
  lines.push(await measured(`${way}: until it is a data set`, async () => {
    await page.locator('.album-dialog').getByRole('button', { name: 'Make the data set' }).click();
    await page.locator('.own').getByText(/training images and/).waitFor({ timeout: 300_000 });
    await page.locator('#seen[data-state="ready"]').waitFor();
  }));
  lines.push(await measured(`${way}: until it is there after a reload`, async () => {
    await page.reload();
    await page.locator('.own').getByText(/training images and/).waitFor({ timeout: 300_000 });
    await page.locator('#seen[data-state="ready"]').waitFor();
  }));
}
await browser.close();
await server.close();
if (!o.folder) await rm(root, { recursive: true });
console.table(lines);
