// A lab that somebody pauses, gives up or changes by hand: it goes on, or says what is missing.
import { begin, slowly } from './lab.mjs';
import { counter, expect, open, test } from './page.mjs';

test('Pause while a lab measures: it says so, and one press goes on', async ({ page }) => {
  await open(page, 'v=1&lab=pixel-shuffle&device=cpu');
  await page.locator('.lab-answers').getByText('Neither').click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await page.locator('#lab-run').click();
  await expect(page.locator('.lab-state')).toContainText('Measuring how fast this device is');
  await page.locator('#run').click();
  await expect(page.locator('.lab-state')).toHaveText(/^Measuring stopped at network 1 of \d\. The runs begin once it is done\.$/);
  await expect(page.locator('#run')).toHaveText('Run');
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(0);
  await expect(page.locator('#lab-run')).toHaveText('Go on');
  await page.locator('#lab-run').click();
  await expect(page.locator('.lab-state')).toContainText('training images');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.locator('#lab-run')).toHaveText('Run all');
});

test('a lab whose run is paused goes on with one press, and one whose run was replaced or changed says so', async ({ page }) => {
  await slowly(page);
  await begin(page, 'epoch-batch', 'Batches of 256');
  await page.locator('#lab-run').click();
  await expect.poll(async () => Number(await counter(page, 'steps').textContent())).toBeGreaterThan(0);
  await page.locator('#run').click();
  await expect(page.locator('.lab-state')).toHaveText('The run is paused. The others wait for it.');
  await page.locator('#lab-resume').click();
  await expect(page.locator('#lab-resume')).toBeHidden();
  await expect(page.locator('#run')).toHaveText('Pause');
  // Somebody gives the run up: the lab says what is left, and goes on when asked to.
  await page.locator('#reset').click();
  await expect(page.locator('.lab-state')).toHaveText('0 of 3 planned runs are done. The rest are still planned.');
  await page.locator('#lab-run').click();
  await expect.poll(async () => Number(await counter(page, 'steps').textContent())).toBeGreaterThan(0);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  // A layer is frozen by hand: it is no run of the lab any more.
  const layer = page.locator('.drawing .kind-conv2d').first();
  await layer.scrollIntoViewIfNeeded();
  await expect(page.locator('.answer-when')).toContainText('after');
  await layer.focus();
  await layer.press('Enter');
  await page.locator('.editor summary').click();
  await page.getByRole('button', { name: 'Freeze the layer' }).click();
  await page.getByRole('button', { name: 'Go on training from here' }).click();
  await expect(page.locator('.lab-state')).toHaveText('Batches of 16 was changed by hand while it trained: it is no run of this lab any more, and without it there is no verdict. Make the runs again.', { timeout: 120_000 });
  await expect(page.locator('#lab-run')).toBeEnabled();
});
