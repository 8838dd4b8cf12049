// A monkey at the page: presses, keys, links, languages, sizes, reloads, a hidden tab and a bad network, at random from a
// seed. It looks again and again whether the page answers, and whether it rests when nothing is wanted of it.
import { SCRIPTS, add } from './trouble.mjs';

/** Milliseconds in which the page has to answer whoever asks. */
const ANSWER = 2000;
/** Milliseconds in which a run makes a step or ends, once the network works again. */
const PATIENCE = 60_000;
/** Actions between two looks. */
const LOOK = 12;

const LINKS = [
  'v=1&train=160&test=50&epochs=4&batch=16', 'v=1&train=1000&test=100&epochs=2&batch=50&permute=fixed', 'v=1&net=mlp&train=640&test=50&epochs=30',
  'v=1&net=resnet&train=160&test=20&epochs=2&batch=8', 'v=1&net=unet&train=64&test=16&epochs=2&batch=8', 'v=1&data=cifar10&train=160&test=50&stop=steps&steps=30',
  'v=1&data=fashion-mnist&train=12000&test=100&epochs=1', 'v=1&optimizer=sgd&lr=10&decay=1&batch=8&train=640&test=50', 'v=1&lab=epoch-batch&budget=quick&device=cpu',
  'v=1&lab=pixel-shuffle&budget=quick&device=cpu', 'v=1&lab=parameters', 'v=1&data=file', 'v=1&net=resnet&shortcut=identity', 'v=1&lang=zh-CN', 'v=1&lang=en', 'v=1&theme=dark',
  'v=1&nonsense=1&lr=fast', 'v=9', '', '%E0%A4%A', 'v=1&lang=constructor',
];
const SIZES = [[1440, 900], [390, 844], [640, 480], [320, 256], [1920, 1200]];
const KEYS = ['r', 'r', 'r', 's', 'x', '1', '2', '3', ' ', 'Enter', 'Escape', 'Tab', 'Tab', 'ArrowDown', 'ArrowRight', 'Home', '?'];
const LOGIN = '<!doctype html><title>Sign in</title><h1>Sign in</h1>';

