// The bundle on a plain web host: under a sub-path, offline, after an update, and as others show its links.
import { cp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BUNDLE, beKept, haveKept, lie, test } from './packed.mjs';
import { SMALL, expect, open, run } from './page.mjs';

/** The folder of the release that a bundle is. @param {string} folder */
const releaseOf = async (folder) => (await readdir(path.join(folder, 'v')))[0];

/** Where a file of the bundle is. @param {string} folder @param {string} end */
async function fileOf(folder, end) {
  const names = await readdir(folder, { recursive: true });
  return path.join(folder, names.find((name) => name.endsWith(end)));
}

test('under a sub-path it trains, from names that change with what is in them', async ({ page, host }) => {
  await open(page, SMALL);
  await run(page);
  await beKept(page);
  const stable = ['', 'service-worker.js', 'builder.html', 'check.html', 'teaching.html', '404.html'];
  const others = host.asked.filter((name) => !stable.includes(name) && !/^(v|data)\/[0-9a-f]{12}\//.test(name));
  expect(others).toEqual([]);
  expect(host.asked.some((name) => name.endsWith('pkg/cpu/cpu_bg.wasm'))).toBe(true);
  // Threads are for those who get them.
  expect(host.asked.filter((name) => name.includes('pkg/threads/'))).toEqual([]);
});

test('the browser is told of every module before it comes upon it', async ({ page }) => {
  await open(page);
  // What only workers load (their scripts, and those of the page's that they use, which are in its joined script too) may have come by now.
  const unhinted = await page.evaluate(() => {
    const told = [...document.querySelectorAll('link[rel="modulepreload"], script[src]')].map((element) => element.href || element.src);
    return performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js') && !told.includes(name) && !/\/worker\/|\/app\/(base\/(arrival|fetch|in-time|is-problem|read-back)|place)\.js$|service-worker\.js$/.test(name));
  });
  expect(unhinted).toEqual([]);
});

test('its own policy refuses what a page of this kind never needs', async ({ context, host }) => {
  const page = await context.newPage();
  await page.goto(host.url);
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  const refused = await page.evaluate(() => new Promise((resolve) => {
    const list = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
      list.push(effectiveDirective);
      if (list.length === 2) resolve(list.sort());
    });
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    document.head.append(script);
    fetch('https://elsewhere.invalid/').catch(() => {});
  }));
  expect(refused).toEqual(['connect-src', 'script-src-elem']);
  expect(await page.title()).not.toBe('taken over');
});

test('after one visit it opens and trains without a network', async ({ page, host }) => {
  await open(page, SMALL);
  await run(page);
  await haveKept(page, host);
  await host.stop();
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await run(page);
});

test('a service worker whose storage never answers costs a page ten seconds once, not at each of its files', async ({ page, host }) => {
  const script = await readFile(path.join(host.folder, 'service-worker.js'), 'utf8');
  // Silent once it is told so: whatever is asked of what is kept.
  lie(host, (file) => (file.endsWith('service-worker.js') ? `let silent = false;
    self.addEventListener('message', () => { silent = true; });
    for (const ask of ['open', 'match', 'keys', 'delete']) {
      const asked = caches[ask].bind(caches);
      caches[ask] = (...of) => (silent ? new Promise(() => {}) : asked(...of));
    }
    ${script}` : undefined), 'text/javascript');
  await open(page, SMALL);
  await haveKept(page, host);
  await page.evaluate(() => navigator.serviceWorker.controller.postMessage('be silent'));
  const asked = Date.now();
  await page.reload({ timeout: 60_000 });
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready', { timeout: 60_000 });
  const waited = Date.now() - asked;
  test.info().annotations.push({ type: 'shows its images after', description: `${waited} ms` });
  expect(waited).toBeGreaterThan(9_000);
  expect(waited).toBeLessThan(29_000);
  await run(page);
});

