// Two tabs and three of the page at once: a run is trained in one, and the others leave it alone.
import { SHORT, again, begin, button, curves, expect, messages, open, rows, run, slowly, state, test, unharmed } from './trouble.mjs';

/** Another tab of the same browser. */
async function tab(context, link = SHORT) {
  const page = await context.newPage();
  await open(page, link);
  return page;
}

const GO_ON = { name: 'Resume it' };

test('a run trains in one tab: two more say so, and take nothing over', async ({ page, context }) => {
  // Two pages are opened meanwhile, on a busy machine too.
  const asUsual = await slowly(page, 500);
  await open(page, SHORT);
  await begin(page, 11);
  for (const other of [await tab(context), await tab(context)]) {
    await expect(rows(other)).toHaveCount(1);
    await expect(other.locator('body')).toContainText('another tab');
    await expect(other.getByRole('button', GO_ON)).toHaveCount(0);
    await expect(messages(other)).not.toContainText('interrupted');
  }
  await asUsual();
  await unharmed(page);
  await expect(rows(page)).toHaveCount(2);
});

test('the tab with the run is closed: another offers to go on, to the same curve', async ({ page, context }) => {
  const asUsual = await slowly(page);
  await open(page, SHORT);
  const training = await context.newPage();
  await slowly(training);
  await open(training, SHORT);
  await begin(training, 12);
  await training.close();
  await asUsual();
  await page.reload();
  await expect(messages(page)).toContainText('Run 1 was interrupted');
  await again(page);
  await unharmed(page);
});

test('both tabs run: each has its own run, and after a reload both are whole', async ({ page, context }) => {
  await slowly(page, 60);
  await open(page, SHORT);
  const other = await context.newPage();
  await slowly(other, 60);
  await open(other, SHORT.replace('batch=16', 'batch=32'));
  await button(page).click();
  await button(other).click();
  await expect(state(page)).toHaveText('Done');
  await expect(state(other)).toHaveText('Done');
  await other.close();
  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  const lines = (await curves(page)).filter((line) => line.split === 'train');
  const lengths = [...new Set(lines.map((line) => line.run))].map((number) => lines.filter((line) => line.run === number).length);
  expect(lengths.sort()).toEqual([20, 40]);
});

test('a lab runs in one tab: the same lab in another does not take over what waits', async ({ page, context }) => {
  const LAB = 'v=1&lab=epoch-batch&budget=quick&device=cpu';
  const asUsual = await slowly(page);
  await open(page, LAB);
  await page.locator('.lab-answers').getByText('Batches of 256', { exact: true }).click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await page.locator('#lab-run').click();
  await expect(button(page)).toHaveText('Pause');
  const other = await tab(context, LAB);
  await expect(other.locator('#lab')).toBeVisible();
  await expect(messages(other)).not.toContainText('planned runs');
  await asUsual();
  await expect(page.locator('.lab-verdict')).toBeVisible();
  await other.reload();
  await expect(rows(other)).toHaveCount(3);
  await expect(messages(other)).not.toContainText('planned runs');
});

test('runs that are removed in one tab do not come back from another', async ({ page, context }) => {
  await open(page, SHORT);
  await run(page);
  const other = await tab(context);
  await expect(rows(other)).toHaveCount(1);
  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(rows(page)).toHaveCount(0);
  await run(other);
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
});

test('what another tab has made of a run meanwhile is not overwritten', async ({ page, context }) => {
  const asUsual = await slowly(page);
  await open(page, SHORT);
  await begin(page, 12);
  await asUsual();
  await page.reload();
  await expect(messages(page)).toContainText('Run 1 was interrupted');
  const other = await tab(context);
  await messages(other).getByRole('button', GO_ON).click();
  await expect(state(other)).toHaveText('Done');
  await messages(page).getByRole('button', GO_ON).click();
  await expect(messages(page)).toContainText('was continued in another tab');
  await expect(button(page)).not.toHaveText('Pause');
  expect(await curves(page)).toEqual(await curves(other));
});
