// The trainer on a device: the module that has it, with threads where they can be had. What the browser never answers
// is given up after a while.

import { inTime } from '../app/base/in-time.js';
import { problem } from '../app/base/fetch.js';
import { startThreads } from './threads.js';

/** @import { Problem } from '../app/core.d.ts' */
/** @import { Trainer } from '../pkg/cpu/cpu.js' */

/** Seconds that a browser has for handing out a device. */
const PATIENCE = 10;
/** Seconds that threads have to start. */
const PATIENCE_THREADS = 30;
/** Seconds that the program has for its way here. */
const PATIENCE_MODULE = 60;

/** Settles with the reason when the GPU's device goes away; the module itself may crash of it and be unable to say. @type {Promise<string>} */
export const lost = new Promise((resolve) => {
  const { GPUAdapter } = /** @type {any} */ (self);
  const request = GPUAdapter?.prototype.requestDevice;
  if (!request) return;
  GPUAdapter.prototype.requestDevice = async function (/** @type {unknown[]} */ ...wanted) {
    const device = await request.apply(this, wanted);
    void device.lost.then((/** @type {{ reason: string, message: string }} */ { reason, message }) => resolve([reason, message].filter(Boolean).join(': ')));
    return device;
  };
});

/**
 * Throws a `Problem`. Alarms tell when a thread has stopped.
 * @param {'cpu' | 'webgpu'} device @param {number} threads
 * @returns {Promise<{ trainer: Trainer, alarms: MessagePort[], alone: boolean }>} `alone` where threads were asked for in vain
 */
export async function openTrainer(device, threads) {
  const { module, alarms, alone } = await inTime(load(device, threads), PATIENCE_MODULE, (reason) => problem('no-module', { detail: reason }));
  const trainer = await inTime(module.Trainer.open(device), PATIENCE, (reason) => problem('no-device', { reason }));
  return { trainer, alarms, alone };
}

/** @param {'cpu' | 'webgpu'} device @param {number} threads */
async function load(device, threads) {
  let alone = false;
  if (device === 'cpu' && threads > 1) {
    try {
      return { ...await inTime(startThreads(threads), PATIENCE_THREADS, (detail) => problem('no-module', { detail })), alone };
    } catch {
      // One gives the same numbers, later.
      alone = true;
    }
  }
  try {
    const module = device === 'webgpu' ? await import('../pkg/webgpu/webgpu.js') : await import('../pkg/cpu/cpu.js');
    await module.default();
    return { module, alarms: [], alone };
  } catch (thrown) {
    throw problem('no-module', { detail: String(thrown) });
  }
}
