// What course systems leave of HTML that people write in them: the library of each, as far as it can be had, with its settings.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { at, call, debian, npm, pip } from './tools.mjs';

/** @typedef {import('./sites.mjs').Recipe} Recipe */

/** Both pieces, as somebody writes them below each other. @param {import('./snippets.mjs').Snippets} given */
const both = ({ iframe, script, element }) => `${iframe}\n${script}\n${element}\n`;

/** Folders below a root whose path ends so. @param {string} root @param {RegExp} end @returns {string[]} */
const folders = (root, end) => readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((one) => one.isDirectory()).map((one) => path.join(one.parentPath, one.name)).filter((one) => end.test(one));

/** PHP that is unpacked and not installed, with what its libraries need. @param {string} root @param {string[]} options @param {string} input */
function php(root, options, input) {
  const modules = ['ctype', 'dom', 'mbstring'].map((name) => ['-d', `extension=${path.join(root, 'usr/lib/php/20220829', `${name}.so`)}`]);
  return call(path.join(root, 'usr/bin/php8.2'), ['-n', '-d', 'display_errors=stderr', '-d', 'error_reporting=4437', ...modules.flat(), ...options], { input });
}

/** Ruby likewise. @param {string} root @param {string} file @param {string} input */
function ruby(root, file, input) {
  const places = folders(root, /\/gems\/[^/]+-\d[^/]*\/lib$|\/extensions\/.*\/nokogiri-[^/]+$|\/ruby\/(3\.1\.0|vendor_ruby|vendor_ruby\/3\.1\.0)$/);
  const env = { ...process.env, RUBYLIB: places.join(':'), LD_LIBRARY_PATH: path.join(root, 'usr/lib/x86_64-linux-gnu') };
  return call(path.join(root, 'usr/bin/ruby3.1'), ['--disable=did_you_mean,error_highlight', file], { input, env });
}

const PHP = ['php8.2-cli', 'php8.2-common', 'php8.2-xml', 'php8.2-mbstring'];

/** @type {Recipe[]} */
export const SANITIZERS = [
  {
    name: 'canvas', system: 'Canvas', with: 'its list, `sanitize` 6.0.0', how: 'as HTML in the editor: [Canvas](#canvas)',
    make: (place, given) => {
      const root = debian(place, ['ruby3.1', 'libruby3.1', 'ruby-sanitize', 'ruby-nokogiri', 'ruby-crass', 'racc']);
      return ruby(root, at('sanitizers/canvas.rb'), both(given));
    },
  },
  {
    name: 'moodle', system: 'Moodle, what students write', with: 'its settings, HTML Purifier 4.11.0', how: 'a link; what teachers write stays: [Moodle](#moodle)',
    make: (place, given) => {
      const root = debian(place, [...PHP, 'php-htmlpurifier']);
      // Two files of this release have a way to write a letter of a text that PHP 8 no longer reads.
      for (const file of ['Encoder.php', 'TagTransform/Font.php']) {
        const name = path.join(root, 'usr/share/php/HTMLPurifier', file);
        writeFileSync(name, readFileSync(name, 'utf8').replaceAll(/(\$[a-z]+(?:\[[^\]]+\])?)\{([^}]+)\}/g, '$1[$2]'));
      }
      return php(root, ['-d', `include_path=${path.join(root, 'usr/share/php')}`, at('sanitizers/moodle.php')], both(given));
    },
  },
  {
    name: 'wordpress', system: 'WordPress, without the right to `unfiltered_html`', with: '`wp_kses_post` of 6.1.9', how: 'a link; administrators and editors write HTML as it is',
    make: (place, given) => {
      const root = debian(place, [...PHP, 'wordpress']);
      return php(root, [at('sanitizers/wordpress.php'), path.join(root, 'usr/share/wordpress')], both(given));
    },
  },
  {
    name: 'openedx', system: 'Open edX, about pages', with: 'its settings, lxml_html_clean 0.4.6', how: 'a link',
    make: (place, given) => call(path.join(pip(place, ['lxml_html_clean==0.4.6']), 'python'), [at('sanitizers/openedx.py')], { input: both(given) }),
  },
  {
    name: 'github', system: 'GitHub, in a README', with: 'rehype-sanitize 6.0.0, whose list is GitHub’s', how: '[a link](#links-alone)',
    make: async (place, given) => {
      npm(place, ['rehype-sanitize@6.0.0', 'rehype@13.0.2']);
      const load = async (/** @type {string} */ name) => (await import(pathToFileURL(createRequire(path.join(place, 'package.json')).resolve(name)).href));
      const [{ rehype }, { default: sanitize }] = await Promise.all([load('rehype'), load('rehype-sanitize')]);
      return String(await rehype().data('settings', { fragment: true }).use(sanitize).process(both(given)));
    },
  },
];
