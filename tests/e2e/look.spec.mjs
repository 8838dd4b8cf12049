// The worker that looks inside: whoever asks, in whatever order, and whatever fails. The page's end of it is the real one; what
// stands for the worker here keeps to its rule that it knows one data set, and forgets all runs with another.
import { test as unwatched } from '@playwright/test';
import { SMALL, expect, open, run, test } from './page.mjs';

/** Puts a worker into the page that is answered by hand, and a client of it. */
async function client(page) {
  // Where bytes are spared the drawing of the network asks for nothing by itself: all that is asked is asked here.
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  await open(page);
  await page.evaluate(async () => {
    const log = [];
    class Played extends EventTarget {
      constructor() {
        super();
        log.push('start');
        window.played.latest = this;
        this.data = '';
        this.runs = new Set();
        this.number = window.played.started += 1;
      }

      postMessage(request) {
        const { id, kind } = request;
        log.push(kind === 'data' ? `data ${request.name}` : `${kind} ${request.run ?? ''}`.trim());
        const say = (reply) => queueMicrotask(() => this.onmessage?.({ data: { id, ...reply } }));
        const failure = window.played.fail?.(request, this);
        if (failure) return failure === 'silent' ? undefined : say(failure);
        if (kind === 'data') {
          this.data = request.name;
          this.runs.clear();
          return say({ kind: 'answer', answer: { name: request.name } });
        }
        if (kind === 'open') this.runs.add(request.run);
        else if (request.run && !this.runs.has(request.run)) return say({ kind: 'refused', problem: { code: 'internal', field: null, params: { detail: 'the run is not open' } } });
        if (kind === 'close') this.runs.delete(request.run);
        say({ kind: 'answer', answer: `${kind} of ${request.run} on ${this.data} by ${this.number}` });
      }

      terminate() {
        log.push('end');
      }
    }
    window.played = { log, started: 0, fail: undefined, latest: undefined };
    window.Worker = Played;
    const { InsideClient } = await import('./app/inside/client.js');
    const own = { name: 'file:1', files: [], isOf: (run) => run.id !== 9 };
    window.client = new InsideClient(own);
    const run = (id, data) => ({ id, spec: { data }, touches: [] });
    window.one = run(1, 'mnist');
    window.two = run(2, 'cifar10');
    window.weights = async () => new Uint8Array(3);
  });
}

test('two who ask about runs of different data sets do not get into each other’s way', async ({ page }) => {
  await client(page);
  const answers = await page.evaluate(async () => {
    const { client, one, two, weights } = window;
    const asked = [one, two].map(async (run) => {
      await client.open(run, 'kept', weights);
      await client.look(run, { index: run.id });
      return [await client.ask(run, { kind: 'gates' }), await client.ask(run, { kind: 'kernels' })];
    });
    return (await Promise.all(asked)).flat();
  });
  expect(answers).toEqual(['ask of 1 on mnist by 1', 'ask of 1 on mnist by 1', 'ask of 2 on cifar10 by 1', 'ask of 2 on cifar10 by 1']);
});

test('after a failure that no problem explains, the next question gets a new worker that knows all again', async ({ page }) => {
  await client(page);
  const found = await page.evaluate(async () => {
    const { client, one, weights, played } = window;
    await client.open(one, 'kept', weights);
    await client.look(one, { index: 4 });
    const failed = [];
    const ask = () => client.ask(one, { kind: 'gates' }).catch((problem) => { failed.push(problem); });
    played.fail = ({ kind }) => (kind === 'ask' ? { kind: 'broken', problem: { code: 'internal', field: null, params: { detail: 'recursive use of an object' } } } : undefined);
    await ask();
    played.fail = undefined;
    const healed = [await ask()];
    // The program itself may end the worker.
    played.fail = ({ kind }, worker) => {
      if (kind !== 'ask') return undefined;
      queueMicrotask(() => worker.onerror({ message: 'unreachable', preventDefault: () => {} }));
      return 'silent';
    };
    await ask();
    played.fail = undefined;
    healed.push(await ask());
    return { failed: failed.map(({ code, params }) => [code, params.detail]), healed, log: played.log };
  });
  expect(found.failed).toEqual([['internal', 'recursive use of an object'], ['internal', 'unreachable']]);
  expect(found.healed).toEqual(['ask of 1 on mnist by 2', 'ask of 1 on mnist by 3']);
  const whole = ['start', 'data mnist', 'open 1', 'look 1', 'ask 1'];
  expect(found.log).toEqual([...whole, 'end', ...whole, 'ask 1', 'end', ...whole]);
});

