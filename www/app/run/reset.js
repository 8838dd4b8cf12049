// Giving up the run that is on, which can be undone: it goes on from what was kept of it last.

import { number, t } from '../base/i18n.js';
import { offerUndo } from '../base/messages.js';
import { nameOf } from '../runs/marks.js';

/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Training } from './training.js' */

/** @param {Training} training @param {Experiment} experiment */
export function reset(training, experiment) {
  const { run } = training;
  const steps = run?.active ? run.steps : 0;
  // Taken before the run is given up, which drops it.
  const checkpoint = steps > 0 ? training.keeper.checkpoint : undefined;
  training.reset();
  if (!run || !checkpoint) return;
  offerUndo(t('run.was-reset', { run: nameOf(run), step: number(steps) }), () => {
    // What was planned may have begun it anew.
    if (!training.runs.list.includes(run)) return;
    experiment.open(run.choices, 'push');
    training.goOn(run, checkpoint, training.device.choice.device);
  });
}
