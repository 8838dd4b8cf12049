// A phone, a keyboard alone, a screen reader, and what else a person may need.
import { AxeBuilder } from '@axe-core/playwright';
import { QUICK } from './lab.mjs';
import { SMALL, counter, expect, open, run, test } from './page.mjs';

/** What axe finds wrong by WCAG 2.2 AA, a line each: `within` what is new there, `without` what is looked at elsewhere. */
async function flaws(page, { within = ['html'], without = [] } = {}) {
  const { violations } = await new AxeBuilder({ page }).include(within).exclude(without).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary.split('\n').slice(1).join(' ')}`));
}

/** The dialog or the bubble that is open. */
const OPENED = 'dialog[open], :popover-open';

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing on the first screen, while it trains, and after, ${theme}`, async ({ page }) => {
    await open(page, `v=1&train=6000&test=100&epochs=9&batch=16&theme=${theme}`);
    expect(await flaws(page)).toEqual([]);
    await page.locator('#run').click();
    await expect.poll(async () => Number(await counter(page, 'steps').textContent())).toBeGreaterThan(0);
    expect(await flaws(page)).toEqual([]);
    await page.locator('#reset').click();
    await open(page, `${SMALL}&net=resnet&theme=${theme}`);
    for (const group of await page.locator('.group summary').all()) await group.click();
    await run(page);
    expect(await flaws(page)).toEqual([]);
  });

  test(`axe finds nothing in dialogs and in the calculator, ${theme}`, async ({ page }) => {
    await open(page, `${SMALL}&theme=${theme}`);
    await run(page);
    for (const opener of ['#labs-button', '#shortcuts-button', '#device-button', '.chart-tools button', '#network-tools [aria-haspopup] >> nth=0', '#network-tools [aria-haspopup] >> nth=1']) {
      await page.locator(opener).click();
      await expect(page.locator(OPENED)).toHaveCount(1);
      expect(await flaws(page, { within: [OPENED] })).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await page.locator('#calculator-button').click();
    await expect(page.locator('#calculator')).toBeVisible();
    expect(await flaws(page, { within: ['#calculator'] })).toEqual([]);
  });

  test(`axe finds nothing in the share dialog, beside a claim, in the builder, where links are checked, and in the notes for teachers, ${theme}`, async ({ page }) => {
    await open(page, `${SMALL}&theme=${theme}&result=0.5,0.7,40,0123456789abcdef,0.1.0,cpu`);
    await run(page);
    await expect(page.locator('#claim')).toHaveAttribute('data-outcome', 'other');
    expect(await flaws(page)).toEqual([]);
    await page.locator('#share-button').click();
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      expect(await flaws(page, { within: [OPENED] })).toEqual([]);
    }
    await page.goto(`builder.html?theme=${theme}#v=1&net=resnet&theme=${theme}&hide=runs&lock=optimizer`);
    await expect(page.frameLocator('#live iframe').locator('#page')).toHaveAttribute('aria-busy', 'false');
    for (const group of await page.locator('.group summary').all()) await group.click();
    expect(await flaws(page, { without: ['#live iframe'] })).toEqual([]);
    await page.goto(`check.html?theme=${theme}`);
    await page.locator('#paste').fill(`Ann #${SMALL}&result=0.5,0.7,40,0123456789abcdef,0.1.0,cpu\nBob #v=1`);
    await expect(page.locator('#links tbody tr')).toHaveCount(2);
    expect(await flaws(page)).toEqual([]);
    await page.goto(`teaching.html?theme=${theme}`);
    await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
    expect(await flaws(page)).toEqual([]);
  });

  test(`axe finds nothing in a lab, from its prediction to its conclusion, ${theme}`, async ({ page }) => {
    await open(page, `v=1&lab=pixel-shuffle&budget=quick&theme=${theme}`);
    expect(await flaws(page)).toEqual([]);
    await page.getByRole('radio', { name: 'Mainly the CNN' }).check();
    await page.getByRole('button', { name: 'Commit to this prediction' }).click();
    await page.getByRole('button', { name: 'Run all' }).click();
    await expect(page.locator('.lab-tables table')).toBeVisible();
    expect(await flaws(page)).toEqual([]);
    await page.getByRole('button', { name: 'Why?', exact: true }).click();
    expect(await flaws(page)).toEqual([]);
  });

  test(`axe finds nothing in any view of the inside, ${theme}`, async ({ page }) => {
    await open(page, `${SMALL}&theme=${theme}`);
    await run(page);
    await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await expect(page.locator('#inside [aria-busy="true"]')).toHaveCount(0);
      expect(await flaws(page, { within: ['#inside'] })).toEqual([]);
    }
  });
}

