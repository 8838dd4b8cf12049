// Challenges: what a run must come to, and the link that is handed in.
import { expect, open, test } from './page.mjs';

test.describe.configure({ timeout: 600_000 });

/** Runs what is there. It needs thousands of images: on a busy machine that takes its time. */
async function run(page) {
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Done', { timeout: 250_000 });
}

test('a challenge is met by a run that keeps its bounds, which hands in its link with the result', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'v=1&device=cpu');
  await page.locator('#labs-button').click();
  const small = page.locator('[data-challenge="small"]');
  await expect(page.locator('.challenges li')).toHaveCount(4);
  await expect(small).toContainText('95% on MNIST with at most 10,000 parameters');
  await expect(small).toContainText('No run of this browser is about it yet.');
  await page.getByRole('button', { name: 'Open the start: 95% on MNIST' }).click();
  await expect(page.locator('#labs-dialog')).toBeHidden();
  await expect(page).toHaveURL(/train=20000/);
  // Few images, and too many parameters: a run about it that does not meet it.
  await page.goto('./#v=1&device=cpu&train=300&test=2000&epochs=1&width=16');
  await run(page);
  await page.locator('#labs-button').click();
  await expect(small.locator('.challenge-state')).toContainText(/^Not met yet. The best so far is Run 1: [\d.]+%, 105,866 parameters/);
  await expect(small.getByRole('button', { name: 'Copy the link with the result' })).toBeHidden();
  await page.keyboard.press('Escape');
  await page.goto('./#v=1&device=cpu&net=exercise1&train=20000&test=2000&epochs=3&batch=32');
  await run(page);
  await page.locator('#labs-button').click();
  await expect(small).toHaveClass('met');
  await expect(small.locator('.challenge-state')).toContainText('Met by Run 2:');
  await small.getByRole('button', { name: 'Copy the link with the result' }).click();
  await expect(small.locator('.challenge-state')).toContainText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/net=exercise1.*result=0\.9[5-9]/);
});

test('the speedrun’s time goes into the link, and stands beside the time of whoever runs it again', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'v=1&device=cpu&train=20000&test=10000&epochs=9&stop=accuracy&until=0.98&schedule=one-cycle&lr=0.005');
  await run(page);
  await page.locator('#labs-button').click();
  const speedrun = page.locator('[data-challenge="speedrun"]');
  await expect(speedrun).toHaveClass('met');
  await expect(speedrun.locator('.challenge-state')).toHaveText(/^The fastest so far is Run 1: 98\.\d% in [\d.]+ s on the CPU \(threads: \d+\)\.$/);
  await speedrun.getByRole('button', { name: 'Copy the link with the result' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const [, seconds, threads] = /result=0\.98[^&]*,cpu,([\d.]+),(\d+)/.exec(link);
  await page.goto('about:blank');
  await page.goto(link);
  const claim = page.locator('#claim');
  await expect(claim).toContainText(`It took ${Number(seconds)} s on the CPU (threads: ${threads}).`);
  await run(page);
  await expect(claim).toContainText('to the last bit');
  await expect(claim).toContainText(/Here it took [\d.]+ s on the CPU/);
});