test('a worker that falls silent is given up, and one that says it goes on is not', async ({ page }) => {
  await page.clock.install();
  await client(page);
  await page.evaluate(async () => {
    const { client, one, weights, played } = window;
    await client.open(one, 'kept', weights);
    played.fail = ({ kind }) => (kind === 'ask' ? 'silent' : undefined);
    window.said = [];
    client.ask(one, { kind: 'gates' }).catch(({ code }) => window.said.push(code));
    client.ask(one, { kind: 'kernels' }).then((answer) => window.said.push(answer), ({ code }) => window.said.push(code));
  });
  await expect.poll(() => page.evaluate(() => window.played.log.at(-1))).toBe('ask 1');
  await page.clock.runFor(50_000);
  await page.evaluate(() => window.played.latest.onmessage({ data: { id: 3, kind: 'alive' } }));
  await page.clock.runFor(50_000);
  expect(await page.evaluate(() => window.said)).toEqual([]);
  await page.evaluate(() => { window.played.fail = undefined; });
  await page.clock.runFor(20_000);
  await expect.poll(() => page.evaluate(() => window.said)).toEqual(['no-answer', 'ask of 1 on mnist by 2']);
});

test('a picture that could not be looked at is asked for again', async ({ page }) => {
  await client(page);
  const found = await page.evaluate(async () => {
    const { client, one, weights, played } = window;
    await client.open(one, 'kept', weights);
    const picture = { index: 70 };
    played.fail = ({ kind }) => (kind === 'look' ? { kind: 'refused', problem: { code: 'no-data', field: null, params: { data: 'test-1.png' } } } : undefined);
    const failed = await client.look(one, picture).catch(({ code }) => code);
    played.fail = undefined;
    await client.look(one, picture);
    await client.look(one, picture);
    return { failed, log: played.log };
  });
  expect(found.failed).toBe('no-data');
  expect(found.log.filter((entry) => entry === 'look 1')).toHaveLength(2);
});

test('forgetting runs starts no worker, and files other than a run’s own are not looked at', async ({ page }) => {
  await client(page);
  const found = await page.evaluate(async () => {
    const { client, one, two, weights, played } = window;
    await client.open(one, 'kept', weights);
    client.rest();
    client.keep([]);
    await client.open(two, 'kept', weights);
    client.keep([two]);
    const other = { id: 9, spec: { data: 'file' } };
    const nothing = await client.open(other, 'kept', weights);
    return { nothing, log: played.log };
  });
  expect(found.nothing).toBeUndefined();
  expect(found.log).toEqual(['start', 'data mnist', 'open 1', 'end', 'start', 'data cifar10', 'open 2']);
});

test('test images have their own labels, however quickly one leafs through them', async ({ page }) => {
  await open(page);
  const found = await page.evaluate(async () => {
    const { Pictures } = await import('./app/inside/pictures.js');
    const asked = [];
    const tiles = { width: 1, height: 1, count: 12, pixels: new Uint8Array(48) };
    const client = {
      look: async () => {},
      ask: async () => ({ ...tiles, count: 1, pixels: new Uint8Array(4) }),
      images: (_, from, count) => new Promise((resolve) => {
        const answer = () => resolve([tiles, Array.from({ length: count }, (__, at) => (from + at) % 10)]);
        if (count === 1) answer();
        else asked.push({ from, answer });
      }),
    };
    const store = { ready: Promise.resolve(), thing: async () => undefined, putThing: async () => true, removeThing: async () => {} };
    const pictures = new Pictures({}, store, client, () => {});
    const run = { task: 'classify', spec: { data: 'mnist', seed: 1 } };
    const facts = { shape: { channels: 1, height: 1, width: 1 }, classes: [...'0123456789'], test: 40 };
    const follow = () => pictures.follow(run, facts);
    const settle = () => new Promise((resolve) => { setTimeout(resolve); });
    const thumbs = () => [...pictures.list.children].map((thumb) => `${thumb.dataset.index}: ${thumb.title}`);
    const first = follow();
    await settle();
    asked[0].answer();
    await first;
    pictures.after.click();
    const second = follow();
    await settle();
    // The next ones are wanted before these are there.
    pictures.after.click();
    asked[1].answer();
    await second;
    const between = thumbs();
    const third = follow();
    await settle();
    asked[2].answer();
    await third;
    return { from: asked.map(({ from }) => from), between: between[0], last: thumbs()[0] };
  });
  expect(found.from).toEqual([0, 12, 24]);
  expect(found.between).toMatch(/^12: .*13.*2/);
  expect(found.last).toMatch(/^24: .*25.*4/);
});

