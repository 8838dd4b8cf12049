// What a student hands in of a lab, and how the next one begins.
import { readFile } from 'node:fs/promises';
import { begin, conclude } from './lab.mjs';
import { expect, open, test } from './page.mjs';

test.describe.configure({ timeout: 600_000 });

const WORDS = 'Plain: <b>gradients</b> | shrink.\nResidual: *they* do not.';

/** A lab that is concluded and explained, at its last step. */
async function explained(page) {
  await begin(page, 'residual', 'With residual connections');
  await conclude(page, 3);
  await page.getByLabel('In your own words').fill(WORDS);
  await page.getByRole('tab', { name: 'One question further' }).click();
}

test('a lab as Markdown: the question, the prediction, one’s own words, the figures, and links that check them', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await explained(page);
  const accuracies = await page.locator('.lab-table').first().locator('[data-column="accuracy"]').allTextContents();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(page.locator('.lab-report [role="status"]')).toHaveText('Copied: the report');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text.split('\n')[0]).toBe('# Lab 6 · Residual connections — ResNet: why do residual connections help?');
  expect(text).toContain('## What I predicted\n\nWith residual connections\n');
  expect(text).toContain('\n> Plain: <b>gradients</b> | shrink.\n> Residual: *they* do not.\n');
  const rows = text.split('\n').filter((line) => /^\| (Plain|Residual|Plain, 8 layers) \|/.test(line));
  expect(rows.map((row) => row.split('|')[2].trim())).toEqual(accuracies);
  const links = [...text.matchAll(/^- \[(.*)\]\((http.*)\)$/gm)];
  expect(links.map(([, name]) => name)).toEqual(expect.arrayContaining(['Plain, seed 1', 'Residual, seed 1', 'Plain, 8 layers, seed 1']));
  expect(text).toContain('## Sources\n');
  expect(text).toContain('](https://arxiv.org/abs/1512.03385)');
  // A teacher opens one: it says what it came to, and can be run again.
  await page.goto('about:blank');
  await page.goto(links[1][2]);
  await expect(page.locator('#claim')).toContainText(accuracies[1]);
});

test('a lab as a page that holds all it shows, and no script', async ({ page, context }, info) => {
  await explained(page);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a page' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('cnn-playground-lab-residual.html');
  const path = info.outputPath('report.html');
  await file.saveAs(path);
  expect(await readFile(path, 'utf8')).not.toMatch(/<script|src="(?!data:)/);
  const paper = await context.newPage();
  await paper.goto(`file://${path}`);
  await expect(paper.locator('h1')).toHaveText('Lab 6 · Residual connections — ResNet: why do residual connections help?');
  await expect(paper.locator('blockquote')).toHaveText(WORDS, { useInnerText: true });
  await expect(paper.locator('tbody tr')).toHaveCount(3);
  await expect(paper.locator('a[href="https://arxiv.org/abs/1512.03385"]').first()).toBeVisible();
  expect(await paper.locator('img').evaluateAll((all) => all.map((image) => image.naturalWidth > 0))).toEqual([true, true]);
  await paper.screenshot({ path: 'target/e2e/lab-report.png', fullPage: true });
});

test('one’s own words stay; started over, the lab asks the next student', async ({ page }) => {
  await explained(page);
  await page.reload();
  await page.getByRole('tab', { name: 'What happened' }).click();
  await expect(page.getByLabel('In your own words')).toHaveValue(WORDS);
  await page.getByRole('tab', { name: 'Predict' }).click();
  await page.getByRole('button', { name: 'Start this lab over' }).click();
  await expect(page.getByRole('radio', { name: 'With residual connections' })).toBeEnabled();
  await expect(page.getByRole('radio', { name: 'With residual connections' })).not.toBeChecked();
  await expect(page.getByRole('tab', { name: 'What happened' })).toBeDisabled();
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(3);
  await page.locator('.lab-answers').getByText('Plain', { exact: true }).click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await expect(page.locator('#lab-run')).toHaveText('Run all');
  await conclude(page, 3);
  await expect(page.getByLabel('In your own words')).toHaveValue('');
});

test('where the page may not copy, the report is shown', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await open(page, 'v=1&lab=parameters');
  await page.getByLabel('Number of weights').fill('108');
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await page.getByRole('tab', { name: 'One question further' }).click();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(page.getByRole('textbox', { name: 'Copy as Markdown' })).toHaveValue(/## What I predicted\n\n108\n/);
});
