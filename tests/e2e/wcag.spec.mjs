// Criteria of WCAG 2.2 AA that axe cannot see and no other test looks at (docs/accessibility.md names the test of each).
import { AxeBuilder } from '@axe-core/playwright';
import { SMALL, expect, open, run, test } from './page.mjs';

/** What a person gets to see, each with what opens it. */
const VIEWS = {
  'the page, with a run': async (page) => {
    await open(page, `${SMALL}&net=resnet`);
    for (const group of await page.locator('.group summary').all()) await group.click();
    await run(page);
  },
  'the calculator': async (page) => {
    await open(page, SMALL);
    await page.locator('#calculator-button').click();
  },
  'a lab': async (page) => open(page, 'v=1&lab=inception'),
  'the list of labs': async (page) => {
    await open(page, SMALL);
    await page.locator('#labs-button').click();
  },
  'looking inside': async (page) => {
    await open(page, SMALL);
    await run(page);
    await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
    await expect(page.locator('#inside [aria-busy="true"]')).toHaveCount(0);
  },
  'sharing': async (page) => {
    await open(page, SMALL);
    await page.locator('#share-button').click();
  },
  'a network of one’s own': async (page) => open(page, 'v=1&net=own&layers=conv8,relu,add(conv8),gap,fc'),
  'the builder': async (page) => {
    await page.goto('builder.html#v=1&net=resnet');
    await expect(page.frameLocator('#live iframe').locator('#page')).toHaveAttribute('aria-busy', 'false');
  },
  'checking links': async (page) => {
    await page.goto('check.html');
    await page.locator('#paste').fill(`Ann #${SMALL}&result=0.5,0.7,40,0123456789abcdef,0.1.0,cpu\nBob #v=1`);
    await expect(page.locator('#links tbody tr')).toHaveCount(2);
  },
  'the notes for teachers': async (page) => {
    await page.goto('teaching.html');
    await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  },
};

/** Texts that are cut off, and have no other place where they are whole; what may be scrolled is not cut off. */
const cutOff = (page) => page.evaluate(() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.parentElement;
    if (!node.data.trim() || !at || !at.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || at.closest('.unseen, option, svg, [aria-hidden="true"], .not-started')) continue;
    // What only a screen reader gets.
    if (at.offsetWidth <= 1 && at.offsetHeight <= 1) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const { left, right, top, bottom, width } = range.getBoundingClientRect();
    if (width === 0) continue;
    for (let box = at; box && box !== document.body; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      const edge = box.getBoundingClientRect();
      const cutX = ['hidden', 'clip'].includes(overflowX) && (right > edge.right + 2 || left < edge.left - 2);
      const cutY = ['hidden', 'clip'].includes(overflowY) && (bottom > edge.bottom + 3 || top < edge.top - 3);
      if ((cutX || cutY) && !box.title && !at.title) found.push(`${box.tagName}.${box.className}: ${node.data.trim().slice(0, 40)}`);
      if (['auto', 'scroll'].includes(overflowX) || ['auto', 'scroll'].includes(overflowY)) break;
    }
  }
  return [...new Set(found)];
});

/** Pixels that the page, or the dialog that is open, is wider than its window. */
const sideways = (page) => page.evaluate(() => Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('dialog[open]')].map((one) => one.scrollWidth - one.clientWidth)));

for (const [view, show] of Object.entries(VIEWS)) {
  test(`1.4.10 reflow, ${view}: at 400 % nothing has to be scrolled sideways, and no text is cut off`, async ({ page }) => {
    // A window of 1280 by 1024 pixels at 400 %.
    await page.setViewportSize({ width: 320, height: 256 });
    await show(page);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    expect(await cutOff(page)).toEqual([]);
  });

  test(`1.4.4 resize text, ${view}: letters of twice the size are not cut off`, async ({ page }) => {
    // As a person sets it in the browser.
    await (await page.context().newCDPSession(page)).send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
    await show(page);
    expect(await cutOff(page)).toEqual([]);
  });

  test(`1.4.12 text spacing, ${view}: no text is cut off where a person spaces it out`, async ({ page }) => {
    await show(page);
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }');
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    });
    expect(await cutOff(page)).toEqual([]);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
  });

  test(`2.5.8 target size, ${view}: what is pressed is 24 pixels each way, or has so much room, or stands in a sentence`, async ({ page }) => {
    await show(page);
    const small = await page.evaluate(() => {
      const all = [...document.querySelectorAll('button, a[href], input:not([type="hidden"]), select, summary, textarea, [role="button"], [role="tab"], [tabindex="0"]')]
        .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !one.disabled)
        .map((one) => (one.matches('input') && one.labels?.[0]?.contains(one) ? one.labels[0] : one))
        .filter((one) => !one.closest('.unseen'));
      const dialog = document.querySelector('dialog[open]');
      const targets = [...new Set(all)].filter((one) => !dialog || dialog.contains(one)).map((one) => ({ one, box: one.getBoundingClientRect() })).filter(({ box }) => box.width > 0);
      const centre = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
      return targets.flatMap(({ one, box }) => {
        if (Math.min(box.width, box.height) >= 23.5) return [];
        // In a sentence, the height of the line decides.
        if (getComputedStyle(one).display.startsWith('inline') && one.parentElement.textContent.trim() !== one.textContent.trim()) return [];
        const [x, y] = centre(box);
        const near = targets.filter((other) => other.one !== one && !other.one.contains(one) && !one.contains(other.one)).filter((other) => {
          const [dx, dy] = [Math.max(other.box.left - x, 0, x - other.box.right), Math.max(other.box.top - y, 0, y - other.box.bottom)];
          return Math.hypot(dx, dy) < 12;
        });
        return near.length ? [`${one.outerHTML.slice(0, 80)} ${Math.round(box.width)}×${Math.round(box.height)} beside ${near[0].one.outerHTML.slice(0, 60)}`] : [];
      });
    });
    expect(small).toEqual([]);
  });

  test(`2.5.3 label in name, 1.3.1 and 2.4.6, ${view}: what is read out begins with what is seen; headings go down by one`, async ({ page }) => {
    await show(page);
    const { violations } = await new AxeBuilder({ page }).withRules(['label-content-name-mismatch', 'heading-order', 'page-has-heading-one', 'empty-heading', 'landmark-one-main', 'region', 'bypass', 'document-title', 'html-has-lang', 'duplicate-id-aria', 'target-size', 'css-orientation-lock', 'focus-order-semantics', 'table-fake-caption', 'td-has-header']).exclude('.drawing').exclude(['iframe', '.drawing']).analyze();
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))).toEqual([]);
    // Lines of a drawing stand below each other, with no space between; what each part is called is its first one.
    const others = await page.locator('.drawing .part[aria-label]:not(.kind-sum)').evaluateAll((parts) => parts.flatMap((part) => {
      const plain = (text) => text.replaceAll(/[\s,]/g, '').toLowerCase();
      const [first] = [...part.querySelectorAll('text')].map((text) => plain(text.textContent)).filter((text) => text && !/^(gradient|stage)/.test(text));
      return first === undefined || first.split('·').every((piece) => plain(part.getAttribute('aria-label')).includes(piece)) ? [] : [`${part.getAttribute('aria-label')}: ${first}`];
    }));
    expect(others).toEqual([]);
  });
}
