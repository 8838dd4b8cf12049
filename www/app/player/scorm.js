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
 * @property {number} [unset] its error for what was never kept; none in SCORM 1.2
 * @property {string} mode where it says who is there
 * @property {string} score where the score is, up to its last part
 * @property {string} [scaled] where it is from 0 to 1
 * @property {string} [share] where the share that is done is
 * @property {{ most: number, id: string, type: string, text: string }} words how an answer in words is told, and how long one may be
 * @property {[string, string]} exit what says that a student comes back
 * @property {[string, { begun?: string, done: string }][]} states
 */
/** @type {{ [kind: string]: Version }} */
const VERSIONS = {
  'scorm-1.2': {
    version: '1.2', most: 4_096, mode: 'cmi.core.lesson_mode', score: 'cmi.core.score.', exit: ['cmi.core.exit', 'suspend'],
    words: { most: 255, id: 'own-words-', type: 'fill-in', text: 'student_response' },
    states: [['cmi.core.lesson_status', { begun: 'incomplete', done: 'passed' }]],
  },
  'scorm-2004': {
    version: '2004', most: 64_000, unset: 403, mode: 'cmi.mode', score: 'cmi.score.', scaled: 'cmi.score.scaled', share: 'cmi.progress_measure', exit: ['cmi.exit', 'suspend'],
    words: { most: 4_000, id: 'urn:cnn-playground:own-words-', type: 'long-fill-in', text: 'learner_response' },
    states: [['cmi.completion_status', { begun: 'incomplete', done: 'completed' }], ['cmi.success_status', { done: 'passed' }]],
  },
};
/** What a system may say of somebody who is through: it is never taken back. */
const THROUGH = ['passed', 'completed'];
/** What it calls it that somebody only looks; a system need not say so in SCORM 1.2. */
const LOOKING = ['browse', 'review'];

/** Milliseconds between two tries. */
const AGAIN = 100;
/** Milliseconds for which a system is asked that answers with an error: some need a while for what they keep. */
const ANSWERS = 1_000;

const wait = () => new Promise((done) => { setTimeout(done, AGAIN); });

/** Asks until there is an answer. @template T @param {() => T} ask throws where there is none */
async function patiently(ask) {
  const late = AbortSignal.timeout(ANSWERS);
  for (;;) {
    try {
      return ask();
    } catch (thrown) {
      if (late.aborted) throw thrown;
      await wait();
    }
  }
}

/** A text in parts of at most so many UTF-16 units, none of which ends within a sign. @param {string} text @param {number} most */
function partsOf(text, most) {
  const parts = [''];
  for (const sign of text) {
    const part = parts.pop() ?? '';
    parts.push(...(part.length + sign.length > most ? [part, sign] : [part + sign]));
  }
  return parts;
}

/** Whether a system is there, as far as this page may look. */
function isThere() {
  try {
    return Boolean(pipwerks.SCORM.API.getHandle());
  } catch {
    // A window of another origin is in the way.
    return false;
  }
}