test('a new release is there at the next visit, also without a network, and the old one goes', async ({ page, host }, { outputDir }) => {
  const [first, ...later] = [await releaseOf(BUNDLE), '0123456789ab', 'ba9876543210'];
  await page.goto('./');
  await beKept(page);
  let before = first;
  for (const release of later) {
    const folder = path.join(outputDir, release);
    await cp(host.folder, folder, { recursive: true });
    await rename(path.join(folder, 'v', before), path.join(folder, 'v', release));
    for (const name of ['index.html', 'builder.html', 'check.html', 'teaching.html', '404.html', 'service-worker.js']) {
      const file = path.join(folder, name);
      await writeFile(file, (await readFile(file, 'utf8')).replaceAll(before, release));
    }
    host.folder = folder;
    await page.reload();
    await expect(page.locator('script[src$="app/main.js"]')).toHaveAttribute('src', new RegExp(release));
    await expect.poll(() => page.evaluate(async (name) => {
      const known = await navigator.serviceWorker.getRegistration();
      return known?.active?.state === 'activated' && !known.installing && !known.waiting && (await caches.keys()).some((key) => key.endsWith(name));
    }, release)).toBe(true);
    before = release;
  }
  await expect.poll(async () => (await page.evaluate(() => caches.keys())).map((name) => name.split(' ').at(-1)).sort()).toEqual([...later, 'data'].sort());
  await host.stop();
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await expect(page.locator('script[src$="app/main.js"]')).toHaveAttribute('src', new RegExp(before));
  for (const release of later) await rm(path.join(outputDir, release), { recursive: true });
});

test('a link to a lab shows what it asks, and opens it', async ({ page, host }) => {
  const answer = await page.request.get('lab/residual/');
  const html = await answer.text();
  const tag = (name) => new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)"`).exec(html)?.[1];
  expect(tag('og:title')).toBe('ResNet: why do residual connections help?');
  expect(tag('description')).toContain('CIFAR-10');
  expect(tag('twitter:card')).toBe('summary_large_image');
  const picture = await page.request.get(new URL(tag('og:image'), `${host.url}lab/residual/`).href);
  expect(picture.status()).toBe(200);

  await page.goto('lab/pixel-shuffle/#budget=quick');
  await expect(page.locator('#lab-question')).toHaveText('Why do vision tasks use convolutions?');
  await expect(page).toHaveURL((url) => url.href.startsWith(`${host.url}#v=1&`) && url.hash.includes('budget=quick') && url.hash.includes('lab=pixel-shuffle'));
  await page.goto('zh-CN/lab/pixel-shuffle/');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.locator('#lab')).toBeVisible();
});

const LOGIN = '<!doctype html><title>Log in</title><form><input name="user"></form>';
/** How many answers the page's service worker has kept that end so. */
const keptOf = (page, end) => page.evaluate(async (end) => {
  const names = await caches.keys();
  const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return requests.flat().filter(({ url }) => url.endsWith(end)).length;
}, end);

