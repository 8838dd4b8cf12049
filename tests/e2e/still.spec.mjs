// Nothing jumps: not while the page opens, not when a run begins, goes on and ends, and not under what one has just pressed.
import { SMALL, expect, run, test } from './page.mjs';

const WIDTHS = { laptop: [1440, 900], small: [1024, 768], tablet: [768, 1024], phone: [390, 844] };

/** Counts what moves that nobody has pressed, and keeps what it was. */
const watch = (page) => page.addInitScript(() => {
  globalThis.moved = { by: 0, what: [] };
  const name = (node) => node?.closest?.('[id], [class]')?.outerHTML.slice(0, 60) ?? node?.nodeName;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      globalThis.moved.by += value;
      globalThis.moved.what.push(...sources.map(({ node, previousRect: a, currentRect: b }) => `${name(node)} ${a.y} → ${b.y}, ${a.height} → ${b.height}`));
    }
  }).observe({ type: 'layout-shift', buffered: true });
});

/** Two hundredths of what is counted as good for a page: a bar that gives way to a letter, a sentence that gets a second line. */
const NOTHING = 0.0005;

for (const [name, [width, height]] of Object.entries(WIDTHS)) {
  test(`nothing jumps while the page opens and two runs begin and end: ${name}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await watch(page);
    // The images come when all else is there.
    await page.route('**/data/**', async (route) => {
      await page.locator('#page[aria-busy="false"]').waitFor();
      await route.continue();
    });
    await page.goto(`#${SMALL}&device=cpu`);
    await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
    // Below the screen, the drawing waits until it is looked at.
    if (name === 'laptop') await expect(page.locator('.answer-when')).toHaveText('before training');
    await run(page);
    const top = () => page.locator('#runs').evaluate((table) => table.offsetTop);
    const before = await top();
    await page.locator('label', { hasText: 'Fixed' }).click();
    await run(page);
    await expect(page.locator('#finding')).toContainText('points');
    const { by, what } = await page.evaluate(() => globalThis.moved);
    expect(by, what.join('\n')).toBeLessThan(NOTHING);
    // Cards have the sentence above them on a phone, as long as it is.
    if (width >= 720) expect(await top()).toBe(before);
  });
}

/** Where the lines below the drawing are the longest. */
const LONG = [[1280, 'es'], [1280, 'fr'], [768, 'es'], [390, 'en'], [390, 'fr'], [360, 'es']];

test('the scale and the answer below the drawing keep their lines: before a run, within it, and for whatever is pointed at', async ({ page }) => {
  for (const [width, lang] of LONG) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto('about:blank');
    await page.goto(`#v=1&train=2000&test=100&epochs=40&batch=16&net=resnet&blocks=1&width=4&device=cpu&lang=${lang}`);
    await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
    await page.locator('section.network').scrollIntoViewIfNeeded();
    const heights = () => page.locator('.network-scale, .answer-of').evaluateAll((all) => all.map((one) => one.offsetHeight));
    const before = await heights();
    const when = await page.locator('.answer-when').textContent();
    await page.locator('#run').click();
    await page.locator('section.network').scrollIntoViewIfNeeded();
    await expect(page.locator('.answer-when')).not.toHaveText(when);
    for (const kind of ['conv2d', 'sum', 'linear']) {
      await page.locator(`.drawing .kind-${kind}`).first().focus();
      expect(await heights(), `${lang} at ${width}, ${kind}`).toEqual(before);
    }
    // All of it can be read.
    const cut = await page.locator('.network-scale > span, .answer-of > *').evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
    expect(cut, `${lang} at ${width}`).toEqual([]);
  }
});

test('the cards of the switches stay where they are, whatever is said of a setting', async ({ page }) => {
  for (const [width, height] of [WIDTHS.laptop, WIDTHS.small, WIDTHS.tablet]) {
    await page.setViewportSize({ width, height });
    await page.goto('about:blank');
    await page.goto('#v=1');
    await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
    const places = () => page.locator('.switch, .first-fields').evaluateAll((all) => all.map((one) => one.offsetTop));
    const before = await places();
    const settings = await page.locator('#switch-normalize option').evaluateAll((all) => all.map((one) => one.value).filter((value) => value !== 'custom'));
    expect(settings.length).toBeGreaterThan(2);
    for (const setting of settings) {
      await page.locator('#switch-normalize').selectOption(setting);
      expect(await places(), setting).toEqual(before);
    }
    for (const setting of ['Fixed', 'Per image', 'Off']) {
      await page.locator('[data-switch="permute"] label', { hasText: setting }).click();
      expect(await places(), setting).toEqual(before);
    }
  }
});

test('on a phone nothing scrolls sideways, and a finger finds the switches, their settings and Run', async ({ page }) => {
  for (const width of [390, 360]) {
    await page.setViewportSize({ width, height: 844 });
    for (const lang of ['en', 'zh-CN', 'es', 'fr', 'ar']) {
      await page.goto('about:blank');
      await page.goto(`#v=1&lang=${lang}`);
      await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
      expect(await page.evaluate(() => document.documentElement.scrollWidth), lang).toBeLessThanOrEqual(width);
      const small = await page.locator('.switch :is(button:not(.tip-mark, .term), select, .segments label), #run-bar button, .tools :is(button, select)').evaluateAll((all) => all
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML));
      expect(small, lang).toEqual([]);
    }
  }
});

test('only Run has the ground of the accent until something is switched on', async ({ page }) => {
  await page.goto('#v=1');
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  const accented = () => page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.background = 'var(--accent)';
    const { backgroundColor } = getComputedStyle(probe);
    probe.remove();
    return [...document.querySelectorAll('main button, main label > span, main input')].filter((one) => one.checkVisibility() && getComputedStyle(one).backgroundColor === backgroundColor).map((one) => one.textContent);
  });
  await expect.poll(accented).toEqual(['Run']);
  await page.locator('[data-switch="permute"] label', { hasText: 'Fixed' }).click();
  await expect.poll(accented).toEqual(['Fixed', 'Run']);
});
