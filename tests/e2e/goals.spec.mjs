// What a teacher asks for, in the builder: what nobody can do is named, a result to be reproduced is in the link, and the package
// has the teacher's title.
import { test as base, expect } from '@playwright/test';
import { Lms } from './lms.mjs';
import { download } from './page.mjs';
import { running } from './server.mjs';

const test = base.extend({ lms: running(() => new Lms()) });
test.describe.configure({ timeout: 240_000 });

const CLAIMED = 'v=1&train=640&test=100&batch=16&epochs=1&result=0.5,0.25,40,0123456789abcdef,0.1.0,cpu';

/** The builder with this link. */
async function builder(page, link) {
  await page.goto(`builder.html?lang=en#${link}`);
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  return { wrong: page.locator('#course .field-error').first(), save: page.locator('[id="package-scorm-1.2"]'), link: page.locator('#code-link') };
}
const amount = (page, goal) => page.locator(`.builder-goal:has(#goal-${goal}) input[type="number"]`);
const linkOf = (page) => page.evaluate(() => location.hash);

test('an amount that cannot be asked for is named, and no package is made of it', async ({ page }) => {
  const { wrong, save } = await builder(page, 'v=1');
  for (const [goal, said, words] of [['run', '500', 'whole number from 1 to 100'], ['run', '1.5', 'whole number'], ['run', '', 'whole number'], ['accuracy', '95', 'from 0.01 to 1'], ['accuracy', '0', 'from 0.01 to 1']]) {
    await page.locator(`#goal-${goal}`).check();
    await amount(page, goal).fill(said);
    await amount(page, goal).blur();
    await expect(wrong).toContainText(`“${goal}:${said}” cannot be asked for: the amount is`);
    await expect(wrong).toContainText(words);
    await expect(save).toBeDisabled();
    // What was typed stays, so that one sees what is wrong.
    await expect(amount(page, goal)).toHaveValue(said);
    await page.locator(`#goal-${goal}`).uncheck();
    await expect(wrong).toBeEmpty();
    await expect(save).toBeEnabled();
  }
});

test('a result that is to come out again is in the link and in the package, and without one there is none', async ({ page, lms }) => {
  const { wrong, save } = await builder(page, 'v=1');
  await page.locator('#goal-reproduce').check();
  await expect(wrong).toContainText('the link has no result');
  await expect(save).toBeDisabled();
  await page.locator('#experiment').fill(`#${CLAIMED}`);
  await page.locator('#experiment').press('Enter');
  await expect(wrong).toBeEmpty();
  expect(await linkOf(page)).toContain('goal=reproduce&result=0.5,0.25,40');
  const files = lms.install(await download(page, () => save.click()));
  expect(files['index.html']).toContain('goal=reproduce&amp;result=0.5,0.25,40');
  // Loaded again it is the same; and not asked for, the result is nothing that a class should see.
  await page.reload();
  await expect(page.locator('#goal-reproduce')).toBeChecked();
  await expect(wrong).toBeEmpty();
  await page.locator('#goal-reproduce').uncheck();
  expect(await linkOf(page)).not.toContain('result');
  await page.locator('#goal-reproduce').check();
  expect(await linkOf(page)).toContain('result=0.5');
});

test('a package is called what the teacher calls it', async ({ page, lms }) => {
  const { save } = await builder(page, 'v=1&lab=parameters');
  await page.getByLabel('Title in the course').fill('  Week 3 & <more> ');
  for (const [kind, manifest] of [['scorm-1.2', 'imsmanifest.xml'], ['scorm-2004', 'imsmanifest.xml'], ['cmi5', 'cmi5.xml']]) {
    const files = lms.install(await download(page, () => page.locator(`[id="package-${kind}"]`).click()));
    expect(files[manifest].match(/Week 3 &amp; &lt;more&gt;</g).length).toBeGreaterThanOrEqual(5);
    expect(files['index.html']).toContain('<title>Week 3 &amp; &lt;more&gt;</title>');
  }
  await page.getByLabel('Title in the course').fill(' ');
  expect(lms.install(await download(page, () => save.click()))['imsmanifest.xml']).not.toContain('Week 3');
});
