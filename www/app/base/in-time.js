// A deadline for what a browser or a server may never answer. For workers too.

/**
 * What comes of a promise, if it comes in time; else it fails with the problem that is given. What it comes to later is
 * passed over.
 * @template T @param {Promise<T>} coming @param {number} seconds @param {(reason: string) => unknown} [late] @returns {Promise<T>}
 */
export async function inTime(coming, seconds, late = (reason) => new Error(reason)) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const end = new Promise((_, reject) => {
    timer = setTimeout(() => reject(late(`no answer for ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([coming, end]);
  } finally {
    clearTimeout(timer);
  }
}
