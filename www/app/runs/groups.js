// Runs that belong together: repeats of one experiment, which differ in nothing but the seed.

/** @import { Run } from './list.js' */

/**
 * A run, or several that are shown as one.
 * @typedef {{ key: string, runs: [Run, ...Run[]] }} Bundle
 */

/** The same for runs that repeat each other. @param {Pick<Run, 'id' | 'group' | 'spec'>} run */
export function bundleKey({ id, group, spec }) {
  return group === null ? String(id) : JSON.stringify([group, { ...spec, seed: 0 }]);
}

/** In the order of their first runs. @param {Run[]} runs @returns {Bundle[]} */
export function bundlesOf(runs) {
  /** @type {Map<string, Bundle>} */
  const bundles = new Map();
  for (const run of runs) {
    const key = bundleKey(run);
    const bundle = bundles.get(key);
    if (bundle) bundle.runs.push(run);
    else bundles.set(key, { key, runs: [run] });
  }
  return [...bundles.values()];
}
