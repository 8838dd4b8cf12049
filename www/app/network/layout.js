// Where each part of a network's drawing stands: from the core's tree to boxes, sums and arcs.

/** @import { Join, Node as Part, Row, Summary } from '../core.d.ts' */

/**
 * Something that can be pointed at. `y` is its top. An arc's `nest` is how many arcs it goes around;
 * a cell is a small box in the column `column` of `columns` that lie side by side.
 * @typedef {{ kind: 'box', rows: number[], y: number, height: number, block?: string }} Box
 * @typedef {{ kind: 'cell', rows: number[], y: number, height: number, column: number, columns: number }} Cell
 * @typedef {{ kind: 'gate', join: Join, rows: number[], y: number, height: number }} Gate
 * @typedef {{ kind: 'sum', join: Join, rows: number[], output: number[] | undefined, y: number, height: number }} Sum
 * @typedef {{ kind: 'arc', rows: number[], y: number, height: number, from: number, to: number, nest: number }} Arc
 * @typedef {{ kind: 'stage', name: string, y: number, height: number }} Stage
 * @typedef {Box | Cell | Gate | Sum | Arc | Stage} Item
 */

const BOX = 30;
const COMPACT = 24;
const GAP = 9;
const SUM = 16;
const GATE = 22;
const CELL = 20;
const CELL_GAP = 4;
const STAGE = 22;

/** A stage with more blocks than this shows all but the first, which differs, on one line each. */
const WHOLE_BLOCKS = 2;

/** The branch that goes around the others. */
const AROUND = 'shortcut';

/** @param {Part} part @returns {number[]} */
export function rowsOf(part) {
  switch (part.form) {
    case 'operation': return [part.row];
    case 'sequential': return part.parts.flatMap(rowsOf);
    case 'merge': return part.branches.flatMap((branch) => rowsOf(branch.part));
  }
}

/** @typedef {Extract<Part, { form: 'merge' }>} Merge */

/** @param {Merge} merge */
const around = (merge) => merge.branches.find((branch) => branch.name === AROUND)?.part;

/** The outermost place in this part where a shortcut comes back. @param {Part} part @returns {Merge | undefined} */
function meetingIn(part) {
  if (part.form === 'merge') return around(part) ? part : undefined;
  return part.form === 'sequential' ? part.parts.map(meetingIn).find((found) => found !== undefined) : undefined;
}

/** How many arcs lie one in another here, at most. @param {Part} part @returns {number} */
function nested(part) {
  switch (part.form) {
    case 'operation': return 0;
    case 'sequential': return Math.max(0, ...part.parts.map(nested));
    case 'merge': return Number(around(part) !== undefined) + Math.max(...part.branches.map((branch) => nested(branch.part)));
  }
}

/** Rows that one small box shows: a layer and what is attached to it. @param {number[]} indices @param {Row[]} rows */
function cells(indices, rows) {
  /** @type {number[][]} */
  const groups = [];
  for (const index of indices) {
    const last = groups.at(-1);
    if (last && rows[index]?.attached) last.push(index);
    else groups.push([index]);
  }
  return groups;
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
    return row?.attached && last && last.kind !== 'stage' ? last : undefined;
  };

  /** @param {number[]} indices @param {number} height @param {string} [block] */
  const box = (indices, height, block) => {
    items.push({ kind: 'box', rows: indices, y, height, ...(block === undefined ? {} : { block }) });
    y += height + GAP;
  };

  /** Where branches become one. @param {Merge} merge */
  const sum = (merge) => {
    items.push({ kind: 'sum', join: merge.join, rows: [], output: merge.join === 'concat' ? merge.output : undefined, y, height: SUM });
    y += SUM + GAP;
  };

  /** A shortcut and the place where it comes back. @param {Merge} merge @param {number} from where it leaves the main way */
  const meet = (merge, from) => {
    const to = y + SUM / 2;
    sum(merge);
    const nest = nested(merge) - 1;
    items.push({ kind: 'arc', rows: rowsOf(/** @type {Part} */ (around(merge))), y: from, height: to - from, from, to, nest });
  };

  /** Branches side by side, a column of small boxes for each. @param {Merge} merge */
  const sideBySide = (merge) => {
    const columns = merge.branches.map((branch) => cells(rowsOf(branch.part).filter((row) => rows[row]?.kind !== 'identity'), rows));
    const tallest = Math.max(...columns.map((column) => column.length));
    columns.forEach((column, at) => column.forEach((indices, row) => {
      items.push({ kind: 'cell', rows: indices, y: y + row * (CELL + CELL_GAP), height: CELL, column: at, columns: columns.length });
    }));
    y += tallest * (CELL + CELL_GAP) + CELL_GAP;
    sum(merge);
  };

  /** A gate beside the way that it multiplies, or a classifier beside it. @param {Merge} merge */
  const gate = (merge) => {
    items.push({ kind: 'gate', join: merge.join, rows: rowsOf(merge), y, height: GATE });
    y += GATE + GAP;
  };

  /** @param {Part} part */
  const walk = (part) => {
    if (part.form === 'operation') {
      const last = attaches(rows[part.row]);
      if (last) last.rows.push(part.row);
      else box([part.row], BOX);
    } else if (part.form === 'merge') {
      const from = y - GAP / 2;
      if (part.join === 'multiply' || part.join === 'auxiliary') {
        gate(part);
      } else if (around(part)) {
        for (const branch of part.branches) if (branch.name !== AROUND) walk(branch.part);
        meet(part, from);
      } else {
        sideBySide(part);
      }
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
    const meeting = meetingIn(block);
    const shortcut = meeting && around(meeting);
    const outside = shortcut ? rowsOf(shortcut) : [];
    const from = y - GAP / 2;
    const name = block.form === 'sequential' ? block.name : '';
    box(rowsOf(block).filter((row) => !outside.includes(row)), COMPACT, name);
    if (meeting) meet(meeting, from);
  };

  walk(tree);
  return { items, height: y };
}

/** Where the input's box stands. */
export const INPUT = { y: 0, height: BOX };
