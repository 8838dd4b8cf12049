// The core module, with the types of what crosses: everything that the page knows about experiments.

/** @import { About, Adopted, Ask, ChallengeView, Change, Claim, ClassResults, Comparison, Conclusion, DataFacts, Edit, Edited, Event, Exercise, ExperimentSpec, Figures, FileKind, Finding, FirstStep, Frame, GoalProgress, Gradient, Histogram, ImageForms, KeptWork, LabPredictions, LabView, LayerAnswer, Looks, Made, Manifest, Milestone, Opened, Outline, PackageAsk, Packed, PageTable, Parts, Pasted, Placement, Plan, PlannedRun, Presets, Probe, Problem, Progress, Reached, Reproduction, RunFacts, RunView, ScriptWords, Seeded, Sorted, Source, SourceWords, Sourced, Statistics, Unpacked, Value, Values, View } from './core.d.ts' */

/** @typedef {{[key: string]: Value}} Choices */

/**
 * The first images of a data set.
 * @typedef {object} Images
 * @property {DataFacts} facts
 * @property {Uint8Array} labels of each image, as indices into the facts' classes
 * @property {(spec: ExperimentSpec, shown: number, counted: number) => Pictures} preview
 * @property {(spec: ExperimentSpec, index: number) => Uint8Array<ArrayBuffer> | undefined} image the bytes of one, as the first epoch begins with it
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
 * What is drawn for a run, or for several that repeat each other.
 * @typedef {object} Curve
 * @property {Float64Array} x columns of steps
 * @property {Float64Array} least of single batches in each column; none of repeats
 * @property {Float64Array} most
 * @property {Float64Array} mean the running mean
 * @property {Float64Array} low the edges of a band around it; none of a single run
 * @property {Float64Array} high
 * @property {Float64Array} testX
 * @property {Float64Array} test
 * @property {Float64Array} testSpread one standard deviation
 */

/** Curves, where the axes end, where they are labelled, and the accuracy of guessing. @typedef {{ curves: Curve[], end: number, top: number, across: Float64Array, up: Float64Array, chance?: number }} Chart */
/** @typedef {'samples' | 'seconds'} Axis */
/** @typedef {'loss' | 'accuracy'} Measure */

/**
 * The page's runs, by id: `RunBook` in src/web/runs.rs.
 * @typedef {object} RunBook
 * @property {number} most that are kept, beside pinned ones
 * @property {number} goal the accuracy that runs should reach until a person says otherwise, in percent
 * @property {number} longestName of a run, in characters
 * @property {() => RunView[]} views oldest first
 * @property {(id: number) => RunView | null} view
 * @property {(now: number, spec: ExperimentSpec, choices: Choices, device: string, about: About) => { id: number, gone: number[] }} begin
 * @property {(id: number, events: Event[], seconds: number, training: number) => void} apply
 * @property {(id: number, step: number, layers: Statistics[]) => boolean} observe
 * @property {(id: number) => Looks | null} looks
 * @property {(id: number) => Gradient[]} gradients the newest of each layer
 * @property {(ids: number[], change: Change) => void} change
 * @property {(id: number) => void} remove
 * @property {(id: number) => { id: number } | undefined} record
 * @property {(records: object[], elsewhere: number[]) => [number, Problem][]} open
 * @property {(ids: number[], page: string) => string} save
 * @property {(bytes: number) => void} checkFile
 * @property {(records: object[]) => Adopted} adopt
 * @property {(bundles: number[][], measure: Measure, axis: Axis, next: ExperimentSpec, classes?: number) => Chart} chart
 * @property {(id: number) => Values | null} values
 * @property {(ids: number[], goal: number) => Figures} figures
 * @property {(bundles: number[][]) => [string, Value][][]} facts
 * @property {() => Finding | null} finding
 * @property {() => number[]} leftOut the runs that it leaves out, changed by hand
 * @property {(runs: PlannedRun[]) => Progress} progress
 * @property {(ids: number[], count: number) => Choices[]} repeats
 * @property {(id: number) => RunFacts | null} labFacts
 * @property {() => ChallengeView[]} challenges
 * @property {(id: number) => Claim | null} claim
 * @property {(id: number, claimed: Claim) => Reproduction | null} reproduction
 * @property {(before: number[], spec: ExperimentSpec, claim: Claim | null) => Reached} reached what the runs came to, but for those before
 * @property {(ids: number[]) => string} curvesCsv
 * @property {(ids: number[], names: string[], page: string, goal: number) => string} tableCsv
 */

