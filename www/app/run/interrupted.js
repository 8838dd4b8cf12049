// What was on when the page went away, by a reload, a mistake, or a browser that needed the memory: curves are kept, and
// runs, those that waited too, can be gone on with.

import { number, t } from '../base/i18n.js';
import { OWN } from '../seen/images.js';
import { nameOf } from '../runs/marks.js';
import { note } from '../base/messages.js';
import { isOver } from './queue.js';
import { stepsOf } from '../runs/list.js';

/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Labs } from '../lab/labs.js' */
/** @import { OwnData } from '../seen/own-data.js' */
/** @import { Queue } from './queue.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { Training } from './training.js' */

/** Nothing comes after these that is certain to be heard. @param {Training} training */
export function keepWhenHidden(training) {
  document.addEventListener('visibilitychange', () => { if (document.hidden) training.keep(); });
  window.addEventListener('pagehide', () => training.keep());
}

/** How far planned runs were when the page went away. @param {Queue} queue */
export const interruptedText = ({ interrupted }) => t('queue.interrupted', {
  done: number(interrupted.filter(({ run }) => isOver(run)).length), of: number(interrupted.length),
});

/**
 * Offers to go on with what was planned, else with the last of these runs.
 * @param {Run[]} runs
 * @param {{ experiment: Experiment, training: Training, queue: Queue, labs: Labs, own: OwnData }} page
 */
export async function offerInterrupted(runs, { experiment, training, queue, labs, own }) {
  await queue.restore();
  const planned = queue.interrupted.length > 0;
  const run = planned ? queue.interrupted.findLast((place) => place.run)?.run : runs.at(-1);
  // Other files than those that it began with may be here.
  if (run?.spec.data === OWN && !own.isOf(run)) return;
  if (planned) note(interruptedText(queue), { label: t('runs.go-on'), act: () => void (labs.waiting ? labs.goOn() : queue.goOn()) });
  if (planned || !run) return;
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
