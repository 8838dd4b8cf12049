// The first minutes: it opens, the three switches, a run, whose bits are those of every other engine.
import { readFileSync } from 'node:fs';
import { SMALL, THREADS, expect, test } from './page.mjs';

const CLAIMS = readFileSync(new URL('../fixtures/claims.txt', import.meta.url), 'utf8').trim().split('\n');

test('opens, and shows images, drawing and layer table before anything trains', async ({ page }) => {
  await page.open(SMALL);
  await page.has('canvas.sample');
  await expect.poll(async () => (await page.ink('canvas.sample')).filter((ink) => ink > 0).length).toBeGreaterThanOrEqual(16);
  await page.has('.drawing .part');
  // The name of a layer and what stands behind it in small are one line, to a pixel or two.
  const lines = await page.ask(() => [...document.querySelectorAll('.drawing text:has(tspan)')].map((text) => text.getStartPositionOfChar(text.getNumberOfChars() - 1).y - text.getStartPositionOfChar(0).y));
  expect(lines.length).toBeGreaterThan(0);
  for (const off of lines) expect(Math.abs(off)).toBeLessThan(2);
  await page.says('.formula-line', '⌈640 ÷ 16⌉ = 40 steps per epoch');
  await page.says('#run-state', 'Ready');
});

for (const threads of ['several threads', 'one thread']) {
  test(`five runs come to the same bits, ${threads}`, async ({ page, host }) => {
    host.isolated = threads === 'several threads';
    for (const claim of CLAIMS) {
      await page.open(`v=1&${claim}`);
      await page.press('#run');
      await page.is('#claim', 'data-outcome', 'bits');
      expect(THREADS.test(await page.attribute('#device-button', 'title')), claim).toBe(host.isolated);
    }
  });
}

test.describe('a system whose language is none', () => {
  test.use({ environment: { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' } });

  test('opens in English', async ({ page }) => {
    await page.open(SMALL);
    await page.is('html', 'lang', 'en');
  });
});

test.describe('a browser that shares no memory with workers', () => {
  test.use({ environment: { JSC_useSharedArrayBuffer: '0' } });

  test('says from the start on how many threads it trains', async ({ page }) => {
    await page.open(SMALL);
    const shared = await page.ask(() => 'SharedArrayBuffer' in globalThis);
    await expect.poll(async () => THREADS.test(await page.attribute('#device-button', 'title'))).toBe(shared);
    await page.run();
    expect(THREADS.test(await page.attribute('#device-button', 'title'))).toBe(shared);
  });
});
