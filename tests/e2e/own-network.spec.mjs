// A network of one's own, as text: opened from a family, changed, refused with the place of the mistake, trained, and in the link.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, open, run, SMALL, test } from './page.mjs';

const text = (page) => page.getByRole('textbox', { name: 'Layers' });
const facts = (page) => page.locator('#network .network-line .network-facts');
const parameters = async (page) => (await facts(page).textContent()).match(/([\d,]+) parameters/)[1];

test('a ResNet is opened as one’s own, with as many parameters, and is the same run', async ({ page }) => {
  const link = `${SMALL}&net=resnet&width=4`;
  await open(page, link);
  await expect(text(page)).toBeHidden();
  const before = await parameters(page);
  const rows = await page.locator('.layers tbody tr').count();
  await run(page);
  const loss = await page.locator('[data-counter="loss"]').textContent();

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(text(page)).toBeFocused();
  await expect(text(page)).toHaveValue(/^conv4,bn,relu,stage1:\(/);
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toBeHidden();
  expect(await parameters(page)).toBe(before);
  await expect(page.locator('.layers tbody tr')).toHaveCount(rows);
  await expect(page).toHaveURL(/net=own.*&layers=conv4,bn,relu,/);
  await run(page);
  await expect(page.locator('[data-counter="loss"]')).toHaveText(loss);

  // One step back is the ResNet again.
  await page.goBack();
  await expect(text(page)).toBeHidden();
  await expect(page.locator('#field-net')).toHaveValue('resnet');
});

test('shapes, parameters and limits follow while one types, and a mistake is named with its place', async ({ page }) => {
  await open(page, 'v=1&net=own');
  await expect(text(page)).toHaveValue('conv16,relu,max,conv32,relu,max,flatten,fc64,relu,fc');
  const limits = page.locator('#network > .network-facts');
  await expect(limits).toContainText('of at most 20M weights');
  await text(page).fill('conv8,relu,max,flatten,fc');
  await expect(page.locator('.layers tbody tr')).toHaveCount(5);
  expect(await parameters(page)).toBe('15,770');
  await expect(limits).toContainText('15,770 of at most');

  await text(page).fill('conv8,relu,add(conv4,relu),flatten,fc');
  const refusal = page.locator('#network .refusal');
  await expect(refusal).toContainText('Characters 12 to 26, “add(conv4,relu)”: In add1 the main path gives 4×28×28 and the shortcut 8×28×28');
  await expect(refusal.locator('mark')).toHaveText('add(conv4,relu)');
  await expect(text(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#run')).toBeDisabled();
  await refusal.getByRole('button', { name: 'Show in the text' }).click();
  expect(await text(page).evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd))).toBe('add(conv4,relu)');

  // A link keeps a text that is wrong, so that it can be mended.
  await text(page).fill('conv8,relu,flaten,fc');
  await expect(page).toHaveURL(/layers=conv8,relu,flaten,fc$/);
  await page.reload();
  await expect(refusal).toContainText('“flaten” is no layer');
  await text(page).press('ControlOrMeta+a');
  await page.keyboard.type('Conv8, ReLU, flatten, fc');
  await expect(text(page)).toHaveAttribute('aria-invalid', 'false');
  await text(page).blur();
  await expect(text(page)).toHaveValue('conv8,relu,flatten,fc');
});

test('a template trains, and the link brings it back', async ({ page }) => {
  await open(page, `${SMALL}&net=own`);
  await page.getByRole('button', { name: 'Residual blocks' }).click();
  await expect(page.locator('.drawing .arc')).toHaveCount(3);
  await run(page);
  const before = await text(page).inputValue();
  await page.reload();
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  await expect(text(page)).toHaveValue(before);
  await expect(page.locator('.drawing .arc')).toHaveCount(3);
});

test('the text can be locked, and everybody can use it', async ({ page }) => {
  await open(page, 'v=1&net=own&lock=layers');
  await expect(text(page)).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Residual blocks' })).toBeHidden();
  await open(page, 'v=1&net=own&layers=conv8,nothing');
  const found = await new AxeBuilder({ page }).include('#network').analyze();
  expect(found.violations.map((violation) => violation.id)).toEqual([]);
});
