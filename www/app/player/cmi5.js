// A course system that speaks cmi5: statements to its learning record store, through `@xapi/cmi5`.

import Cmi5 from '@xapi/cmi5';
import { play } from './player.js';

/** @import { Progress } from '../../embed.d.ts' */
/** @import { System } from './player.js' */

/** Under which name the store keeps what a student leaves with. */
const STATE = 'cnn-playground';
/** Letters that are kept: as many as SCORM 2004 has room for. */
const MOST = 64_000;

/** @returns {Promise<System | undefined>} */
async function find() {
  if (!Cmi5.isCmiAvailable) return undefined;
  const cmi5 = Cmi5.instance;
  await cmi5.initialize();
  const { xapi, launchData } = cmi5;
  if (!xapi) return undefined;
  const { activityId, actor: agent, registration } = cmi5.getLaunchParameters();
  const place = { agent, activityId, stateId: STATE, registration };
  // A teacher who looks at it leaves no grade.
  const counts = launchData.launchMode === 'Normal';
  let completed = false;
  let passed = false;
  /** Where the statement is refused it may be sent again. @param {boolean} sent @param {() => PromiseLike<unknown>} send */
  const once = async (sent, send) => { if (!sent && counts) await send(); return true; };

  return {
    most: MOST,
    async open() {
      try {
        const { text } = /** @type {{ text?: unknown }} */ ((await xapi.getState(place)).data);
        return typeof text === 'string' ? text : '';
      } catch (thrown) {
        // There is none of a first visit.
        if (/** @type {{ response?: { status?: number } }} */ (thrown).response?.status === 404) return '';
        throw thrown;
      }
    },
    /** @param {Progress | null} progress */
    async report(progress) {
      if (progress && !progress.done) return;
      if (progress) passed = await once(passed, () => cmi5.pass({ scaled: progress.score }));
      completed = await once(completed, () => cmi5.complete());
    },
    keep: (text) => xapi.setState({ ...place, state: { text } }),
    close: () => cmi5.terminate(),
  };
}

void play(find);
