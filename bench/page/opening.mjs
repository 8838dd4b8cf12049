// How long it takes from opening the page until it does what it is for.
import { Line } from './line.mjs';

/** What the page does about itself, once told what to wait for. Runs in it. */
function follow() {
  const found = {};
  Object.assign(window, { found });
  const look = () => {
    const ready = document.querySelector('#page')?.getAttribute('aria-busy') === 'false';
    const images = [...document.querySelectorAll('canvas.sample')].slice(8, 16);
    const ink = () => images.map((image) => image.toDataURL()).join();
    if (ready && found.usable === undefined) found.usable = performance.now();
    if (found.usable !== undefined && found.before === undefined && document.querySelector('#seen[data-state="ready"]')) {
      found.images = performance.now();
      found.before = ink();
      document.querySelector('#switches input[type="radio"][value="fixed"]').click();
    }
    if (found.before !== undefined && found.switched === undefined && ink() !== found.before) {
      found.switched = performance.now();
      document.querySelector('#run').click();
    }
    if (found.switched !== undefined && found.step === undefined) {
      const steps = document.querySelector('[data-counter="steps"]')?.textContent;
      if (steps && steps !== '0') found.step = performance.now();
    }
    if (found.step === undefined) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** @param {import('playwright-core').Page} page @param {string} what */
const until = async (page, what) => (await page.waitForFunction((name) => window.found?.[name], what, { polling: 5, timeout: 120_000 })).jsonValue();

/** From a cold cache over a line: until a switch has changed the images, and until the first step. @param {import('playwright-core').Browser} browser @param {string} folder @param {{ megabits: number, latency: number }} speed */
export async function cold(browser, folder, speed) {
  const line = new Line(folder, speed);
  await line.start();
  // What is fetched for the next visit is not part of this one.
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(follow);
  await page.goto(line.url, { waitUntil: 'commit' });
  const result = {};
  result.usable_ms = await until(page, 'usable');
  result.interaction_ms = await until(page, 'switched');
  result.interaction_bytes = line.bytes;
  result.interaction_requests = line.requests;
  result.step_ms = await until(page, 'step');
  result.step_bytes = line.bytes;
  await context.close();
  await line.stop();
  return result;
}

/** With everything kept from an earlier visit: until the first step. @param {import('playwright-core').Browser} browser @param {string} folder @param {number} times */
export async function warm(browser, folder, times) {
  const line = new Line(folder);
  await line.start();
  const context = await browser.newContext();
  const results = [];
  for (let visit = 0; visit <= times; visit += 1) {
    const page = await context.newPage();
    await page.addInitScript(follow);
    await page.goto(line.url, { waitUntil: 'commit' });
    const step_ms = await until(page, 'step');
    const { usable: usable_ms, images: images_ms, switched: interaction_ms } = await page.evaluate(() => window.found);
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
    if (visit > 0) results.push({ usable_ms, images_ms, interaction_ms, step_ms });
    await page.close();
  }
  await context.close();
  await line.stop();
  return results;
}