test('a narrow phone scrolls in one direction only, and Run is always there', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, SMALL);
  for (const net of ['cnn', 'resnet']) {
    await page.locator('#field-net').selectOption(net);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect(page.locator('#run')).toBeInViewport();
  const small = await page.locator('button:visible, select:visible, summary:visible, .segments label:visible').evaluateAll((all) => all.flatMap((element) => {
    const { width, height } = element.getBoundingClientRect();
    // Marks beside a label have their room around them, as a pseudo-element.
    const around = getComputedStyle(element, '::after').position === 'absolute' ? 28 : 0;
    return element.matches('.term') || Math.min(width, height) + around >= 40 ? [] : [`${element.outerHTML.slice(0, 60)} ${width}×${height}`];
  }));
  expect(small).toEqual([]);
});

test('the keyboard alone sets, runs, pauses, steps and resets', async ({ page }) => {
  await open(page, 'v=1&train=3000&test=100&normalize=unit&epochs=2');
  await page.keyboard.press('1');
  await expect(page.getByRole('radio', { name: 'Fixed' })).toBeChecked();
  await page.keyboard.press('2');
  await expect(page.getByLabel('Normalize', { exact: true })).toHaveValue('half');
  await page.keyboard.press('3');
  await expect(page.locator('#field-net')).toHaveValue('resnet');
  await page.keyboard.press('3');
  await expect(page.locator('#switch-residual')).not.toBeChecked();
  await page.keyboard.press('s');
  await expect(page.locator('#run-state')).toHaveText('Paused');
  await page.keyboard.press('Space');
  await expect(page.locator('#run')).toHaveText('Pause');
  await page.keyboard.press('r');
  await expect(page.locator('#run-state')).toHaveText('Paused');
  await page.keyboard.press('x');
  await expect(counter(page, 'steps')).toHaveText('0');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Run or pause');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toBeVisible();
});

test('a term is explained on focus, and the bubble goes with Escape', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'About: Shuffle pixels' }).focus();
  await expect(page.getByRole('tooltip')).toContainText('A convolution needs neighbouring pixels');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toBeHidden();
});

test('the way past the controls leads to Run, and leaves the experiment as it is', async ({ page }) => {
  await open(page, 'v=1&net=mlp');
  await page.locator('#skip').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#run')).toBeFocused();
  await expect(page).toHaveURL(/#v=1&net=mlp$/);
  await expect(page.locator('.message')).toHaveCount(0);
});

test('at twice the size nothing has to be scrolled sideways', async ({ page }) => {
  // A window of 1280 pixels at 200 %.
  await page.setViewportSize({ width: 640, height: 512 });
  const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await open(page, SMALL);
  await run(page);
  expect(await sideways()).toBeLessThanOrEqual(0);
  await page.locator('#calculator-button').click();
  expect(await sideways()).toBeLessThanOrEqual(0);
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  expect(await sideways()).toBeLessThanOrEqual(0);
  await open(page, 'v=1&lab=inception');
  expect(await sideways()).toBeLessThanOrEqual(0);
});

test('whatever the Tab key reaches shows that it has the focus, and nothing lies over it', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 700 });
  await open(page, SMALL);
  await run(page);
  const hidden = [];
  for (let press = 0; press < 70; press += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      // A segment's mark stands for its field; a layer in the drawing lights up as a whole.
      const shown = at.matches('.segments input') ? at.nextElementSibling : at;
      const { outlineStyle, outlineWidth } = getComputedStyle(shown);
      const { left, top, width, height } = shown.getBoundingClientRect();
      const over = document.elementFromPoint(left + width / 2, top + Math.min(height, innerHeight) / 2);
      const uncovered = over !== null && (over === at || shown.contains(over) || at.contains(over) || over.contains(shown));
      return { name: at.outerHTML.slice(0, 90), outlined: (outlineStyle !== 'none' && outlineWidth !== '0px') || at.matches('.part.lit'), uncovered };
    });
    if (found && !(found.outlined && found.uncovered)) hidden.push(found);
  }
  expect(hidden).toEqual([]);
});

test('who asked for less motion gets none', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, SMALL);
  await run(page);
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')].flatMap((element) => ['', '::before', '::after'].flatMap((part) => {
    const { transitionDuration, animationName } = getComputedStyle(element, part || null);
    const still = transitionDuration.split(', ').every((time) => parseFloat(time) === 0) && animationName === 'none';
    return still ? [] : [`${element.tagName}.${element.className}${part} ${transitionDuration} ${animationName}`];
  })));
  expect(moving).toEqual([]);
});

test('in forced colours what is chosen can still be told from what is not', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, `${SMALL}&permute=fixed&net=resnet`);
  const look = (selector) => page.locator(selector).first().evaluate((element) => {
    const { backgroundColor, borderWidth, outlineStyle } = getComputedStyle(element);
    return [backgroundColor, borderWidth, outlineStyle].join(' ');
  });
  expect(await look('.segments input:checked + span')).not.toBe(await look('.segments input:not(:checked) + span'));
  expect(await look('.switch.on')).not.toBe(await look('.switch:not(.on)'));
  const residual = page.locator('#switch-residual');
  const on = await look('#switch-residual');
  await residual.click();
  expect(await look('#switch-residual')).not.toBe(on);
});

