// What the checks share: a page of the playground in an engine, driven by plain WebDriver, which every engine speaks.
import { test as base, expect } from '@playwright/test';
import { By } from 'selenium-webdriver';
import { start } from './engine.mjs';
import { Host } from './host.mjs';

export { expect };

/** Few samples, so that a run takes seconds. */
export const SMALL = 'v=1&train=640&test=100&epochs=1&batch=16';

/** How the page says that it has more than one thread. */
export const THREADS = /It trains on \d threads\.$/;

class Page {
  /** @param {import('selenium-webdriver').WebDriver} browser @param {Host} host */
  constructor(browser, host) {
    this.browser = browser;
    this.host = host;
  }

  /** Goes to an address, as a new visit and not as a new place on the same page. */
  async goto(address) {
    await this.browser.get('about:blank');
    await this.browser.get(new URL(address, this.host.url).href);
  }

  /** Opens the page with this link, and waits until the first images are there. */
  async open(link = '') {
    await this.goto(`#${link}`);
    await this.opened();
  }

  /** Waits until the page is there, with its first images. */
  async opened() {
    await this.has('#page[aria-busy="false"]');
    await this.has('#seen[data-state="ready"]');
  }

  /** What a function gives within the page. */
  ask(what, ...values) {
    return this.browser.executeScript(what, ...values);
  }

  count(css) {
    return this.ask((css) => document.querySelectorAll(css).length, css);
  }

  /** The words of the first element, or nothing where there is none. */
  text(css) {
    return this.ask((css) => document.querySelector(css)?.textContent.trim() ?? null, css);
  }

  attribute(css, name) {
    return this.ask((css, name) => document.querySelector(css)?.getAttribute(name) ?? null, css, name);
  }

  /** Waits for this many elements, or for any. */
  async has(css, count) {
    const found = expect.poll(() => this.count(css), { message: css });
    if (count === undefined) await found.toBeGreaterThan(0);
    else await found.toBe(count);
  }

  /** Waits until all of an element's attribute is this. */
  async is(css, name, value) {
    await expect.poll(() => this.attribute(css, name), { message: `${css} ${name}` }).toBe(value);
  }

  /** Waits until an element has these words among its own. */
  async says(css, words) {
    const found = expect.poll(async () => await this.text(css) ?? '', { message: css });
    if (words instanceof RegExp) await found.toMatch(words);
    else await found.toContain(words);
  }

  /** The first element that can be seen, with these words at its beginning if any are asked for. */
  async element(css, words = '') {
    const found = await this.ask((css, words) => [...document.querySelectorAll(css)].find((one) => one.checkVisibility() && one.textContent.trim().startsWith(words)), css, words);
    if (!found) throw new Error(`nothing to be seen is ${css} ${words}`);
    return found;
  }

  /** Presses what a person would press, in the middle of the screen, where nothing that sticks to its edges lies over it. */
  async press(css, words) {
    await expect(async () => {
      const element = await this.element(css, words);
      await this.ask((one) => one.scrollIntoView({ block: 'center', behavior: 'instant' }), element);
      await element.click().catch((error) => { throw new Error(`${css} ${words ?? ''}: ${error.name} ${error.message}`); });
    }).toPass({ timeout: 40_000 });
  }

  /** Types a value in the place of what is there. */
  async type(css, value) {
    const element = await this.element(css);
    await element.clear();
    await element.sendKeys(value);
  }

  /** Chooses from a list. */
  async choose(css, value) {
    await this.browser.findElement(By.css(`${css} option[value="${value}"]`)).click();
  }

  /** Does something in a frame of the page. */
  async within(frame, what) {
    await this.has(frame);
    await this.browser.switchTo().frame(await this.browser.findElement(By.css(frame)));
    await what();
    await this.browser.switchTo().defaultContent();
  }

  /** Gives the page this much room. */
  async size(width, height) {
    await this.browser.manage().window().setRect({ width, height });
  }

  /** Gives files to a field that takes some, whether it can be seen or not. */
  async give(css, paths) {
    await this.browser.findElement(By.css(css)).sendKeys(paths.join('\n'));
  }

  /** How much ink each canvas has. */
  ink(css) {
    return this.ask((css) => [...document.querySelectorAll(css)].map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.reduce((sum, byte, at) => (at % 4 === 3 ? sum + byte : sum), 0);
    }), css);
  }

  /** Presses Run, and waits until the run is done. */
  async run() {
    await this.press('#run');
    await this.says('#run-state', /^Done$/);
  }

  async reload() {
    await this.browser.navigate().refresh();
    await this.opened();
  }
}

/** A page in the engine that is tested; a test fails where a page of the playground told of an error. */
export const test = base.extend({
  /** What the system says to the browser otherwise than usual. */
  environment: [{}, { option: true }],
  host: async ({}, use) => {
    if (!process.env.PLAYGROUND_URL) throw new Error('PLAYGROUND_URL names no playground: cargo xtask test --only Firefox');
    const host = new Host(process.env.PLAYGROUND_URL);
    await host.start();
    await use(host);
    await host.stop();
    expect(host.wrong).toEqual([]);
  },
  page: async ({ host, environment }, use, { annotations, project }) => {
    const { browser, stop } = await start(project.name, environment);
    const is = await browser.getCapabilities();
    annotations.push({ type: 'browser', description: `${is.getBrowserName()} ${is.getBrowserVersion()}` });
    await use(new Page(browser, host));
    await stop();
  },
});
