// Draws the pictures of link previews. `cargo xtask cards` gives it what they say on standard input,
// `{ "TAG/LAB": [title, line above it, name of the page] }`, and the folder to write to.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
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
await browser.close();
