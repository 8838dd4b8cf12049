// What a page leaves behind that goes away while something is on, and what the next visit, or another tab, makes of it.
import { expect, open, SMALL, test } from './page.mjs';
import { slowly } from './trouble.mjs';

const LAB = 'v=1&lab=epoch-batch&budget=quick&device=cpu';
const LONG = 'v=1&train=5000&test=100&epochs=20&batch=16';
const messages = (page) => page.locator('#messages');
const rows = (page) => page.locator('.runs-table tbody tr');

/** Begins the lab's runs, slowly, up to the first steps. Gives what ends the slowness for workers to come. */
async function beginLab(page, link = LAB) {
  const asUsual = await slowly(page, 500);
  await open(page, link);
  await page.locator('.lab-answers').getByText('Batches of 256', { exact: true }).click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await page.locator('#lab-run').click();
  await expect(page.locator('[data-counter="steps"]')).not.toHaveText('0');
  return asUsual;
}

async function begin(page) {
  await page.locator('#run').click();
  await expect(page.locator('[data-counter="steps"]')).not.toHaveText('0');
}

test('an offer to go on with a run that is closed is not made again, and the run stays', async ({ page }) => {
  await open(page, LONG);
  await begin(page);
  await page.reload();
  await expect(messages(page)).toContainText('Run 1 was interrupted');
  await messages(page).getByRole('button', { name: 'Dismiss' }).click();
  await messages(page).getByRole('button', { name: 'Undo' }).click();
  await expect(messages(page)).toContainText('Run 1 was interrupted');
  await messages(page).getByRole('button', { name: 'Dismiss' }).click();
  await expect(messages(page)).toContainText('Run 1 will not be resumed.');
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText('Stopped');
  await expect(messages(page)).not.toContainText('interrupted');
});

test('an offer to go on with planned runs that is closed is not made again', async ({ page }) => {
  await beginLab(page);
  await page.reload();
  await expect(messages(page)).toContainText('planned runs were done when the page was closed');
  await expect(page.locator('#lab-run')).toHaveText('Go on with the rest');
  await messages(page).getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.locator('#lab-run')).not.toHaveText('Go on with the rest');
  await page.reload();
  await expect(rows(page)).not.toHaveCount(0);
  await expect(messages(page)).not.toContainText('planned runs');
});

test('planned runs that were left are offered at three visits, no more', async ({ page }) => {
  await beginLab(page);
  for (let visit = 1; visit <= 3; visit += 1) {
    await page.reload();
    await expect(messages(page)).toContainText('planned runs were done when the page was closed');
  }
  await page.reload();
  await expect(rows(page)).not.toHaveCount(0);
  await expect(messages(page)).not.toContainText('planned runs');
});

test('planned runs whose runs were all removed are not offered', async ({ page }) => {
  const asUsual = await beginLab(page);
  await asUsual();
  await page.reload();
  await expect(messages(page)).toContainText('planned runs were done when the page was closed');
  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(rows(page)).toHaveCount(0);
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  // The store has been read once the run of a new visit is kept.
  await expect(messages(page)).not.toContainText('planned runs');
  await open(page, SMALL);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Done');
  await expect(messages(page)).not.toContainText('planned runs');
});

test('planned runs that are stopped while the first is being begun begin nothing', async ({ page }) => {
  let answer = () => {};
  const held = new Promise((resolve) => { answer = resolve; });
  await page.route('**/pkg/modules.json', async (route) => {
    await held;
    await route.continue();
  });
  await open(page, LAB);
  await page.locator('.lab-answers').getByText('Batches of 256', { exact: true }).click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await page.locator('#lab-run').click();
  await expect(page.locator('#lab-run')).toHaveText('Stop');
  await page.locator('#lab-run').click();
  await expect(page.locator('#lab-run')).not.toHaveText('Stop');
  const arrived = page.waitForResponse('**/pkg/modules.json');
  answer();
  await arrived;
  await expect(page.locator('#device-name')).not.toBeEmpty();
  await page.locator('#run').click();
  // The run of the press is the only one.
  await expect(page.locator('#run')).toHaveText('Pause');
  await expect(rows(page)).toHaveCount(1);
});