/**
 * @typedef {object} Engine
 * @property {(choices: Choices, facts?: DataFacts) => View} view
 * @property {(key: string, value: Value) => Choices} meant what a person chose with this value of a field
 * @property {(text: string) => Opened} openLink
 * @property {(text: string) => number} readGoal the accuracy that runs should reach as a person writes it, in percent
 * @property {(text: string) => Opened} openGiven what a person gave as an experiment
 * @property {(text: string) => Pasted} pasted
 * @property {(text: string, outcomes: string[]) => LabPredictions[]} predictions who predicted what, by what the links in a text say, beside what came out in their `classOf`
 * @property {(file: string, text: string) => string} handedIn the text of a file, each link with whose it is
 * @property {(text: string, outcomes: string[]) => ClassResults} classOf the results of the links in a text side by side, but for those that were checked and are not so
 * @property {(text: string, outcomes: string[], page: string) => string} classCsv
 * @property {(link: string, names: string) => Seeded} seeded a link for each name, with a seed of its own
 * @property {(view: {[key: string]: string}) => Frame} frame
 * @property {(choices: Choices, view: {[key: string]: string}, claim: Claim | null, full: boolean) => string} linkText
 * @property {() => PageTable} pageTable
 * @property {() => LabView[]} labs
 * @property {() => Milestone[]} timeline
 * @property {() => Sourced[]} sources
 * @property {() => FirstStep[]} firstSteps
 * @property {() => Exercise[]} exercises
 * @property {(id: string, options: Choices) => LabView} labView
 * @property {(id: string, options: Choices) => Probe[]} labProbes
 * @property {(id: string, options: Choices, ask: Ask) => Plan} labPlan
 * @property {(id: string, options: Choices, made: Made[], predicted: Value | null) => Conclusion | null} labConclude
 * @property {(id: string, prediction: Value) => string} labPredicted the text of the link that says a prediction
 * @property {(made: number[]) => number[]} labSeeds
 * @property {(goal: string, reached: Reached[]) => GoalProgress} goalProgress how far somebody came who has done all of this
 * @property {(kept: KeptWork, most: number) => Packed} packKept as a text of at most so many letters
 * @property {(text: string) => Unpacked} unpackKept
 * @property {(ask: PackageAsk) => {[path: string]: string}} packageFiles all but the script of a package for a course system
 * @property {(choices: Choices, facts: DataFacts | undefined, words: SourceWords) => string} pytorch the network's source, with comments in these words
 * @property {(choices: Choices, facts: DataFacts, words: ScriptWords, notebook: boolean) => string} script the whole experiment for PyTorch and torchvision
 * @property {(choices: Choices, facts?: DataFacts) => Choices} openedAsOwn what to choose so that the network is a text of one's own
 * @property {(choices: Choices, facts?: DataFacts) => Outline} ownOutline the text of a network of one's own, line by line
 * @property {(choices: Choices, facts: DataFacts | undefined, edit: Edit) => Edited} ownEdit
 * @property {() => Parts} ownParts what can be added to it
 * @property {() => [string, string][]} ownTemplates networks to start from: names and texts
 * @property {(a: ExperimentSpec, b: ExperimentSpec) => boolean} beginsAs whether both have the same network with the same first weights, and give it the same images
 * @property {(choices: Choices) => LayerAnswer} layer
 * @property {(a: Source, b: Source) => Comparison} compare
 * @property {() => Presets} presets
 * @property {() => RunBook} newBook
 * @property {() => import('../pkg/core/core.js').Desk} desk
 * @property {() => number} judgedBytes how many of a file's first bytes `fileKind` wants
 * @property {(name: string, bytes: number, beginning: Uint8Array<ArrayBuffer>) => FileKind} fileKind
 * @property {(text: string) => boolean} isPytorch whether a text that somebody pastes is likely PyTorch
 * @property {(shades?: Uint8Array<ArrayBuffer>) => import('../pkg/core/core.js').Ink} newInk a clean sheet, or one that was drawn on before
 * @property {() => ImageForms} pictureForms
 * @property {(paths: string[]) => Sorted[]} sortPictures what the paths of pictures say of each
 * @property {(files: [string, number][]) => Uint8Array<ArrayBuffer>[]} aroundFiles what stands before, between and behind files, so that they are one
 * @property {(found: number) => void} checkClasses throws a problem if no set has so many
 * @property {() => number} pictureHead how many of a picture's first bytes `checkPicture` wants
 * @property {(name: string, bytes: number, head: Uint8Array<ArrayBuffer>) => void} checkPicture throws a problem if it must not be decoded
 * @property {(facts: DataFacts, width: number, height: number) => Placement} placePicture where it is drawn, to become an image of such a set
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
    preview: (spec, shown, counted) => samples.preview(spec, shown, counted),
    image: (spec, index) => /** @type {Uint8Array<ArrayBuffer> | undefined} */ (samples.image(spec, index)),
  });

  return {
    view: core.view,
    meant: core.meant,
    beginsAs: core.beginsAs,
    openLink: core.openLink,
    openGiven: core.openGiven,
    readGoal: core.readGoal,
    pasted: core.pasted,
    predictions: core.predictions,
    handedIn: core.handedIn,
    classOf: core.classOf,
    classCsv: core.classCsv,
    seeded: core.seeded,
    frame: core.frame,
    linkText: core.linkText,
    pageTable: core.pageTable,
    labs: core.labs,
    timeline: core.timeline,
    sources: core.sources,
    firstSteps: core.firstSteps,
    exercises: core.exercises,
    labView: core.labView,
    labProbes: core.labProbes,
    labPlan: core.labPlan,
    labConclude: core.labConclude,
    labPredicted: core.labPredicted,
    labSeeds: (made) => [...core.labSeeds(Uint32Array.from(made))],
    goalProgress: core.goalProgress,
    packKept: core.packKept,
    unpackKept: core.unpackKept,
    packageFiles: core.packageFiles,
    pytorch: core.pytorch,
    script: core.script,
    openedAsOwn: core.openedAsOwn,
    ownOutline: core.ownOutline,
    ownEdit: core.ownEdit,
    ownParts: core.ownParts,
    ownTemplates: core.ownTemplates,
    layer: core.layer,
    compare: core.compare,
    presets: core.presets,
    newBook: () => new core.RunBook(),
    desk: () => new core.Desk(),
    judgedBytes: core.judgedBytes,
    fileKind: core.fileKind,
    isPytorch: core.isPytorch,
    newInk: (shades) => new core.Ink(shades),
    pictureForms: core.pictureForms,
    sortPictures: core.sortPictures,
    aroundFiles: core.aroundFiles,
    checkClasses: core.checkClasses,
    pictureHead: core.pictureHead,
    checkPicture: core.checkPicture,
    placePicture: core.placePicture,
    imagesOfShard: (manifest, shard) => images(core.Samples.fromShard(manifest, shard)),
    imagesOfPixels: (facts, pixels, labels) => images(core.Samples.fromPixels(facts, pixels, labels)),
  };
}
