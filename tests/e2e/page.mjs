// What the tests share: opening the page, reading what it shows, and watching for what must not happen.
import { test as base, expect } from '@playwright/test';

/** A page that fails its test if the console shows an error that was not expected, or anything leaves this origin. */
export const test = base.extend({
  expected: [/^$/, { option: true }],
  page: async ({ page, baseURL, expected }, use) => {
    const wrong = [];
    page.on('console', (message) => { if (message.type() === 'error') wrong.push(message.text()); });
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(baseURL) && !url.startsWith('blob:') && !url.startsWith('data:')) wrong.push(`a request to ${url}`);
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => console.error(`refused: ${event.violatedDirective}`));
    });
    await use(page);
    expect(wrong.filter((text) => !expected.test(text))).toEqual([]);
  },
});

export { expect };

/** How the page says that it has more than one thread. */
export const THREADS = /It trains on \d threads\.$/;

/** Few samples, so that a run takes seconds. */
export const SMALL = 'v=1&train=640&test=100&epochs=1&batch=16';

/** Opens the page with this link and waits until the first images are there. */
export async function open(page, link = '') {
  await page.goto(link ? `#${link}` : './');
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
}

/** Presses Run and waits until the run is done. */
export async function run(page) {
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Done');
}

export const counter = (page, name) => page.locator(`[data-counter="${name}"]`);

/** The pixels of the images that the network sees. */
export function pixels(page) {
  return page.locator('canvas.sample').evaluateAll((all) => all.map((canvas) =>
    [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].reduce((sum, byte, at) => (sum * 31 + byte * (at % 97)) % 1e9, 7)));
}

/** What a press that downloads something gives to keep. */
export async function download(page, press) {
  const coming = page.waitForEvent('download');
  await press();
  const stream = await (await coming).createReadStream();
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Presses a button that opens a list, and what stands in that list. */
export async function choose(page, button, item) {
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** The curves of every run, as the page gives them to keep. */
export async function curves(page) {
  const text = (await download(page, () => choose(page, 'Download', 'Curves as CSV'))).toString('utf8');
  const [, ...lines] = text.trim().split('\n');
  return lines.map((line) => {
    const [number, split, step, samples, , loss, accuracy] = line.split(',');
    return { run: Number(number), split, step: Number(step), samples: Number(samples), loss, accuracy };
  });
}

/** Makes a package in the builder, and gives it to the course system. */
export async function install(page, lms, kind, link, goals = {}) {
  return lms.install(await packaged(page, kind, link, goals));
}

/** Makes a package in the builder: its zip file. */
export async function packaged(page, kind, link, goals = {}) {
  await page.goto(`builder.html#${link}`);
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  for (const [goal, amount] of Object.entries(goals)) {
    await page.locator(`#goal-${goal}`).check();
    const input = page.locator(`.builder-goal:has(#goal-${goal}) input[type="number"]`);
    if (amount !== null) {
      await input.fill(String(amount));
      await input.blur();
    }
  }
  return download(page, () => page.locator(`[id="package-${kind}"]`).click());
}
