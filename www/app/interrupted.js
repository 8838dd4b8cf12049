// A run that was on when the page went away, by a reload, a mistake, or a browser that needed the memory: its curve is
// kept, and it can be gone on with.

import { number, t } from './i18n.js';
import { OWN } from './images.js';
import { nameOf } from './marks.js';
import { note } from './messages.js';
import { stepsOf } from './runs.js';

/** @import { Experiment } from './experiment.js' */
/** @import { Run } from './runs.js' */
/** @import { Training } from './training.js' */

/** Nothing comes after these that is certain to be heard. @param {Training} training */
export function keepWhenHidden(training) {
  document.addEventListener('visibilitychange', () => { if (document.hidden) training.keep(); });
  window.addEventListener('pagehide', () => training.keep());
}

/** Offers to go on with the last of these runs. @param {Run[]} interrupted @param {{ experiment: Experiment, training: Training }} page */
export async function offerInterrupted(interrupted, { experiment, training }) {
  const run = interrupted.at(-1);
  // A person's own files went away with the page.
  if (!run || run.spec.data === OWN) return;
  const checkpoint = await training.runs.store.checkpoint(run.id);
  if (!checkpoint) return;
  note(t('runs.interrupted', { run: nameOf(run), step: number(stepsOf(run)), total: number(run.totalSteps) }), {
    label: t('runs.go-on'),
    act: () => {
      experiment.open(run.choices, 'push');
      training.goOn(run, checkpoint, training.device.choice.device);
    },
  });
}
