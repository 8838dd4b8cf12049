// A run whose device or worker fails: on the GPU it begins again on the CPU by itself where the page chose that GPU and
// nothing was kept yet; else that is one press away.

import { named, number, problemText, t } from '../base/i18n.js';
import { note } from '../base/messages.js';
import { nameOf } from '../runs/marks.js';
import { speedsOf } from './device.js';

/** @import { Code, Problem } from '../core.d.ts' */
/** @import { Run } from '../runs/list.js' */
/** @import { Training } from './training.js' */
/** @import { Outcome } from './trial.js' */
/** @import { DeviceName } from './worker-client.js' */

/** Problems after which the worker is of no more use. @type {Code[]} */
export const FATAL = ['device-lost', 'no-device', 'no-module', 'crashed', 'gpu-differs'];
/** One after which nothing that the GPU did counts. @type {Code} */
const WRONG = 'gpu-differs';

export class Healing {
  /** What is offered, each with whether it can still be done. @type {Map<Element, () => boolean>} */
  #offers = new Map();

  /** @param {Training} training @param {(run: Run, device?: DeviceName) => void} again makes the same run once more, from its checkpoint if there is one */
  constructor(training, again) {
    this.training = training;
    this.again = again;
    training.subscribe(() => this.#withdraw());
  }

  /** The job that was on cannot go on as it is. @param {Run | undefined} run nothing where a speed was measured @param {Problem} problem */
  take(run, problem) {
    const { device, keeper } = this.training;
    if (!run) {
      // A lab that measures would measure on that GPU again.
      if (FATAL.includes(problem.code) && device.isLeftToPage && device.choice.device === 'webgpu') device.distrust();
      return void note(problemText(problem));
    }
    const onGpu = FATAL.includes(problem.code) && run.devices.at(-1) === 'webgpu';
    if (!onGpu) return this.say(run, problem);
    if (problem.code === WRONG) keeper.drop(run);
    const onCpu = () => {
      device.distrust();
      this.again(run, 'cpu');
    };
    if (!device.isLeftToPage || keeper.checkpoint) return this.say(run, problem, { label: t('device.resume'), act: onCpu });
    note(t('device.fell-back', { run: nameOf(run), reason: problemText(problem) }));
    onCpu();
  }

  /** Whether the run is on a GPU that the page chose, and has not made a step: programs are compiled then, which may take long. */
  get isStarting() {
    const { run, device, keeper } = this.training;
    return run?.active === true && run.steps === 0 && !keeper.checkpoint && run.devices.at(-1) === 'webgpu' && device.isLeftToPage;
  }

  /** The worker has said nothing for so long. Whether that is taken for a GPU that never begins, and ended. @param {number} seconds */
  endsSilence(seconds) {
    if (!this.isStarting) return false;
    this.training.fail({ code: 'no-device', field: null, params: { reason: `no answer for ${seconds} s` } });
    return true;
  }

  /** What came of trying one device beside a run on the other. @param {Run} run @param {Outcome | undefined} outcome */
  judge(run, outcome) {
    const { problem, pace } = outcome ?? {};
    const { device } = this.training;
    const onGpu = run.devices.at(-1) === 'webgpu';
    if (problem && onGpu && run === this.training.run) return this.training.fail(problem);
    if (problem) device.distrust();
    else if (outcome) device.trust(pace);
    // What the GPU may have been to blame for was not said until now; that the GPU failed was.
    if (onGpu && run.problem && !FATAL.includes(run.problem.code)) this.say(run, run.problem);
    const isOn = () => run === this.training.run && run.active;
    if (!pace?.faster || onGpu || !isOn()) return;
    this.#offer(t('device.found-faster', speedsOf(pace)), { label: t('device.go-there'), act: () => this.again(run, 'webgpu') }, isOn);
  }

  /** @param {Run} run @param {Problem} problem @param {{ label: string, act: () => void }} [way] */
  say(run, problem, way) {
    const again = run.ended ? undefined : { label: t('run.try-again'), act: () => this.again(run) };
    this.#offer(named(nameOf(run), problemText(problem)), way ?? again, () => run === this.training.run && run.state === 'failed');
  }

  /** A note goes with the last moment at which what it offers can be done. @param {string} text @param {{ label: string, act: () => void } | undefined} action @param {() => boolean} holds */
  #offer(text, action, holds) {
    if (!action || !holds()) return void note(text);
    this.#offers.set(note(text, action), holds);
  }

  #withdraw() {
    for (const [message, holds] of this.#offers) {
      if (message.isConnected && holds()) continue;
      message.remove();
      this.#offers.delete(message);
    }
  }
}
