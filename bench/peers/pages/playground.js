// This project: its module, driven batch by batch. `link` is the experiment, ?device=cpu|threads|webgpu.
import { runStack } from './common.js';
import { BATCH } from './workloads.js';

const LINKS = {
  W1: 'net=cnn&width=16',
  W2: 'net=resnet&data=cifar10&blocks=1&width=16',
  W3: 'net=mlp',
  W4: 'net=lenet&activation=relu&pool=max&data=cifar10',
  W5: 'net=exercise3&width=32&data=cifar10',
  W6: 'net=resnet&stages=4&blocks=2&width=16&data=cifar10',
};
/** What products of matrices are called among the module's operations, before their side. */
const MATRICES = 'matrices of ';
/** As the page has them. */
const THREADS = Math.min(navigator.hardwareConcurrency, 8);
/** Milliseconds that each product is timed for. */
const TIMED = 300;

/** Where the harness serves this project; apart, so that esbuild does not look for it. */
const STATIC = '/static/';

/** @param {string} name of a module, which has been started when this is done: what it exports, and its memory */
async function start(name) {
  const module = await import(`${STATIC}playground/${name}/${name}.js`);
  const { memory } = await module.default();
  return { ...module, memory };
}

/** The module for threads, which has been started with them. */
async function startWithThreads() {
  const { startThreads } = await import(`${STATIC}www/worker/threads.js`);
  return (await startThreads(THREADS)).module;
}

/** Floating-point operations of one image's step: forward, and the gradients of inputs and weights; nobody needs those of the images. */
function operations(rows) {
  const products = rows.map((row) => row.multiply_adds).filter((count) => count > 0);
  const passes = 3 * products.reduce((sum, count) => sum + count, 0) - products[0];
  return 2 * passes;
}

/** GFLOP/s of the fastest product of two square matrices, ours or burn's, forward and backward. */
async function bestGemm(Kernels, device) {
  const kernels = await Kernels.open(device);
  let best = 0;
  for (const [index, name] of kernels.names().entries()) {
    if (!name.startsWith(MATRICES)) continue;
    kernels.choose(index);
    for (const ours of [true, false]) {
      let runs = 0;
      await kernels.repeat(ours, 1);
      const before = performance.now();
      for (; performance.now() - before < TIMED; runs += 1) await kernels.repeat(ours, 1);
      best = Math.max(best, (runs * 6 * Number(name.slice(MATRICES.length)) ** 3) / (performance.now() - before) / 1e6);
    }
  }
  kernels.free();
  return best;
}

runStack({
  async init(q) {
    this.device = q.get('device');
    this.core = await start('core');
    const threads = this.device === 'threads';
    this.module = threads ? await startWithThreads() : await start(this.device);
    return { version: 'this checkout', backend: threads ? `cpu, ${THREADS} threads` : this.device };
  },
  async build(id, P, W) {
    const { c, h, w } = W.input;
    const arrays = W.params.map(([name]) => P[name].data);
    const weights = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
    let at = 0;
    for (const array of arrays) {
      weights.set(array, at);
      at += array.length;
    }
    const { choices } = this.core.openLink(`${LINKS[id]}&optimizer=adam&lr=0.001&batch=${BATCH}`);
    const { spec, network } = this.core.view(choices, null);
    const stepper = await this.module.Stepper.open(this.device === 'webgpu' ? 'webgpu' : 'cpu', spec, c, h, w, weights);
    return {
      layout: 'NCHW',
      operations: operations(network.rows),
      step(x, y) { stepper.step(x, Uint8Array.from(y)); },
      readLoss: () => stepper.loss(),
      // A loss that is not read is dropped with the next step.
      drop() {},
      // On the CPU a step is done when it returns; on a GPU reading a loss waits for it.
      async sync() { await stepper.loss(); },
      right: (x, y) => stepper.right(x, Uint8Array.from(y)),
      memory: () => this.module.memory?.buffer.byteLength,
      // How a GPU is checked is in docs/webgpu.md; its products would take minutes without one.
      gemm: () => (this.device === 'cpu' ? bestGemm(this.module.Kernels, this.device) : undefined),
      dispose() { stepper.free(); },
    };
  },
});
