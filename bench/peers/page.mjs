// The page as a student opens it: a link, a press on Run, and the samples that it has counted.

/** Milliseconds from the first counted sample on that are not timed: the data still arrives then. */
const WARM = 5000;

/**
 * Images per second of the page's own training loop, between two moments in which its counter moved.
 * @param {import('playwright-core').Page} page @param {string} link @param {number} seconds @param {(name: string) => void} mark
 */
export async function pageSpeed(page, link, seconds, mark) {
  await page.goto(link);
  await page.locator('#page[aria-busy="false"]').waitFor();
  await page.locator('#seen[data-state="ready"]').waitFor();
  const pressed = Date.now();
  await page.locator('#run').click();
  // The moment and the number at the next change of the counter.
  const counted = () => page.locator('[data-counter="samples"]').evaluate((counter) => new Promise((resolve) => {
    const before = counter.textContent;
    const look = () => {
      if (counter.textContent === before) return void setTimeout(look, 1);
      resolve({ at: performance.now(), samples: Number(counter.textContent.replace(/\D/g, '')) });
    };
    look();
  }));
  await counted();
  const first = Date.now() - pressed;
  await page.waitForTimeout(WARM);
  mark('start');
  const from = await counted();
  await page.waitForTimeout(1000 * seconds);
  const to = await counted();
  mark('end');
  const rate = (1000 * (to.samples - from.samples)) / (to.at - from.at);
  if (!(rate > 0)) throw new Error('the counter did not move');
  return { version: 'this checkout', backend: 'page', first_step_ms: first, ms_per_step: 64000 / rate, images_per_s: rate, steps: Math.round((to.samples - from.samples) / 64), blocks: 1 };
}
