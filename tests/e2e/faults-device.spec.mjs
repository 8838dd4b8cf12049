// The device that trains: adapters that never answer, devices that refuse or go away.
import { DESK, MODULES, SHORT, add, button, counter, curves, expect, hurry, messages, open, rows, run, slowly, state, test, told, unharmed, worker } from './trouble.mjs';

/** Long enough to be measured. */
const LONG = 'v=1&train=2000&test=50&epochs=2&batch=16';
const lossesOf = async (page, number) => (await curves(page)).filter((line) => line.run === number).map(({ run: _, ...line }) => line);

const modules = await fetch(new URL('pkg/modules.json', process.env.PLAYGROUND_URL ?? 'http://127.0.0.1:8080/')).then((answer) => answer.json());

/** What asking for an adapter comes to, on the page. */
const ADAPTERS = {
  'never answers': () => { GPU.prototype.requestAdapter = () => new Promise(() => {}); },
  throws: () => { GPU.prototype.requestAdapter = () => { throw new TypeError('no'); }; },
  'is refused': () => { GPU.prototype.requestAdapter = () => Promise.reject(new DOMException('no', 'OperationError')); },
  'has nothing at first': () => {
    const { requestAdapter } = GPU.prototype;
    let asked = 0;
    GPU.prototype.requestAdapter = function (...of) { asked += 1; return asked === 1 ? Promise.resolve(null) : requestAdapter.apply(this, of); };
  },
};

for (const [how, make] of Object.entries(ADAPTERS)) {
  for (const device of how === 'never answers' ? ['cpu', 'auto'] : ['auto']) {
    test(`an adapter that ${how}, device=${device}: it trains on the CPU`, async ({ page }) => {
      await hurry(page);
      await page.addInitScript(make);
      await open(page, `${SHORT}&device=${device}`);
      await button(page).click();
      await expect(state(page)).toHaveText('Done');
      await expect(rows(page)).toContainText('CPU');
    });
  }
}

/** A module for GPUs whose device does this; all else is the CPU's. */
const fake = (opening) => `export * from '../cpu/cpu.js';
import init, { Trainer as Cpu } from '../cpu/cpu.js';
export default init;
export class Trainer { static open() { return ${opening}; } }
void Cpu;`;

/** What opening a device comes to, in the worker. */
const DEVICES = {
  'never comes': fake('new Promise(() => {})'),
  'is refused': fake("Promise.reject({ code: 'no-device', field: null, params: { reason: 'OperationError' } })"),
};

