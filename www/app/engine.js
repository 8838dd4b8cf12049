// The core module, with the types of what crosses: everything that the page knows about experiments.

/** @import { DataFacts, ExperimentSpec, Histogram, Manifest, Opened, Problem, Value, View } from './core.d.ts' */

/** @typedef {{[key: string]: Value}} Choices */

/**
 * The first images of a data set.
 * @typedef {object} Images
 * @property {DataFacts} facts
 * @property {(spec: ExperimentSpec, shown: number, counted: number) => Pictures} preview
 */

/**
 * Images before and after the transform and their masks, `[images, height, width, 4]`, and the values' histogram.
 * @typedef {object} Pictures
 * @property {Uint8ClampedArray} before
 * @property {Uint8ClampedArray} after
 * @property {Uint8ClampedArray} mask empty where the task has no masks
 * @property {Histogram} histogram
 */

/**
 * @typedef {object} Engine
 * @property {(choices: Choices, facts?: DataFacts) => View} view
 * @property {(text: string) => Opened} openLink
 * @property {(specs: ExperimentSpec[]) => [string, (Value | null)[]][]} differences
 * @property {(manifest: Manifest, shard: Uint8Array<ArrayBuffer>) => Images} imagesOfShard
 * @property {(facts: DataFacts, pixels: Uint8Array<ArrayBuffer>) => Images} imagesOfPixels
 */

/** @returns {Promise<Engine>} */
export async function loadEngine() {
  const core = await import('../pkg/core/core.js');
  await core.default();

  /** @param {import('../pkg/core/core.js').Samples} samples @returns {Images} */
  const images = (samples) => ({
    facts: samples.facts,
    preview(spec, shown, counted) {
      const { before, after, mask, histogram } = samples.preview(spec, shown, counted);
      return { before, after, mask, histogram };
    },
  });

  return {
    view: core.view,
    openLink: core.openLink,
    differences: core.differences,
    imagesOfShard: (manifest, shard) => images(core.Samples.fromShard(manifest, shard)),
    imagesOfPixels: (facts, pixels) => images(core.Samples.fromPixels(facts, pixels)),
  };
}

/**
 * Whether something thrown is a problem of the core's.
 * @param {unknown} thrown
 * @returns {thrown is Problem}
 */
export function isProblem(thrown) {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'params' in thrown;
}
