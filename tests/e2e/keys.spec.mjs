// Single keys, who wants none, what can be undone, and the drawing pad without a mouse.
import { counter, expect, open, test } from './page.mjs';

const LONG = 'v=1&train=3000&test=100&epochs=50&batch=16';
const state = (page) => page.locator('#run-state');

test('single keys can be switched off, also for the next visit', async ({ page }) => {
  await open(page, LONG);
  const run = page.locator('#run');
  await expect(run).toHaveAttribute('aria-keyshortcuts', 'R');
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await dialog.getByRole('checkbox').uncheck();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(run).not.toHaveAttribute('aria-keyshortcuts');
  await page.reload();
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  const link = page.url();
  for (const key of ['r', 's', 'x', '1', '2', '3', '?', ' ']) await page.keyboard.press(key);
  await expect(dialog).toBeHidden();
  await expect(page.locator('#runs tbody tr')).toHaveCount(0);
  expect(page.url()).toBe(link);
  await page.locator('#shortcuts-button').click();
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.locator('body').press('1');
  await expect(page).toHaveURL(/permute=/);
});

for (const [name, press] of [['a key', (page) => page.locator('body').press('x')], ['the button', (page) => page.locator('#reset').click()]]) {
  test(`a reset by ${name} can be undone, and the run goes on from what was kept`, async ({ page }) => {
    await open(page, LONG);
    await page.locator('#run').click();
    const kept = () => page.evaluate(() => new Promise((resolve) => {
      const opening = indexedDB.open('cnn-playground');
      opening.onsuccess = () => {
        const count = opening.result.transaction('checkpoints').objectStore('checkpoints').count();
        count.onsuccess = () => {
          opening.result.close();
          resolve(count.result);
        };
      };
    }));
    await expect.poll(kept).toBe(1);
    await press(page);
    await expect(state(page)).toHaveText('Ready');
    const note = page.locator('.message', { hasText: 'was reset after' });
    await note.getByRole('button', { name: 'Undo' }).click();
    await expect(note).toHaveCount(0);
    await expect(state(page)).toContainText('Training');
    const steps = async () => Number((await counter(page, 'steps').textContent()).replace(/\D/g, ''));
    const before = await steps();
    expect(before).toBeGreaterThan(0);
    await expect.poll(steps).toBeGreaterThan(before);
    await expect(page.locator('#runs tbody tr')).toHaveCount(1);
    await page.locator('#run').click();
    await expect(state(page)).toContainText('Paused');
  });
}

test('a digit is drawn with the keyboard alone', async ({ page }) => {
  await open(page, 'v=1&train=1200&test=100&epochs=1&batch=16');
  await page.locator('#run').click();
  await expect(state(page)).toHaveText('Done');
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  await page.locator('#inside').scrollIntoViewIfNeeded();
  await page.locator('[data-tab="draw"]').click();
  const pad = page.getByRole('application', { name: 'Draw here' });
  await pad.focus();
  await expect(page.locator('.sketch-pen')).toBeVisible();
  // A one: up without drawing, then a line down.
  for (let press = 0; press < 8; press += 1) await page.keyboard.press('ArrowUp');
  const ink = () => pad.evaluate((canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].filter((byte, at) => at % 4 === 0 && byte > 0).length);
  expect(await ink()).toBe(0);
  for (let press = 0; press < 16; press += 1) await page.keyboard.press('Shift+ArrowDown');
  expect(await ink()).toBeGreaterThan(2000);
  await expect(page.locator('.answer').first().locator('.bar-name').first()).toHaveText('1');
  await page.keyboard.press('Delete');
  await expect.poll(ink).toBe(0);
});
