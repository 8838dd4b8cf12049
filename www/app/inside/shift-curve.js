// Accuracy over how far the test images are moved, a line for each run.

import { svg } from '../base/dom.js';
import { number, t } from '../base/i18n.js';
import { dashOf, inkOf } from '../runs/marks.js';

/** @import { Shifted } from '../core.d.ts' */
/** @import { Run } from '../runs/list.js' */

/** A run, and what is known of it so far: nearest first. @typedef {{ run: Run, all: Shifted[] }} Row */

const WIDTH = 420;
const HEIGHT = 200;
const LEFT = 48;
const BOTTOM = 24;
const ROOM = 8;
const LEVELS = [0, 0.25, 0.5, 0.75, 1];

/** @param {Row[]} rows @param {number} farthest how far they are moved at most */
export function shiftCurve(rows, farthest) {
  const x = /** @param {number} by */ (by) => LEFT + (by / farthest) * (WIDTH - LEFT - ROOM);
  const y = /** @param {number} share */ (share) => ROOM + (1 - share) * (HEIGHT - BOTTOM - ROOM);
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': t('inside.shift-curve') },
    ...LEVELS.flatMap((level) => [
      svg('line', { class: 'shift-grid', x1: LEFT, x2: WIDTH - ROOM, y1: y(level), y2: y(level) }),
      svg('text', { x: LEFT - ROOM, y: y(level) + 4, 'text-anchor': 'end' }, number(level, { style: 'percent' })),
    ]),
    ...Array.from({ length: farthest + 1 }, (_, by) => svg('text', { x: x(by), y: HEIGHT - 4, 'text-anchor': by === farthest ? 'end' : 'middle' }, number(by))),
    ...rows.map(({ run, all }) => {
      const line = svg('g', { class: 'shift-line', 'data-run': run.id },
        svg('polyline', { points: all.map(({ by, accuracy }) => `${x(by)},${y(accuracy)}`).join(' '), 'stroke-dasharray': dashOf(run).join(' ') || 'none' }),
        ...all.map(({ by, accuracy }) => svg('circle', { cx: x(by), cy: y(accuracy), r: 3 })));
      line.style.color = inkOf(run);
      return line;
    }));
}
