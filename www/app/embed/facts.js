// What the page around this one is told of a run, a lab, and the whole page: plain facts.

/** @import { Lab, Outcome, Run as RunFacts, State } from '../../embed.d.ts' */
/** @import { Conclusion } from '../core.d.ts' */
/** @import { Address } from '../experiment/address.js' */
/** @import { Device } from '../run/device.js' */
/** @import { Engine } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Labs } from '../lab/labs.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { Training } from '../run/training.js' */

/** What the facts are about. @typedef {{ engine: Engine, experiment: Experiment, address: Address, training: Training, labs: Labs, device: Device }} Page */

/** A run's link does not change. @type {WeakMap<Run, string>} */
const links = new WeakMap();

/** @param {Run} run @param {Engine} engine @returns {RunFacts} */
export function runFacts(run, engine) {
  const link = links.get(run) ?? engine.view(run.choices).link;
  links.set(run, link);
  const test = run.tests.at(-1);
  const perEpoch = run.stepsPerEpoch || 1;
  return {
    number: run.number, label: run.label, link, device: run.devices.at(-1) === 'webgpu' ? 'webgpu' : 'cpu', state: run.state,
    step: run.steps, steps: run.totalSteps, epoch: run.epochs, epochs: run.totalSteps / perEpoch,
    samples: run.samples, seconds: run.elapsed, parameters: run.parameters,
    loss: run.loss, accuracy: run.accuracy,
    test: test ? { step: test.step, loss: test.loss, accuracy: test.accuracy, images: test.count } : null,
    touched: run.touches.length > 0, problem: run.problem,
  };
}

/** @param {Conclusion} conclusion @returns {Outcome} */
export function outcomeFacts({ verdict, key, answer, right, seeds }) {
  return { verdict, key, answer, right, seeds };
}

/** @param {Labs} labs @returns {Lab | null} */
export function labFacts({ view, record, busy, conclusion }) {
  if (!view) return null;
  const prediction = record.prediction ?? null;
  // The conclusion is not told before the prediction.
  const outcome = conclusion && prediction !== null && !busy ? outcomeFacts(conclusion) : null;
  return { id: view.id, prediction, busy, outcome };
}

/** @param {Page} page @returns {State} */
export function stateFacts({ engine, experiment, address, training, labs, device }) {
  return {
    link: address.link, choices: experiment.view.choices, phase: training.phase, device: device.choice.device,
    run: training.run ? runFacts(training.run, engine) : null, runs: training.runs.list.length, lab: labFacts(labs),
  };
}
