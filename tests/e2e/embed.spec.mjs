// The playground within a page of another origin: what it shows, what it is told, and what it tells.
import { test as base, expect } from '@playwright/test';
import { Course, PARENT } from './course.mjs';
import { SMALL } from './page.mjs';
import { running } from './server.mjs';

/** The same link as the page writes it. */
const CANONICAL = 'v=1&train=640&test=100&batch=16&epochs=1';
const QUICK = 'v=1&lab=pixel-shuffle&budget=quick&device=cpu&embed=1';

const test = base.extend({
  course: running(() => new Course()),
  /** Errors of the page and its frames that a test expects. */
  expected: [/^$/, { option: true }],
  page: async ({ page, expected }, use) => {
    const wrong = [];
    page.on('console', (message) => { if (message.type() === 'error') wrong.push(message.text()); });
    page.on('pageerror', (error) => wrong.push(String(error)));
    await use(page);
    expect(wrong.filter((text) => !expected.test(text))).toEqual([]);
  },
});

test.describe.configure({ timeout: 300_000 });

/** Opens a lesson with one frame, and waits until it is there. */
async function lesson(page, course, src, { attributes = 'width="640" height="480"', more = '' } = {}) {
  await page.goto(course.write(`<iframe title="playground" src="${src}" ${attributes}></iframe>${PARENT}${more}`));
  await page.waitForFunction(() => of('ready').length > 0);
  return page.frameLocator('iframe');
}

const heard = (page, type) => page.evaluate((type) => of(type), type);
const ask = (page, command) => page.evaluate((command) => ask(command), command);
const waitFor = (page, type, count = 1) => page.waitForFunction(({ type, count }) => of(type).length >= count, { type, count });

test('a frame whose GPU never answers is ready all the same, and trains', async ({ page, course, baseURL }) => {
  await page.addInitScript(() => { GPU.prototype.requestAdapter = () => new Promise(() => {}); });
  await lesson(page, course, `${baseURL}#${SMALL}&embed=1`);
  expect(await heard(page, 'ready')).toMatchObject([{ protocol: 1, abilities: { webgpu: false } }]);
  expect(await ask(page, { type: 'run' })).toMatchObject({ type: 'answer' });
  await waitFor(page, 'finished');
});

