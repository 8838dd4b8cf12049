// Figures of runs, from their numbers alone.

/** Training images over which accuracy is averaged before it counts as reached: a single batch can be lucky. */
export const REACHED_OVER = 500;

/**
 * The first step after which the mean accuracy over the last `REACHED_OVER` training images, as they were seen, is at
 * least `target`; nothing if that never happened.
 * @param {number[]} accuracies of each step's batch, 0 to 1
 * @param {number[]} samples seen up to each step
 * @param {number} target from 0 to 1
 * @returns {number | undefined}
 */
export function stepsTo(accuracies, samples, target) {
  const seen = /** @param {number} steps */ (steps) => (steps === 0 ? 0 : samples[steps - 1] ?? 0);
  const right = /** @param {number} step */ (step) => (accuracies[step] ?? 0) * (seen(step + 1) - seen(step));
  let first = 0;
  let sum = 0;
  for (let step = 0; step < accuracies.length; step += 1) {
    sum += right(step);
    // As few whole batches as hold that many images.
    while (seen(step + 1) - seen(first + 1) >= REACHED_OVER) {
      sum -= right(first);
      first += 1;
    }
    const images = seen(step + 1) - seen(first);
    // Sums of shares are not exact; a thousandth of an image is not what keeps a run from its goal.
    if (images >= REACHED_OVER && sum + 1e-3 >= target * images) return step + 1;
  }
  return undefined;
}

/** @typedef {{ mean: number, deviation: number, count: number }} Spread */

/**
 * Mean and sample standard deviation (over n − 1); a single value has none.
 * @param {number[]} values at least one
 * @returns {Spread}
 */
export function spread(values) {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, count };
}
