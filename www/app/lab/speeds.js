// How fast this device trains the networks of a lab: measured one after the other, and gone on with where that was stopped.

/** @import { Engine } from '../engine.js' */
/** @import { Training } from '../run/training.js' */

/** @typedef {{ done: number, of: number }} Measured */

export class Speeds {
  /** Images a second of each network, in order, as far as they are known. @type {number[]} */
  known = [];
  /** How many are known of those that are being measured. @type {Measured | undefined} */
  on;
  /** The same where something else than the lab stopped it. @type {Measured | undefined} */
  halted;

  /** @param {Training} training @param {() => void} tell */
  constructor(training, tell) {
    this.training = training;
    this.tell = tell;
  }

  /** Whether all of them are known. @param {ReturnType<Engine['labProbes']>} probes @returns {Promise<boolean>} */
  async measure(probes) {
    this.known = this.halted ? this.known : [];
    this.halted = undefined;
    for (const { spec, seconds } of probes.slice(this.known.length)) {
      this.on = { done: this.known.length, of: probes.length };
      this.tell();
      const speed = await this.training.measure(spec, seconds);
      if (speed === undefined) {
        this.halted = this.on;
        break;
      }
      this.known.push(speed);
    }
    this.on = undefined;
    return this.known.length === probes.length;
  }

  /** Nobody wants to know. */
  stop() {
    if (!this.on) return;
    // Before the training says that it has ended.
    this.on = undefined;
    this.training.reset();
  }

  /** What is known is of another lab. */
  forget() {
    this.known = [];
    this.halted = undefined;
  }
}
