// A teacher chooses a lab within the course, a student does it in a frame of the course, and the course has the grade.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test as base } from '@playwright/test';

const test = base.extend({
  /** The address of a platform that the tool is registered with. */
  platform: async ({ baseURL }, use) => {
    if (!process.env.PYTHON) throw new Error('PYTHON names no interpreter: node lti-example/tests/run.mjs');
    const emulator = spawn(process.env.PYTHON, [fileURLToPath(new URL('emulator.py', import.meta.url)), baseURL], { stdio: ['pipe', 'pipe', 'ignore'] });
    const [address] = await once(emulator.stdout, 'data');
    await use(String(address).trim());
    emulator.stdin.end();
    await once(emulator, 'close');
  },
});

test('a lab is chosen, done in the course’s frame, and graded', async ({ page, platform, request }) => {
  const grades = async () => (await (await request.get(`${platform}/grades`)).json()).map(({ scoreGiven, activityProgress }) => [scoreGiven, activityProgress]);
  const activity = page.frameLocator('iframe');

  await page.goto(`${platform}/course?what=choose`);
  await activity.getByRole('radio', { name: 'Counting weights' }).check();
  await activity.getByRole('button', { name: 'Add to the course' }).click();
  await expect(activity.getByText('Added', { exact: true })).toBeVisible();

  await page.goto(`${platform}/course?what=0`);
  const heights = page.evaluate(() => new Promise((resolve) => addEventListener('message', ({ data }) => {
    if (data?.subject === 'lti.frameResize' && data.height > 480) resolve(data.height);
  })));
  await expect(activity.getByRole('status')).toHaveText('Your score goes to the course.');
  const lab = activity.frameLocator('iframe');
  await expect(lab.locator('.lab-predict')).toBeVisible();
  expect(await heights).toBeGreaterThan(480);
  expect(await grades()).toEqual([]);
  await lab.locator('#lab-prediction').fill('7');
  await lab.locator('.lab-predict button[type="submit"]').click();
  await expect.poll(grades).toEqual([[0.5, 'InProgress']]);
  await expect(activity.getByRole('status')).toHaveText('The course has your score.');
  await lab.locator('#lab-own').fill('A kernel is the same at every place.');
  await expect.poll(grades).toEqual([[0.5, 'InProgress'], [1, 'Completed']]);
});
