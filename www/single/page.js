// The page of the playground as one file takes the parts that stand in it, before anything asks for one.

import { findWith, part } from './files.js';

const elements = /** @type {NodeListOf<HTMLScriptElement>} */ (document.querySelectorAll('script[data-part]'));
const texts = new Map(Array.from(elements, (element) => [element.dataset.part ?? '', element.text]));
findWith(async (path) => texts.get(path));
// Millions of letters that the page need not have twice.
for (const element of elements) element.remove();

// A page beside this one is a part of it too.
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const path = link?.getAttribute('href') ?? '';
  if (!path.endsWith('.html') || path.includes(':')) return;
  event.preventDefault();
  void part(path).then((page) => page.blob()).then((page) => window.open(URL.createObjectURL(page)));
});