for (const locks of ['its locks', 'no locks']) {
  test(`a browser with ${locks}: another tab shows a run as what it is, and may go on with it once its tab is closed`, async ({ page, context }) => {
    if (locks === 'no locks') await context.addInitScript(() => { Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }); });
    await slowly(page, 300);
    await open(page, LONG);
    await begin(page);
    const other = await context.newPage();
    await open(other, LONG);
    await expect(rows(other)).toContainText('Open in another tab');
    await expect(rows(other).getByRole('button', { name: /^More for/ })).toHaveCount(0);
    await expect(messages(other)).toBeEmpty();
    await expect(other.getByRole('button', { name: 'Remove all' })).toBeHidden();
    // What another tab does to its own view of the run changes nothing that is kept.
    await rows(other).getByRole('checkbox').uncheck();
    await page.close({ runBeforeUnload: true });
    await expect(messages(other)).toContainText('Run 1 was interrupted');
    await expect(rows(other)).toContainText('Stopped');
    await messages(other).getByRole('button', { name: /Resume it|Run again/ }).click();
    await expect(other.locator('#run')).toHaveText('Pause');
  });
}

test('what a lab has planned in one tab is not taken by another, and is offered there once that tab is closed', async ({ page, context }) => {
  await beginLab(page);
  const other = await context.newPage();
  await open(other, LAB);
  await expect(other.locator('#lab')).toContainText('being made in another tab');
  await expect(other.locator('#lab-run')).toBeDisabled();
  await expect(messages(other)).toBeEmpty();
  await page.close();
  await expect(messages(other)).toContainText('planned runs were done when the page was closed');
  await expect(other.locator('#lab-run')).toBeEnabled();
});

test('planned runs are gone on with once, however often that is asked', async ({ page }) => {
  const asUsual = await beginLab(page);
  await page.reload();
  await expect(messages(page)).toContainText('planned runs were done when the page was closed');
  await asUsual();
  await page.reload();
  await expect(page.locator('#lab-run')).toHaveText('Go on with the rest');
  // The note, and the button twice, in one moment.
  await page.evaluate(() => {
    const [note] = document.querySelectorAll('#messages button.primary');
    document.querySelector('#lab-run').click();
    document.querySelector('#lab-run').click();
    note.click();
  });
  await expect(messages(page)).toBeEmpty();
  await expect(page.locator('#lab')).toContainText('What happened');
  await expect(page.getByRole('tab', { name: 'What happened' })).toBeEnabled();
});

test('begun anew, what was left of a lab is offered no more', async ({ page }) => {
  const asUsual = await beginLab(page);
  await asUsual();
  await page.reload();
  await expect(page.locator('#lab-run')).toHaveText('Go on with the rest');
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect(messages(page)).toBeEmpty();
  await expect(page.getByRole('tab', { name: 'What happened' })).toBeEnabled();
  await page.reload();
  await expect(rows(page).first()).toBeVisible();
  await expect(messages(page)).toBeEmpty();
});

test('a run that was removed is not offered any more', async ({ page }) => {
  await open(page, LONG);
  await begin(page);
  await page.reload();
  await expect(messages(page)).toContainText('Run 1 was interrupted');
  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(messages(page)).not.toContainText('Run 1 was interrupted');
});

test('a lab in two tabs: what one came to, the other has too', async ({ page, context }) => {
  const link = 'v=1&lab=epoch-batch&budget=quick&device=cpu';
  const other = await context.newPage();
  await open(other, link);
  await open(page, link);
  await page.locator('.lab-answers').getByText('Batches of 256', { exact: true }).click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await expect(other.getByRole('button', { name: 'Commit to this prediction' })).toBeHidden();
  await page.locator('#lab-run').click();
  const happened = (tab) => tab.getByRole('tab', { name: 'What happened' });
  await expect(happened(page)).toBeEnabled();
  await expect(happened(other)).toBeEnabled();
});
