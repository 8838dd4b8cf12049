// Where each part of a network's drawing stands: from the core's tree to boxes, sums and arcs.

/** @import { Node as Part, Row, Summary } from './core.d.ts' */

/**
 * Something that can be pointed at. `y` is its top.
 * @typedef {{ kind: 'box', rows: number[], y: number, height: number, block?: string }} Box
 * @typedef {{ kind: 'sum', rows: number[], y: number, height: number }} Sum
 * @typedef {{ kind: 'arc', rows: number[], y: number, height: number, from: number, to: number }} Arc
 * @typedef {{ kind: 'stage', name: string, y: number, height: number }} Stage
 * @typedef {Box | Sum | Arc | Stage} Item
 */

const BOX = 30;
const COMPACT = 24;
const GAP = 9;
const SUM = 16;
const STAGE = 22;

/** A stage with more blocks than this shows all but the first, which differs, on one line each. */
const WHOLE_BLOCKS = 2;

/** What happens on the numbers of the layer before, and is drawn in its box. */
const ATTACHED = ['batch-norm', 'relu', 'tanh', 'sigmoid'];

/** @param {Part} part @returns {number[]} */
export function rowsOf(part) {
  switch (part.form) {
    case 'operation': return [part.row];
    case 'sequential': return part.parts.flatMap(rowsOf);
    case 'residual': return [...rowsOf(part.body), ...rowsOf(part.shortcut)];
  }
}

/** @param {Part} part @returns {Extract<Part, { form: 'residual' }> | undefined} */
function sumIn(part) {
  if (part.form === 'residual') return part;
  return part.form === 'sequential' ? part.parts.map(sumIn).find((found) => found !== undefined) : undefined;
}

/**
 * @param {Summary} network
 * @returns {{ items: Item[], height: number }}
 */
export function layOut({ rows, tree }) {
  /** @type {Item[]} */
  const items = [];
  let y = BOX + GAP;

  /** @param {Row | undefined} row */
  const attaches = (row) => {
    const last = items.findLast((item) => item.kind !== 'arc');
    return row && ATTACHED.includes(row.kind) && last && last.kind !== 'stage' ? last : undefined;
  };

  /** @param {number[]} indices @param {number} height @param {string} [block] */
  const box = (indices, height, block) => {
    items.push({ kind: 'box', rows: indices, y, height, ...(block === undefined ? {} : { block }) });
    y += height + GAP;
  };

  /** @param {Part} shortcut @param {number} from where the input leaves the main way */
  const sum = (shortcut, from) => {
    const to = y + SUM / 2;
    items.push({ kind: 'sum', rows: [], y, height: SUM });
    y += SUM + GAP;
    items.push({ kind: 'arc', rows: rowsOf(shortcut), y: from, height: to - from, from, to });
  };

  /** @param {Part} part */
  const walk = (part) => {
    if (part.form === 'operation') {
      const last = attaches(rows[part.row]);
      if (last) last.rows.push(part.row);
      else box([part.row], BOX);
    } else if (part.form === 'residual') {
      const from = y - GAP / 2;
      walk(part.body);
      sum(part.shortcut, from);
    } else if (part.name.startsWith('stage')) {
      items.push({ kind: 'stage', name: part.name, y, height: STAGE });
      y += STAGE;
      part.parts.forEach((block, at) => {
        if (at === 0 || part.parts.length <= WHOLE_BLOCKS) walk(block);
        else compact(block);
      });
    } else {
      part.parts.forEach(walk);
    }
  };

  /** @param {Part} block */
  const compact = (block) => {
    const residual = sumIn(block);
    const around = residual ? rowsOf(residual.shortcut) : [];
    const from = y - GAP / 2;
    const name = block.form === 'sequential' ? block.name : '';
    box(rowsOf(block).filter((row) => !around.includes(row)), COMPACT, name);
    if (residual) sum(residual.shortcut, from);
  };

  walk(tree);
  return { items, height: y };
}

/** Where the input's box stands. */
export const INPUT = { y: 0, height: BOX };
