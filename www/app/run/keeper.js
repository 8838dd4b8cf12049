// What a run can be gone on with: the last checkpoint, here and in this browser.

/** @import { Run, Runs } from '../runs/list.js' */

export class Keeper {
  /** @type {Uint8Array<ArrayBuffer> | undefined} */
  checkpoint;

  /** @param {Runs} runs */
  constructor(runs) {
    this.runs = runs;
  }

  /** Keeps the run so far, and what it can be gone on with. @param {Run} run @param {Uint8Array<ArrayBuffer>} checkpoint */
  keep(run, checkpoint) {
    this.checkpoint = checkpoint;
    this.runs.save(run);
    void this.runs.store.putCheckpoint(run.id, checkpoint);
  }

  /** The run needs it no more. @param {Run} run */
  drop(run) {
    this.checkpoint = undefined;
    void this.runs.store.removeCheckpoint(run.id);
  }
}
