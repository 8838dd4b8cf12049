// The page as a student opens it: a link, a press on Run, and the samples that it has counted.

/** Milliseconds from the first counted sample on that are not timed: the data still arrives then. */
const WARM = 5000;

/**
 * Images per second of the page's own training loop, between two moments in which its counter moved.
 * @param {import('playwright-core').Page} page @param {string} link @param {number} seconds @param {(name: string) => void} mark
 */
export async function pageSpeed(page, link, seconds, mark) {
  await ready(page, link);
  const pressed = Date.now();
  await page.locator('#run').click();
  await counted(page);
  const first = Date.now() - pressed;
  await page.waitForTimeout(WARM);
  mark('start');
  const { rate, samples } = await trainingSpeed(page, seconds);
  mark('end');
  return { version: 'this checkout', backend: 'page', first_step_ms: first, ms_per_step: 64000 / rate, images_per_s: rate, steps: Math.round(samples / 64), blocks: 1 };
}

/** Opens the page and waits until its first images are there. @param {import('playwright-core').Page} page @param {string} link */
export async function ready(page, link) {
  await page.goto(link);
  await page.locator('#page[aria-busy="false"]').waitFor();
  await page.locator('#seen[data-state="ready"]').waitFor();
}

/** Images per second of the run that is on, over so many seconds. @param {import('playwright-core').Page} page @param {number} seconds */
export async function trainingSpeed(page, seconds) {
  const from = await counted(page);
  await page.waitForTimeout(1000 * seconds);
  const to = await counted(page);
  const samples = to.samples - from.samples;
  const rate = (1000 * samples) / (to.at - from.at);
  if (!(rate > 0)) throw new Error('the counter did not move');
  return { rate, samples };
}

/** The moment and the number at the next change of the counter. @param {import('playwright-core').Page} page @returns {Promise<{ at: number, samples: number }>} */
const counted = (page) => page.locator('[data-counter="samples"]').evaluate((counter) => new Promise((resolve) => {
  const before = counter.textContent;
  const look = () => {
    if (counter.textContent === before) return void setTimeout(look, 1);
    resolve({ at: performance.now(), samples: Number(counter.textContent.replace(/\D/g, '')) });
  };
  look();
}));
