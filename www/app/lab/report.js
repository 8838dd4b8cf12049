// What a person hands in: a lab's question, their prediction and explanation, what the runs came to, and links that
// check it. As Markdown to paste, or as a page of its own that holds all it shows.

import { h } from '../base/dom.js';
import { number, t, valueText } from '../base/i18n.js';
import { chartPicture } from '../charts/picture.js';
import { linkOf } from '../runs/export.js';
import { referenceText, referencesOf } from '../base/sources.js';
import { doubts, figureText, labText, paragraphs, predictionText, runText, saidKeys, saidTexts, verdictText } from './words.js';

/** @import { Table } from '../core.d.ts' */
/** @import { Run } from '../runs/list.js' */
/** @import { Labs } from './labs.js' */

/**
 * @typedef {{ kind: 'text', name: string, text: string, quoted?: boolean }
 *   | { kind: 'table', name: string, heads: string[], rows: string[][] }
 *   | { kind: 'links', name: string, links: { text: string, address: string }[] }} Part
 */

/** How the page looks on a screen and on paper. */
const STYLE = `
body { max-width: 46em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: #1b1b1f; background: #fff; }
h1 { font-size: 1.5em; line-height: 1.25; } h2 { margin: 1.4em 0 0.3em; font-size: 1em; }
p, blockquote { margin: 0.3em 0; } blockquote { padding-left: 0.8em; border-left: 3px solid #999; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: 0.9em; } th, td { padding: 0.2em 0.7em; border-top: 1px solid #bbb; text-align: right; } th:first-child, td:first-child { padding-left: 0; text-align: left; }
img { max-width: 100%; height: auto; } li { overflow-wrap: anywhere; font-size: 0.9em; }
figure, table, li { break-inside: avoid; } @page { margin: 2cm; }
`;

/** Each run of the lab that is still here. @param {Labs} labs @returns {Run[]} */
const runsOf = ({ made }) => made.flatMap(({ run }) => run ?? []);

/** What the report says, in order. @param {Labs} labs @returns {{ title: string, parts: Part[] }} */
function report({ view, record, conclusion, made, engine, training }) {
  if (!view || !conclusion || record.prediction === undefined) throw new Error('nothing to report');
  const { id } = view;
  const { book } = training.runs;
  const options = view.options.map(({ key, value }) => `${t(`field.${key}`)}: ${valueText(key, value)}`);
  const links = made.map(({ label, run, facts }) => ({
    text: t('lab.report.run', { run: runText(id, label), seed: facts.seed }),
    address: linkOf(run ?? facts, engine, run ? book.claim(run.id) : null),
  }));
  const sources = referencesOf(...saidKeys(id, conclusion), ...paragraphs(id, 'why'), ...paragraphs(id, 'formula'))
    .map((reference) => ({ text: referenceText(reference), address: reference.work.address }));
  /** @param {string} name @param {{ text: string, address: string }[]} links @returns {Part[]} */
  const listed = (name, links) => (links.length > 0 ? [{ kind: 'links', name, links }] : []);
  /** @param {string} name @param {string} text @param {boolean} [quoted] @returns {Part[]} */
  const said = (name, text, quoted) => (text ? [{ kind: 'text', name: t(`lab.report.${name}`), text, quoted }] : []);
  return {
    title: `${t('lab.where', { number: number(view.row), title: labText(id, 'title') })} — ${labText(id, 'question')}`,
    parts: [
      ...said('predicted', predictionText(id, record.prediction)),
      ...(made.length > 0 ? said('runs', [labText(id, 'setup'), ...options].join(' · ')) : []),
      ...conclusion.tables.map((table) => tablePart(id, table)),
      ...said('came-out', [`${verdictText(conclusion)}.`, ...saidTexts(id, conclusion), ...doubts(conclusion)].join(' ')),
      ...said('own-words', record.words ?? '', true),
      ...listed(t('lab.report.check'), links),
      ...listed(t('source.list'), sources),
    ],
  };
}

/** @param {string} id @param {Table} table @returns {Part} */
const tablePart = (id, { name, columns, rows }) => ({
  kind: 'table',
  name: name === 'runs' ? t('lab.table.runs') : labText(id, `table.${name}`),
  heads: columns.map((column) => t(`lab.column.${column}`)),
  rows: rows.map(({ label, figures }) => [runText(id, label), ...figures.map(figureText)]),
});

/** A text that stays what it is within a line of Markdown. @param {string} text */
const plain = (text) => text.replaceAll(/[\\`*_[\]<>|#]/g, '\\$&').replaceAll(/\s+/g, ' ');

/** @param {Part} part */
function partMarkdown(part) {
  switch (part.kind) {
    case 'text': return part.quoted
      ? part.text.split('\n').map((line) => `> ${line}`).join('\n')
      : plain(part.text);
    case 'table': {
      const [head, ...rows] = [['', ...part.heads], ...part.rows].map((cells) => cells.map(plain));
      return [head ?? [], [':---', ...part.heads.map(() => '---:')], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
    }
    case 'links': return part.links.map(({ text, address }) => `- [${plain(text)}](${address})`).join('\n');
  }
}

/** @param {Labs} labs */
export function markdown(labs) {
  const { title, parts } = report(labs);
  return [`# ${plain(title)}`, ...parts.flatMap((part) => [`## ${plain(part.name)}`, partMarkdown(part)])].join('\n\n') + '\n';
}

/** @param {Part} part */
function partElement(part) {
  switch (part.kind) {
    case 'text': return h(part.quoted ? 'blockquote' : 'p', {}, part.text);
    case 'table': return h('table', {},
      h('thead', {}, h('tr', {}, h('td'), ...part.heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, ...part.rows.map(([name, ...cells]) => h('tr', {}, h('th', { scope: 'row' }, name ?? ''), ...cells.map((cell) => h('td', {}, cell))))));
    case 'links': return h('ul', {}, ...part.links.map(({ text, address }) => h('li', {}, h('a', { href: address }, text), h('br'), address)));
  }
}

/** The report as a page that needs nothing else: no script, its curves as pictures. @param {Labs} labs @returns {Promise<string>} */
export async function page(labs) {
  const { title, parts } = report(labs);
  const paper = document.implementation.createHTMLDocument(title);
  paper.documentElement.lang = document.documentElement.lang;
  paper.head.append(h('meta', { charset: 'utf-8' }), h('meta', { name: 'viewport', content: 'width=device-width' }));
  const curves = [];
  for (const measure of /** @type {const} */ (['loss', 'accuracy'])) {
    const name = t(measure === 'loss' ? 'charts.loss' : 'lab.report.score');
    const runs = runsOf(labs);
    if (runs.length === 0) break;
    const { view: { spec }, facts } = labs.experiment;
    const drawn = await chartPicture(name, { book: labs.training.runs.book, runs, axis: 'samples', next: spec, classes: facts?.classes.length }, measure);
    curves.push(h('figure', {}, h('img', { src: drawn.toDataURL('image/png'), alt: name })));
  }
  paper.body.append(h('h1', {}, title), ...parts.flatMap((part) => [h('h2', {}, part.name), partElement(part)]), ...curves);
  // This page's policy allows no style sheet within a page, so that one comes to the text.
  const text = new XMLSerializer().serializeToString(paper.documentElement);
  return `<!doctype html>\n${text.replace('</head>', `<style>${STYLE}</style></head>`)}`;
}
