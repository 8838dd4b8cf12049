// Many links at once: what is pasted is found, trained again, and compared.
import { choose, expect, open, run, SMALL } from './page.mjs';
import { test } from './trouble.mjs';

/** A link with the result of a run that the page makes. */
async function linkWithResult(page) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, SMALL);
  await run(page);
  await choose(page, 'More for Run 1', 'Copy link with result');
  return page.evaluate(() => navigator.clipboard.readText());
}

/** The page opened as a teacher does. */
async function checkPage(page) {
  await page.goto('check.html?lang=en');
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
}

const row = (page, number) => page.locator('#links tbody tr').nth(number - 1);

test('each result is trained again; the same one once only, and what cannot be checked says why', async ({ page }) => {
  const link = await linkWithResult(page);
  const [, accuracy] = link.match(/result=([\d.]+),/);
  const other = link.replace(`result=${accuracy}`, `result=${(Number(accuracy) / 2).toFixed(4)}`);
  await checkPage(page);
  await expect(page.getByRole('button', { name: 'Check 0 results' })).toBeDisabled();
  await page.locator('#paste').fill([
    'Exercise 1',
    `Li Ming: ${link}`,
    `- [Ann](${other})`,
    `Eve ${link}`,
    `Bob ${link.replace(/&result.*/, '')}`,
    `Own ${link.replace(/data=[^&]*&?/, '').replace('v=1', 'v=1&data=file')}`,
    `Odd ${link.replace('&result', '&epoch=3&result')}`,
  ].join('\n'));
  await expect(page.locator('#links tbody tr')).toHaveCount(6);
  await expect(row(page, 3)).toContainText('The same experiment and result as no. 1.');
  await expect(row(page, 4)).toContainText('The link says no result.');
  await expect(row(page, 5)).toContainText('Made with own images');
  await expect(row(page, 6)).toContainText('epoch');
  await page.getByRole('button', { name: 'Check 2 results' }).click();
  await expect(page.locator('#said')).toContainText('1 not the same');
  await expect(row(page, 1)).toContainText('Li Ming');
  await expect(row(page, 1)).toContainText('This run reproduces it to the last bit');
  await expect(row(page, 2)).toContainText('This run does not reproduce it');
  await expect(row(page, 2)).toHaveAttribute('data-outcome', 'apart');
  await expect(row(page, 3)).toContainText('reproduces it to the last bit');
  await expect(page.locator('#said')).toContainText('6 links · 2 the same to the last bit · 1 not the same');
  // A text that changes keeps what was found out, and the person's own runs are untouched.
  await page.locator('#paste').fill(`Ann ${other}`);
  await expect(row(page, 1)).toContainText('This run does not reproduce it');
  await expect(page.locator('#start')).toBeDisabled();
  await open(page);
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(1);
});

test('a check can be stopped, and what broke off is told while the rest goes on', async ({ page }) => {
  const link = await linkWithResult(page);
  const slow = link.replace(/result=([^,]*),([^,]*),40,/, 'result=$1,$2,40000,').replace(/epochs=\d+/, 'stop=steps&steps=40000');
  await checkPage(page);
  await page.locator('#paste').fill(`${slow}\n${link}`);
  await page.getByRole('button', { name: 'Check 2 results' }).click();
  await expect(row(page, 1)).toContainText(/Training: \d/);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(row(page, 1)).toContainText('Not checked yet.');
  await page.locator('#paste').fill(`${link.replace('v=1', 'v=1&lr=10&decay=1&optimizer=sgd')}\n${link}`);
  await page.locator('#start').click();
  await expect(row(page, 1)).toContainText('did not come to its end');
  await expect(row(page, 2)).toContainText('to the last bit');
});

test('what broke off is tried again at the next press', async ({ page }) => {
  const link = await linkWithResult(page);
  await checkPage(page);
  await page.route('**/data/**', (route) => route.fulfill({ status: 500 }));
  await page.locator('#paste').fill(`${link}\n${link.replace(/result=[^,]*/, 'result=0.1')}`);
  await page.locator('#start').click();
  await expect(page.locator('#said')).toContainText('2 broke off');
  await expect(row(page, 1)).toContainText('did not come to its end');
  await page.unroute('**/data/**');
  await page.getByRole('button', { name: 'Check 2 results' }).click();
  await expect(row(page, 1)).toContainText('to the last bit');
  await expect(row(page, 2)).toContainText('does not reproduce it');
});

test('a network that does not fit says so at its turn, and the next one is checked', async ({ page }) => {
  const link = await linkWithResult(page);
  await checkPage(page);
  await page.locator('#paste').fill(`${link.replace('v=1', 'v=1&net=resnet&shortcut=identity')}\n${link}`);
  await page.getByRole('button', { name: 'Check 2 results' }).click();
  await expect(row(page, 2)).toContainText('to the last bit');
  await expect(row(page, 1)).toContainText('cannot be added');
});

test('a text without a link says what a link looks like', async ({ page }) => {
  await checkPage(page);
  await page.locator('#paste').fill('Li Ming 0.97');
  await expect(page.locator('#said')).toContainText('#v=1');
  await expect(page.locator('#found')).toBeHidden();
});
