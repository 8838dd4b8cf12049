// Where each part of a network's drawing stands: from the core's tree to boxes, sums and arcs.

/** @import { Join, Node as Part, Row, Summary } from '../core.d.ts' */

/**
 * A strip of feature maps: those of a row, or side by side those of the `branches` that come together in a join, the
 * shortcut last. `y` is its top, `edge` that of a map, `counts` how many there are of each; a `line` is a vector's. `rows` are those of its
 * box, or those that end the branches, and then `of` those of its box, which has those that end the branches where it has none of its
 * own. The row {@link IMAGE} is the picture.
 * @typedef {{ y: number, height: number, edge: number, line: boolean, counts: number[], rows: number[] } & ({ row: number, join?: undefined } | { row?: undefined, join: number, branches: number[], of: number[] })} Strip
 */

/**
 * Something that can be pointed at. `y` is its top. An arc's `nest` is how many arcs it goes around;
 * a cell is a small box in the column `column` of `columns` that lie side by side.
 * @typedef {{ kind: 'box', rows: number[], y: number, height: number, block?: string, strip?: Strip | undefined }} Box
 * @typedef {{ kind: 'cell', rows: number[], y: number, height: number, column: number, columns: number, strip?: Strip | undefined }} Cell
 * @typedef {{ kind: 'gate', join: Join, rows: number[], y: number, height: number, strip?: Strip | undefined }} Gate
 * @typedef {{ kind: 'sum', join: Join, rows: number[], output: number[] | undefined, y: number, height: number, strip?: Strip | undefined }} Sum
 * @typedef {{ kind: 'arc', rows: number[], y: number, height: number, from: number, to: number, nest: number }} Arc
 * @typedef {{ kind: 'stage', name: string, y: number, height: number }} Stage
 * @typedef {Box | Cell | Gate | Sum | Arc | Stage} Item
 */

const BOX = 30;
const COMPACT = 24;
const GAP = 9;
/** The same where edges say how large the gradient is. */
const WIDE_GAP = 13;
const SUM = 16;
const GATE = 22;
const CELL = 20;
const CELL_GAP = 4;
const STAGE = 22;
/** What a box's name takes, above its maps. */
const NAME = 22;
export const BELOW = 6;
/** The edge of a map, and of one in a cell. */
export const MAP = { box: 28, cell: 20 };
const LINE = 12;
/** Where the input's box stands. */
export const INPUT = { y: 0, height: BOX };
/** Stands for the picture, which is no row. */
export const IMAGE = -1;

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

/** The places of a join's branches, that of the shortcut last. @param {Merge} merge */
function shortcutLast(merge) {
  const places = [...merge.branches.keys()];
  return places.sort((a, b) => Number(merge.branches[a]?.name === AROUND) - Number(merge.branches[b]?.name === AROUND));
}

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

/** Joins are numbered as the core numbers them: one within another comes first. @param {Part} part @param {Map<Part, number>} numbers */
function numberJoins(part, numbers) {
  if (part.form === 'sequential') for (const child of part.parts) numberJoins(child, numbers);
  if (part.form !== 'merge') return numbers;
  for (const branch of part.branches) numberJoins(branch.part, numbers);
  return numbers.set(part, numbers.size);
}

/**
 * @param {Summary} network
 * @param {boolean} [maps] whether there is room for feature maps
 * @returns {{ items: Item[], height: number, input: Strip | undefined, gap: number }}
 */