// The browser writes the request that fails to the console.
unwatched('a program that could not be fetched is fetched at the next try', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  await page.route('**/pkg/cpu/cpu.js', (route) => route.abort());
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  await page.locator('#inside').scrollIntoViewIfNeeded();
  await expect(page.locator('#inside')).toContainText('The training program could not be loaded');
  await page.unroute('**/pkg/cpu/cpu.js');
  await page.locator('#inside').getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('.kernels canvas')).toHaveCount(16);
  await expect(page.locator('#inside').getByRole('button', { name: 'Try again' })).toBeHidden();
});

test('nothing ticks while nobody looks inside', async ({ page }) => {
  await page.addInitScript(() => {
    window.ticking = new Set();
    const { setInterval: begin, clearInterval: end } = window;
    window.setInterval = (act, pause, ...rest) => {
      const id = begin(act, pause, ...rest);
      if (pause < 1000) window.ticking.add(id);
      return id;
    };
    window.clearInterval = (id) => {
      window.ticking.delete(id);
      end(id);
    };
  });
  await open(page, SMALL);
  await run(page);
  expect(await page.evaluate(() => window.ticking.size)).toBe(0);
});

test('charts of layers that are gone are watched no longer', async ({ page }) => {
  await page.addInitScript(() => {
    window.watched = new Set();
    window.ResizeObserver = class extends ResizeObserver {
      observe(element, ...rest) {
        window.watched.add(element);
        super.observe(element, ...rest);
      }

      unobserve(element) {
        window.watched.delete(element);
        super.unobserve(element);
      }
    };
  });
  await open(page);
  const left = await page.evaluate(async () => {
    const { LayerCurves } = await import('./app/inside/layer-curves.js');
    const curves = new LayerCurves('gradients');
    document.body.append(curves.element);
    const before = window.watched.size;
    const chart = (key, title) => ({ key, title, words: '', steps: [1, 2, 3], lines: [{ path: 'conv1', values: [1, 2, 3] }], range: [0, 3], mark: String });
    curves.show([chart('1', 'Run 1'), chart('2', 'Run 2')]);
    const during = window.watched.size - before;
    curves.show([chart('1', 'Another name'), chart('2', 'Run 2')]);
    const renamed = window.watched.size - before;
    curves.show([]);
    return [during, renamed, window.watched.size - before];
  });
  expect(left).toEqual([2, 2, 0]);
});

test('after files that could not be read, a run of a served set is shown its own images', async ({ page }) => {
  const idx = (header, body) => Buffer.concat([Buffer.from(header), body]);
  const set = (count) => [
    idx([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28], Buffer.alloc(count * 784, 77)), idx([0, 0, 8, 1, 0, 0, 0, count], Buffer.from(Array.from({ length: count }, (_, at) => at % 10))),
  ];
  const [[trainImages, trainLabels], [testImages, testLabels]] = [set(60), set(40)];
  await open(page, SMALL);
  await run(page);
  const files = { 'train-images-idx3-ubyte': trainImages, 'train-labels-idx1-ubyte': trainLabels, 't10k-images-idx3-ubyte': testImages, 't10k-labels-idx1-ubyte': testLabels };
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles(Object.entries(files).map(([name, buffer]) => ({ name, mimeType: 'application/octet-stream', buffer })));
  await expect(page.locator('.own')).toContainText('60 training images and 40 test images');
  await run(page);
  await page.locator('.inside-tools').getByRole('combobox').selectOption({ label: 'Run 1 · Small CNN' });
  await page.locator('.inside-tools').getByRole('button', { name: 'Look inside' }).click();
  const shown = page.locator('#inside').getByText(/^Test image 1:/);
  await expect(shown).toHaveText('Test image 1: 7');
  // The panel's and the drawing's.
  const looks = page.workers().filter((one) => one.url().includes('/worker/look.js'));
  // Of the second set, the last file cannot be read.
  for (const look of looks) await look.evaluate(() => {
    const { arrayBuffer } = Blob.prototype;
    Blob.prototype.arrayBuffer = function () { return this.name?.startsWith('t10k-labels') ? Promise.reject(new DOMException('gone', 'NotFoundError')) : arrayBuffer.call(this); };
  });
  await page.locator('.inside-tools').getByRole('combobox').selectOption({ label: 'Run 2 · Small CNN' });
  await expect(page.locator('#inside')).toContainText('could not be read');
  await page.locator('.inside-tools').getByRole('combobox').selectOption({ label: 'Run 1 · Small CNN' });
  await expect(shown).toHaveText('Test image 1: 7');
  // MNIST's thirteenth test image is a zero; in the other set it is of the third class.
  await page.locator('#inside').getByRole('button', { name: 'Later test images' }).click();
  await page.locator('#inside .thumbs button').first().click();
  await expect(page.locator('#inside').getByText(/^Test image 13:/)).toHaveText('Test image 13: 9');
});
