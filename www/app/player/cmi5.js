// A course system that speaks cmi5: statements to its learning record store, through `@xapi/cmi5`.

import Cmi5 from '@xapi/cmi5';
import { play } from './player.js';

/** @import { Progress } from '../../embed.d.ts' */
/** @import { System } from './player.js' */

/** Under which name the store keeps what a student leaves with. */
const STATE = 'cnn-playground';
/** Letters that are kept: as many as SCORM 2004 has room for. */
const MOST = 64_000;
/** What a store hears once of a registration, whatever its student does at further visits. */
const VERBS = /** @type {const} */ ({ passed: 'http://adlnet.gov/expapi/verbs/passed', completed: 'http://adlnet.gov/expapi/verbs/completed' });

/** @returns {Promise<System | undefined>} */
async function find() {
  if (!Cmi5.isCmiAvailable) return undefined;
  const cmi5 = Cmi5.instance;
  await cmi5.initialize();
  const { xapi, launchData } = cmi5;
  if (!xapi) return undefined;
  const { activityId, actor: agent, registration } = cmi5.getLaunchParameters();
  const place = { agent, activityId, stateId: STATE, registration };
  /** What the store has heard. @type {Set<string>} */
  const told = new Set();
  /** What is kept; nothing before it was read. @type {string | undefined} */
  let text;
  const write = async () => { if (text !== undefined) await xapi.setState({ ...place, state: { text, told: [...told] } }); };
  /** @param {keyof typeof VERBS} verb @param {() => PromiseLike<unknown>} send */
  const once = async (verb, send) => {
    if (told.has(verb)) return;
    // Where the statement is refused it may be sent again.
    await send();
    told.add(verb);
  };
  /** What the store says of an earlier visit, also to a package that did not keep it; some do not answer. */
  const ask = async () => {
    for (const [verb, id] of Object.entries(VERBS)) {
      const { statements } = (await xapi.getStatements({ agent, activity: activityId, registration, verb: id, limit: 1 })).data;
      if (statements.length > 0) told.add(verb);
    }
  };
  const read = async () => {
    try {
      const state = /** @type {{ text?: unknown, told?: unknown }} */ ((await xapi.getState(place)).data);
      if (typeof state?.text !== 'string') throw new Error('not what was kept');
      for (const verb of Array.isArray(state.told) ? state.told : []) told.add(String(verb));
      return state.text;
    } catch (thrown) {
      // There is none of a first visit.
      if (/** @type {{ response?: { status?: number } }} */ (thrown).response?.status === 404) return '';
      throw thrown;
    }
  };

  return {
    most: MOST,
    counts: launchData.launchMode === 'Normal',
    async open() {
      const [kept] = await Promise.allSettled([read(), ask()]);
      if (kept.status === 'rejected') throw kept.reason;
      return text = kept.value;
    },
    /** @param {Progress | null} progress */
    async report(progress) {
      if (progress && !progress.done) return;
      if (progress) await once('passed', () => cmi5.pass({ scaled: progress.score }));
      await once('completed', () => cmi5.complete());
      await write();
    },
    async keep(newest) {
      text = newest;
      await write();
      return true;
    },
    close: () => cmi5.terminate(),
  };
}

void play(find);