test('a frame keeps its runs when the page around it changes its language', async ({ page, course, baseURL }) => {
  const frame = await lesson(page, course, `${baseURL}#${SMALL}&embed=1`);
  await ask(page, { type: 'run' });
  await waitFor(page, 'finished');
  await ask(page, { type: 'set', link: `v=1&train=640&test=100&batch=16&epochs=2&lang=zh-CN` });
  await waitFor(page, 'ready', 2);
  await expect(frame.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect.poll(async () => (await ask(page, { type: 'get' })).state.runs).toBe(1);
});

test('handshake, commands and events of a run', async ({ page, course, baseURL }) => {
  const frame = await lesson(page, course, `${baseURL}#v=1&train=20000&test=500&epochs=2&batch=16&embed=1`);
  const [ready] = await heard(page, 'ready');
  expect(ready).toMatchObject({ protocol: 1, state: { phase: 'idle', run: null, runs: 0, lab: null, choices: { train: 20000 } }, abilities: { origin: true, storage: true } });
  expect(await page.evaluate(() => around[0])).toEqual({ origin: new URL(baseURL).origin, data: { playground: 1, type: 'hello' } });

  const set = await ask(page, { type: 'set', choices: { permute: 'fixed', train: 640 } });
  expect(set).toMatchObject({ type: 'answer', problems: [], state: { choices: { permute: 'fixed', train: 640, batch: 16 } } });
  await expect(frame.getByRole('radio', { name: 'Fixed' })).toBeChecked();
  await waitFor(page, 'state');
  const refused = await ask(page, { type: 'set', choices: { lr: 'fast', seed: 7 } });
  expect(refused.problems).toMatchObject([{ code: 'not-a-number', field: 'lr' }]);
  expect(refused.state.choices).toMatchObject({ permute: 'fixed', seed: 7 });
  const opened = await ask(page, { type: 'set', link: '#v=1&train=30000&test=300&batch=16&colour=red&theme=dark' });
  expect(opened.problems).toMatchObject([{ code: 'unknown-parameter' }]);
  expect(opened.state.link).toBe('v=1&train=30000&test=300&batch=16&theme=dark&embed=1');
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark');

  expect(await ask(page, { type: 'run' })).toMatchObject({ type: 'answer' });
  await waitFor(page, 'step', 3);
  const paused = await ask(page, { type: 'pause' });
  expect(paused.type).toBe('answer');
  await expect(frame.locator('#run-state')).toHaveText('Paused');
  const at = (await ask(page, { type: 'get' })).state;
  expect(at.phase).toBe('paused');
  expect(at.run.step).toBeGreaterThan(0);
  await ask(page, { type: 'run' });
  await page.waitForFunction((step) => of('step').at(-1).run.step > step, at.run.step);
  expect((await ask(page, { type: 'reset' })).state).toMatchObject({ phase: 'idle', run: null });
  expect(await heard(page, 'finished')).toEqual([]);

  await ask(page, { type: 'set', link: SMALL.replace('epochs=1', 'epochs=2') });
  await ask(page, { type: 'run' });
  await waitFor(page, 'finished');
  const [{ run }] = await heard(page, 'finished');
  expect(run).toMatchObject({ state: 'done', step: 80, steps: 80, epoch: 2, epochs: 2, samples: 1280, device: 'cpu', problem: null, test: { step: 80, images: 100 } });
  expect(run.test.accuracy).toBeGreaterThan(0.2);
  expect(run.loss).toBeLessThan(2.3);
  expect((await heard(page, 'epoch')).filter((epoch) => epoch.run.number === run.number).map((epoch) => epoch.run.test.step)).toEqual([40, 80]);
  // Of steps and states, at most four in any second.
  for (const type of ['step', 'state']) {
    const times = (await heard(page, type)).map((message) => message.at);
    expect(Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 950).length)), type).toBeLessThanOrEqual(4);
  }
  expect(await page.evaluate(() => history.length)).toBe(2);
});

test('what is wrong with its link the page around hears, also where messages are hidden', async ({ page, course, baseURL }) => {
  await lesson(page, course, `${baseURL}#${SMALL}&embed=1&hide=messages&net=resnext`);
  await waitFor(page, 'error');
  expect(await heard(page, 'error')).toMatchObject([{ code: 'problem', problem: { code: 'unknown-choice', field: 'net', params: { value: 'resnext' } } }]);
});

test('a lab tells the prediction, and what came out', async ({ page, course, baseURL }) => {
  const frame = await lesson(page, course, `${baseURL}#${QUICK}`);
  expect(await ask(page, { type: 'run' })).toMatchObject({ type: 'error', code: 'prediction-first' });
  await frame.locator('.lab-answers label').first().click();
  await frame.getByRole('button', { name: 'Commit to this prediction' }).click();
  await waitFor(page, 'prediction');
  const [prediction] = await heard(page, 'prediction');
  expect(prediction.lab).toBe('pixel-shuffle');
  expect((await ask(page, { type: 'run' })).state.lab).toMatchObject({ id: 'pixel-shuffle', busy: true, outcome: null, prediction: prediction.prediction });
  await waitFor(page, 'lab');
  const [lab] = await heard(page, 'lab');
  expect(lab).toMatchObject({ lab: 'pixel-shuffle', prediction: prediction.prediction, outcome: { seeds: 1 } });
  expect(typeof lab.outcome.verdict).toBe('string');
  expect((await heard(page, 'finished')).length).toBe(5);
  expect(await heard(page, 'lab')).toHaveLength(1);
  expect(await heard(page, 'prediction')).toHaveLength(1);
});

