// The concept checks below a lab's explanation: each answer has its reply, and a wrong one may be followed by another.
import { expect, open, test } from './page.mjs';

/** Opens the explanation of the lab that needs no run. */
async function explanation(page, { language, commit, why, weights }) {
  await open(page, `v=1&lab=parameters&lang=${language}`);
  await page.getByLabel(weights).fill('108');
  await page.getByRole('button', { name: commit }).click();
  await page.getByRole('tab', { name: why, exact: true }).click();
}

const english = { language: 'en', weights: 'Number of weights, without biases', commit: 'Commit to this prediction', why: 'Why' };
const chinese = { language: 'zh-CN', weights: '权重个数（不算偏置）', commit: '提交预测', why: '原因' };

test('a wrong answer gets the reply that corrects it, then the right one its own', async ({ page }) => {
  await explanation(page, english);
  await expect(page.locator('.lab-remember')).toHaveText(/^Remember: .*k · k · Cᵢₙ · Cₒᵤₜ/);
  await expect(page.locator('.lab-check')).toHaveCount(2);
  const check = page.getByRole('group', { name: /A classmate counts only 36/ });
  const reply = check.getByRole('status');
  await expect(reply).toBeEmpty();
  const biases = check.getByRole('button', { name: 'The biases' });
  const channels = check.getByRole('button', { name: 'The 3 input channels' });
  await biases.click();
  await expect(biases).toHaveAttribute('aria-pressed', 'true');
  await expect(reply).toHaveText(/^Not quite\. There is one bias for each filter/);
  await channels.click();
  await expect(biases).toHaveAttribute('aria-pressed', 'false');
  await expect(channels).toHaveAttribute('aria-pressed', 'true');
  await expect(reply).toHaveText(/^Right\. 3 · 3 · 4 = 36 takes a filter for a single square/);
  // The other question has not been answered, and nothing of it is kept.
  await expect(page.locator('.lab-check').last().getByRole('status')).toBeEmpty();
  await page.reload();
  await page.getByRole('tab', { name: 'Why', exact: true }).click();
  await expect(page.locator('.lab-check [aria-pressed="true"]')).toHaveCount(0);
});

test('what the line to remember rests on is one press away, and a wrong count is told where it comes from', async ({ page }) => {
  await explanation(page, english);
  const remember = page.locator('.lab-remember');
  await remember.locator('summary').press('Enter');
  await expect(remember.getByRole('link', { name: 'Goodfellow et al. 2016' })).toBeVisible();
  await page.getByRole('tab', { name: 'Predict' }).click();
  await page.getByRole('button', { name: 'Start this lab over' }).click();
  await page.getByLabel(english.weights).fill('442368');
  await page.getByRole('button', { name: english.commit }).click();
  await expect(page.locator('.lab-judged')).toHaveText('You predicted “442,368”; it came out as “108”.');
  await expect(page.locator('.lab-slip')).toContainText('it is the number of multiply-adds');
});

test('the checks can be answered with the keyboard alone', async ({ page }) => {
  await explanation(page, english);
  const answers = page.locator('.lab-check').first().getByRole('button');
  const reply = page.locator('.lab-check').first().getByRole('status');
  await answers.first().focus();
  await page.keyboard.press('Enter');
  await expect(reply).toHaveText(/^Not quite\. /);
  await page.keyboard.press('Tab');
  await expect(answers.nth(1)).toBeFocused();
  await expect(reply).toHaveText(/^Not quite\. /);
  await page.keyboard.press('Space');
  await expect(reply).toHaveText(/^Right\. /);
  await expect(answers.nth(1)).toBeFocused();
  // The space is no press on Run.
  await expect(page.locator('#run-state')).toHaveText('Ready');
});

test('in Chinese, questions, answers and replies are Chinese', async ({ page }) => {
  await explanation(page, chinese);
  const check = page.getByRole('group', { name: /一位同学只数出 36 个/ });
  await check.getByRole('button', { name: '偏置' }).click();
  await expect(check.getByRole('status')).toHaveText(/^再想想。每个卷积核只有一个偏置/);
  await check.getByRole('button', { name: '3 个输入通道' }).click();
  await expect(check.getByRole('status')).toHaveText(/^对。3 · 3 · 4 = 36 把卷积核当成了一个方块/);
  await expect(page.locator('.lab-checks')).not.toContainText(/[A-Za-z]{3}/);
  await expect(page.locator('.lab-remember')).toHaveText(/^记住：/);
});
