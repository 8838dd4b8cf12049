// Runs stay, side by side.
import { readFileSync } from 'node:fs';
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

/** Puts records into the browser's storage as if the page had kept them, or reads what is there. */
const kept = (page, records) => page.evaluate((put) => new Promise((resolve) => {
  const asked = indexedDB.open('cnn-playground');
  asked.onsuccess = () => {
    const store = asked.result.transaction('runs', 'readwrite').objectStore('runs');
    for (const record of put) store.put(record);
    const all = store.getAll();
    all.onsuccess = () => resolve(all.result.map((record) => JSON.parse(JSON.stringify(record))));
  };
}), records ?? []);

test('runs that earlier versions kept are there; a damaged one is named, left out, and left as it is', async ({ page }) => {
  await open(page, SMALL);
  const old = JSON.parse(readFileSync(new URL('../fixtures/runs/records.json', import.meta.url), 'utf8'));
  delete old[1].spec.attention;
  delete old[1].multiplyAdds;
  const damaged = [
    { id: 1 }, { ...old[0], id: 2, spec: null, choices: null, label: 'No spec' }, { ...old[0], id: 3, number: 7, losses: undefined },
    { ...old[0], id: 4, label: 'Of tomorrow', spec: { ...old[0].spec, net: 'transformer' } },
  ];
  await kept(page, [...old, ...damaged]);
  await page.reload();
  const rows = page.locator('.runs-table tbody tr');
  await expect(rows).toHaveCount(4);
  const note = page.locator('.message');
  await expect(note).toHaveCount(1);
  await expect(note).toContainText('4 kept runs could not be read and are left out');
  for (const name of ['No spec', 'Run 7 (losses)', 'Of tomorrow (spec: ']) await expect(note).toContainText(name);
  await expect(rows.filter({ hasText: 'Run 2' }).locator('[data-column="last"]')).toHaveText(/^\d+\.\d%$/);
  const lines = await curves(page);
  expect(lines.filter((line) => line.run === 1 && line.split === 'train').map((line) => Math.fround(Number(line.loss)))).toEqual(old[0].losses);

  // The page goes on as ever, and gives nobody a number or a colour that is taken.
  await run(page);
  await expect(rows).toHaveCount(5);
  await expect(rows.first()).toContainText('Run 5');
  expect((await kept(page)).filter(({ id }) => id < 5)).toEqual(JSON.parse(JSON.stringify(damaged)));
});

test('a run begun before the kept ones came back has a number and a colour of its own', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  // The storage answers late.
  await page.addInitScript(() => {
    const { open: ask } = IDBFactory.prototype;
    let release;
    window.release = () => release();
    const released = new Promise((resolve) => { release = resolve; });
    IDBFactory.prototype.open = function (...of) {
      const request = ask.apply(this, of);
      const set = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'onsuccess').set;
      Object.defineProperty(request, 'onsuccess', { set: (listener) => set.call(request, async (event) => { await released; listener(event); }) });
      return request;
    };
  });
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await run(page);
  const rows = page.locator('.runs-table tbody tr');
  await expect(rows).toHaveCount(1);
  await page.evaluate(() => window.release());
  await expect(rows).toHaveCount(2);
  expect(await page.locator('.run-name-text').allTextContents()).toEqual(['Run 2', 'Run 1']);
  const colours = await rows.locator('.swatch line').evaluateAll((all) => all.map((line) => getComputedStyle(line).stroke));
  expect(colours[0]).not.toBe(colours[1]);
});

test('a run that begins and is kept before the kept ones are asked for stays the run that it is', async ({ page }) => {
  // The browser is late in saying what other tabs are at.
  await page.addInitScript(() => {
    const { query } = LockManager.prototype;
    const released = new Promise((resolve) => { window.release = resolve; });
    LockManager.prototype.query = async function () { await released; return query.call(this); };
  });
  await open(page, SMALL.replace('epochs=1', 'epochs=100'));
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toContainText('Training');
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  await page.evaluate(() => window.release());
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toContainText('Training');
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(1);
  await expect(page.locator('#messages')).toBeEmpty();
});

test('the accuracy to reach is read as people write it, and a refused one is said and goes', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  const goal = page.locator('#goal');
  for (const [typed, shown] of [['95,5', '95.5'], ['８０', '80']]) {
    await goal.fill(typed);
    await goal.press('Tab');
    await expect(goal).toHaveValue(shown);
    await expect(page.locator('#goal-error')).toBeEmpty();
  }
  for (const [typed, words] of [['abc', '“abc” is not a number'], ['101', '101 is outside 1 to 100']]) {
    await goal.fill(typed);
    await expect(page.locator('#goal-error')).toContainText(words);
    await goal.press('Tab');
    await expect(goal).toHaveValue('80');
  }
});
