// How fast a bundle opens, and what Lighthouse says of it: a JSON line for each measurement, then a table.
import { parseArgs } from 'node:util';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import desktop from 'lighthouse/core/config/desktop-config.js';
import { chromium } from 'playwright-core';
import { Line } from './line.mjs';
import { cold, warm } from './opening.mjs';

const { values: options } = parseArgs({ options: {
  bundle: { type: 'string' }, chromium: { type: 'string', default: '/usr/bin/chromium' }, repeat: { type: 'string', default: '3' },
} });
const FLAGS = ['--headless=new', '--no-sandbox', '--no-first-run', '--disable-background-networking'];
/** A line as a student has it at home. */
const HOME = { megabits: 10, latency: 40 };
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const PAGES = { main: '', embed: '#v=1&embed=1', lab: '#v=1&lab=pixel-shuffle' };
const repeat = Number(options.repeat);

const tell = (record) => console.log(JSON.stringify(record, (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value)));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const medians = (records) => Object.fromEntries(Object.keys(records[0]).map((key) => [key, median(records.map((record) => record[key]))]));

async function opening() {
  const browser = await chromium.launch({ executablePath: options.chromium, args: FLAGS });
  const colds = [];
  for (let time = 0; time < repeat; time += 1) colds.push(await cold(browser, options.bundle, HOME));
  const warms = await warm(browser, options.bundle, repeat);
  await browser.close();
  for (const record of colds) tell({ what: 'cold', ...HOME, ...record });
  for (const record of warms) tell({ what: 'warm', ...record });
  return { cold: medians(colds), warm: medians(warms) };
}

async function audits() {
  const line = new Line(options.bundle);
  await line.start();
  const table = [];
  for (const [name, hash] of Object.entries(PAGES)) for (const form of ['mobile', 'desktop']) {
    const scores = [];
    for (let time = 0; time < repeat; time += 1) {
      const chrome = await launch({ chromePath: options.chromium, chromeFlags: FLAGS });
      const { lhr } = await lighthouse(line.url + hash, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: 'error' }, form === 'desktop' ? desktop : undefined);
      await chrome.kill();
      const score = Object.fromEntries(CATEGORIES.map((category) => [category, lhr.categories[category].score * 100]));
      const metrics = Object.fromEntries(['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'].map((id) => [id, lhr.audits[id].numericValue]));
      const failed = CATEGORIES.slice(1).flatMap((category) => lhr.categories[category].auditRefs).filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 1).map(({ id }) => id);
      tell({ what: 'lighthouse', page: name, form, ...score, ...metrics, failed });
      scores.push(score);
    }
    table.push({ page: name, form, ...medians(scores) });
  }
  await line.stop();
  return table;
}

const { cold: first, warm: again } = await opening();
const table = await audits();
const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;
console.log(`\nMedians of ${repeat}. Cold cache, ${HOME.megabits} Mbit/s, ${HOME.latency} ms a round trip:
  usable after ${Math.round(first.usable_ms)} ms; a switch has changed the images after ${Math.round(first.interaction_ms)} ms (${kilobytes(first.interaction_bytes)}, ${first.interaction_requests} requests)
  first training step after ${Math.round(first.step_ms)} ms (${kilobytes(first.step_bytes)})
Everything kept from an earlier visit:
  usable after ${Math.round(again.usable_ms)} ms; first training step after ${Math.round(again.step_ms)} ms`);
console.table(table);
