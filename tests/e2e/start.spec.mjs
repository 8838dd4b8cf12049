// Parts of the page that are missing, damaged, or something else: it starts all the same, or says in words that it cannot.
import { test as base } from '@playwright/test';
import { expect, open, test } from './page.mjs';

/** What a server that lies has done with a part, as what stands for it. */
const LIES = {
  'is missing': () => ({ status: 404, body: 'not found' }),
  'came in half': async (route) => {
    const response = await route.fetch({ maxRetries: 3 });
    const body = await response.body();
    return { response, body: body.subarray(0, body.length / 2) };
  },
  'is a login page': () => ({ status: 200, contentType: 'text/html', body: '<!doctype html><title>Log in</title><form><input name="user"></form>' }),
};

/** Puts a lie in the place of a part, until the page is told the truth again. */
const lie = (page, part, kind) => page.route(part, async (route) => route.fulfill(await LIES[kind](route)));

const notStarted = (page) => page.locator('#not-started');

test('a language that is no language leaves the page in the browser\'s', async ({ page }) => {
  for (const lang of ['constructor', '__proto__', 'toString', 'valueOf-x', 'hasOwnProperty', 'x', '']) {
    await page.goto('about:blank');
    await open(page, `v=1&lang=${lang}`);
    await expect(page.locator('html'), lang).toHaveAttribute('lang', 'en');
    await expect(notStarted(page)).toBeHidden();
  }
});

test('a language is found by any way to write it', async ({ page }) => {
  for (const lang of ['zh', 'zh-cn', 'zh_CN', 'zh-Hans', 'zh-Hans-CN', 'zh-SG', 'ZH']) {
    await page.goto('about:blank');
    await open(page, `v=1&lang=${lang}`);
    await expect(page.locator('html'), lang).toHaveAttribute('lang', 'zh-CN');
  }
});

test('whatever is thrown has words', async ({ page }) => {
  await open(page);
  const texts = await page.evaluate(async () => {
    const { thrownText } = await import(new URL('app/base/i18n.js', location.href).href);
    return [{ code: 'not-a-number', field: 'lr', params: { value: 'fast' } }, new TypeError('no'), { a: 1 }, 'text', undefined].map(thrownText);
  });
  expect(texts).toEqual(['Learning rate: “fast” is not a number.', 'TypeError: no', '{"a":1}', 'text', 'undefined']);
});

for (const kind of Object.keys(LIES)) {
  base.describe(`a part of the page that ${kind}`, () => {
    base('the list of languages, or a translation: it starts in English', async ({ page }) => {
      for (const file of ['index', 'zh-CN']) {
        await lie(page, `**/locales/${file}.json`, kind);
        await page.goto('about:blank');
        await open(page, 'v=1&lang=zh-CN');
        await expect(page.locator('html')).toHaveAttribute('lang', 'en');
        await expect(page.locator('#run')).toHaveText('Run');
        await page.unroute(`**/locales/${file}.json`);
      }
    });

    for (const part of ['locales/en.json', 'app/main.js', 'app/painted.js', 'app/base/dom.js', 'app/charts/plot.js', 'vendor/uplot.js', 'pkg/core/core.js', 'pkg/core/core_bg.wasm']) {
      base(`${part}: says so, and trying again helps`, async ({ page }) => {
        await lie(page, `**/${part}`, kind);
        await page.goto('#v=1');
        await expect(notStarted(page)).toBeVisible();
        await expect(notStarted(page)).toContainText('The page could not start: a part of it is missing, or something else came in its place.');
        await expect(notStarted(page)).not.toContainText('页面');
        await expect(page.locator('.arriving')).toBeHidden();
        await page.unroute(`**/${part}`);
        await notStarted(page).getByRole('link', { name: 'Try again' }).click();
        await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
        await expect(notStarted(page)).toBeHidden();
      });
    }
  });
}

base('in the language that the link says', async ({ page }) => {
  await lie(page, '**/app/main.js', 'is missing');
  await page.goto('#v=1&lang=zh-CN');
  await expect(notStarted(page)).toContainText('页面无法启动：缺少某个部分，或者送来的不是它。');
  await expect(notStarted(page)).not.toContainText('The page');
  await expect(notStarted(page).getByRole('link', { name: '再试一次' })).toBeVisible();
});

for (const name of ['builder', 'check']) {
  base(`the page ${name}.html says so as well`, async ({ page }) => {
    await lie(page, '**/pkg/core/core_bg.wasm', 'is a login page');
    await page.goto(`${name}.html`);
    await expect(notStarted(page)).toContainText('The page could not start');
  });
}

