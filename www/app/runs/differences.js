// What sets runs apart from each other, field by field.

/** @import { Value } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { Bundle } from './groups.js' */
/** @import { Run } from './list.js' */

/** What a field is in a run. @typedef {{ field: string, value: Value }} Fact */

/**
 * The fields in which these runs differ by somebody's choice. What nobody chose follows from another field, and says nothing.
 * @param {Run[]} runs @param {Engine} engine
 */
export const chosenDifferences = (runs, engine) => engine.differences(runs.map((run) => run.spec)).filter(([field]) => runs.some((run) => field in run.choices));

/** For each bundle, the fields in which not all agree. @param {Bundle[]} bundles @param {Engine} engine @returns {Fact[][]} */
export function factsOf(bundles, engine) {
  if (bundles.length < 2) return bundles.map(() => []);
  const differences = chosenDifferences(bundles.map(({ runs }) => runs[0]), engine);
  return bundles.map(({ runs }, at) => differences.flatMap(([field, values]) => {
    const value = values[at] ?? null;
    // Repeats over several seeds have no seed of their own.
    return value === null || (field === 'seed' && runs.length > 1) ? [] : [{ field, value }];
  }));
}
