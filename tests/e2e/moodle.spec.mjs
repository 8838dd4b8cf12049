// Packages in a player that takes what Moodle's takes and nothing else: each call that docs/embedding.md names is made, and none is
// refused that should not be.
import { readFileSync } from 'node:fs';
import { test as base, expect } from '@playwright/test';
import { Lms } from './lms.mjs';
import { RULES } from './moodle.mjs';
import { SMALL, install } from './page.mjs';
import { running } from './server.mjs';

const LAB = 'v=1&lab=parameters';
const NAMES = {
  'scorm-1.2': { status: 'cmi.core.lesson_status', score: 'cmi.core.score.raw', through: 'passed', end: 'Finish', most: 4_096, longest: 255 },
  'scorm-2004': { status: 'cmi.completion_status', score: 'cmi.score.raw', through: 'completed', end: 'Terminate', most: 64_000, longest: 4_000 },
};

const test = base.extend({ lms: running(() => new Lms()) });
test.describe.configure({ timeout: 240_000 });

const playground = (page) => page.frameLocator('iframe').frameLocator('iframe');
const says = (page, key) => page.frameLocator('iframe').locator(`[data-says="${key}"]`);
const stored = (page, name) => page.evaluate((name) => window.player.stored[name], name);
const calls = (page) => page.evaluate(() => window.player.calls);

/** What the teacher can read of the student's own words. */
const answers = (page) => page.evaluate(() => Object.entries(window.player.stored).filter(([name]) => name.endsWith('_response')).map(([, text]) => text));

/** Takes the package away, as when a student goes to another page of the course. */
async function leave(page) {
  await page.locator('iframe').evaluate((frame) => { frame.src = 'about:blank'; });
}

/** The lab's prediction, and own words of this length. */
async function work(page, { words = 10 } = {}) {
  const frame = playground(page);
  await frame.locator('#lab-prediction').fill('7');
  await frame.locator('.lab-predict button[type="submit"]').click();
  await expect.poll(() => stored(page, 'cmi.suspend_data')).toContain('"predicted":true');
  await frame.locator('#lab-own').fill('卷'.repeat(words));
}

