// The element for course pages: lazy, commanded by methods, and cheap when there are ten of it.
import { test as base, expect } from '@playwright/test';
import { Course } from './course.mjs';
import { SMALL } from './page.mjs';
import { running } from './server.mjs';

const test = base.extend({
  course: running(() => new Course()),
  page: async ({ page }, use) => {
    const wrong = [];
    page.on('console', (message) => { if (message.type() === 'error') wrong.push(message.text()); });
    page.on('pageerror', (error) => wrong.push(String(error)));
    await use(page);
    expect(wrong).toEqual([]);
  },
});

test.describe.configure({ timeout: 300_000 });

const SMALLEST = 'train="640" test="100" epochs="1" batch="16"';

/** The element is a picture until it is near the screen; its words are a link where there are no scripts. */
const element = (baseURL, attributes) => `<cnn-playground ${attributes}><a href="${baseURL}#${SMALL}">A small network</a></cnn-playground>`;
const script = (baseURL) => `<script src="${baseURL}embed.js" defer></script>`;

test('attributes, methods and events', async ({ page, course, baseURL }) => {
  await page.goto(course.write(`${script(baseURL)}${element(baseURL, `${SMALLEST} permute="fixed" hide="optimizer" theme="dark"`)}`));
  const playground = page.locator('cnn-playground');
  await page.waitForFunction(() => document.querySelector('cnn-playground').state !== null);
  expect(await playground.evaluate((one) => one.link)).toBe('v=1&train=640&test=100&epochs=1&batch=16&permute=fixed&hide=optimizer&theme=dark');
  await expect(page.frameLocator('iframe').getByRole('radio', { name: 'Fixed' })).toBeChecked();
  await expect(page.frameLocator('iframe').locator('[data-group="optimizer"]')).toBeHidden();
  expect(await playground.locator('iframe').getAttribute('title')).toBe('A small network');
  const told = await playground.evaluate(async (one) => {
    const seen = [];
    for (const type of ['state', 'step', 'epoch', 'finished']) one.addEventListener(type, ({ detail }) => seen.push(detail.type));
    const finished = new Promise((resolve) => one.addEventListener('finished', ({ detail }) => resolve(detail.run), { once: true }));
    await one.run();
    return { run: await finished, seen: [...new Set(seen)].sort() };
  });
  expect(told.run).toMatchObject({ state: 'done', steps: 40, step: 40 });
  expect(told.seen).toEqual(expect.arrayContaining(['epoch', 'finished', 'state']));

  const state = await playground.evaluate((one) => one.getState());
  expect(state.runs).toBe(1);
  expect((await playground.evaluate((one) => one.setState({ choices: { permute: 'off' } }))).choices.permute).toBe(undefined);
  expect((await playground.evaluate((one, state) => one.setState(state), state)).choices.permute).toBe('fixed');
  await playground.evaluate((one) => one.setAttribute('permute', 'per-image'));
  await page.waitForFunction(() => document.querySelector('cnn-playground').state.choices.permute === 'per-image');
  expect((await playground.evaluate((one) => one.reset())).phase).toBe('idle');
  expect(await playground.evaluate((one) => one.setState({ choices: { lr: {} } }).catch((fault) => fault))).toMatchObject({ code: 'shape', path: 'choices.lr' });

  // A height of its own cuts the page off, the one that the page asks for does not.
  const cut = () => page.frame({ url: (url) => url.href.startsWith(baseURL) }).evaluate(() => document.documentElement.scrollHeight > innerHeight);
  await playground.evaluate((one) => one.setAttribute('height', '240'));
  await expect(playground).toHaveJSProperty('offsetHeight', 240);
  await expect.poll(cut).toBe(true);
  await playground.evaluate((one) => one.setAttribute('height', 'auto'));
  await expect.poll(cut).toBe(false);
  expect(await playground.evaluate((one) => one.offsetHeight)).toBeGreaterThan(240);
});

test('what changes while the frame is on its way is not lost', async ({ page, course, baseURL }) => {
  await page.goto(course.write(`${script(baseURL)}${element(baseURL, `${SMALLEST} start="click"`)}`));
  const choices = await page.locator('cnn-playground').evaluate(async (one) => {
    const coming = one.load();
    one.setAttribute('permute', 'fixed');
    await coming;
    return new Promise((resolve) => one.addEventListener('state', ({ detail }) => resolve(detail.state.choices)));
  });
  expect(choices.permute).toBe('fixed');
});

