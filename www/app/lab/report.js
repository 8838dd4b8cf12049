// What a person hands in: a lab's question, their prediction and explanation, what the runs came to, and links that
// check it. As Markdown to paste, or as a page of its own that holds all it shows.

import { h } from '../base/dom.js';
import { named, number, t, valueText } from '../base/i18n.js';
import { token } from '../base/colours.js';
import { chartOf, keyOf, legendOf } from '../charts/curves.js';
import { chartFigure, INKS } from '../charts/figure.js';
import { addressOf, linkOf } from '../runs/export.js';
import { scoreTitle } from '../runs/list.js';
import { swatch, tokenOf } from '../runs/marks.js';
import { referenceText, referencesOf } from '../base/sources.js';
import { doubts, figureText, labText, paragraphs, predictionText, runText, saidKeys, saidTexts, verdictText } from './words.js';

/** @import { Table } from '../core.d.ts' */
/** @import { Run } from '../runs/list.js' */
/** @import { Labs } from './labs.js' */

/**
 * @typedef {{ kind: 'text', name: string, text: string, quoted?: boolean }
 *   | { kind: 'table', name: string, heads: string[], rows: string[][] }
 *   | { kind: 'curves', name: string, draw: () => Element[] }
 *   | { kind: 'links', name: string, links: { text: string, address: string }[] }} Part
 */

/** How the page looks on a screen, by day and by night, and on paper. */
const STYLE = `
body { max-width: 46em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: var(--ink); background: var(--surface); }
h1 { font-size: 1.5em; line-height: 1.25; } h2 { margin: 1.4em 0 0.3em; font-size: 1em; }
p, blockquote { margin: 0.3em 0; } blockquote { padding-inline-start: 0.8em; border-inline-start: 3px solid var(--edge); white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: 0.9em; } th, td { padding: 0.2em 0.7em; border-top: 1px solid var(--edge); text-align: end; } th:first-child, td:first-child { padding-inline-start: 0; text-align: start; } svg { direction: ltr; }
.wide { overflow-x: auto; } li { overflow-wrap: anywhere; font-size: 0.9em; } a { color: var(--accent); }
.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18em, 100%), 1fr)); gap: 0.5em; margin: 0.5em 0; } .curves svg { width: 100%; height: auto; }
.legend { padding: 0; list-style: none; } .legend svg { width: 36px; height: 12px; stroke: currentColor; fill: currentColor; } .note { color: var(--soft); font-size: 0.8em; }
.curves, table, li { break-inside: avoid; } h2 { break-after: avoid; } @page { margin: 2cm; } @media print { :root { color-scheme: light; } body { margin: 0 auto; } }
`;

/** The page's colours that it has. */
const COLOURS = ['--ink', '--accent', ...INKS];

/** Pixels of each drawing, before it is as wide as the page has room. */
const WIDTH = 360;
const HEIGHT = 230;

/** Each run of the lab that is still here. @param {Labs} labs @returns {Run[]} */
const runsOf = ({ made }) => made.flatMap(({ run }) => run ?? []);

/** The link that says what was predicted. @param {Labs} labs */
export const predictedLink = ({ engine, view, record }) => addressOf(engine.labPredicted(view?.id ?? '', record.prediction ?? ''));

