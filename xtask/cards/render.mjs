// Draws the pictures of link previews, and the page's icons. `cargo xtask cards` gives it what the pictures say on standard
// input, `{ "TAG/LAB": [title, line above it, name of the page] }`, and the folder of the page.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const www = process.argv[2];
const out = path.join(www, 'cards');
const cards = await json(process.stdin);

const browser = await chromium.launch({ executablePath: process.env.CHROME, args: ['--allow-file-access-from-files', '--disable-lcd-text', '--force-color-profile=srgb'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 630 }, colorScheme: 'light' });
await page.goto(`file://${path.join(HERE, 'card.html')}`);
for (const [card, [title, above, name]] of Object.entries(cards)) {
  const tag = card.split('/')[0];
  await page.evaluate(({ tag, title, above, name }) => {
    document.documentElement.lang = tag;
    document.documentElement.dir = new Intl.Locale(tag).getTextInfo().direction;
    // Chinese may break anywhere; behind a mark it reads best.
    document.querySelector('#title').replaceChildren(...title.split(/(?<=[，。：？！、])/).map((part) => {
      const span = document.createElement('span');
      span.textContent = part;
      return span;
    }));
    document.querySelector('#above').textContent = above;
    document.querySelector('#name span').textContent = name;
    // A long question is written smaller, so that it stays above the drawing.
    const words = document.querySelector('#title');
    const { top } = document.querySelector('#motif').getBoundingClientRect();
    for (let size = 72; size > 40; size -= 4) {
      words.style.fontSize = `${size}px`;
      if (words.getBoundingClientRect().bottom <= top) break;
    }
  }, { tag, title, above, name });
  const file = path.join(out, `${card}.png`);
  await mkdir(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file });
}

// Systems cut a shape of their own out of what is maskable, and out of Apple's: the sign stays in the middle, on its colour.
const svg = await readFile(path.join(www, 'icon.svg'), 'utf8');
const colour = /<rect[^>]* fill="(#[0-9a-f]+)"/.exec(svg)[1];
await mkdir(path.join(www, 'icons'), { recursive: true });
for (const [name, size, part, ground] of [['any-192', 192, 1, 'transparent'], ['any-512', 512, 1, 'transparent'], ['maskable-192', 192, 0.8, colour], ['maskable-512', 512, 0.8, colour], ['apple-180', 180, 0.9, colour]]) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body { margin: 0; display: grid; place-items: center; height: 100vh; background: ${ground} } svg { width: ${size * part}px }</style>${svg}`);
  await page.screenshot({ path: path.join(www, 'icons', `${name}.png`), omitBackground: true });
}
await browser.close();