test('without scripts it is a link', async ({ browser, course, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(course.write(`${script(baseURL)}${element(baseURL, SMALLEST)}`));
  await expect(page.getByRole('link', { name: 'A small network' })).toHaveAttribute('href', `${baseURL}#${SMALL}`);
  await context.close();
});

test('ten on one page: pictures where nobody looks, a worker only where one trains', { tag: '@alone' }, async ({ page, course, baseURL }) => {
  let most = 0;
  page.on('worker', () => { most = Math.max(most, page.workers().length); });
  const ten = Array.from({ length: 10 }, (_, at) => element(baseURL, `${SMALLEST} seed="${at + 1}" id="p${at}" style="margin-bottom: 24px"`));
  const lesson = course.write(`${script(baseURL)}${ten.join('')}`);
  const began = Date.now();
  await page.goto(lesson);
  const loaded = Date.now() - began;
  await page.waitForFunction(() => document.querySelector('#p0').state !== null);
  const ready = Date.now() - began;
  const count = () => page.evaluate(() => [...document.querySelectorAll('cnn-playground')].filter((one) => one.loaded).length);
  expect(await count()).toBeLessThanOrEqual(3);
  expect(page.workers()).toHaveLength(0);
  await expect(page.locator('#p9').getByRole('button', { name: 'A small network' })).toBeAttached();

  // Frames that nobody has touched give way to those that are looked at.
  for (let at = 0; at < 10; at += 1) {
    await page.locator(`#p${at}`).scrollIntoViewIfNeeded();
    await page.waitForFunction((at) => document.querySelector(`#p${at}`).state !== null, at);
    expect(await count()).toBeLessThanOrEqual(4);
  }
  expect(page.workers()).toHaveLength(0);

  // Two at once.
  await page.locator('#p0').scrollIntoViewIfNeeded();
  const [first, second] = await page.evaluate(() => Promise.all(['#p0', '#p1'].map((name) => {
    const one = document.querySelector(name);
    const done = new Promise((resolve) => one.addEventListener('finished', ({ detail }) => resolve(detail.run), { once: true }));
    return one.setState({ choices: { train: 6000 } }).then(() => one.run()).then(() => done);
  })));
  for (const run of [first, second]) expect(run).toMatchObject({ state: 'done', problem: null });
  // The training of two, at the most with the one that looks inside each.
  expect(most).toBeLessThanOrEqual(4);
  // Off the screen, both give their workers up; what was made stays.
  await page.locator('#p9').scrollIntoViewIfNeeded();
  await expect.poll(() => page.workers().length).toBe(0);
  expect((await page.locator('#p0').evaluate((one) => one.getState())).runs).toBe(1);
  const bytes = await page.evaluate(async () => (performance.memory?.usedJSHeapSize ?? 0));
  console.log(`ten embeds: page loaded in ${loaded} ms, the first one ready after ${ready} ms, at most ${most} workers, ${(bytes / 1e6).toFixed(0)} MB of heap`);
});

test('a press on the picture brings the frame', async ({ page, course, baseURL }) => {
  const four = Array.from({ length: 6 }, () => element(baseURL, `${SMALLEST} style="height: 120px"`)).join('');
  await page.goto(course.write(`${script(baseURL)}${four}`));
  await page.waitForFunction(() => [...document.querySelectorAll('cnn-playground')].filter((one) => one.state !== null).length === 4);
  const waiting = page.locator('cnn-playground').nth(5);
  await waiting.getByRole('button').click();
  await expect.poll(() => waiting.evaluate((one) => one.state?.phase)).toBe('idle');
});

test('an address without a playground says so, and the picture is back', async ({ page, course, baseURL }) => {
  // No time to wait for a playground as long as the element does.
  await page.addInitScript(() => {
    const wait = setTimeout;
    Object.assign(window, { setTimeout: (act, time) => wait(act, Math.min(time, 1000)) });
  });
  const elsewhere = course.write('No playground here', 'elsewhere');
  await page.goto(course.write(`${script(baseURL)}<cnn-playground src="${elsewhere}"><a href="${elsewhere}">Nothing</a></cnn-playground>`));
  const playground = page.locator('cnn-playground');
  const failed = playground.evaluate((one) => Promise.all([
    new Promise((resolve) => one.addEventListener('error', ({ detail }) => resolve(detail.code), { once: true })),
    one.run().catch((fault) => fault.code),
  ]));
  await expect(playground.locator('iframe')).toBeAttached();
  expect(await failed).toEqual(['no-answer', 'no-answer']);
  expect(await playground.evaluate((one) => one.loaded)).toBe(false);
  await expect(playground.getByRole('button', { name: 'Nothing' })).toBeVisible();
});

test.describe('what the page around it hands on from its readers', () => {
  // The element alone: no playground has to be built for these.
  const place = (course, baseURL, attributes = '') => course.write(`${script(baseURL)}<cnn-playground start="click" style="margin-top: 5000px" ${attributes}></cnn-playground>`);

  test('a link becomes no handler, and nothing else than parameters', async ({ page, course, baseURL }) => {
    await page.goto(place(course, baseURL));
    const found = await page.locator('cnn-playground').evaluate((one) => {
      // Every handler that this browser knows, of whatever element.
      const kinds = [window, ...Object.getOwnPropertyNames(window).map((name) => window[name]?.prototype)];
      const chain = (from) => (from ? [from, ...chain(Object.getPrototypeOf(from))] : []);
      const names = kinds.flatMap(chain).flatMap((kind) => Object.getOwnPropertyNames(kind)).filter((name) => /^on[a-z]+$/.test(name));
      const handlers = [...new Set([...names, 'onbegin', 'onunknown'])];
      const others = ['src', 'srcdoc', 'style', 'is', 'id', 'class', 'slot', 'part', 'title', 'href', 'sandbox', 'poster', 'height', 'hidden', 'popover', 'v', 'unknown'];
      const before = one.getAttributeNames();
      for (const name of [...handlers, ...others]) one.link = `#v=1&net=lenet&${name}=${encodeURIComponent('window.hit = 1')}`;
      one.link = `#v=1&net=lenet&${[...handlers, ...others].map((name) => `${name}=window.hit=1`).join('&')}`;
      for (const name of handlers) one.dispatchEvent(new Event(name.slice(2)));
      return { handlers, added: one.getAttributeNames().filter((name) => !before.includes(name)), link: one.link, hit: window.hit, style: one.getAttribute('style') };
    });
    expect(found.handlers).toEqual(expect.arrayContaining(['onclick', 'onpointerenter', 'onfocus', 'onload', 'onerror', 'onanimationstart', 'onbeforeunload']));
    expect(found.handlers.length).toBeGreaterThan(100);
    expect(found).toMatchObject({ added: ['net'], link: 'v=1&net=lenet', hit: undefined, style: 'margin-top: 5000px' });
  });

  test('only http: and https: are loaded', async ({ page, course, baseURL }) => {
    await page.goto(place(course, baseURL));
    const code = 'top.hit = 1; parent.hit = 1';
    const html = `<script>${code}</script>`;
    const wrong = [
      `javascript:${code}`, `JaVaScRiPt:${code}`, `  javascript:${code}`, `\tjava\nscr\ript:${code}`, `\u0000\u0001 javascript:${code}`, `javascript://%0a${code}`,
      `data:text/html,${html}`, `DATA:text/html;base64,${btoa(html)}`, ` data:text/html,${html}`, 'blob:', 'vbscript:msgbox(1)', 'file:///etc/passwd',
      'FILE:/etc/passwd', 'about:blank', 'about:srcdoc', 'filesystem:x', 'view-source:http://a/', 'mailto:a@b', 'ws://a/', 'http://', 'http://[', 'https://a:999999/', '//',
    ];
    const found = await page.locator('cnn-playground').evaluate(async (one, wrong) => {
      const urls = [...wrong, URL.createObjectURL(new Blob(['<script>top.hit = 1</' + 'script>'], { type: 'text/html' }))];
      const heard = [];
      one.addEventListener('error', ({ detail }) => heard.push(detail.code));
      const loaded = [];
      for (const src of urls) {
        one.src = src;
        const answer = await one.load().then(() => 'loaded', ({ code }) => code);
        if (answer !== 'no-address' || one.loaded) loaded.push(src);
        one.unload();
      }
      return { loaded, heard: heard.filter((code) => code === 'no-address').length };
    }, wrong);
    expect(found).toEqual({ loaded: [], heard: wrong.length + 1 });
    expect(await page.evaluate(() => window.hit)).toBe(undefined);
  });

  /** What is in the frame of these: it speaks the protocol, and goes away when it is told to run or to pause. */
  const STUB = `<script>
    parent.postMessage({ playground: 1, type: 'hello' }, '*');
    const state = { phase: 'idle', runs: 0, link: '', lab: null };
    onmessage = ({ ports: [port] }) => {
      port.postMessage({ type: 'ready', protocol: 1, state });
      port.onmessage = ({ data: { id, type } }) => {
        if (type === 'run') location.reload();
        else if (type === 'pause') location.replace('elsewhere');
        else port.postMessage({ type: 'answer', id, state, problems: [] });
      };
    };
  </script>`;

  test('an address that is none keeps no other element from loading', async ({ page, course, baseURL }) => {
    const stub = course.write(STUB, 'stub');
    const one = (src) => `<cnn-playground src="${src}" start="now" poster="http://["></cnn-playground>`;
    await page.goto(course.write(`${script(baseURL)}${['http://[', stub, 'javascript:0', ` ${stub.replace('http', 'HTTP')}`].map(one).join('')}`));
    await page.waitForFunction(() => [...document.querySelectorAll('cnn-playground')].filter(({ state }) => state).length === 2);
    expect(await page.evaluate(() => [...document.querySelectorAll('cnn-playground')].map(({ loaded }) => loaded))).toEqual([false, true, false, true]);
  });

  test('what was asked of a frame that was loaded anew, or left, does not hang', async ({ page, course, baseURL }) => {
    await page.addInitScript(() => {
      const wait = setTimeout;
      Object.assign(window, { setTimeout: (act, time) => wait(act, Math.min(time, 1000)) });
    });
    course.write('No playground here', 'elsewhere');
    await page.goto(course.write(`${script(baseURL)}<cnn-playground src="${course.write(STUB, 'stub')}"></cnn-playground>`));
    const playground = page.locator('cnn-playground');
    expect(await playground.evaluate((one) => one.load().then(() => one.run()).catch(({ code }) => code))).toBe('no-answer');
    expect(await playground.evaluate((one) => one.getState())).toMatchObject({ phase: 'idle' });
    expect(await playground.evaluate((one) => one.pause().catch(({ code }) => code))).toBe('no-answer');
    expect(await playground.evaluate((one) => one.loaded)).toBe(false);
  });
});