test('all three dialects in which a frame asks for its height', async ({ page, course, baseURL }) => {
  // What Canvas, H5P's resizer and readers of iframe.resize do, each for a frame of its own.
  const parent = `<script>
    const log = [];
    addEventListener('message', ({ source, origin, data }) => {
      const frame = [...document.querySelectorAll('iframe')].find((one) => one.contentWindow === source);
      const set = (way, height) => { if (frame.id !== way) return; log.push([way, height]); frame.style.height = height + 'px'; };
      if (data.subject === 'lti.frameResize') set('canvas', data.height);
      if (typeof data === 'string') {
        const said = JSON.parse(data);
        if (said.context === 'iframe.resize' && said.src === frame.src) set('text', said.height);
      }
      if (data.context !== 'h5p' || frame.id !== 'h5p') return;
      log.push(['h5p ' + data.action]);
      const answer = (action) => source.postMessage({ context: 'h5p', action }, origin);
      if (data.action === 'hello') answer('hello');
      if (data.action === 'prepareResize') { frame.style.height = '1px'; answer('resizePrepared'); }
      if (data.action === 'resize') set('h5p', data.height);
    });
  </script>`;
  const src = `${baseURL}#v=1&lab=parameters&embed=1`;
  await page.goto(course.write(`${parent}${['canvas', 'h5p', 'text'].map((id) => `<iframe id="${id}" title="${id}" width="640" height="400" src="${src}"></iframe>`).join('')}`));
  for (const id of ['canvas', 'h5p', 'text']) {
    await expect.poll(() => page.locator(`#${id}`).evaluate((frame) => frame.clientHeight)).toBeGreaterThan(640);
    const frame = page.frameLocator(`#${id}`);
    const cut = () => frame.locator('html').evaluate((root) => root.scrollHeight - innerHeight);
    await expect.poll(cut).toBeLessThanOrEqual(0);
    const before = await page.locator(`#${id}`).evaluate((element) => element.clientHeight);
    // The lab is folded up: less room is wanted, and then more again.
    await frame.getByRole('button', { name: 'Collapse' }).click();
    await expect.poll(() => page.locator(`#${id}`).evaluate((element) => element.clientHeight)).toBeLessThan(before - 60);
    await expect.poll(cut).toBeLessThanOrEqual(0);
    await frame.getByRole('button', { name: 'Expand' }).click();
    await expect.poll(() => page.locator(`#${id}`).evaluate((element) => element.clientHeight)).toBe(before);
  }
  const log = await page.evaluate(() => log);
  expect(log.map(([way]) => way).filter((way) => way.startsWith('h5p ')).slice(0, 3)).toEqual(['h5p hello', 'h5p prepareResize', 'h5p resize']);
  // Asking for a height must not lead to another one.
  await page.waitForTimeout(1000);
  expect((await page.evaluate(() => log)).length).toBe(log.length);
});