for (const kind of /** @type {const} */ (['scorm-1.2', 'scorm-2004'])) {
  const { status, score, through, end, most, longest } = NAMES[kind];

  test(`${kind} by Moodle’s rules: every element is said, none is refused, and a second visit finds the first`, async ({ page, lms }) => {
    await install(page, lms, kind, LAB, { predict: null, explain: null });
    await page.goto(lms.lesson(kind, { site: {} }));
    await expect.poll(() => stored(page, status)).toBe('incomplete');
    await work(page);
    await expect.poll(() => stored(page, status)).toBe(through);
    expect(Number(await stored(page, score))).toBe(100);
    if (kind === 'scorm-2004') expect(await stored(page, 'cmi.success_status')).toBe('passed');
    // The teacher reads the student's words.
    expect(await answers(page)).toEqual(['卷'.repeat(10)]);
    await leave(page);
    await expect.poll(async () => (await calls(page)).at(-1)?.[0]).toBe(end);
    const made = await calls(page);
    expect(made.filter(([, , , failed]) => failed !== '0')).toEqual([]);
    // All that the document's table names, and nothing else.
    const told = [...readFileSync(new URL('../../docs/embedding.md', import.meta.url), 'utf8').split('<!-- moodle -->')[1].split('<!-- end -->')[0].matchAll(/`(cmi\.[\w.]+)`/g)].map(([, name]) => name);
    const said = new Set(made.filter(([call]) => call.endsWith('Value')).map(([, name]) => name.replace(/\.\d+\./, '.n.')));
    expect([...said].sort()).toEqual(told.filter((name) => name in RULES[kind]).sort());
    expect(new Set(told)).toEqual(new Set(Object.values(RULES).flatMap((rules) => Object.keys(rules))));
    expect([...new Set(made.map(([call]) => call))].sort()).toEqual(['Commit', end, 'GetValue', 'Initialize', 'SetValue'].sort());

    const kept = await page.evaluate(() => window.player.stored);
    await page.goto(lms.lesson(kind, { site: {}, kept }));
    await expect(playground(page).locator('#lab-prediction')).toHaveValue('7');
    await expect(says(page, 'done')).toBeVisible();
    await leave(page);
    await expect.poll(async () => (await calls(page)).at(-1)?.[0]).toBe(end);
    expect([await stored(page, status), Number(await stored(page, score))]).toEqual([through, 100]);
  });

  test(`${kind} by Moodle’s rules: what is kept is as long as it takes and no longer`, async ({ page, lms }) => {
    await install(page, lms, kind, LAB, { predict: null, explain: null });
    await page.goto(lms.lesson(kind, { site: {} }));
    await work(page, { words: 4_000 });
    await expect.poll(() => stored(page, status)).toBe(through);
    const long = await page.evaluate(() => window.player.calls.filter(([, name]) => name === 'cmi.suspend_data').map(([, , text]) => text.length));
    expect(Math.max(...long)).toBeLessThanOrEqual(most);
    expect((await calls(page)).filter(([, , , failed]) => failed !== '0')).toEqual([]);
    // The teacher has all of them, in as many answers as the version needs.
    const words = await answers(page);
    expect(words.join('')).toBe('卷'.repeat(4_000));
    expect(Math.max(...words.map(({ length }) => length))).toBe(longest);
    // 4,000 characters and what else is kept are more than the older version has room for.
    await expect(says(page, 'no-room')).toBeVisible({ visible: kind === 'scorm-1.2' });
    await playground(page).locator('#lab-own').fill('短 🎓\n句');
    await expect.poll(async () => (await answers(page)).join('')).toBe('短 🎓 句');
  });

  test(`${kind} by Moodle’s rules: a server that does not answer is said, and what it missed arrives with the next change`, async ({ page, lms }) => {
    await install(page, lms, kind, SMALL, { run: 1 });
    await page.goto(lms.lesson(kind, { site: {} }));
    await expect.poll(() => stored(page, status)).toBe('incomplete');
    await page.evaluate(() => { window.server = 'away'; });
    await playground(page).locator('#run').click();
    await expect(playground(page).locator('#run-state')).toHaveText('Done');
    await expect(says(page, 'refused')).toBeVisible();
    expect(await stored(page, status)).toBe('incomplete');
    await page.evaluate(() => { delete window.server; });
    await playground(page).getByRole('radio', { name: 'Fixed' }).check();
    await expect(says(page, 'refused')).toBeHidden();
    expect(await stored(page, status)).toBe(through);
  });
}

test('a manifest that a system has changed: a mastery score decides as it says, and the next visit takes nothing back', async ({ page, lms }) => {
  await install(page, lms, 'scorm-1.2', LAB, { predict: null, explain: null });
  await page.goto(lms.lesson('scorm-1.2', { site: { mastery: '40' } }));
  const frame = playground(page);
  await frame.locator('#lab-prediction').fill('7');
  await frame.locator('.lab-predict button[type="submit"]').click();
  await expect.poll(() => stored(page, 'cmi.core.score.raw')).toBe(50);
  await leave(page);
  // Half of the goals is enough there, whatever the package says.
  await expect.poll(() => stored(page, 'cmi.core.lesson_status')).toBe('passed');
  const kept = await page.evaluate(() => window.player.stored);
  await page.goto(lms.lesson('scorm-1.2', { site: { mastery: '40' }, kept }));
  await expect(playground(page).locator('#lab-prediction')).toHaveValue('7');
  await expect.poll(() => stored(page, 'cmi.suspend_data')).toContain('"predicted":true');
  expect([await stored(page, 'cmi.core.lesson_status'), await stored(page, 'cmi.core.score.raw')]).toEqual(['passed', 50]);
});

test('a site that does not keep to the letter of SCORM 1.2 is given no more than the standard has', async ({ page, lms }) => {
  await install(page, lms, 'scorm-1.2', LAB, { predict: null, explain: null });
  await page.goto(lms.lesson('scorm-1.2', { site: { standard: false } }));
  await work(page, { words: 4_000 });
  await expect.poll(() => stored(page, 'cmi.core.lesson_status')).toBe('passed');
  expect((await stored(page, 'cmi.suspend_data')).length).toBeLessThanOrEqual(4_096);
});
