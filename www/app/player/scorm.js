// A course system that speaks SCORM 1.2 or 2004, through pipwerks' wrapper.

// @ts-expect-error: it has no types
import pipwerks from 'pipwerks-scorm-api-wrapper';
import { play } from './player.js';

/** @import { Progress } from '../../embed.d.ts' */
/** @import { System } from './player.js' */

/**
 * Where a version has what, and its words.
 * @typedef {object} Version
 * @property {string} version as the wrapper calls it
 * @property {number} most characters that it keeps, by its standard
 * @property {string} score where the score is, up to its last part
 * @property {string} [scaled] where it is from 0 to 1
 * @property {string} [share] where the share that is done is
 * @property {[string, string]} exit what says that a student comes back
 * @property {[string, { begun?: string, done: string }][]} states
 */
/** @type {{ [kind: string]: Version }} */
const VERSIONS = {
  'scorm-1.2': {
    version: '1.2', most: 4_096, score: 'cmi.core.score.', exit: ['cmi.core.exit', 'suspend'],
    states: [['cmi.core.lesson_status', { begun: 'incomplete', done: 'passed' }]],
  },
  'scorm-2004': {
    version: '2004', most: 64_000, score: 'cmi.score.', scaled: 'cmi.score.scaled', share: 'cmi.progress_measure', exit: ['cmi.exit', 'suspend'],
    states: [['cmi.completion_status', { begun: 'incomplete', done: 'completed' }], ['cmi.success_status', { done: 'passed' }]],
  },
};
/** What a system may say of somebody who is through: it is never taken back. */
const THROUGH = ['passed', 'completed'];

/** Milliseconds until a system that is not there counts as none: some come to the page only after the package does. */
const PATIENCE = 3_000;
/** Milliseconds until it is looked for again. */
const AGAIN = 100;

/** @returns {Promise<System | undefined>} */
async function find() {
  const known = VERSIONS[document.body.dataset.kind ?? ''];
  if (!known) return undefined;
  const { SCORM, debug } = pipwerks;
  debug.isActive = false;
  SCORM.version = known.version;
  // What is done, this page says.
  SCORM.handleCompletionStatus = false;
  SCORM.handleExitMode = false;
  const late = AbortSignal.timeout(PATIENCE);
  while (!SCORM.API.getHandle() && !late.aborted) await new Promise((done) => { setTimeout(done, AGAIN); });
  if (!SCORM.connection.initialize()) return undefined;

  /** @param {string} name @param {unknown} value */
  const set = (name, value) => {
    if (!SCORM.data.set(name, String(value))) throw new Error(`${name}: ${SCORM.debug.getCode()}`);
  };
  const save = () => {
    if (!SCORM.data.save()) throw new Error(`commit: ${SCORM.debug.getCode()}`);
  };
  /** @type {string[]} */
  let before = [];
  let best = 0;

  return {
    most: known.most,
    open() {
      before = known.states.map(([name]) => String(SCORM.data.get(name)));
      best = Number(SCORM.data.get(`${known.score}raw`)) || 0;
      return String(SCORM.data.get('cmi.suspend_data') ?? '');
    },
    /** @param {Progress | null} progress */
    report(progress) {
      const done = progress?.done ?? true;
      known.states.forEach(([name, { begun, done: through }], at) => {
        const state = done ? through : begun;
        if (state !== undefined && !THROUGH.includes(before[at] ?? '')) set(name, state);
        if (done && !THROUGH.includes(before[at] ?? '')) before[at] = through;
      });
      if (progress) {
        // In percent. What a person once had is not taken away.
        best = Math.max(best, Math.round(progress.score * 100));
        set(`${known.score}raw`, best);
        // A system need not know its limits in SCORM 1.2.
        SCORM.data.set(`${known.score}min`, '0');
        SCORM.data.set(`${known.score}max`, '100');
        if (known.scaled) set(known.scaled, best / 100);
        if (known.share) set(known.share, best / 100);
      }
      save();
    },
    keep(text) {
      set('cmi.suspend_data', text);
      save();
    },
    close() {
      SCORM.data.set(...known.exit);
      SCORM.connection.terminate();
    },
  };
}

void play(find);
