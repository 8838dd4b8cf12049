// Beside a question about the values that networks get, those values are shown.
import { expect, open, test } from './page.mjs';

test('the lab about Normalize shows what each of its networks gets, of the data set that is chosen', async ({ page }) => {
  await open(page, 'v=1&lab=normalize');
  const values = page.locator('.lab-values > .histogram');
  const ends = async () => (await values.locator('.histogram-axis').allInnerTexts()).map((text) => text.split(/\s+/));
  await expect(values).toHaveCount(5);
  await expect(values.first()).toBeHidden();
  await page.getByText('See the values that each network gets').click();
  expect(await values.getByRole('heading').allInnerTexts()).toEqual(['The set’s own statistics', '0.5 and 0.5', '0 to 1', 'Raw, 0 to 255', 'Statistics of 0–255 on 0–1']);
  // (0 − 0.1307) / 0.3081 and (1 − 0.1307) / 0.3081; the same divided by 255 once more.
  expect(await ends()).toEqual([['−0.424', '2.82'], ['−1', '1'], ['0', '1'], ['0', '255'], ['−0.424', '−0.411']]);
  await page.locator('.lab-option').getByRole('radio', { name: 'CIFAR-10' }).check();
  await page.getByText('See the values that each network gets').click();
  await expect(values).toHaveCount(6);
  expect((await ends())[1]).toEqual(['−1', '1']);
  await expect(values.first().locator('path')).toHaveCount(3);
});

test('a lab whose networks all get the same shows no values', async ({ page }) => {
  await open(page, 'v=1&lab=parameters');
  await expect(page.locator('.lab-predict')).toBeVisible();
  await expect(page.locator('.lab-values')).toHaveCount(0);
});
