// Programs that make course sites, each with a page that holds both pieces of code.
import path from 'node:path';
import { call, npm, page, pip, site } from './tools.mjs';

/** @typedef {import('./snippets.mjs').Snippets} Snippets */
/** How a system is tried: `make` gives the HTML that it makes of what it was given.
 *  @typedef {{ name: string, system: string, with: string, how: string, make: (place: string, given: Snippets) => string | Promise<string> }} Recipe */

const QUIET = { stdio: /** @type {['ignore', 'pipe', 'pipe']} */ (['ignore', 'pipe', 'pipe']) };

/** @type {Recipe[]} */
export const SITES = [
  {
    name: 'mkdocs', system: 'MkDocs', with: 'mkdocs 1.6.1', how: 'as HTML in the page',
    make: (place, given) => {
      const programs = pip(place, ['mkdocs==1.6.1']);
      const folder = site('mkdocs', place, given);
      call(path.join(programs, 'mkdocs'), ['build', '--strict'], { cwd: folder, ...QUIET });
      return page(folder, 'site/index.html');
    },
  },
  {
    name: 'jupyter-book', system: 'Jupyter Book 1', with: 'jupyter-book 1.0.4.post1', how: 'as HTML in the page',
    make: (place, given) => {
      const programs = pip(place, ['jupyter-book==1.0.4.post1']);
      const folder = site('jupyter-book', place, given);
      call(path.join(programs, 'jupyter-book'), ['build', '.'], { cwd: folder, ...QUIET });
      return page(folder, '_build/html/index.html');
    },
  },
  {
    name: 'vitepress', system: 'VitePress', with: 'vitepress 1.6.4',
    how: 'as HTML in the page; the script in the [configuration](../tests/recipes/sites/vitepress/.vitepress/config.mjs)',
    make: (place, given) => {
      npm(place, ['vitepress@1.6.4']);
      const folder = site('vitepress', place, given);
      call(path.join(place, 'node_modules/.bin/vitepress'), ['build', folder], { cwd: place, ...QUIET });
      return page(folder, '.vitepress/dist/index.html');
    },
  },
  {
    name: 'docusaurus', system: 'Docusaurus', with: 'Docusaurus 3.10.2, React 19.3.1',
    how: 'as HTML in a page that ends in `.md`; the script in the [configuration](../tests/recipes/sites/docusaurus/docusaurus.config.js)',
    make: (place, given) => {
      npm(place, ['@docusaurus/core@3.10.2', '@docusaurus/preset-classic@3.10.2', 'react@19.3.1', 'react-dom@19.3.1']);
      const folder = site('docusaurus', place, given);
      call(path.join(place, 'node_modules/.bin/docusaurus'), ['build', folder], { cwd: place, ...QUIET });
      return page(folder, 'build/index.html');
    },
  },
  {
    name: 'quarto', system: 'Quarto', with: 'Pandoc 3.9, which makes its pages; Quarto itself could not be had: its package fetches it from elsewhere',
    how: 'the iframe as HTML in the page, the element in a [raw block](../tests/recipes/sites/pandoc/index.md)',
    make: (place, given) => {
      const programs = pip(place, ['pypandoc_binary==1.17']);
      const folder = site('pandoc', place, given);
      const program = call(path.join(programs, 'python'), ['-c', 'import pypandoc; print(pypandoc.get_pandoc_path())']).trim();
      return call(program, ['--from', 'markdown', '--to', 'html', path.join(folder, 'index.md')]);
    },
  },
  {
    name: 'myst', system: 'MyST, Jupyter Book 2', with: 'mystmd 1.8.3, up to what its theme is given; the theme could not be had: it is fetched from elsewhere', how: 'the iframe as HTML in the page',
    make: (place, given) => {
      npm(place, ['mystmd@1.8.3']);
      const folder = site('myst', place, given);
      call(path.join(place, 'node_modules/.bin/myst'), ['build', '--site'], { cwd: folder, ...QUIET });
      return asHtml(JSON.parse(page(folder, '_build/site/content/index.json')).mdast);
    },
  },
];

/** What MyST made of a page, as far as it is about frames and links. @param {any} node @returns {string} */
function asHtml({ type, children = [], style = {}, ...rest }) {
  const within = children.map(asHtml).join('');
  if (type === 'link') return `<a href="${rest.url}">${within}</a>`;
  if (type !== 'iframe') return within;
  const { key, position, ...attributes } = rest;
  const styles = Object.entries(style).map(([name, value]) => `${name}: ${value}`).join('; ');
  return `<iframe ${Object.entries({ ...attributes, ...(styles ? { style: styles } : {}) }).map(([name, value]) => `${name}="${value}"`).join(' ')}></iframe>`;
}
