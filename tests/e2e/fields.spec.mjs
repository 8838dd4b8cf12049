// What a person types into a field, and what is said of it.
import { expect, open, test } from './page.mjs';

const batch = (page) => page.locator('#field-batch');

test('a field whose value comes from elsewhere forgets what was wrong with the text before', async ({ page }) => {
  await open(page);
  await page.getByText('Batch, length, seed').click();
  await batch(page).fill('0');
  await expect(page.locator('#field-batch-error')).toContainText('0 is outside 1 to 512');
  await page.getByRole('radio', { name: 'Fixed' }).check();
  await expect(batch(page)).toHaveValue('64');
  await expect(page.locator('#field-batch-error')).toBeEmpty();
  await expect(page.locator('[data-field="batch"]')).not.toHaveClass(/wrong/);
});