test.describe('what a service worker keeps', () => {
  test.use({ expected: /Failed to load|Failed to fetch|ERR_|MIME|QuotaExceeded|WebAssembly|instantiate|magic|Unexpected|JSON/ });

  test('no half of a file, and no login page: of modules and of data', async ({ page, host }) => {
    await page.goto('./');
    await beKept(page);
    const pass = async (part, body, type) => {
      const honest = lie(host, (file) => (file.endsWith(part) ? body : undefined), type);
      const length = await page.evaluate(async (part) => {
        const [code] = [...document.querySelectorAll('script[src*="v/"]')].map(({ src }) => src.replace(/(v\/[0-9a-f]+\/).*/, '$1'));
        const [data] = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.includes('/data/')).map((name) => name.replace(/[^/]*$/, ''));
        return (await (await fetch(new URL(part, part.startsWith('pkg') ? code : data))).arrayBuffer()).byteLength;
      }, part);
      honest();
      return length;
    };
    for (const part of ['pkg/threads/threads.js', 'train-02.png']) {
      const whole = await readFile(await fileOf(host.folder, part));
      // Each is passed on as it came, since the page has to see it, and is asked for anew.
      expect(await pass(part, LOGIN)).toBe(LOGIN.length);
      expect(await pass(part, whole.subarray(0, whole.length / 2), 'application/octet-stream')).toBe(Math.floor(whole.length / 2));
      expect(await keptOf(page, part)).toBe(0);
      expect(await pass(part, undefined)).toBe(whole.length);
      await expect.poll(() => keptOf(page, part)).toBe(1);
    }
  });

  test('what turned out to be wrong is fetched anew past all caches, and replaced', async ({ page, host }) => {
    await page.goto('./');
    await beKept(page);
    const sizes = await page.evaluate(async () => {
      const name = performance.getEntriesByType('resource').map(({ name }) => name).find((name) => name.endsWith('train-00.png'));
      const cache = await caches.open((await caches.keys()).find((name) => name.endsWith(' data')));
      await cache.put(name, new Response(new Uint8Array(7)));
      const size = async (options) => (await (await fetch(name, options)).arrayBuffer()).byteLength;
      return [await size(), await size({ cache: 'reload' })];
    });
    expect(sizes[0]).toBe(7);
    expect(sizes[1]).toBeGreaterThan(1000);
    await expect.poll(() => page.evaluate(async () => {
      const name = performance.getEntriesByType('resource').map(({ name }) => name).find((name) => name.endsWith('train-00.png'));
      return (await (await fetch(name)).arrayBuffer()).byteLength;
    })).toBe(sizes[1]);
  });

  test('nothing, where there is no room; and the page goes on', async ({ page, host, context }) => {
    await open(page, SMALL);
    await beKept(page);
    const session = await context.newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.url).origin, quotaSize: 1 });
    const answers = await page.evaluate(async () => {
      const name = performance.getEntriesByType('resource').map(({ name }) => name).find((name) => name.endsWith('train-00.png'));
      const lengths = [];
      for (const file of ['train-03.png', 'train-04.png', 'test-01.png']) lengths.push((await (await fetch(new URL(file, name))).arrayBuffer()).byteLength);
      return lengths;
    });
    expect(answers.every((length) => length > 1000)).toBe(true);
    for (const file of ['train-03.png', 'train-04.png', 'test-01.png']) expect(await keptOf(page, file)).toBe(0);
    await page.reload();
    await run(page);
  });

  test('nothing, if the session at a proxy ends while it begins', async ({ page, host }) => {
    // The page itself came before.
    let pages = 0;
    const honest = lie(host, (file) => {
      if (!/(index|builder|check)\.html$/.test(file)) return undefined;
      pages += 1;
      return pages > 1 ? LOGIN : undefined;
    });
    await page.goto('./');
    const state = await page.evaluate(async () => {
      const { installing, waiting, active } = await navigator.serviceWorker.register('service-worker.js');
      const worker = installing ?? waiting ?? active;
      return new Promise((resolve) => {
        const look = () => { if (['activated', 'redundant'].includes(worker.state)) resolve(worker.state); };
        worker.addEventListener('statechange', look);
        look();
      });
    });
    expect(state).toBe('redundant');
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBe(null);
    honest();
    await page.reload();
    await beKept(page);
    await host.stop();
    await page.reload();
    await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  });
});

test.describe('at addresses that are none', () => {
  test.use({ expected: /404/ });

  test('a link whose # was encoded on its way opens its experiment; any other address that is none says so', async ({ page, host }) => {
    for (const way of ['%23v=1&net=lenet&seed=7', '%23v%3D1%26net%3Dlenet%26seed%3D7', 'index.html%23v=1&net=lenet&seed=7']) {
      await page.goto(host.url + way);
      await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
      await expect(page.locator('#field-net')).toHaveValue('lenet');
      await expect(page.locator('#field-seed')).toHaveValue('7');
      await expect(page.locator('.message')).toHaveCount(0);
    }
    await page.goto(`${host.url}bulider.html`);
    await expect(page.getByText('There is no page at this address.')).toBeVisible();
    await page.getByRole('link', { name: 'Open the playground' }).click();
    await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
  });
});
