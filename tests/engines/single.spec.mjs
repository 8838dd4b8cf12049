// The playground as one file, opened from a disk.
import { pathToFileURL } from 'node:url';
import { SMALL, expect, test } from './page.mjs';

test('as one file it trains, looks inside, and goes through a lab', async ({ page }) => {
  if (!process.env.SINGLE) throw new Error('SINGLE names no file: cargo xtask bundle --single --fast');
  const file = pathToFileURL(process.env.SINGLE).href;
  await page.size(1024, 800);
  await page.goto(`${file}#${SMALL}`);
  await page.opened();
  await page.run();
  await page.press('.inside-tools button', 'Look inside');
  await page.has('.kernels canvas');
  for (const ink of await page.ink('.kernels canvas')) expect(ink).toBeGreaterThan(0);
  await page.goto(`${file}#v=1&lab=pixel-shuffle&budget=quick&device=cpu`);
  await page.opened();
  await page.press('.lab-answers label');
  await page.press('button', 'Commit to this prediction');
  await page.press('#lab-run');
  await page.has('.lab-verdict');
});
