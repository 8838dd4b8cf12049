// What sets runs apart from each other, field by field.

/** @import { Value } from './core.d.ts' */
/** @import { Engine } from './engine.js' */
/** @import { Bundle } from './groups.js' */

/** What a field is in a run. @typedef {{ field: string, value: Value }} Fact */

/** For each bundle, the fields in which not all agree. @param {Bundle[]} bundles @param {Engine} engine @returns {Fact[][]} */
export function factsOf(bundles, engine) {
  if (bundles.length < 2) return bundles.map(() => []);
  const differences = engine.differences(bundles.map(({ runs }) => runs[0].spec));
  return bundles.map(({ runs }, at) => differences.flatMap(([field, values]) => {
    const value = values[at] ?? null;
    // Repeats over several seeds have no seed of their own.
    return value === null || (field === 'seed' && runs.length > 1) ? [] : [{ field, value }];
  }));
}
