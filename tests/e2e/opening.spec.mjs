// What a visitor sees first.

import { expect, test } from '@playwright/test';

test('modules and images are asked for only after the browser has had a frame to paint the first words', async ({ page }) => {
  // Frames, and the timer that stands in for them where nothing is painted, come when the test says so.
  await page.addInitScript(() => {
    const held = /** @type {(() => void)[]} */ ([]);
    const later = window.setTimeout;
    Object.assign(window, {
      requestAnimationFrame: (/** @type {() => void} */ call) => held.push(call),
      setTimeout: (/** @type {() => void} */ call, /** @type {number} */ ms) => (document.readyState === 'complete' ? later(call, ms) : held.push(call)),
      frame: () => held.splice(0).forEach((call) => call()),
    });
  });
  const asked = () => page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /\/(pkg|data)\//.test(name)));
  await page.goto('', { waitUntil: 'load' });
  expect(await asked()).toEqual([]);
  await page.evaluate(() => { window.frame(); window.frame(); });
  await expect.poll(asked).not.toEqual([]);
});
