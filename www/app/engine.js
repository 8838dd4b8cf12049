// The core module, with the types of what crosses: everything that the page knows about experiments.

/** @import { Ask, Claim, Comparison, Conclusion, DataFacts, Ended, ExperimentSpec, FileKind, Histogram, LabView, LayerAnswer, Made, Manifest, Milestone, Opened, PageTable, Plan, Presets, Probe, Reproduction, Source, Value, View, WholeRun } from './core.d.ts' */

/** @typedef {{[key: string]: Value}} Choices */

/**
 * The first images of a data set.
 * @typedef {object} Images
 * @property {DataFacts} facts
 * @property {Uint8Array} labels of each image, as indices into the facts' classes
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
 * @property {(choices: Choices, view: {[key: string]: string}, claim: Claim | null, full: boolean) => string} linkText
 * @property {() => PageTable} pageTable
 * @property {(run: Ended) => Claim | null} claimOf
 * @property {(claimed: Claim, made: Claim, tested: number) => Reproduction} compareClaims
 * @property {(specs: ExperimentSpec[]) => [string, (Value | null)[]][]} differences
 * @property {() => LabView[]} labs
 * @property {() => Milestone[]} timeline
 * @property {(id: string, options: Choices) => LabView} labView
 * @property {(id: string, options: Choices) => Probe[]} labProbes
 * @property {(id: string, options: Choices, ask: Ask) => Plan} labPlan
 * @property {(id: string, options: Choices, made: Made[], predicted: Value | null) => Conclusion | null} labConclude
 * @property {(choices: Choices, facts?: DataFacts) => string} pytorch
 * @property {(choices: Choices) => LayerAnswer} layer
 * @property {(a: Source, b: Source) => Comparison} compare
 * @property {() => Presets} presets
 * @property {(runs: object[]) => string} saveRuns
 * @property {(text: string) => WholeRun[]} openRuns
 * @property {() => import('../pkg/core/core.js').Desk} desk
 * @property {() => number} judgedBytes how many of a file's first bytes `fileKind` wants
 * @property {(name: string, beginning: Uint8Array<ArrayBuffer>) => FileKind} fileKind
 * @property {(manifest: Manifest, shard: Uint8Array<ArrayBuffer>) => Images} imagesOfShard
 * @property {(facts: DataFacts, pixels: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>) => Images} imagesOfPixels
 */

/** @returns {Promise<Engine>} */
export async function loadEngine() {
  const core = await import('../pkg/core/core.js');
  await core.default();

  /** @param {import('../pkg/core/core.js').Samples} samples @returns {Images} */
  const images = (samples) => ({
    facts: samples.facts,
    labels: samples.labels,
    preview(spec, shown, counted) {
      const { before, after, mask, histogram } = samples.preview(spec, shown, counted);
      return { before, after, mask, histogram };
    },
  });

  return {
    view: core.view,
    openLink: core.openLink,
    linkText: core.linkText,
    pageTable: core.pageTable,
    claimOf: core.claimOf,
    compareClaims: core.compareClaims,
    differences: core.differences,
    labs: core.labs,
    timeline: core.timeline,
    labView: core.labView,
    labProbes: core.labProbes,
    labPlan: core.labPlan,
    labConclude: core.labConclude,
    pytorch: core.pytorch,
    layer: core.layer,
    compare: core.compare,
    presets: core.presets,
    saveRuns: core.saveRuns,
    openRuns: core.openRuns,
    desk: () => new core.Desk(),
    judgedBytes: core.judgedBytes,
    fileKind: core.fileKind,
    imagesOfShard: (manifest, shard) => images(core.Samples.fromShard(manifest, shard)),
    imagesOfPixels: (facts, pixels, labels) => images(core.Samples.fromPixels(facts, pixels, labels)),
  };
}
