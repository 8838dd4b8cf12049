// What a visitor sees first.

import { expect, test } from '@playwright/test';

test('the first words are painted before modules and images are asked for', async ({ page }) => {
  await page.goto('');
  await expect(page.locator('#run')).toBeEnabled();
  const { painted, asked } = await page.evaluate(() => ({
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    asked: performance.getEntriesByType('resource').filter(({ name }) => /\/(pkg|data)\//.test(name)).map(({ name, startTime }) => ({ name, startTime })),
  }));
  expect(painted).toBeGreaterThan(0);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter(({ startTime }) => startTime < painted)).toEqual([]);
});
