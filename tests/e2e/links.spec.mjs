// A link holds the whole experiment.
import { SMALL, curves, expect, open, run, test } from './page.mjs';

const LINK = 'v=1&train=800&test=100&permute=fixed&width=8&batch=16&stop=steps&steps=50&seed=7';

test('a shared link runs to the same curve, bit for bit, in another browser profile', async ({ page, browser, baseURL }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, LINK);
  await run(page);
  await page.locator('#share-button').click();
  await page.locator('.copy-field').filter({ hasText: 'Short link' }).getByRole('button', { name: 'Copy' }).click();
  await expect(page.locator('.copy-status')).toContainText('Copied');
  await page.keyboard.press('Escape');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${baseURL}#${LINK}`);
  const first = await curves(page);
  expect(first.filter((line) => line.split === 'train')).toHaveLength(50);

  const other = await browser.newContext({ acceptDownloads: true });
  const another = await other.newPage();
  await another.goto(link);
  await expect(another.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await expect(another.locator('#field-seed')).toHaveValue('7');
  await run(another);
  expect(await curves(another)).toEqual(first);
  await other.close();
});

test('a damaged link gives the valid rest and a message for each thing that was dropped', async ({ page }) => {
  await open(page, 'v=9&net=resnet&blocks=2&blocks=3&lr=fast&batch=0&colour=<b>red</b>');
  const messages = page.locator('.message');
  await expect(messages).toHaveCount(5);
  await expect(page.locator('#messages')).toContainText('later version (9');
  await expect(page.locator('#messages')).toContainText('“blocks” appears twice');
  await expect(page.locator('#messages')).toContainText('Learning rate: “fast” is not a number.');
  await expect(page.locator('#messages')).toContainText('Batch size: 0 is outside 1 to 2048.');
  await expect(page.locator('#messages')).toContainText('“colour=<b>red</b>” is not a known setting');
  await expect(page.locator('#field-net')).toHaveValue('resnet');
  await expect(page.locator('#field-blocks')).toHaveValue('2');
  await messages.first().getByRole('button', { name: 'Dismiss' }).click();
  await expect(messages).toHaveCount(4);
});

test('back and forward go through what was chosen', async ({ page }) => {
  await open(page);
  await page.getByRole('radio', { name: 'Fixed' }).check();
  await page.locator('#field-net').selectOption('lenet');
  await expect(page).toHaveURL(/permute=fixed&net=lenet/);
  await page.goBack();
  await expect(page.locator('#field-net')).toHaveValue('cnn');
  await expect(page.getByRole('radio', { name: 'Fixed' })).toBeChecked();
  await page.goBack();
  await expect(page.getByRole('radio', { name: 'Off' })).toBeChecked();
  await page.goForward();
  await page.goForward();
  await expect(page.locator('#field-net')).toHaveValue('lenet');
});

test('no link begins to train on the whole page', async ({ page }) => {
  await open(page, `${SMALL}&embed=1&start=now`);
  await expect(page.locator('#run')).toHaveText('Run');
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(0);
});

test('how the page shows itself is part of the link', async ({ page }) => {
  await open(page, 'v=1&theme=dark&device=cpu');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('radio', { name: 'Fixed' }).check();
  await expect(page).toHaveURL(/#v=1&permute=fixed&.*theme=dark/);
});

test('a link that was changed on its way opens the same experiment', async ({ page, baseURL }) => {
  for (const way of [LINK.replaceAll('&', '&amp;'), encodeURIComponent(LINK), `${LINK}。`, `${LINK}&utm_source=mail`]) {
    await page.goto('about:blank');
    await page.goto(`${baseURL}#${way}`);
    await expect(page.locator('#field-seed')).toHaveValue('7');
    await expect(page.getByRole('radio', { name: 'Fixed' })).toBeChecked();
    await expect(page.locator('.message')).toHaveCount(0);
  }
});

test('a link behind a ? is read, and stands behind the # from then on; what the host has there stays', async ({ page, baseURL }) => {
  await page.goto(`${baseURL}?${LINK}`);
  await expect(page.locator('#field-seed')).toHaveValue('7');
  await expect(page).toHaveURL(`${baseURL}#${LINK}`);
  await page.goto(`${baseURL}?id=5&net=mlp#v=1&seed=8`);
  await expect(page.locator('#field-seed')).toHaveValue('8');
  await expect(page.locator('#field-net')).toHaveValue('cnn');
  await page.locator('#field-net').selectOption('resnet');
  await expect(page).toHaveURL(`${baseURL}?id=5&net=mlp#v=1&net=resnet&seed=8`);
  await expect(page.locator('.message')).toHaveCount(0);
});