for (const [how, script] of Object.entries(DEVICES)) {
  test(`a device that ${how}: the words say so, and the CPU is one press away`, async ({ page }) => {
    await hurry(page);
    await page.route(MODULES, (route) => route.fulfill({ json: { ...modules, webgpu: true } }));
    await page.route('**/pkg/webgpu/webgpu.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
    await open(page, `${SHORT}&device=webgpu`);
    await button(page).click();
    await told(page, 'WebGPU');
    await messages(page).getByRole('button', { name: /CPU/ }).click();
    await expect(state(page)).toHaveText('Done');
    await expect(rows(page).first()).toContainText('CPU');
  });
}

/** A GPU with this name; its module is this script. */
async function namedGpu(page, script, info = { vendor: 'Example', device: 'GPU 1' }) {
  await page.addInitScript((info) => { GPU.prototype.requestAdapter = () => Promise.resolve({ info: { ...info, isFallbackAdapter: false } }); }, info);
  await page.route(MODULES, (route) => route.fulfill({ json: { ...modules, webgpu: true } }));
  await page.route('**/pkg/webgpu/webgpu.js', (route) => (script ? route.fulfill({ contentType: 'text/javascript', body: script }) : route.fulfill({ status: 404 })));
}

/** What the page has kept of its GPU. */
const verdict = (page) => page.evaluate(() => JSON.parse(localStorage.getItem('cnn-playground.gpu')));
/** How the page says where it trains, and why. */
const why = (page) => page.locator('#device-button');
/** As if this GPU had been tried before and was faster, so that the page chooses it. Before the page is opened. */
const tried = (page) => page.addInitScript(() => {
  const of = ['Example GPU 1', navigator.userAgent, new URL('pkg/modules.json', location.href).pathname].join(' ');
  localStorage.setItem('cnn-playground.gpu', localStorage.getItem('cnn-playground.gpu') ?? JSON.stringify({ of, trusted: true, pace: { gpu: 9000, cpu: 4000, faster: true, multiplyAdds: 1 } }));
});

/** A device that is the CPU's, but for what a call does: `advance` is what it would do, `calls` how many there were. */
const faulty = (call) => `import init, { Trainer as Cpu } from '../cpu/cpu.js';
export * from '../cpu/cpu.js';
export default init;
export const Trainer = { open: async () => {
  const trainer = await Cpu.open('cpu');
  const { advance: go } = trainer;
  let calls = 0;
  trainer.advance = async (...of) => {
    calls += 1;
    const advance = () => go.apply(trainer, of);
    ${call}
  };
  return trainer;
} };`;
const SOUND = faulty('return advance();');
/** The module of the CPU once more, which no test slows down: a GPU that is faster then. */
const FAST = SOUND.replaceAll('../cpu/cpu.js', '../cpu/cpu.js?again');
/** And one that is slower: a program in place of a GPU. */
const SLOW = faulty('await new Promise((done) => setTimeout(done, 400)); return advance();');
const WRONG = faulty("return (await advance()).map((event) => (event.type === 'steps' ? { ...event, losses: event.losses.map((loss) => loss * 1.5) } : event));");

/** What can become of a GPU on the way to the first steps, and what the page says of it. */
const GPUS = {
  'gives no adapter to its worker': [DEVICES['is refused'], 'OperationError'],
  'never hands out its device': [DEVICES['never comes'], 'no answer for 10 s'],
  'has no module': [undefined, 'could not be loaded'],
  'refuses its programs': [faulty("throw new WebAssembly.RuntimeError('invalid pipeline');"), 'invalid pipeline'],
  'goes away before the first checkpoint': [faulty("if (calls === 2) throw { code: 'device-lost', field: null, params: { reason: 'unplugged' } }; return advance();"), 'unplugged'],
  'never comes back from its first call': [faulty('return new Promise(() => {});'), 'no answer for 60 s'],
  'comes to no numbers': [faulty("trainer.fail(); return [{ type: 'failed', problem: { code: 'not-finite', field: null, params: { step: '1', last: '?' } } }];"), ''],
  'comes to other numbers than the CPU': [WRONG, ''],
};

for (const [how, [script, words]] of Object.entries(GPUS)) {
  // What it comes to is compared while it is tried, and believed from then on.
  if (words) test(`a GPU that did well before, and ${how}: the same run begins again on the CPU by itself, and that is remembered`, async ({ page }) => {
    // The list of modules may take its four seconds on a busy machine.
    await hurry(page, 8000);
    await namedGpu(page, script);
    await tried(page);
    await open(page, SHORT);
    const pressed = Date.now();
    await button(page).click();
    await expect(messages(page)).toContainText('starts again on the CPU');
    test.info().annotations.push({ type: 'told after', description: `${Date.now() - pressed} ms, deadlines a tenth of what they are` });
    await expect(messages(page)).toContainText(words);
    await expect(page.locator('.message')).toHaveCount(1);
    await expect(state(page)).toHaveText('Done');
    await expect(rows(page)).toHaveCount(1);
    await expect(rows(page)).toContainText('CPU');
    await unharmed(page);
    await page.reload();
    await expect(why(page)).toHaveAttribute('title', /\(Example GPU 1\) failed/);
    await button(page).click();
    await expect(rows(page)).toHaveCount(3);
    await expect(state(page)).toHaveText('Done');
    await expect(rows(page).first()).toContainText('CPU');
    await expect(page.locator('.message')).toHaveCount(0);
  });

  test(`a GPU that nobody has seen at work, and that ${how}: the first run is on the CPU and hears nothing of it, and it is remembered`, async ({ page }) => {
    await hurry(page, 8000);
    await namedGpu(page, script);
    await open(page, SHORT);
    await expect(why(page)).toHaveAttribute('title', /until Example GPU 1 is tried/);
    await button(page).click();
    await expect(state(page)).toHaveText('Done');
    await expect(rows(page)).toContainText('CPU');
    // A program that does not arrive says nothing of the GPU: it is asked for again beside the next run.
    if (script === undefined) await expect(why(page)).toHaveAttribute('title', /until Example GPU 1 is tried/);
    else await expect(why(page)).toHaveAttribute('title', /\(Example GPU 1\) failed/);
    await expect(page.locator('.message')).toHaveCount(0);
    await unharmed(page);
  });
}

test('a GPU that is faster is found out beside the first run, which can be moved to it; the page chooses it from then on', async ({ page }) => {
  await slowly(page, 300);
  await namedGpu(page, FAST);
  await open(page, LONG);
  await button(page).click();
  await expect(messages(page)).toContainText('The GPU is faster here');
  expect((await verdict(page)).pace.faster).toBe(true);
  await expect(why(page)).toHaveAttribute('title', /^WebGPU: Example GPU 1\. Measured: [\d,]+ images a second, and [\d,]+ on the CPU\.$/);
  await messages(page).getByRole('button', { name: 'Move this run to the GPU' }).click();
  await expect(state(page)).toHaveText('Done');
  await expect(rows(page)).toContainText('CPU → WebGPU');
  await button(page).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText('WebGPU');
  await expect(rows(page).first()).not.toContainText('CPU');
  await expect(state(page)).toHaveText('Done');
  // What began on one device and ended on the other came to what one of them comes to: here both are the CPU.
  expect(await lossesOf(page, 1)).toEqual(await lossesOf(page, 2));
});

for (const info of [{ vendor: 'Example', device: 'GPU 1' }, { vendor: '', device: '' }]) {
  test(`a program in place of a GPU behind ${info.vendor ? 'a name that says nothing' : 'an empty name'} is found out by its speed, once; the page stays on the CPU and says both figures`, async ({ page }) => {
    await namedGpu(page, SLOW, info);
    await open(page, SHORT);
    await button(page).click();
    await expect.poll(async () => (await verdict(page))?.pace?.faster).toBe(false);
    await expect(why(page)).toHaveAttribute('title', /^CPU: it is faster here than .*\. Measured: [\d,]+ images a second, and [\d,]+ on the GPU\./);
    await expect(page.locator('.message')).toHaveCount(0);
    await expect(state(page)).toHaveText('Done');
    const { pace } = await verdict(page);
    let asked = 0;
    page.on('request', (request) => { if (request.url().endsWith('webgpu.js')) asked += 1; });
    await unharmed(page);
    await page.reload();
    await expect(why(page)).toHaveAttribute('title', /^CPU: it is faster here/);
    await run(page);
    expect(asked).toBe(0);
    expect((await verdict(page)).pace).toEqual(pace);
  });
}

test('that the CPU is faster is asked again with a much larger network', async ({ page }) => {
  await namedGpu(page, SLOW);
  await open(page, 'v=1&train=160&test=50&epochs=1&batch=16&net=mlp');
  await button(page).click();
  await expect.poll(async () => (await verdict(page))?.pace?.faster).toBe(false);
  const { pace } = await verdict(page);
  await open(page, 'v=1&train=64&test=50&epochs=1&batch=16&net=resnet&blocks=1');
  await page.reload();
  await button(page).click();
  await expect.poll(async () => (await verdict(page)).pace.multiplyAdds).toBeGreaterThan(4 * pace.multiplyAdds);
});

test('a run does not wait for the GPU that is tried beside it, nor its end, nor the next one', async ({ page }) => {
  await namedGpu(page, faulty('return new Promise(() => {});'));
  await open(page, SHORT);
  for (const count of [1, 2]) {
    const pressed = Date.now();
    await run(page);
    await expect(rows(page)).toHaveCount(count);
    expect(Date.now() - pressed).toBeLessThan(30_000);
  }
  expect(await verdict(page)).toBe(null);
});

test('a GPU that comes to other numbers, and that a person chose: told, and the CPU is one press away', async ({ page }) => {
  await namedGpu(page, WRONG);
  await open(page, `${SHORT}&device=webgpu`);
  await button(page).click();
  await told(page, 'miscalculates');
  await messages(page).getByRole('button', { name: /CPU/ }).click();
  await expect(state(page)).toHaveText('Done');
  await unharmed(page);
});

test('a GPU that a person chose and that goes away while the CPU is still timed beside it: the way out stays', async ({ page }) => {
  await slowly(page, 300);
  await namedGpu(page, faulty("if (calls === 3) throw { code: 'device-lost', field: null, params: { reason: 'unplugged' } }; return advance();").replaceAll('../cpu/cpu.js', '../cpu/cpu.js?again'));
  await open(page, `${SHORT}&device=webgpu`);
  await button(page).click();
  await told(page, 'The connection to the GPU was lost');
  expect(await verdict(page)).toBe(null);
  await expect.poll(() => verdict(page)).not.toBe(null);
  await messages(page).getByRole('button', { name: 'Resume it on the CPU' }).click();
  await expect(state(page)).toHaveText('Done');
});

test('another version of the browser tries the GPU again, what an earlier page kept is tried again too, and one that failed can be tried by hand', async ({ page }) => {
  await namedGpu(page, SOUND);
  await tried(page);
  await open(page, SHORT);
  const { of, pace } = await verdict(page);
  const cases = [
    [{ of, trusted: false }, /failed/], [{ of: `${of} older`, trusted: false }, /until Example GPU 1 is tried/], ['{', /is tried/],
    [{ of, trusted: true }, /is tried/], [{ of, trusted: true, pace: { gpu: 'fast' } }, /is tried/], [{ of, trusted: true, pace }, /^WebGPU: Example GPU 1/],
  ];
  for (const [kept, words] of cases) {
    await page.evaluate((kept) => localStorage.setItem('cnn-playground.gpu', typeof kept === 'string' ? kept : JSON.stringify(kept)), kept);
    await page.reload();
    await expect(why(page)).toHaveAttribute('title', words);
  }
  await page.evaluate((kept) => localStorage.setItem('cnn-playground.gpu', JSON.stringify(kept)), { of, trusted: false });
  // Long enough for its speed to be seen.
  await open(page, 'v=1&train=2000&test=50&epochs=8&batch=16&device=webgpu');
  await page.reload();
  await button(page).click();
  await expect(state(page)).toHaveText('Done');
  await expect.poll(async () => (await verdict(page)).trusted).toBe(true);
  // Beside a run on a GPU that a person chose, the CPU is the one that is timed.
  await expect.poll(async () => (await verdict(page)).pace?.multiplyAdds).toBeGreaterThan(0);
});

test('a device that is refused while a lab measures: told once, and the next try is on the CPU', async ({ page }) => {
  await namedGpu(page, DEVICES['is refused']);
  await tried(page);
  await open(page, 'v=1&lab=pixel-shuffle');
  await page.locator('.lab-answers').getByText('Neither').click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await page.locator('#lab-run').click();
  await told(page, 'WebGPU');
  await page.locator('#lab-run').click();
  await expect(state(page)).toContainText('Training');
  await expect(rows(page).first()).toContainText('CPU');
});

/** A GPU whose device goes away in the second call of a run, and not while the speed is measured. It trains on the CPU. */
const LOST = `import init, { Trainer as Cpu } from '../cpu/cpu.js';
export * from '../cpu/cpu.js';
export default init;
export const Trainer = { open: async () => {
  const trainer = await Cpu.open('cpu');
  const { advance, next } = trainer;
  let calls = 0;
  trainer.next = (...of) => {
    const step = next.apply(trainer, of);
    if (step.kind === 'advance') calls += 1;
    return step;
  };
  trainer.advance = async (...of) => {
    if (calls === 2) throw { code: 'device-lost', field: null, params: { reason: 'unplugged' } };
    return advance.apply(trainer, of);
  };
  return trainer;
} };`;

test('a device that goes away in a run of a lab: the lab goes on, on the CPU, to its conclusion', async ({ page }) => {
  await page.route(MODULES, (route) => route.fulfill({ json: { ...modules, webgpu: true } }));
  await page.route('**/pkg/webgpu/webgpu.js', (route) => route.fulfill({ contentType: 'text/javascript', body: LOST }));
  await open(page, 'v=1&lab=pixel-shuffle&budget=quick&device=webgpu');
  await page.locator('.lab-answers').getByText('Neither').click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await page.locator('#lab-run').click();
  await told(page, 'The connection to the GPU was lost');
  await expect(page.locator('.lab-runs')).toContainText('Failed');
  await messages(page).getByRole('button', { name: /CPU/ }).click();
  await expect(page.getByRole('tabpanel', { name: 'What happened' })).toContainText('With one fixed shuffle');
  await expect(rows(page)).toHaveCount(5);
});

test('the module for GPUs is listed and missing: the CPU is one press away', async ({ page }) => {
  await page.route(MODULES, (route) => route.fulfill({ json: { ...modules, webgpu: true } }));
  await page.route('**/pkg/webgpu/webgpu.js', (route) => route.fulfill({ status: 404 }));
  await open(page, `${SHORT}&device=webgpu`);
  await button(page).click();
  await told(page, /WebGPU|webgpu/);
  await messages(page).getByRole('button', { name: /CPU/ }).click();
  await expect(state(page)).toHaveText('Done');
});

// A run of the tests without the module for GPUs does not know of these.
if (modules.webgpu) {
  const SEEN = `const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (...of) { self.device = await requestDevice.apply(this, of); return self.device; };`;
  const destroy = (page) => worker(page).evaluate(() => self.device.destroy());
  const GPU_RUN = 'v=1&train=64&test=20&batch=16&epochs=12&device=webgpu';

  test.describe('on the adapter that there is', () => {
    test.describe.configure({ timeout: 600_000 });

    test('a device destroyed before the first checkpoint: the same run on the CPU is one press away', async ({ page }) => {
      await add(page, DESK, SEEN);
      await open(page, GPU_RUN.replace('epochs=12', 'stop=steps&steps=48').replace('train=64', 'train=640'));
      await button(page).click();
      await expect.poll(() => worker(page)?.evaluate(() => self.device !== undefined), { timeout: 300_000 }).toBe(true);
      await destroy(page);
      await told(page, 'The connection to the GPU was lost');
      await messages(page).getByRole('button', { name: /CPU/ }).click();
      await expect(state(page)).toHaveText('Done');
      await expect(counter(page, 'steps')).toHaveText('48');
    });

    test('a device destroyed after a checkpoint: the run goes on from it on the CPU, and the next run has a device again', async ({ page }) => {
      await add(page, DESK, SEEN);
      await open(page, GPU_RUN);
      await button(page).click();
      await expect(counter(page, 'test')).toHaveText(/%$/, { timeout: 500_000 });
      await destroy(page);
      await told(page, 'The connection to the GPU was lost');
      await messages(page).getByRole('button', { name: 'Resume it on the CPU' }).click();
      await expect(state(page)).toHaveText('Done');
      await expect(counter(page, 'steps')).toHaveText('48');
      await expect(rows(page)).toContainText('WebGPU → CPU');
      await button(page).click();
      await expect(counter(page, 'steps')).not.toHaveText('48', { timeout: 300_000 });
      await expect(state(page)).toHaveText(/^Training|^Testing|^Done/, { timeout: 300_000 });
    });

    test('a device destroyed while a run is paused: told, and it goes on from there on the CPU', async ({ page }) => {
      await add(page, DESK, SEEN);
      await open(page, GPU_RUN);
      await button(page).click();
      await expect(counter(page, 'test')).toHaveText(/%$/, { timeout: 500_000 });
      await button(page).click();
      await expect(state(page)).toHaveText('Paused', { timeout: 60_000 });
      await destroy(page);
      await told(page, 'The connection to the GPU was lost');
      await messages(page).getByRole('button', { name: 'Resume it on the CPU' }).click();
      await expect(state(page)).toHaveText('Done');
      await expect(counter(page, 'steps')).toHaveText('48');
    });

    test('a device whose programs may bind too few buffers: the words say how many', async ({ page }) => {
      await add(page, DESK, "Object.defineProperty(GPUSupportedLimits.prototype, 'maxStorageBuffersPerShaderStage', { get: () => 8 });");
      await open(page, GPU_RUN);
      await button(page).click();
      await told(page, 'may bind 8 storage buffers');
      await messages(page).getByRole('button', { name: /CPU/ }).click();
      await expect(state(page)).toHaveText('Done');
    });

    test('a device destroyed between two runs: the next one gets another', async ({ page }) => {
      await add(page, DESK, SEEN);
      await open(page, 'v=1&train=64&test=20&batch=16&epochs=1&device=webgpu');
      await button(page).click();
      await expect(state(page)).toHaveText('Done', { timeout: 500_000 });
      await destroy(page);
      await button(page).click();
      await expect(state(page)).toHaveText('Done', { timeout: 300_000 });
      await expect(rows(page)).toHaveCount(2);
      await expect(page.locator('.message')).toHaveCount(0);
    });
  });
}