test('a hostile page gets errors, and the playground goes on', async ({ page, course, baseURL }) => {
  const frame = await lesson(page, course, `${baseURL}#${SMALL}&embed=1`);
  const script = '<img src=x onerror="top.hit = 1"><script>top.hit = 1</' + 'script>';
  const wrong = [
    [null, ''], ['run', ''], [42, ''], [[], ''], [{}, 'type'], [{ type: 7 }, 'type'], [{ type: 'explode' }, 'type'], [{ type: '__proto__' }, 'type'],
    [{ type: 'run', id: {} }, 'id'], [{ type: 'run', id: NaN }, 'id'], [{ type: 'set' }, ''], [{ type: 'set', link: 3 }, 'link'],
    [{ type: 'set', link: 'a', choices: {} }, ''], [{ type: 'set', choices: [] }, 'choices'], [{ type: 'set', choices: { lr: {} } }, 'choices.lr'],
    [{ type: 'set', choices: { lr: null } }, 'choices.lr'], [{ type: 'set', choices: { mean: ['a'] } }, 'choices.mean'], [{ type: 'set', choices: { lr: Infinity } }, 'choices.lr'],
    [{ type: 'set', link: 'x'.repeat(20_000) }, 'link'], [{ type: 'set', choices: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, 1])) }, 'choices'],
  ];
  for (const [message] of wrong) await page.evaluate((message) => port.postMessage(message), message);
  await waitFor(page, 'error', wrong.length);
  expect((await heard(page, 'error')).map(({ code, path }) => [code, path])).toEqual(wrong.map(([, path]) => ['shape', path]));

  await page.waitForTimeout(3000);
  const named = await ask(page, { type: 'set', choices: { net: script.slice(0, 60), nonsense: script.slice(0, 60) } });
  expect(named.problems.length).toBeGreaterThan(0);
  expect(named.state.link).toBe(`${CANONICAL}&embed=1`);
  await ask(page, { type: 'set', link: `v=1&lab=${encodeURIComponent(script)}&lang=${encodeURIComponent(script)}&${encodeURIComponent(script)}=1` });
  await waitFor(page, 'ready', 2);
  expect(await page.evaluate(() => window.hit)).toBe(undefined);
  expect(await frame.locator('img').count()).toBe(0);

  // A flood is read up to a point, and that is said.
  await page.evaluate(() => { for (let at = 0; at < 20_000; at += 1) port.postMessage({ type: 'get', id: `flood ${at}` }); });
  await page.waitForFunction(() => of('error').some(({ code }) => code === 'too-many'));
  const answers = (await heard(page, 'answer')).filter(({ id }) => String(id).startsWith('flood')).length;
  expect(answers).toBeGreaterThan(0);
  expect(answers).toBeLessThan(200);
  await page.evaluate(() => { for (let at = 0; at < 2_000; at += 1) frame.contentWindow.postMessage({ playground: 1, type: 'connect' }, '*'); });
  await page.waitForTimeout(3000);

  // Another version, another shape, and somebody else who is not the parent.
  await page.evaluate(() => { around.length = 0; frame.contentWindow.postMessage({ playground: 1, type: 'open' }, '*'); });
  await expect.poll(() => page.evaluate(() => around.map(({ data }) => data))).toContainEqual({ playground: 1, type: 'error', code: 'shape', path: 'type', expected: 'connect' });
  await page.evaluate(() => connect({ playground: 2, type: 'connect' }));
  await page.waitForFunction(() => of('error').some(({ code, expected }) => code === 'version' && expected === '1'));
  const stranger = await page.evaluate((src) => new Promise((resolve) => {
    const other = document.createElement('iframe');
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve('answered');
    document.body.append(other);
    other.contentWindow.eval('window.send = (to, port) => to.postMessage({ playground: 1, type: "connect" }, "*", [port])');
    other.contentWindow.send(frame.contentWindow, port2);
    setTimeout(() => resolve('nothing'), 1500);
  }), baseURL);
  expect(stranger).toBe('nothing');

  await page.evaluate(() => connect());
  await waitFor(page, 'ready', 3);
  await ask(page, { type: 'set', link: SMALL });
  await ask(page, { type: 'run' });
  await waitFor(page, 'finished');
});

test('a host can name the pages that may give commands', async ({ page, course, baseURL }) => {
  await page.route(`${baseURL}*`, async (route) => {
    const response = await route.fetch({ maxRetries: 3 });
    if (!response.headers()['content-type']?.includes('html')) return route.fulfill({ response });
    return route.fulfill({ response, body: (await response.text()).replace('<head>', '<head><meta name="parents" content="https://course.example">') });
  });
  await page.goto(course.write(`<iframe title="playground" src="${baseURL}#${SMALL}&embed=1" width="640" height="480"></iframe>${PARENT}`));
  await waitFor(page, 'error');
  expect(await heard(page, 'error')).toMatchObject([{ code: 'shape', path: 'origin', expected: 'https://course.example' }]);
  expect(await heard(page, 'ready')).toEqual([]);
});

