// The measuring loop, the same for every stack. A stack is a module that calls
//   runStack({ init, build }) with
//   async init(params: URLSearchParams) -> { version, backend, info? }   start the library
//   async build(id, initParams, W) -> model, or throws Error('unsupported: why')
//     model.layout            'NCHW' | 'NHWC': how batches are laid out
//     model.step(x, y) -> h   one training step on Float32Array x, Int32Array y (may return a
//                             promise); h is a handle for the loss that readLoss takes
//     model.readLoss(h)       -> Promise<number>
//     model.drop(h)           the loss of this step is not wanted (optional)
//     model.sync()            -> resolves when all queued work, the last update included, is done
//     model.predict(x, n)     -> Promise<Float32Array> of n*10 logits or probabilities; or instead
//     model.right(x, y)       -> Promise<number> of right answers
//     model.memory()          bytes of WebAssembly memory (optional)
//     model.operations        (optional) floating-point operations of one image's step
//     model.gemm()            -> Promise<number | undefined>: GFLOP/s of the stack's own best gemm (optional)
//     model.dispose()         (optional)
//     model.note              (optional) anything that differs from the common setting
import { BATCH, Data, WORKLOADS, initParams } from './workloads.js';

const q = new URLSearchParams(location.search);

// What a stack asks of WebGPU, counted where every library has to pass.
const asked = { shader_modules: 0, dispatches: 0 };
const count = (type, method, what) => {
  const original = type?.prototype[method];
  if (original) type.prototype[method] = function (...values) { asked[what]++; return original.apply(this, values); };
};
count(globalThis.GPUDevice, 'createShaderModule', 'shader_modules');
count(globalThis.GPUComputePassEncoder, 'dispatchWorkgroups', 'dispatches');
count(globalThis.GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', 'dispatches');
// Buffers that nobody has destroyed, whether or not they are reachable still: at least what is in use.
const buffers = { bytes: 0, made: 0 };
if (globalThis.GPUDevice) {
  const { createBuffer } = GPUDevice.prototype, { destroy } = GPUBuffer.prototype, alive = new WeakSet();
  GPUDevice.prototype.createBuffer = function (what) {
    const buffer = createBuffer.call(this, what);
    buffers.bytes += buffer.size;
    buffers.made++;
    alive.add(buffer);
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    if (alive.delete(this)) buffers.bytes -= this.size;
    return destroy.call(this);
  };
}
const inWorker = !globalThis.document;
const mark = async (name) => { if (inWorker) postMessage({ mark: name }); else await globalThis.__mark?.(name); };

async function timed(model, data, id, from, n, every) {
  let loss = null, batchMs = 0;
  const t0 = performance.now();
  for (let i = 0; i < n; i++) {
    const b0 = performance.now();
    const { x, y } = data.batch(from + i, id, model.layout);
    batchMs += performance.now() - b0;
    const h = await model.step(x, y);
    if ((i + 1) % every === 0 || i === n - 1) loss = await model.readLoss(h);
    else if (model.drop) model.drop(h);
  }
  await model.sync();
  return { ms: performance.now() - t0, loss, batchMs };
}

/** What is in use after 100 steps, and then ten times until `steps`. */
async function memory(model, data, id, steps) {
  const lines = [];
  let at = 0;
  const until = async (step) => {
    await timed(model, data, id, at, step - at, 10);
    at = step;
    const mb = (bytes) => (bytes === undefined ? undefined : +(bytes / 2 ** 20).toFixed(2));
    lines.push({ step, gpu_mb: mb(buffers.bytes), gpu_buffers: buffers.made, wasm_mb: mb(model.memory?.()), js_heap_mb: mb(performance.memory?.usedJSHeapSize) });
    console.log(JSON.stringify(lines.at(-1)));
  };
  await until(100);
  for (let part = 1; part <= 10; part++) await until(100 + Math.round((part * (steps - 100)) / 10));
  return lines;
}

async function accuracy(model, data, id, n = 2000, size = 100) {
  let ok = 0;
  for (let s = 0; s < n; s += size) {
    const { x, y } = data.test(s, size, id, model.layout);
    if (model.right) { ok += await model.right(x, y); continue; }
    const p = await model.predict(x, size);
    for (let b = 0; b < size; b++) {
      let best = 0;
      for (let k = 1; k < 10; k++) if (p[b * 10 + k] > p[b * 10 + best]) best = k;
      if (best === y[b]) ok++;
    }
  }
  return ok / n;
}

async function bench(stack) {
  const id = q.get('workload'), wantAcc = q.get('acc') === '1';
  const targetS = +(q.get('target') ?? 10), maxSteps = +(q.get('max') ?? 100), maxWarmS = 30;
  const r = { workload: id, name: WORKLOADS[id].name, batch: BATCH };
  const data = await Data.load();
  await mark('init');
  let t = performance.now();
  Object.assign(r, await stack.init(q));
  let model = await stack.build(id, initParams(id), WORKLOADS[id]);
  await model.sync?.();
  r.init_ms = performance.now() - t;
  if (model.note) r.note = model.note;
  if (q.has('steps')) {
    r.memory = await memory(model, data, id, +q.get('steps'));
    return r;
  }

  // warm up: 5 steps, each read back; the first includes compiling
  const warm = [], losses = [];
  for (let i = 0; i < 5; i++) {
    const { x, y } = data.batch(i, id, model.layout);
    const s0 = performance.now();
    const h = await model.step(x, y);
    losses.push(await model.readLoss(h));
    await model.sync();
    warm.push(performance.now() - s0);
    // Without a GPU nothing is counted, which is not the same as zero.
    if (i === 0 && asked.dispatches) r.shader_modules = asked.shader_modules;
    await mark('warm');
    if (warm.reduce((a, b) => a + b) > maxWarmS * 1000) break;
  }
  r.first_step_ms = warm[0];
  r.warm_ms = warm.map((v) => +v.toFixed(1));
  r.warm_losses = losses.map((v) => +v.toFixed(5));
  const rest = warm.length > 1 ? warm.slice(1) : warm;
  const est = rest.toSorted((a, b) => a - b)[rest.length >> 1];

  // timed: enough steps for `target` seconds, at most maxSteps; if that is less than a
  // second or two, the same block is repeated and the median block is what counts
  let n = Math.min(maxSteps, Math.max(1, Math.ceil((targetS * 1000) / est)));
  if (n > 10) n = Math.min(maxSteps, Math.ceil(n / 10) * 10);
  const blocks = Math.max(1, Math.min(10, Math.floor((targetS * 1000) / (n * est) / 2)));
  let at = warm.length;
  const res = [], before = asked.dispatches;
  await mark('start');
  for (let b = 0; b < blocks; b++) { res.push(await timed(model, data, id, at, n, 10)); at += n; }
  await mark('end');
  const ms = res.map((v) => v.ms / n).sort((a, b) => a - b);
  r.steps = n; r.blocks = blocks;
  // Of a step, with its share of reading losses.
  if (asked.dispatches) r.dispatches = (asked.dispatches - before) / (n * blocks);
  r.ms_per_step = ms.length % 2 ? ms[ms.length >> 1] : (ms[ms.length / 2 - 1] + ms[ms.length / 2]) / 2;
  r.block_ms_per_step = res.map((v) => +(v.ms / n).toFixed(3));
  r.images_per_s = (BATCH * 1000) / r.ms_per_step;
  r.batch_ms = res.reduce((a, v) => a + v.batchMs, 0) / (n * blocks);
  r.loss = res.at(-1).loss; r.loss_at_step = at;
  if (model.operations) {
    r.gflops = (r.images_per_s * model.operations) / 1e9;
    r.gemm_gflops = await model.gemm?.();
  }
  if (performance.memory) r.js_heap_mb = performance.memory.usedJSHeapSize / 2 ** 20;
  model.dispose?.();

  if (wantAcc) {
    const need = (r.ms_per_step * 200) / 1000;
    if (need > 60) r.acc_skipped = `200 steps would take ${need.toFixed(0)} s (> 60 s)`;
    else {
      model = await stack.build(id, initParams(id), WORKLOADS[id]);
      await mark('acc');
      const a = await timed(model, data, id, 0, 200, 10);
      r.loss_200 = a.loss;
      r.acc_200 = await accuracy(model, data, id);
    }
  }
  return r;
}

export function runStack(stack) {
  const end = (result) => {
    if (inWorker) return postMessage({ result });
    globalThis.__result = result;
    const out = document.getElementById('out');
    if (out) out.textContent = JSON.stringify(result, null, 1);
  };
  bench(stack).then(end, (e) => end({ error: String(e?.message ?? e), trace: String(e?.stack ?? '').slice(0, 1500) }));
}
