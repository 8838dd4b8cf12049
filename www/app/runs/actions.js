// What can be done with runs that are on the page.

import { h, setText } from '../base/dom.js';
import { downloadCurves, linkOf } from './export.js';
import { duration, plural, t } from '../base/i18n.js';
import { bundleName } from './marks.js';
import { announce, note, offerUndo } from '../base/messages.js';
import { copyText } from '../base/copy.js';

/** @import { Engine } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Bundle } from './groups.js' */
/** @import { MenuItem } from '../base/menu.js' */
/** @import { Given } from '../run/given.js' */
/** @import { Queue } from '../run/queue.js' */
/** @import { Run, Runs } from './list.js' */
/** @import { SavedRuns } from './file.js' */
/** @import { Training } from '../run/training.js' */

/** What the actions act on. @typedef {{ engine: Engine, experiment: Experiment, runs: Runs, training: Training, queue: Queue, saved: SavedRuns, given: Given }} Page */

/** Seeds that a person is offered, and may ask for at most. */
const SEEDS = 3;
const MOST_SEEDS = 10;

/** All but the two that have buttons of their own. @param {Bundle} bundle @param {Page} page @param {() => void} rename @returns {MenuItem[]} */
export function actionsFor(bundle, page, rename) {
  const [run] = bundle.runs;
  const claim = run.state === 'done' ? page.runs.book.claim(run.id) : null;
  // A network that was changed by hand is in no link, and comes of no seed.
  const plain = bundle.runs.every(({ touches }) => touches.length === 0);
  return [
    ...(plain ? [{ label: t('runs.rerun'), act: () => {
      openRun(run, page);
      void page.training.begin(run.spec, run.choices, 'go');
    } },
    { label: t('runs.repeat'), act: () => repeatDialog(bundle, page) }] : []),
    { label: t('runs.rename'), act: rename },
    ...(plain ? [{ label: t('runs.copy-link'), act: () => void copyLink(linkOf(run, page.engine)) }] : []),
    ...(claim ? [{ label: t('runs.copy-claim'), act: () => void copyLink(linkOf(run, page.engine, claim)) }] : []),
    ...(bundle.runs.length === 1 && page.given.has(run) ? [{ label: t('runs.go-on-from'), act: () => void page.given.goOn(run) },
    { label: t('runs.begin-from'), act: () => void page.given.useRun(run) },
    { label: t('weights.save'), act: () => void page.given.save(run) }] : []),
    { label: t('runs.csv-curves'), act: () => downloadCurves(bundle.runs, page.runs.book) },
    { label: t('runs.remove'), act: () => removeRuns(bundle.runs, page, t('runs.removed', { run: bundleName(bundle) })) },
  ];
}

/** Sets the controls as they were for this run. @param {Run} run @param {Page} page */
export const openRun = (run, { experiment }) => experiment.open(run.choices, 'push');

/** @param {Run[]} removed @param {Page} page @param {string} words */
export function removeRuns(removed, { runs, training }, words) {
  // What they have learned is forgotten with them, unless somebody asks for it first.
  const learned = removed.map(async (run) => ({ run, weights: await runs.store.weights(run.id) }));
  const records = removed.filter((run) => run.steps > 0).map((run) => runs.record(run));
  for (const run of removed) training.forget(run);
  offerUndo(words, async () => {
    runs.putBack(records);
    for (const { run, weights } of await Promise.all(learned)) if (weights) void runs.store.putWeights(run.id, weights);
  });
}

/** @param {string} link */
async function copyLink(link) {
  if (await copyText(link)) announce(t('copy.done', { what: t('share.link') }));
  else note(t('runs.link-failed', { link }));
}

/** Asks over how many seeds, and lets the queue run those that are missing. @param {Bundle} bundle @param {Page} page */
function repeatDialog(bundle, page) {
  const there = bundle.runs.length;
  const least = there + 1;
  const count = h('input', { type: 'number', id: 'repeat-count', min: least, max: Math.max(least, MOST_SEEDS), required: true, value: Math.max(least, SEEDS) });
  const plan = h('p', { class: 'caption', role: 'status' });
  const show = () => {
    const more = Math.max(0, count.valueAsNumber - there) || 0;
    setText(plan, plural('runs.repeat-plan', more, { time: duration(more * (bundle.runs[0].elapsed)) }));
  };
  count.addEventListener('input', show);
  const form = h('form', { method: 'dialog' },
    h('h2', { id: 'repeat-title' }, t('runs.repeat-title', { run: bundleName(bundle) })),
    h('p', {}, t('runs.repeat-why')),
    h('label', { for: 'repeat-count', class: 'field-label' }, t('runs.repeat-count')), count, plan,
    h('div', { class: 'dialog-end' },
      h('button', { type: 'button', class: 'small', onclick: () => dialog.close() }, t('dialog.cancel')),
      h('button', { class: 'small primary' }, t('runs.repeat-start'))));
  form.addEventListener('submit', () => repeat(bundle, count.valueAsNumber, page));
  const dialog = h('dialog', { 'aria-labelledby': 'repeat-title' }, form);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  show();
  dialog.showModal();
  count.select();
}

/** @param {Bundle} bundle @param {number} count @param {Page} page */
function repeat({ runs }, count, page) {
  const [run] = runs;
  const group = run.group ?? `seeds of ${run.id}`;
  page.runs.change(runs, { group });
  const planned = page.runs.book.repeats(runs.map(({ id }) => id), count).map((choices) => ({ choices, label: run.label, group }));
  page.queue.start(planned);
  announce(plural('runs.repeat-started', planned.length));
}
