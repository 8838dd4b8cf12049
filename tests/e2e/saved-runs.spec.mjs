// Runs that were saved as a file come back, and a bad file changes nothing.
import { SMALL, choose, curves, download, expect, open, run, test } from './page.mjs';

const rows = (page) => page.locator('.runs-table tbody tr');
const input = (page) => page.locator('#saved-runs');
const file = (name, text) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
const saved = async (page) => (await download(page, () => choose(page, 'Download', 'Everything as JSON'))).toString('utf8');

test('saved runs come back with their curves, once', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  await page.getByRole('radio', { name: 'Fixed' }).check();
  await run(page);
  await choose(page, 'More for Run 2', 'Rename');
  await page.keyboard.type('Shuffled');
  await page.keyboard.press('Enter');
  const before = await curves(page);
  const text = await saved(page);

  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(page.getByText('Each run stays here')).toBeVisible();
  await input(page).setInputFiles(file('week.json', text));
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText('Shuffled');
  expect(await curves(page)).toEqual(before);
  await expect(page.locator('#finding')).toContainText('Off → Fixed');

  // Dropped once more: all of it is here.
  const transfer = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], 'week.json', { type: 'application/json' }));
    return data;
  }, text);
  await page.locator('#seen').dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.locator('#messages')).toContainText('2 were here already');
  await expect(rows(page)).toHaveCount(2);
  await expect(page.locator('#field-data')).toHaveValue('mnist');

  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Open Shuffled' }).click();
  await expect(page.getByRole('radio', { name: 'Fixed' })).toBeChecked();
});

test('a bad file is refused in words, and changes nothing', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  const text = await saved(page);
  const note = page.locator('.message').last();
  await input(page).setInputFiles(file('notes.json', '{"hello": "world"}'));
  await expect(note).toContainText('notes.json: This is not a file of runs that this page has saved (missing field `format`');
  const broken = JSON.parse(text);
  broken.runs[0].samples.pop();
  await input(page).setInputFiles(file('cut.json', JSON.stringify(broken)));
  await expect(note).toContainText('cut.json: Run 1 of the file contradicts itself (samples: 39 of 40)');
  await input(page).setInputFiles(file('new.json', JSON.stringify({ ...broken, format: 9 })));
  await expect(note).toContainText('new.json: The file was written by a later version of this page (format 9; this one reads up to 1)');
  await expect(rows(page)).toHaveCount(1);
});

test('nothing that is here gives way to what comes from a file', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  await page.getByRole('button', { name: 'Pin Run 1 on top' }).click();
  const one = JSON.parse(await saved(page));
  const many = Array.from({ length: 33 }, (_, at) => ({ ...one.runs[0], pinned: false, begun: new Date(at * 1000).toISOString() }));
  await input(page).setInputFiles(file('many.json', JSON.stringify({ ...one, runs: many })));
  await expect(page.locator('.message').last()).toContainText('30 runs loaded from many.json. 3 did not fit: at most 30 runs are kept');
  await expect(rows(page)).toHaveCount(31);
  await expect(rows(page).first()).toContainText('Run 1');
});

test('a name is typed to its end, whatever the runs do meanwhile', async ({ page }) => {
  await open(page, SMALL.replace('epochs=1', 'epochs=8'));
  await run(page);
  await page.locator('#run').click();
  await expect(rows(page)).toHaveCount(2);
  await choose(page, 'More for Run 1', 'Rename');
  await page.keyboard.type('My ');
  await expect(page.locator('#run-state')).toHaveText('Done');
  await page.keyboard.type('first experiments: r, s, x');
  await page.keyboard.press('Enter');
  await expect(rows(page).last()).toContainText('My first experiments: r, s, x');
  await expect(rows(page)).toHaveCount(2);
});