base('an older browser is told so in its language, also where the page starts', async ({ page }) => {
  await page.addInitScript(() => { CSS.supports = () => false; });
  for (const [lang, words] of Object.entries({ en: 'This browser is older than the page needs', 'zh-CN': '此浏览器的版本过旧' })) {
    await page.goto('about:blank');
    await page.goto(`#v=1&lang=${lang}`);
    await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
    await expect(notStarted(page)).toBeVisible();
    await expect(notStarted(page)).toContainText(words);
    await expect(notStarted(page)).toContainText(/Chrome \d+, Edge \d+, Firefox \d+, Safari [\d.]+/);
    await expect(notStarted(page).locator('[data-why]:visible')).toHaveCount(1);
  }
});

base('a program that comes under another type: the type is named', async ({ page }) => {
  await page.route('**/app/main.js', async (route) => route.fulfill({ response: await route.fetch(), contentType: 'text/plain' }));
  await page.goto('#v=1');
  await expect(notStarted(page)).toContainText('files that end in .js are text/javascript');
  await expect(notStarted(page)).toContainText('app/main.js: text/plain');
});

base('opened from a disk it says what to do instead', async ({ page }) => {
  await page.goto(new URL('../../www/index.html', import.meta.url).href);
  await expect(notStarted(page)).toContainText('The page was opened from a disk');
  await expect(notStarted(page)).toContainText('python3 -m http.server');
});

base('a part that never comes: after a time, even without the script that says it', async ({ page }) => {
  await page.route('**/app/{main,not-started}.js', (route) => (route.request().url().endsWith('main.js') ? undefined : route.fulfill({ status: 404 })));
  await page.goto('./', { waitUntil: 'commit' });
  await expect(notStarted(page)).toBeAttached();
  await expect(notStarted(page)).toBeHidden();
  await page.evaluate(() => { for (const animation of document.querySelector('#not-started').getAnimations()) animation.finish(); });
  await expect(notStarted(page)).toBeVisible();
  await expect(notStarted(page)).toContainText('The page has not started yet: the connection is slow, or a part of the page never came.');
  await expect(notStarted(page).getByRole('link')).toBeVisible();
});

for (const address of ['./', 'check.html', 'builder.html', 'teaching.html']) {
  base(`${address} without its style: once it stands, nothing says that it does not`, async ({ page }) => {
    await page.route('**/style/layout.css', (route) => route.fulfill({ status: 404 }));
    await page.goto(address);
    await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
    await expect(notStarted(page)).toBeHidden();
    await expect(page.locator('.arriving')).toBeHidden();
  });
}

for (const part of ['manifest.json', 'train-00.png']) {
  for (const kind of ['came in half', 'is a login page']) {
    base(`first images whose ${part} ${kind} are fetched once more, past all that is kept`, async ({ page }) => {
      let times = 0;
      await page.addInitScript((part) => {
        const fetched = fetch;
        window.asked = [];
        window.fetch = (address, options) => {
          if (String(address).endsWith(`/mnist/${part}`)) window.asked.push(options?.cache);
          return fetched(address, options);
        };
      }, part);
      await page.route(`**/mnist/${part}`, async (route) => {
        times += 1;
        if (times > 1) await route.continue();
        else await route.fulfill(await LIES[kind](route));
      });
      await page.goto('#v=1');
      await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
      expect(await page.evaluate(() => window.asked)).toEqual(['default', 'reload']);
    });
  }
}

test('the foot of the page says whose its data sets are, and leads to the notices', async ({ page }) => {
  for (const [lang, title, maker] of [['en', 'About this playground', 'Alex Krizhevsky'], ['zh-CN', '关于本实验场', 'Alex Krizhevsky']]) {
    await page.goto('about:blank');
    await open(page, `v=1&lang=${lang}`);
    await page.getByRole('button', { name: title }).click();
    const dialog = page.getByRole('dialog', { name: title });
    await expect(dialog).toContainText(maker);
    await expect(dialog.getByRole('link')).toHaveAttribute('href', 'notices.html');
  }
  await page.goto('about:blank');
  await open(page, 'v=1&embed=1');
  await expect(page.locator('#about')).toBeHidden();
});

test('who is new begins with a lab or a pair of runs; a frame does not ask', async ({ page }) => {
  await open(page, 'v=1&device=cpu');
  const first = page.locator('.charts .first');
  await expect(first.getByRole('button')).toHaveCount(5);
  await first.getByRole('button', { name: 'Shuffled pixels' }).click();
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(2);
  await expect(page.locator('#finding')).toContainText('Shuffle pixels, Off → Fixed: test accuracy', { timeout: 120_000 });
  await expect(first).toBeHidden();
  await page.getByRole('button', { name: 'Remove all' }).click();
  await first.getByRole('button', { name: 'lab 1' }).click();
  await expect(page).toHaveURL(/lab=pixel-shuffle/);
  await page.goto('about:blank');
  await open(page, 'v=1&device=cpu&embed=1');
  await expect(page.locator('.charts .empty')).toHaveText('Press Run: the curves appear here.');
});
