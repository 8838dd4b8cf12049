// What a student hands in of a lab, and how the next one begins.
import { readFile } from 'node:fs/promises';
import { begin, conclude } from './lab.mjs';
import { curves, expect, open, test } from './page.mjs';

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

/** What the charts of a saved page show, by the labels of their axes. */
const drawn = (paper) => paper.locator('.curves svg[role="img"]').evaluateAll((all) => all.map((chart) => {
  const labels = [...chart.querySelectorAll('text[text-anchor="end"]')].map(({ textContent }) => parseFloat(textContent) / (textContent.endsWith('%') ? 100 : 1));
  const heights = [...chart.querySelectorAll('line')].map((line) => Number(line.getAttribute('y1')));
  const valueAt = (height) => labels[0] + ((Number(height) - heights[0]) * (labels[1] - labels[0])) / (heights[1] - heights[0]);
  const values = (path) => [...path.getAttribute('d').matchAll(/[ML][\d.-]+ ([\d.-]+)/g)].map(([, height]) => valueAt(height));
  return {
    title: chart.querySelector('title').textContent,
    words: chart.querySelector('desc').textContent,
    runs: [...chart.querySelectorAll('[data-shows="batches"]')].map((run) => ({ mean: values(run.querySelector('[data-shows="mean"]')), batches: values(run.querySelector('path')) })),
    tests: [...chart.querySelectorAll('[data-shows="tests"]')].map((run) => [...run.querySelectorAll('circle')].map((dot) => valueAt(dot.getAttribute('cy')))),
  };
}));

test('a lab as a page that holds all it shows: its curves are drawn within it, point for point, and there is no script', async ({ page, context }, info) => {
  await explained(page);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a page' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('cnn-playground-lab-residual.html');
  const path = info.outputPath('report.html');
  await file.saveAs(path);
  expect(await readFile(path, 'utf8')).not.toMatch(/<script|<img|<link|src=|data:|url\(/);
  const lines = await curves(page);
  const paper = await context.newPage();
  await paper.goto(`file://${path}`);
  await expect(paper.locator('h1')).toHaveText('Lab 6 · Residual connections — ResNet: why do residual connections help?');
  await expect(paper.locator('blockquote')).toHaveText(WORDS, { useInnerText: true });
  await expect(paper.locator('tbody tr')).toHaveCount(3);
  await expect(paper.locator('a[href="https://arxiv.org/abs/1512.03385"]').first()).toBeVisible();
  const names = ['Plain', 'Residual', 'Plain, 8 layers'];
  const charts = await drawn(paper);
  expect(charts.map(({ title }) => title)).toEqual(['Loss', 'Accuracy']);
  for (const [which, measure] of ['loss', 'accuracy'].entries()) {
    const { runs, tests, words } = charts[which];
    expect(runs).toHaveLength(names.length);
    names.forEach((name, at) => {
      const of = (split) => lines.filter((line) => line.run === at + 1 && line.split === split).map((line) => Number(line[measure]));
      const [steps, measured] = [of('train'), of('test')];
      expect(steps.length).toBeGreaterThan(2);
      expect(runs[at].mean).toHaveLength(steps.length);
      // Each batch is where its value is, unless it is higher than the axis, which ends a little above the mean.
      runs[at].batches.forEach((found, step) => {
        if (Math.abs(found - steps[step]) > 0.01) expect(steps[step]).toBeGreaterThan(found);
      });
      expect(runs[at].batches.filter((found, step) => Math.abs(found - steps[step]) <= 0.01).length).toBeGreaterThan(steps.length / 2);
      expect(tests[at]).toHaveLength(measured.length);
      tests[at].forEach((found, test) => expect(found).toBeCloseTo(measured[test], 2));
      expect(words).toContain(`${name}: training loss`);
    });
  }
  await expect(paper.locator('.legend li')).toHaveCount(names.length);
  await paper.screenshot({ path: 'target/e2e/lab-report.png', fullPage: true });
  await paper.setViewportSize({ width: 390, height: 844 });
  expect(await paper.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await paper.screenshot({ path: 'target/e2e/lab-report-phone.png', fullPage: true });
  // By night it is dark on the screen, and light on paper.
  const surface = () => paper.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await paper.emulateMedia({ colorScheme: 'dark' });
  expect(await surface()).toBe('rgb(28, 31, 37)');
  await paper.emulateMedia({ colorScheme: 'dark', media: 'print' });
  expect(await surface()).toBe('rgb(255, 255, 255)');
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