test('in a lab the focus goes on with its steps, and what came out is announced', async ({ page }) => {
  await page.addInitScript(() => {
    const said = [];
    Object.assign(window, { said });
    document.addEventListener('DOMContentLoaded', () => {
      const place = document.querySelector('#announcer');
      new MutationObserver(() => said.push(place.textContent)).observe(place, { childList: true, characterData: true, subtree: true });
    });
  });
  await open(page, `v=1&lab=epoch-batch&${QUICK}`);
  const press = async (name) => {
    await page.locator('#lab').getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  await page.locator('.lab-answers input').first().focus();
  await page.keyboard.press('Space');
  await press('Commit to this prediction');
  await expect(page.locator('#lab-step-run')).toBeFocused();
  await press('Run all');
  await expect(page.locator('.lab-verdict')).toBeVisible({ timeout: 200_000 });
  await expect(page.locator('#lab-step-happened')).toBeFocused();
  const verdict = await page.locator('.lab-verdict').textContent();
  const judged = await page.locator('.lab-judged').textContent();
  await expect.poll(() => page.evaluate(() => window.said.at(-1))).toContain(verdict);
  expect(await page.evaluate(() => window.said.at(-1))).toContain(judged);
  await press('Why?');
  await expect(page.locator('#lab-step-why')).toBeFocused();
  await press('One question further');
  await expect(page.locator('#lab-step-further')).toBeFocused();
  // Another try.
  await page.getByRole('tab', { name: 'Predict' }).click();
  await press('Start this lab over');
  await expect(page.locator('#lab-step-predict')).toBeFocused();
  await page.locator('.lab-answers input').first().check();
  await press('Commit to this prediction');
  await press('Run all');
  // Who has gone elsewhere meanwhile stays there.
  await page.locator('#language select').focus();
  await expect(page.locator('.lab-verdict')).toBeVisible({ timeout: 200_000 });
  await expect(page.locator('#language select')).toBeFocused();
  // Another lab begins with its question.
  await page.getByRole('tab', { name: 'One question further' }).click();
  await page.locator('.lab-next .lab-link').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#lab-question')).toBeFocused();
});

test('what a lab asks about keeps the focus while a number is typed', async ({ page }) => {
  await open(page, `v=1&lab=parameters&${QUICK}`);
  const filters = page.getByLabel('Filters', { exact: true });
  await filters.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('64', { delay: 50 });
  await expect(filters).toBeFocused();
  await expect(filters).toHaveValue('64');
  await page.getByLabel('Number of weights, without biases').focus();
  await page.keyboard.type('999');
  await page.keyboard.press('Enter');
  await expect(page.locator('.lab-judged')).toContainText('it came out as “1,728”');
  await expect(page.locator('#lab-step-happened')).toBeFocused();
});

test('the curves stand there as a sentence and as a table, and news of them come calmly', async ({ page }) => {
  await page.addInitScript(() => {
    const said = [];
    Object.assign(window, { said });
    document.addEventListener('DOMContentLoaded', () => {
      new MutationObserver(() => said.push(performance.now())).observe(document.querySelector('#announcer'), { childList: true, characterData: true, subtree: true });
    });
  });
  // Long enough for three pieces of news on any machine; nobody waits for its end.
  await open(page, 'v=1&train=3000&test=100&epochs=100&batch=16');
  await page.locator('#run').click();
  await expect.poll(() => page.evaluate(() => window.said.length)).toBeGreaterThan(2);
  const times = await page.evaluate(() => window.said);
  await page.locator('#run').click();
  await expect(page.locator('#charts .unseen')).toContainText(/Run 1.*loss/);
  await page.locator('.chart-tools button').click();
  await expect(page.getByRole('dialog').getByRole('row')).not.toHaveCount(0);
  const gaps = times.slice(1).map((time, at) => time - times[at]);
  expect(Math.min(...gaps)).toBeGreaterThan(2900);
});

test('a finger draws, and the page stays where it is', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await open(page, SMALL);
  await run(page);
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).tap();
  await page.locator('[data-tab="draw"]').tap();
  const sketch = page.locator('.sketch');
  await sketch.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  const { x, y, width, height } = await sketch.boundingBox();
  const finger = await context.newCDPSession(page);
  const at = (share) => [{ x: x + width / 2, y: y + height * share }];
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0.2) });
  for (const share of [0.3, 0.4, 0.5, 0.6, 0.7]) await finger.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(share) });
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(page.locator('.answers')).toContainText('%');
  expect(await page.evaluate(() => scrollY)).toBe(before);
  const ink = await sketch.evaluate((canvas) => canvas.getContext('2d').getImageData(140, 140, 1, 1).data[0]);
  expect(ink).toBeGreaterThan(0);
  await context.close();
});