test.describe('a sandbox that allows scripts alone', () => {
  test.use({ expected: /Blocked opening .* in a new window/ });
  test('it trains, answers forms, and says what is missing', async ({ page, course, baseURL }) => {
    const frame = await lesson(page, course, `${baseURL}#${QUICK}&lang=en`, { attributes: 'width="640" height="480" sandbox="allow-scripts"' });
    const [ready] = await heard(page, 'ready');
    expect(ready.abilities).toEqual({ storage: false, webgpu: ready.abilities.webgpu, origin: false });
    await frame.locator('.lab-answers label').first().click();
    await frame.getByRole('button', { name: 'Commit to this prediction' }).click();
    await waitFor(page, 'prediction');
    await ask(page, { type: 'set', link: SMALL });
    await frame.locator('#run').click();
    await waitFor(page, 'finished');
    expect((await heard(page, 'finished'))[0].run).toMatchObject({ state: 'done', problem: null });
    await frame.locator('#device-button').click();
    await expect(frame.locator('#device-panel')).toContainText('keep nothing');
    await expect(frame.locator('#device-panel')).toContainText('sandboxed');
    await frame.locator('#device-button').click();
    await frame.locator('#open-page').click();
    await expect(frame.locator('#messages')).toContainText(`${baseURL}#${CANONICAL}`);
  });

  test.describe('on a host that lets no other origin read its modules', () => {
    test.use({ expected: /CORS policy|ERR_FAILED/ });
    test('says so, with the address', async ({ page, course, baseURL }) => {
      const src = `${course.mirror(baseURL)}#${SMALL}&embed=1`;
      await page.goto(course.write(`<iframe title="playground" src="${src}" width="640" height="480" sandbox="allow-scripts"></iframe>`));
      await expect(page.frameLocator('iframe').locator('#not-started')).toContainText(src);
    });
  });
});

test('at 480 pixels the switches, Run and one chart remain; what is hidden or locked is', async ({ page, course, baseURL }) => {
  const link = `${baseURL}#v=1&embed=1`;
  const shown = async (frame) => {
    for (const name of ['[data-switch="permute"]', '[data-switch="normalize"]', '[data-switch="residual"]', '#run', '[data-measure="accuracy"]']) await expect(frame.locator(name)).toBeInViewport({ ratio: 0.98 });
    await expect(frame.locator('[data-measure="loss"]')).toBeHidden();
    expect(await frame.locator('html').evaluate((root) => [root.scrollWidth - innerWidth, root.scrollHeight - innerHeight])).toEqual([0, 0]);
  };
  await shown(await lesson(page, course, link));
  await shown(await lesson(page, course, link, { attributes: 'width="360" height="640"' }));
  const frame = await lesson(page, course, `${link}&net=resnet&hide=network,runs,field.data,lr&lock=permute,batch,images`, { attributes: 'width="1280" height="900"' });
  for (const hidden of ['.network', '.runs', '[data-field="data"]']) await expect(frame.locator(hidden)).toBeHidden();
  await expect(frame.getByRole('radio', { name: 'Fixed' })).toBeDisabled();
  await expect(frame.getByRole('group', { name: /it cannot be changed here/ }).first()).toBeAttached();
  await frame.locator('[data-group="optimizer"] summary').click();
  await expect(frame.locator('[data-field="lr"]')).toBeHidden();
  await expect(frame.locator('[data-field="momentum"], [data-field="optimizer"]').first()).toBeVisible();
  await frame.locator('[data-group="budget"] summary').click();
  await expect(frame.locator('#field-batch')).toBeDisabled();
  await frame.locator('#run-bar').press('1');
  await expect(frame.getByRole('radio', { name: 'Off' })).toBeChecked();
  await frame.locator('#run-bar').press('3');
  await expect(frame.locator('#switch-residual')).not.toBeChecked();
  expect((await ask(page, { type: 'set', choices: { permute: 'fixed' } })).state.choices.permute).toBe('fixed');
});

test('it begins at once, when it is seen, or at a press', async ({ page, course, baseURL }) => {
  await lesson(page, course, `${baseURL}#${SMALL}&embed=1&start=now`);
  await waitFor(page, 'finished');
  const below = 'width="640" height="480" style="margin-top: 3000px"';
  await lesson(page, course, `${baseURL}#${SMALL}&embed=1&start=visible`, { attributes: below });
  await page.waitForTimeout(1000);
  expect((await ask(page, { type: 'get' })).state.phase).toBe('idle');
  await page.evaluate(() => frame.scrollIntoView());
  await waitFor(page, 'finished');
});
