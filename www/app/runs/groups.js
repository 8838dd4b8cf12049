// Runs that belong together: repeats of one experiment, which differ in nothing but the seed.

/** @import { Run } from './list.js' */

/**
 * A run, or several that are shown as one.
 * @typedef {{ key: string, runs: [Run, ...Run[]] }} Bundle
 */

/** In the order of their first runs. @param {Run[]} runs @returns {Bundle[]} */
export function bundlesOf(runs) {
  /** @type {Map<string, Bundle>} */
  const bundles = new Map();
  for (const run of runs) {
    const bundle = bundles.get(run.bundle);
    if (bundle) bundle.runs.push(run);
    else bundles.set(run.bundle, { key: run.bundle, runs: [run] });
  }
  return [...bundles.values()];
}

/** @param {Bundle[]} bundles */
export const idsOf = (bundles) => bundles.map(({ runs }) => runs.map((run) => run.id));