/** What the report says, in order. @param {Labs} labs @returns {{ title: string, parts: Part[] }} */
function report(labs) {
  const { view, record, conclusion, made, engine, training } = labs;
  if (!view || !conclusion || record.prediction === undefined) throw new Error('nothing to report');
  const { id } = view;
  const { book } = training.runs;
  const options = view.options.map(({ key, value }) => named(t(`field.${key}`), valueText(key, value)));
  const links = made.map(({ label, run, facts }) => ({
    text: t('lab.report.run', { run: runText(id, label), seed: facts.seed }),
    address: linkOf(run ?? facts, engine, run ? book.claim(run.id) : null),
  }));
  const predicted = { text: t('lab.report.predicted'), address: predictedLink(labs) };
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
      ...(runsOf(labs).length > 0 ? [curvesPart(labs)] : []),
      ...said('came-out', [`${verdictText(conclusion)}.`, ...saidTexts(id, conclusion), ...doubts(conclusion)].join(' ')),
      ...said('own-words', record.words ?? '', true),
      ...listed(t('lab.report.check'), [...links, predicted]),
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

/** Loss and score of the runs that are still here, and below them whose curve is which. @param {Labs} labs @returns {Part} */
const curvesPart = (labs) => ({
  kind: 'curves',
  name: t('lab.report.curves'),
  draw() {
    const { training: { runs: { book } }, experiment: { view: { spec }, facts } } = labs;
    const charts = /** @type {const} */ (['loss', 'accuracy']).map((measure) => {
      const chart = chartOf({ book, runs: runsOf(labs), axis: 'samples', next: spec, classes: facts?.classes.length }, measure);
      const title = measure === 'loss' ? t('charts.loss') : scoreTitle(runsOf(labs).map(({ task }) => task));
      return { chart, figure: chartFigure(chart, { title, axis: 'samples', measure, width: WIDTH, height: HEIGHT }) };
    });
    const bundles = charts[0]?.chart.bundles ?? [];
    return [h('div', { class: 'curves' }, ...charts.map(({ figure }) => figure)),
      h('ul', { class: 'legend' }, ...legendOf(bundles, book).map(({ run, words }) => h('li', {}, swatch(run), ' ', words))),
      h('p', { class: 'note' }, keyOf(bundles))];
  },
});

/** A text that stays what it is within a line of Markdown. @param {string} text */
const plain = (text) => text.replaceAll(/[\\`*_[\]<>|#]/g, '\\$&').replaceAll(/\s+/g, ' ');

/** Curves are for the page: hardly any place that Markdown is pasted into shows a drawing that is within it. @param {Part} part */
function partMarkdown(part) {
  switch (part.kind) {
    case 'curves': return null;
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
  return [`# ${plain(title)}`, ...parts.flatMap((part) => {
    const text = partMarkdown(part);
    return text === null ? [] : [`## ${plain(part.name)}`, text];
  })].join('\n\n') + '\n';
}

/** @param {Part} part @returns {Element[]} */
function partElements(part) {
  switch (part.kind) {
    case 'text': return [h(part.quoted ? 'blockquote' : 'p', {}, part.text)];
    case 'curves': return part.draw();
    case 'table': return [h('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': part.name }, h('table', {},
      h('thead', {}, h('tr', {}, h('td'), ...part.heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, ...part.rows.map(([name, ...cells]) => h('tr', {}, h('th', { scope: 'row' }, name ?? ''), ...cells.map((cell) => h('td', {}, cell)))))))];
    case 'links': return [h('ul', {}, ...part.links.map(({ text, address }) => h('li', {}, h('a', { href: address }, text), h('br'), address)))];
  }
}

/** The report as a page that needs nothing else: no script, its curves within it. @param {Labs} labs */
export function page(labs) {
  const { title, parts } = report(labs);
  const paper = document.implementation.createHTMLDocument(title);
  paper.documentElement.lang = document.documentElement.lang;
  paper.documentElement.dir = document.documentElement.dir;
  paper.head.append(h('meta', { charset: 'utf-8' }), h('meta', { name: 'viewport', content: 'width=device-width' }));
  paper.body.append(h('h1', {}, title), ...parts.flatMap((part) => [h('h2', {}, part.name), ...partElements(part)]));
  const colours = [...new Set([...COLOURS, ...runsOf(labs).map(tokenOf)])].map((name) => `${name}: ${token(name)};`);
  const style = `:root { color-scheme: light dark; ${colours.join(' ')} }${STYLE}`;
  // This page's policy allows no style sheet within a page, so that one comes to the text.
  const text = new XMLSerializer().serializeToString(paper.documentElement);
  return `<!doctype html>\n${text.replace('</head>', `<style>${style}</style></head>`)}`;
}
