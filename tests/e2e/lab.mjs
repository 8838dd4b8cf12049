// A lab, as a student goes through it.
import { expect, open } from './page.mjs';

/** Runs that take seconds: the numbers must agree, whatever they are. */
export const QUICK = 'budget=quick&device=cpu';

/** Opens a lab and commits to a prediction. */
export async function begin(page, id, prediction) {
  await open(page, `v=1&lab=${id}&${QUICK}`);
  await page.locator('.lab-answers').getByText(prediction, { exact: true }).click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await expect(page.locator('.lab-said')).toHaveText(`You predicted: ${prediction}`);
  await expect(page.getByRole('tab', { name: 'Run' })).toHaveAttribute('aria-selected', 'true');
}

/** Presses Run all, and waits for the conclusion. */
export async function conclude(page, runs) {
  await expect(page.locator('.lab-runs li')).toHaveCount(runs);
  await page.locator('#lab-run').click();
  await expect(page.locator('.lab-verdict')).toBeVisible({ timeout: 500_000 });
  await expect(page.locator('.lab-table').first().locator('tbody tr')).toHaveCount(runs);
}

/** Training that is slow enough to be interrupted. */
export async function slowly(page) {
  const slow = "const advance = Trainer.prototype.advance; Trainer.prototype.advance = async function (...of) { await new Promise((done) => setTimeout(done, 100)); return advance.apply(this, of); };";
  await page.route('**/pkg/{cpu,threads}/*.js', async (route) => {
    const answer = await route.fetch({ maxRetries: 3 });
    await route.fulfill({ response: answer, body: `${await answer.text()}\n${slow}` });
  });
}