/** The same numbers from the same seed (Mulberry32). @param {number} seed */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class Monkey {
  /** How the network is: `good`, `slow`, `failing`, `gone` or `login`. */
  #network = 'good';
  /** What is wrong with the page, in words. @type {string[]} */
  wrong = [];
  actions = 0;
  looks = 0;

  /**
   * @param {import('@playwright/test').Page} page @param {string} address of the playground
   * @param {number} seed @param {(line: string) => void} log hears of every action
   */
  constructor(page, address, seed, log) {
    this.page = page;
    this.address = address;
    this.random = numbers(seed);
    // Of its own, so that what is done does not depend on how many requests there are.
    this.luck = numbers(seed + 1);
    this.log = log;
  }

  /** One of these. @template T @param {T[]} list @returns {T} */
  #one(list) {
    return /** @type {T} */ (list[Math.floor(this.random() * list.length)]);
  }

  /** Goes on for so many milliseconds. @param {number} milliseconds */
  async play(milliseconds) {
    const { page } = this;
    page.on('pageerror', (error) => this.#fault(`page error: ${error.stack || `${error.name}: ${error.message}` || error}`));
    page.on('console', (message) => {
      // What the browser itself says of requests that were made to fail.
      if (message.type() === 'error' && !/^Failed to load (resource|module script)|net::ERR_/.test(message.text())) this.#fault(`console: ${message.text()}`);
    });
    page.on('dialog', (dialog) => void dialog.dismiss().catch(() => {}));
    page.on('popup', (popup) => void popup.close().catch(() => {}));
    // What a page does without its own files is another test's matter.
    await page.route(/\/(data|worker)\/|\/pkg\/(modules\.json|cpu|threads|webgpu)/, (route) => this.#answer(route));
    await add(page, SCRIPTS, `self.calls = 0;
      for (const name of ['advance', 'begin', 'keep', 'weights']) { const call = Trainer.prototype[name]; Trainer.prototype[name] = function (...of) { self.calls += 1; return call.apply(this, of); }; }`);
    this.session = await page.context().newCDPSession(page);
    await this.#open(this.#one(LINKS));
    const end = Date.now() + milliseconds;
    while (Date.now() < end && this.wrong.length === 0) {
      await this.#act();
      this.actions += 1;
      // It went back to where it came from, or to another page of this address.
      if (this.page.url().split('#')[0] !== this.address) await this.#open(this.#one(LINKS));
      if (this.wrong.length === 0) await this.#answers();
      if (this.actions % LOOK === 0 && this.wrong.length === 0) await this.#look();
    }
    this.#network = 'good';
    if (this.wrong.length === 0) await this.#look();
  }

  #fault(text) {
    this.log(`WRONG ${text}`);
    this.wrong.push(`after ${this.actions} actions: ${text}`);
  }

  async #answer(route) {
    if (this.#network === 'slow') await new Promise((resolve) => setTimeout(resolve, 1500));
    if (this.#network === 'failing' && this.luck() < 0.5) return route.fulfill({ status: 503, body: 'later' }).catch(() => {});
    if (this.#network === 'gone') return route.abort('internetdisconnected').catch(() => {});
    if (this.#network === 'login') return route.fulfill({ contentType: 'text/html', body: LOGIN }).catch(() => {});
    return route.fallback().catch(() => {});
  }

  /** Opens a link from nothing. @param {string} link */
  async #open(link) {
    await this.page.goto('about:blank');
    await this.page.goto(`${this.address}#${link}`);
    await this.page.locator('#page[aria-busy="false"]').waitFor({ timeout: PATIENCE });
  }

  /** @type {[number, string, () => Promise<unknown>][]} how often, what, and how */
  #deeds = [
    [10, 'Run', () => this.#press('#run')],
    [3, 'Step', () => this.#press('#step')],
    [3, 'Reset', () => this.#press('#reset')],
    [8, 'key', () => this.#key()],
    [14, 'press', () => this.#pressAny()],
    [5, 'choose', () => this.#chooseAny()],
    [4, 'type', () => this.#typeAny()],
    [5, 'link', () => this.#link()],
    [3, 'size', () => this.#size()],
    [2, 'reload', () => this.#reload()],
    [1, 'open', () => this.#anew()],
    [2, 'back', () => this.#back()],
    [2, 'hide', () => this.#hide()],
    [1, 'freeze', () => this.#freeze()],
    [4, 'network', () => this.#turn()],
    [3, 'scroll', () => this.#scroll()],
    [6, 'wait', () => this.page.waitForTimeout(Math.floor(this.random() * 1500))],
  ];

  async #act() {
    let at = this.random() * this.#deeds.reduce((sum, [often]) => sum + often, 0);
    const [, name, deed] = this.#deeds.find(([often]) => (at -= often) < 0) ?? this.#deeds[0];
    this.#said = '';
    try {
      await deed();
    } catch (error) {
      // What was to be pressed went away meanwhile, or lies under something else.
      this.#said += ` (not done: ${String(error).split('\n')[0].slice(0, 120)})`;
    }
    this.log(`${this.actions} ${name}${this.#said}`);
  }

  #said = '';

  async #press(selector) {
    await this.page.locator(selector).click({ timeout: 1000, force: true });
  }

  /** Any of the things that can be seen and pressed, other than what leaves the page. */
  async #pressAny() {
    const all = this.page.locator('button:visible:enabled, summary:visible, input[type="radio"]:visible, input[type="checkbox"]:visible, [role="tab"]:visible, [role="menuitem"]:visible, a[href^="#"]:visible');
    const count = await all.count();
    if (count === 0) return;
    const index = Math.floor(this.random() * count);
    this.#said = ` ${await all.nth(index).evaluate((element) => `${element.tagName.toLowerCase()} ${(element.ariaLabel || element.textContent || element.id).trim().slice(0, 40)}`, undefined, { timeout: 1000 })}`;
    await all.nth(index).click({ timeout: 1000, force: true });
  }

  async #chooseAny() {
    const all = this.page.locator('select:visible:enabled');
    const count = await all.count();
    if (count === 0) return;
    const select = all.nth(Math.floor(this.random() * count));
    const values = await select.evaluate((element) => [element.id, ...[...element.options].filter(({ disabled }) => !disabled).map(({ value }) => value)], undefined, { timeout: 1000 });
    const value = this.#one(values.slice(1));
    this.#said = ` ${values[0]} ${value}`;
    await select.selectOption(value, { timeout: 1000 });
  }

  async #typeAny() {
    const all = this.page.locator('input[type="text"]:visible:enabled, input[type="number"]:visible:enabled, input:not([type]):visible:enabled');
    const count = await all.count();
    if (count === 0) return;
    const text = this.#one(['1', '3', '16', '64', '0', '-1', '0.01', '1e9', 'NaN', '', '９', 'seven', '0,5']);
    const field = all.nth(Math.floor(this.random() * count));
    this.#said = ` ${await field.getAttribute('id', { timeout: 1000 })} “${text}”`;
    await field.fill(text, { timeout: 1000 });
    await field.press('Enter', { timeout: 1000 });
  }

  async #key() {
    const key = this.#one(KEYS);
    this.#said = ` ${key}`;
    await this.page.keyboard.press(key);
  }

  async #link() {
    const link = this.#one(LINKS);
    this.#said = ` #${link}`;
    await this.page.evaluate((hash) => { location.hash = hash; }, link);
  }

  async #size() {
    const [width, height] = this.#one(SIZES);
    this.#said = ` ${width}×${height}`;
    await this.page.setViewportSize({ width, height });
  }

  async #reload() {
    await this.page.reload();
    await this.page.locator('#page[aria-busy="false"]').waitFor({ timeout: PATIENCE });
  }

  async #anew() {
    const link = this.#one(LINKS);
    this.#said = ` #${link}`;
    await this.#open(link);
  }

  async #back() {
    this.#said = ` from ${new URL(this.page.url()).hash}`;
    await this.page.goBack({ timeout: 5000 });
  }

  /** What a page hears of a tab behind others. */
  async #hide() {
    await this.page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await this.page.waitForTimeout(Math.floor(this.random() * 1000));
    await this.page.evaluate(() => {
      delete document.visibilityState;
      delete document.hidden;
      document.dispatchEvent(new Event('visibilitychange'));
    });
  }

  async #freeze() {
    await this.session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await new Promise((resolve) => setTimeout(resolve, Math.floor(this.random() * 2000)));
    await this.session.send('Page.setWebLifecycleState', { state: 'active' });
  }

  async #turn() {
    this.#network = this.#one(['good', 'good', 'slow', 'failing', 'gone', 'login']);
    this.#said = ` ${this.#network}`;
  }

  async #scroll() {
    await this.page.evaluate((share) => scrollTo(0, share * document.body.scrollHeight), this.random());
  }

  /** Whether the page answers. */
  async #answers() {
    const asked = Date.now();
    const answered = await Promise.race([
      this.page.evaluate(() => true).catch((error) => (/Execution context was destroyed|navigat/i.test(String(error)) ? true : String(error))),
      new Promise((resolve) => setTimeout(() => resolve('no answer'), PATIENCE)),
    ]);
    const took = Date.now() - asked;
    if (answered !== true) this.#fault(`the page does not answer: ${answered}`);
    else if (took > ANSWER) this.#fault(`the page answered after ${took} ms`);
  }

  /** With a network that works: a run that is on gets on, and where none is, nothing works. */
  async #look() {
    this.looks += 1;
    const before = this.#network;
    this.#network = 'good';
    try {
      if (await this.page.locator('#page[aria-busy="false"]').count() === 0) await this.page.locator('#page[aria-busy="false"]').waitFor({ timeout: PATIENCE });
      const seen = await this.#facts();
      this.log(`${this.actions} look ${JSON.stringify(seen)}`);
      if (seen.busy) await this.#getsOn(seen);
      else await this.#rests();
    } catch (error) {
      this.#fault(`cannot be looked at: ${error}`);
    }
    this.#network = before;
  }

  #facts() {
    return this.page.evaluate(() => {
      const run = document.querySelector('#run');
      const state = document.querySelector('#run-state');
      // The button has the same words in every state but one, in every language.
      return { busy: document.querySelector('#step')?.disabled === true && run?.disabled === false, button: run?.textContent, state: state?.textContent,
        steps: document.querySelector('[data-counter="steps"]')?.textContent, runs: document.querySelectorAll('.runs-table tbody tr').length,
        messages: [...document.querySelectorAll('.message-text')].map((note) => note.textContent?.slice(0, 100)) };
    });
  }

  /** A run that is on makes a step, comes to its end, or gives way to words. */
  async #getsOn({ button, state, steps }) {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const now = await this.#facts();
      if (!now.busy || now.steps !== steps || now.state !== state) return;
      if (Date.now() > until) return this.#fault(`a run stays busy: ${JSON.stringify({ button, ...now })}`);
      await this.page.waitForTimeout(250);
    }
  }

  /** No call into the module is made while nothing is wanted. */
  async #rests() {
    // Further threads wait for work in a way that lets nobody ask them.
    const desks = () => this.page.workers().filter((one) => one.url().includes('/worker/desk.js'));
    const working = async () => JSON.stringify(await Promise.all(desks().map((one) => Promise.race([
      one.evaluate(() => self.calls ?? 0),
      new Promise((resolve) => setTimeout(() => resolve('no answer'), 20_000)),
    ]).catch(() => 'gone'))));
    // What was asked for last may still be on its way.
    await this.page.waitForTimeout(500);
    let seen = await working();
    for (let tries = 0; tries < 5; tries += 1) {
      await this.page.waitForTimeout(1000);
      const now = await working();
      if (now === seen && !now.includes('no answer')) return;
      if ((await this.#facts()).busy) return;
      seen = now;
    }
    this.#fault(`a worker works while nothing is wanted: ${seen}`);
  }
}