/** @param {AbortSignal} late @returns {Promise<System | undefined>} */
async function find(late) {
  const known = VERSIONS[document.body.dataset.kind ?? ''];
  if (!known) return undefined;
  const { SCORM, debug } = pipwerks;
  debug.isActive = false;
  SCORM.version = known.version;
  // What is done, this page says.
  SCORM.handleCompletionStatus = false;
  SCORM.handleExitMode = false;
  while (!isThere() && !late.aborted) await wait();
  if (!isThere()) return undefined;

  /** What the system has; the wrapper makes the same of an error and of nothing. @param {string} name */
  const get = (name) => {
    const api = SCORM.API.getHandle();
    const said = known.version === '1.2' ? api.LMSGetValue(name) : api.GetValue(name);
    const text = [null, undefined, 'null', 'undefined'].includes(said) ? '' : String(said);
    const code = SCORM.debug.getCode();
    const isError = code > 0 && code !== known.unset;
    if (isError && text === '') throw new Error(`${name}: ${code}`);
    return text;
  };
  /** @param {string} name @param {unknown} value */
  const set = (name, value) => {
    if (!SCORM.data.set(name, String(value))) throw new Error(`${name}: ${SCORM.debug.getCode()}`);
  };
  const save = () => {
    if (!SCORM.data.save()) throw new Error(`commit: ${SCORM.debug.getCode()}`);
  };
  /** What the system has, or what is taken for it where it answers with an error. @param {string} name @param {string} otherwise */
  const has = (name, otherwise) => {
    try {
      return get(name);
    } catch {
      return otherwise;
    }
  };
  const isThrough = (/** @type {string | undefined} */ state) => THROUGH.includes((state ?? '').trim().toLowerCase());
  await patiently(() => {
    if (SCORM.connection.initialize()) return;
    // One that was begun before, and not ended, answers all the same.
    SCORM.connection.isActive = true;
    try {
      for (const [name] of known.states) get(name);
    } catch (thrown) {
      SCORM.connection.isActive = false;
      throw thrown;
    }
  });

  /** What was there before; nothing where it could not be read. @type {string[] | undefined} */
  let before;
  /** @type {number | undefined} */
  let best;
  let said = '';
  /** Parts of the student's words that the system has a place for. */
  let places = 0;

  /** Tells what the teacher may read, in as many answers as it takes: a system need not have a place for any. @param {string} words */
  const tell = (words) => {
    if (words === said) return;
    const { most, id, type, text } = known.words;
    // Some take no text of more than one line.
    const parts = partsOf(words.split(/\s+/).join(' ').trim(), most);
    for (let at = 0; at < Math.max(parts.length, places); at += 1) {
      const place = `cmi.interactions.${at}.`;
      const isThere = at < places || (SCORM.data.set(`${place}id`, `${id}${at + 1}`) && SCORM.data.set(`${place}type`, type));
      if (!isThere || !SCORM.data.set(`${place}${text}`, parts[at] ?? '')) return;
      places = Math.max(places, at + 1);
    }
    said = words;
  };

  return {
    most: known.most,
    counts: !LOOKING.includes(has(known.mode, '').trim().toLowerCase()),
    async open() {
      before = await patiently(() => known.states.map(([name]) => get(name))).catch(() => undefined);
      best = await patiently(() => Number(get(`${known.score}raw`)) || 0).catch(() => undefined);
      return patiently(() => get('cmi.suspend_data'));
    },
    /** @param {Progress | null} progress */
    report(progress) {
      const done = progress?.done ?? true;
      known.states.forEach(([name, { begun, done: through }], at) => {
        const state = done ? through : begun;
        // What could not be read may be more than what has only begun.
        if (state === undefined || isThrough(before?.[at]) || (!before && !done)) return;
        set(name, state);
        // One that says yes and does nothing has not taken it.
        if (done && !isThrough(has(name, state))) throw new Error(`${name}: not ${through}`);
      });
      // In percent. What a person once had is not taken away.
      const score = progress && Math.max(best ?? 0, Math.round(progress.score * 100));
      if (score !== null && (best !== undefined || done)) {
        best = score;
        set(`${known.score}raw`, best);
        // A system need not know its limits in SCORM 1.2.
        SCORM.data.set(`${known.score}min`, '0');
        SCORM.data.set(`${known.score}max`, '100');
        if (known.scaled) set(known.scaled, best / 100);
        if (known.share) set(known.share, best / 100);
      }
      save();
      if (done) before = known.states.map(([, { done: through }]) => through);
    },
    keep(text, words) {
      tell(words);
      set('cmi.suspend_data', text);
      save();
      return get('cmi.suspend_data') === text;
    },
    close() {
      SCORM.data.set(...known.exit);
      SCORM.connection.terminate();
    },
  };
}

void play(find);
