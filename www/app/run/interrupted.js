// What was on when the page went away, by a reload, a mistake, or a browser that needed the memory: curves are kept, and
// runs, those that waited too, can be gone on with.

import { number, t } from '../base/i18n.js';
import { OWN } from '../seen/images.js';
import { nameOf } from '../runs/marks.js';
import { note, offerUndo } from '../base/messages.js';

/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Labs } from '../lab/labs.js' */
/** @import { OwnData } from '../seen/own-data.js' */
/** @import { Queue } from './queue.js' */
/** @import { Run, Runs } from '../runs/list.js' */
/** @import { Training } from './training.js' */

/** What a tab holds while a run is on, by the run's id. */
const RUN = 'run ';
/** @param {Run} run */
const lockOf = ({ id }) => `${RUN}${id}`;

/**
 * Keeps each run from its first moment, and for this tab alone while it is on; once more when the page may go away:
 * nothing comes after these two events that is certain to be heard.
 * @param {Training} training
 */
export function keepRuns(training) {
  /** @type {Run | undefined} */
  let kept;
  let release = () => {};
  training.subscribe(() => {
    const { run, runs } = training;
    const active = run?.active ? run : undefined;
    if (active === kept) return;
    const [before, over] = [kept, release];
    kept = active;
    // Others may look at the run that was on as soon as its end is kept, which happens right after it is told.
    if (before) queueMicrotask(() => void runs.store.run(before.id).then(over));
    if (!active) return;
    release = runs.store.locks.hold(lockOf(active));
    runs.save(active);
  });
  document.addEventListener('visibilitychange', () => { if (document.hidden) training.keep(); });
  window.addEventListener('pagehide', () => training.keep());
}

/** How far planned runs were when the page went away. @param {Queue} queue */
export const interruptedText = ({ interrupted, halted }) => t(halted ? 'queue.halted' : 'queue.interrupted', {
  done: number(interrupted.filter(({ run }) => run?.ended).length), of: number(interrupted.length),
});

/**
 * Brings the runs back. Gives those that nobody trains any more; those that another tab trains are followed, and
 * told of when it has left them.
 * @param {Runs} runs @param {(run: Run) => void} left
 */
export async function restoreRuns(runs, left) {
  const { locks } = runs.store;
  const others = await locks.others();
  runs.elsewhere = new Set([...others].filter((name) => name.startsWith(RUN)).map((name) => Number(name.slice(RUN.length))));
  const restored = await runs.restore();
  for (const run of runs.list.filter(({ id }) => runs.elsewhere.has(id))) void follow(run);
  return restored;

  /** @param {Run} run */
  async function follow(run) {
    await locks.free(lockOf(run));
    const kept = await runs.store.run(run.id);
    runs.elsewhere.delete(run.id);
    if (!kept) return runs.remove(run);
    if (runs.takeBack(kept)) left(run);
  }
}

/**
 * Offers to go on with what was planned, else with the last of these runs. An offer that is closed is not made again.
 * @param {Run[]} found
 * @param {{ experiment: Experiment, training: Training, queue: Queue, labs: Labs, own: OwnData }} page
 */
export async function offerInterrupted(found, page) {
  const { training, queue, labs, own } = page;
  await queue.restore(() => void offerInterrupted([], page));
  const planned = queue.interrupted.length > 0;
  const run = planned ? queue.interrupted.findLast((place) => place.run)?.run : found.at(-1);
  // Other files than those that it began with may be here.
  if (run?.spec.data === OWN && !own.isOf(run)) return;
  if (planned) offerPlanned(queue, labs);
  else if (run) await offerRun(run, training, page.experiment);
}

/** @param {Queue} queue @param {Labs} labs */
function offerPlanned(queue, labs) {
  const { interrupted } = queue;
  const offer = note(interruptedText(queue), { label: t('runs.go-on'), act: () => void (labs.waiting ? labs.goOn() : queue.goOn()), refuse: () => queue.decline() });
  queue.subscribe(() => { if (queue.interrupted !== interrupted) offer.remove(); });
}

/** Offers to go on with what was planned when somebody began something else over it. @param {Queue} queue @param {Labs} labs */
export function offerHalted(queue, labs) {
  /** @type {Queue['interrupted']} */
  let offered = [];
  queue.subscribe(() => {
    if (queue.interrupted === offered) return;
    offered = queue.interrupted;
    if (queue.halted && offered.length > 0) offerPlanned(queue, labs);
  });
}

/** @param {Run} run @param {Training} training @param {Experiment} experiment */
async function offerRun(run, training, experiment) {
  const { runs } = training;
  const { store } = runs;
  const { steps } = run;
  const kept = await store.checkpoint(run.id);
  // A run without a step has nothing to show.
  if (steps === 0) runs.remove(run);
  const offer = note(steps === 0 ? t('runs.interrupted-early', { run: nameOf(run) }) : t('runs.interrupted', { run: nameOf(run), step: number(steps), total: number(run.totalSteps) }), {
    label: t(kept ? 'runs.go-on' : 'runs.rerun'),
    async act() {
      if (!(await isLeft())) return;
      const checkpoint = await store.checkpoint(run.id);
      experiment.open(run.choices, 'push');
      if (checkpoint) training.goOn(run, checkpoint, training.device.choice.device);
      else void training.begin(run.spec, run.choices, 'go', run);
    },
    async refuse() {
      const record = await store.run(run.id);
      if (!(await isLeft())) return;
      // It is kept as one that was stopped.
      if (steps > 0) runs.save(run);
      void store.removeCheckpoint(run.id);
      offerUndo(t('runs.not-resumed', { run: nameOf(run) }), async () => {
        if (record) await store.put(record);
        if (kept) await store.putCheckpoint(run.id, kept);
        void offerRun(run, training, experiment);
      });
    },
  });
  runs.subscribe(() => { if (steps > 0 && !runs.list.includes(run)) offer.remove(); });

  /** Whether it is still as the page went away from it: another tab may have gone on with it. */
  async function isLeft() {
    if ((await store.locks.others()).has(lockOf(run))) {
      note(t('runs.elsewhere', { run: nameOf(run) }));
      return false;
    }
    if (steps === 0) return true;
    const record = await store.run(run.id);
    if (!runs.list.includes(run)) return false;
    // Removed in another tab, it is still here, and may begin anew.
    if (!record || runs.takeBack(record)) return true;
    note(t('runs.gone-on', { run: nameOf(run) }));
    return false;
  }
}
