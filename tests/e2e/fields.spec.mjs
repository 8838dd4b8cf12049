// What a person types into a field: numbers as they are written anywhere, and what is said of the others.
import { expect, open, test } from './page.mjs';

const batch = (page) => page.locator('#field-batch');

test('a field whose value comes from elsewhere forgets what was wrong with the text before', async ({ page }) => {
  await open(page);
  await page.getByText('Batch, length, seed').click();
  await batch(page).fill('0');
  await expect(page.locator('#field-batch-error')).toContainText('0 is outside 1 to 2048');
  await page.getByRole('radio', { name: 'Fixed' }).check();
  await expect(batch(page)).toHaveValue('64');
  await expect(page.locator('#field-batch-error')).toBeEmpty();
  await expect(page.locator('[data-field="batch"]')).not.toHaveClass(/wrong/);
});

for (const [text, link] of [['0.05,', '0.05'], ['5·10⁻²', '0.05'], ['\u200e0.05\u200f', '0.05'], ['0,05', '0.05'], ['0。05', '0.05'], ['０．０５', '0.05'], ['5e−2', '0.05'], [' 0.05 ', '0.05']]) {
  test(`a rate typed as “${text}” is ${link}`, async ({ page }) => {
    await open(page);
    await page.getByText('Optimizer', { exact: true }).first().click();
    const rate = page.locator('#field-lr');
    await rate.pressSequentially('');
    await rate.fill(text);
    await expect(page).toHaveURL(new RegExp(`lr=${link}$`));
    // It stays as it was typed while it is being typed.
    await expect(rate).toHaveValue(text);
    await expect(page.locator('#field-lr-error')).toBeEmpty();
  });
}

test('whole numbers take separators of thousands, wide digits and the arrow keys', async ({ page }) => {
  await open(page);
  await page.getByText('How much data').click();
  const train = page.locator('#field-train');
  for (const text of ['50,000', '50.000', '50 000', '５００００', '50’000']) {
    await train.fill('60000');
    await expect(page).toHaveURL(/train=60000$/);
    await train.fill(text);
    await expect(page).toHaveURL(/train=50000$/);
  }
  await train.press('ArrowUp');
  await expect(train).toHaveValue('50001');
  await train.press('ArrowDown');
  await train.press('ArrowDown');
  await expect(train).toHaveValue('49999');
  await train.fill('many');
  await expect(page.locator('#field-train-error')).toContainText('“many” is not a number');
});

test('a list of means pasted into one channel fills all', async ({ page }) => {
  await open(page, 'v=1&data=cifar10&normalize=custom');
  const red = page.locator('#field-mean');
  await red.focus();
  await page.evaluate(() => document.execCommand('selectAll'));
  await page.evaluate(() => document.activeElement.setRangeText('(0.4914, 0.4822, 0.4465)', 0, document.activeElement.value.length, 'end'));
  await page.evaluate(() => document.activeElement.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true })));
  await expect(page).toHaveURL(/mean=0\.4914,0\.4822,0\.4465/);
  await expect(page.locator('#field-mean-1')).toHaveValue('0.4822');
  await expect(red).toHaveValue('0.4914');
});

/** Puts a text in the place of what a field holds, as a paste does. */
const paste = (field, text) => field.evaluate((input, given) => {
  input.focus();
  input.setRangeText(given, 0, input.value.length, 'end');
  input.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }));
}, text);

for (const [key, line] of [
  ['mean', 'transforms.Normalize((0.1307,), (0.3081,))'],
  ['std', 'transforms.Normalize(mean=[0.1307], std=[0.3081])'],
  ['mean', 'transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,)),])'],
]) {
  test(`“${line}” pasted into ${key} fills both`, async ({ page }) => {
    await open(page, 'v=1&normalize=custom');
    await paste(page.locator(`#field-${key}`), line);
    await expect(page).toHaveURL(/mean=0\.1307&std=0\.3081/);
    await expect(page.locator('#field-mean')).toHaveValue('0.1307');
    await expect(page.locator('#field-std')).toHaveValue('0.3081');
    await expect(page.locator('.field-error:not(:empty)')).toHaveCount(0);
  });
}

test('a line that is pasted fills every channel of both, and one that cannot stand changes none', async ({ page }) => {
  await open(page, 'v=1&data=cifar10&normalize=custom');
  await paste(page.locator('#field-mean-1'), 'mean = np.array([0.4914, 0.4822, 0.4465]); std = np.array([0.247, 0.2435, 0.2616])');
  await expect(page).toHaveURL(/mean=0\.4914,0\.4822,0\.4465&std=0\.247,0\.2435,0\.2616/);
  await expect(page.locator('#field-std-2')).toHaveValue('0.2616');
  await paste(page.locator('#field-mean'), 'Normalize((0.5, 0.5, 0.5), (0, 0, 0))');
  await expect(page.locator('#field-mean-error')).not.toBeEmpty();
  await page.keyboard.press('Tab');
  await expect(page).toHaveURL(/mean=0\.4914,0\.4822,0\.4465&std=0\.247,0\.2435,0\.2616/);
  // Typed, it is seen as numbers once the field is left.
  await page.locator('#field-std').fill('torch.tensor([0.2, 0.3, 0.4])');
  await page.locator('#field-std').blur();
  await expect(page.locator('#field-std')).toHaveValue('0.2');
  await expect(page.locator('#field-std-2')).toHaveValue('0.4');
});

test('statistics of values from 0 to 255 get a hint, which goes with them', async ({ page }) => {
  await open(page, 'v=1&data=cifar10&normalize=custom&mean=123.675,116.28,103.53&std=58.395,57.12,57.375');
  const note = page.locator('#switch-normalize-note');
  await expect(note).toContainText('divide the numbers by 255');
  await page.locator('#field-mean').fill('(0.485, 0.456, 0.406)');
  await page.locator('#field-std').fill('(0.229, 0.224, 0.225)');
  await page.keyboard.press('Tab');
  await expect(note).toHaveText('Your numbers, on the 0 to 1 scale.');
});

test('a number that is refused leaves what held before it, letter by letter, and the field says so once it is left', async ({ page }) => {
  await open(page, 'v=1&normalize=custom&data=cifar10');
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
  for (const [key, typed, good] of [['lr', '10k', '0.5'], ['lr', '1e400', '0.5'], ['epochs', '1000', '3'], ['batch', '2^', '32']]) {
    const field = page.locator(`#field-${key}`);
    const before = await field.inputValue();
    await field.fill('');
    await field.pressSequentially(typed);
    await expect(field).toHaveValue(typed);
    await expect(page.locator(`#field-${key}-error`)).not.toBeEmpty();
    expect(new URL(page.url()).hash).not.toContain(`&${key}=`);
    await field.press('Tab');
    await expect(field).toHaveValue(before);
    await expect(page.locator(`#field-${key}-error`)).not.toBeEmpty();
    // A good one is taken, and nothing complains any more.
    await field.fill(good);
    await expect(page.locator(`#field-${key}-error`)).toBeEmpty();
    expect(new URL(page.url()).hash).toContain(`&${key}=${good}`);
    await field.fill(before);
    await field.press('Tab');
  }
  const mean = page.locator('#field-mean');
  const held = await mean.inputValue();
  await mean.fill('');
  await mean.pressSequentially('0.3x');
  await expect(page.locator('#field-mean-error')).not.toBeEmpty();
  await mean.press('Tab');
  await expect(mean).toHaveValue(held);
});