export function layOut({ rows, tree }, maps = false) {
  /** @type {Item[]} */
  const items = [];
  const joins = numberJoins(tree, new Map());
  const input = maps ? { y: INPUT.y + NAME, height: MAP.box, edge: MAP.box, line: false, row: IMAGE, rows: [], counts: [1 + (rows[0]?.input[0] ?? 0)] } : undefined;
  const gap = maps ? WIDE_GAP : GAP;
  let y = (input ? NAME + MAP.box + BELOW : BOX) + gap;

  /** The maps of what leaves the last of these rows. @param {number[]} indices @param {number} top @param {number} edge @returns {Strip | undefined} */
  const strip = (indices, top, edge) => {
    // What only passes on shows nothing new.
    const row = indices.findLast((index) => !rows[index]?.passes_on);
    if (!maps || row === undefined) return undefined;
    const output = rows[row]?.output ?? [];
    const line = output.length === 1;
    return { y: top, height: line ? LINE : edge, edge, line, row, rows: indices, counts: [output[0] ?? 0] };
  };

  /** @param {Strip | undefined} of @param {number} plain */
  const heightOf = (of, plain) => (of ? NAME + of.height + BELOW : plain);

  /** @param {Row | undefined} row */
  const attaches = (row) => {
    const last = items.findLast((item) => item.kind !== 'arc');
    return row?.attached && last && last.kind !== 'stage' ? last : undefined;
  };

  /** A row that is drawn in the box before it. @param {Exclude<Item, Stage>} last @param {number} row */
  const attach = (last, row) => {
    last.rows.push(row);
    // What is shown of a box is what leaves it.
    if ('strip' in last && last.strip?.row !== undefined && !rows[row]?.passes_on) last.strip.row = row;
  };

  /** @param {number[]} indices @param {number} plain its height without maps @param {{ block?: string, shown?: boolean }} [of] */
  const box = (indices, plain, { block, shown = true } = {}) => {
    const own = shown ? strip(indices, y + NAME, MAP.box) : undefined;
    const height = heightOf(own, plain);
    items.push({ kind: 'box', rows: indices, y, height, strip: own, ...(block === undefined ? {} : { block }) });
    y += height + gap;
  };

  /** What comes together. @param {Merge} merge @param {number} top @param {number[]} of the rows of its box @returns {Strip} */
  const carried = (merge, top, of) => {
    const branches = shortcutLast(merge);
    const ends = branches.map((at) => rowsOf(/** @type {Part} */ (merge.branches[at]?.part)).at(-1) ?? 0);
    // The last number of channels on a branch is what it carries, also behind a gate.
    const counts = ends.map((row) => rows[row]?.output[0] ?? 0);
    return { y: top, height: MAP.box, edge: MAP.box, line: false, join: joins.get(merge) ?? 0, branches, counts, rows: ends, of };
  };

  /** Where branches become one. @param {Merge} merge @param {boolean} compared whether what each carries is shown */
  const sum = (merge, compared) => {
    /** @type {number[]} */
    const after = [];
    const own = maps && compared ? carried(merge, y + NAME, after) : undefined;
    const height = heightOf(own, SUM);
    items.push({ kind: 'sum', join: merge.join, rows: after, output: merge.join === 'concat' ? merge.output : undefined, y, height, strip: own });
    y += height + gap;
  };

  /** A shortcut and the place where it comes back. @param {Merge} merge @param {number} from where it leaves the main way */
  const meet = (merge, from) => {
    const to = y + (maps ? NAME : SUM) / 2;
    sum(merge, true);
    const nest = nested(merge) - 1;
    items.push({ kind: 'arc', rows: rowsOf(/** @type {Part} */ (around(merge))), y: from, height: to - from, from, to, nest });
  };

  /** Branches side by side, a column of small boxes for each. @param {Merge} merge */
  const sideBySide = (merge) => {
    const columns = merge.branches.map((branch) => cells(rowsOf(branch.part).filter((row) => rows[row]?.kind !== 'identity'), rows));
    const tallest = Math.max(...columns.map((column) => column.length));
    const height = maps ? CELL + MAP.cell + BELOW : CELL;
    columns.forEach((column, at) => column.forEach((indices, row) => {
      const top = y + row * (height + CELL_GAP);
      items.push({ kind: 'cell', rows: indices, y: top, height, column: at, columns: columns.length, strip: strip(indices, top + CELL, MAP.cell) });
    }));
    y += tallest * (height + CELL_GAP) + CELL_GAP;
    sum(merge, false);
  };

  /** A gate beside the way that it multiplies, or a classifier beside it. @param {Merge} merge */
  const gate = (merge) => {
    const indices = rowsOf(merge);
    const own = strip(indices, y + NAME, MAP.cell);
    const height = heightOf(own, GATE);
    items.push({ kind: 'gate', join: merge.join, rows: indices, y, height, strip: own });
    y += height + gap;
  };

  /** @param {Part} part */
  const walk = (part) => {
    if (part.form === 'operation') {
      const last = attaches(rows[part.row]);
      if (last) attach(last, part.row);
      else box([part.row], BOX);
    } else if (part.form === 'merge') {
      const from = y - gap / 2;
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
    const from = y - gap / 2;
    const name = block.form === 'sequential' ? block.name : '';
    // What such a block adds is shown where it meets its shortcut.
    box(rowsOf(block).filter((row) => !outside.includes(row)), COMPACT, { block: name, shown: !meeting });
    if (meeting) meet(meeting, from);
  };

  walk(tree);
  // A join with nothing drawn in it stands for what comes together there, so that it can be pointed at.
  for (const item of items) if (item.kind === 'sum' && item.strip && item.rows.length === 0) item.rows.push(...item.strip.rows);
  return { items, height: y, input, gap };
}
