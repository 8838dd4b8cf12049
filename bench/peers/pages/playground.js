// This project: its module, driven batch by batch. `link` is the experiment, ?device=cpu|webgpu.
import { runStack } from './common.js';

const LINKS = {
  W1: 'net=cnn&width=16',
  W2: 'net=resnet&data=cifar10&blocks=1&width=16',
  W3: 'net=mlp',
};

runStack({
  async init(q) {
    this.device = q.get('device');
    const module = `/static/playground/${this.device}/${this.device}.js`;
    const { default: load, Stepper } = await import(module);
    this.exports = await load();
    this.Stepper = Stepper;
    return { version: 'this checkout', backend: this.device };
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
    const link = `${LINKS[id]}&optimizer=adam&lr=0.001&batch=64`;
    const stepper = await this.Stepper.open(this.device, link, c, h, w, weights);
    return {
      layout: 'NCHW',
      step(x, y) { stepper.step(x, Uint8Array.from(y)); },
      readLoss: () => stepper.loss(),
      // A loss that nobody asks for is forgotten with the next step.
      drop() {},
      // On the CPU a step is done when it returns; on a GPU reading a loss waits for it.
      async sync() { await stepper.loss(); },
      right: (x, y) => stepper.right(x, Uint8Array.from(y)),
      memory: () => this.exports.memory.buffer.byteLength,
      dispose() { stepper.free(); },
    };
  },
});
