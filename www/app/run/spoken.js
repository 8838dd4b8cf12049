// What a screen reader hears of a run: its beginning, each test, a pause, and the end. Not each step.

import { percent, t } from '../base/i18n.js';
import { announce } from '../base/messages.js';
import { scoreName } from '../runs/list.js';

/** @import { Run } from '../runs/list.js' */

/** @param {Run} run */
export function sayPaused(run) {
  announce(t('announce.paused', { step: run.steps }));
}

/** @param {Run} run */
export function sayBegun(run) {
  announce(t('announce.training', { step: run.steps, total: run.totalSteps }));
}

/** A test, which may be the last. @param {Run} run */
export function sayTested(run) {
  const accuracy = run.tests.at(-1)?.accuracy;
  const score = { score: scoreName(run.task), accuracy: accuracy === undefined ? '' : percent(accuracy) };
  announce(run.state === 'done' ? t('announce.done', score) : t('announce.epoch', { ...score, epoch: run.tests.length }));
}
