// Starts the worker while nobody has pressed Run yet, so that a run begins at once.

import { framed } from '../base/around.js';
import { OWN } from '../seen/images.js';

/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { FirstImages } from '../seen/images.js' */
/** @import { Training } from './training.js' */

/**
 * As soon as the first images are there. Not in a frame: an idle one holds no worker. Not where every byte counts.
 * @param {FirstImages} first @param {Experiment} experiment @param {Training} training
 */
export function startAhead(first, experiment, training) {
  const { connection } = /** @type {{ connection?: { saveData?: boolean } }} */ (navigator);
  if (framed || connection?.saveData) return;
  let begun = false;
  const begin = () => {
    const { spec } = experiment.view;
    if (begun || first.shown.state === 'loading' || spec.data === OWN) return;
    begun = true;
    void training.startAhead(spec);
  };
  first.subscribe(begin);
  begin();
}
