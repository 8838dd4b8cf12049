// Runs stay, side by side.
import { SMALL, choose, curves, expect, open, run, test } from './page.mjs';

test('two runs lie over each other; they can be removed, run again, and survive a reload', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  await page.getByRole('radio', { name: 'Fixed' }).check();
  await run(page);
  const rows = page.locator('.runs-table tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0).locator('.differs')).toHaveText('Shuffle pixels Fixed');
  await expect(rows.nth(1).locator('.differs')).toHaveText('Shuffle pixels Off');
  await expect(page.locator('#finding')).toContainText(/Shuffle pixels, Off → Fixed: test accuracy \d+\.\d% → \d+\.\d% \([+−]?\d+\.\d points\)/);
  const lines = await rows.locator('.swatch line').evaluateAll((all) => all.map((line) => [getComputedStyle(line).stroke, line.getAttribute('stroke-dasharray')]));
  expect(lines[0][0]).not.toBe(lines[1][0]);
  expect(lines[0][1]).not.toBe(lines[1][1]);

  await page.reload();
  await expect(rows).toHaveCount(2);
  expect((await curves(page)).filter((line) => line.split === 'test')).toHaveLength(2);

  await page.getByRole('button', { name: 'Open Run 1' }).click();
  await expect(page.getByRole('radio', { name: 'Off' })).toBeChecked();
  await choose(page, 'More for Run 2', 'Run again');
  await expect(rows).toHaveCount(3);
  await expect(page.locator('#run-state')).toHaveText('Done');
  const all = await curves(page);
  const losses = (number) => all.filter((line) => line.run === number).map((line) => line.loss);
  expect(losses(3)).toEqual(losses(2));

  await choose(page, 'More for Run 1', 'Remove');
  await expect(rows).toHaveCount(2);
  await page.getByRole('checkbox', { name: 'Show Run 2' }).uncheck();
  await expect(rows.nth(1)).toHaveClass(/hidden-run/);
  await page.reload();
  await expect(rows).toHaveCount(2);
  await expect(page.getByRole('checkbox', { name: 'Show Run 2' })).not.toBeChecked();
});
