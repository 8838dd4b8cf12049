// What a benchmark does with the page in the place of a person: in Chromium through its developer tools, in the other engines
// through their drivers, as `tests/engines` does.
import { chromium } from '@playwright/test';
import { By } from 'selenium-webdriver';
import { start } from '../tests/engines/engine.mjs';
import { ready } from './peers/page.mjs';
import { tasks } from './tasks.mjs';

/** Milliseconds that a step of a benchmark may take. */
const PATIENCE = 600_000;

/** What looks further into a task than its name. */
const CATEGORIES = ['toplevel', 'devtools.timeline', 'v8'];

/**
 * Opens a link; gives a file or a folder to a field; presses a button; waits for words; loads the page again; runs a function within the page;
 * says how long the page's main thread was busy at most while something is done, and with what; the process that began the browser.
 * @typedef {{ open: (link: string) => Promise<void>, give: (css: string, path: string) => Promise<void>, press: (css: string, words: string) => Promise<void>,
 *   says: (css: string, words: RegExp) => Promise<void>, reload: () => Promise<void>, ask: (what: Function, ...values: unknown[]) => Promise<any>,
 *   busiest: (meanwhile: () => Promise<void>) => Promise<{ ms: number, what: string }>, pid: number, stop: () => Promise<void> }} Hands
 */

/** @param {string} program @returns {Promise<Hands>} */
async function inChromium(program) {
  const server = await chromium.launchServer({ executablePath: program, headless: true, args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  const browser = await chromium.connect(server.wsEndpoint());
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(PATIENCE);
  return {
    async open(link) {
      await page.goto('about:blank');
      await ready(page, link);
    },
    give: (css, path) => page.locator(css).setInputFiles(path),
    press: (css, words) => page.locator(css).getByRole('button', { name: words }).click(),
    says: (css, words) => page.locator(css).getByText(words).first().waitFor(),
    async reload() {
      await page.reload();
      await page.locator('#seen[data-state="ready"]').waitFor();
    },
    ask: (what, ...values) => page.evaluate(`(${what})(...${JSON.stringify(values)})`),
    busiest: await tasks(browser, CATEGORIES),
    pid: server.process().pid,
    async stop() {
      await browser.close();
      await server.close();
    },
  };
}

/** @param {'firefox' | 'webkit'} name @returns {Promise<Hands>} */
async function inEngine(name) {
  const { browser, pid, stop } = await start(name, {});
  const ask = (what, ...values) => browser.executeScript(what, ...values);
  const until = (what, ...values) => browser.wait(() => ask(what, ...values), PATIENCE);
  const opened = () => until(() => document.querySelector('#page[aria-busy="false"]') && document.querySelector('#seen[data-state="ready"]') !== null);
  return {
    async open(link) {
      await browser.get('about:blank');
      await browser.get(link);
      await opened();
    },
    give: (css, path) => browser.findElement(By.css(css)).sendKeys(path),
    press: (css, words) => ask((css, words) => [...document.querySelectorAll(`${css} button`)].find((one) => one.textContent === words).click(), css, words),
    says: (css, { source }) => until((css, source) => new RegExp(source).test(document.querySelector(css)?.textContent ?? ''), css, source),
    async reload() {
      await browser.navigate().refresh();
      await opened();
    },
    ask,
    /** Their drivers tell of no tasks. */
    async busiest(meanwhile) {
      await meanwhile();
      return { ms: NaN, what: 'not measured' };
    },
    pid,
    stop,
  };
}

/** @param {string} engine @param {string} program Chromium's */
export const handsIn = (engine, program) => (engine === 'chromium' ? inChromium(program) : inEngine(/** @type {'firefox' | 'webkit'} */ (engine)));
