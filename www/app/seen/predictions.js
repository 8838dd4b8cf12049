// What the last runs marked in the same test images, a row a run: its masks, and the IoU of each.

import { h, setText } from '../base/dom.js';
import { number, t } from '../base/i18n.js';
import { nameOf, swatch } from '../runs/marks.js';
import { row } from './samples.js';

/** @import { ImageShape } from '../core.d.ts' */
/** @import { Row } from './samples.js' */
/** @import { Run, Runs } from '../runs/list.js' */
/** @import { Masks } from '../run/worker-client.js' */

/** Rows: enough to compare, and always there, so that nothing moves when one is filled. */
const RUNS = 2;

export class Predictions {
  /** What the rows show. @type {(Masks | null)[] | undefined} */
  #shown;
  /** @type {{ row: Row, overlaps: HTMLElement[] }[]} */
  #rows;

  /** @param {Runs} runs */
  constructor(runs) {
    this.runs = runs;
    this.#rows = Array.from({ length: RUNS }, () => {
      const made = row();
      return { row: made, overlaps: made.pictures.map(() => h('span', { class: 'overlap' })) };
    });
    /** The rows' parts, for the grid. */
    this.elements = this.#rows.flatMap(({ row: { label, pictures }, overlaps }) => {
      const cells = pictures.map((picture, at) => h('span', { class: 'predicted' }, picture, overlaps[at]));
      return [label, ...cells];
    });
  }

  /** Shows nothing until [`show`] is called next. */
  forget() {
    this.#shown = undefined;
  }

  /**
   * Shows the last of the runs that the charts show and that saw such images.
   * @param {(run: Run) => boolean} alike
   * @param {ImageShape} shape
   * @returns {{ changed: boolean, newest: Run | undefined }}
   */
  show(alike, shape) {
    const found = this.runs.list.filter((run) => run.visible && run.masks && alike(run)).slice(-RUNS);
    const masks = found.map((run) => run.masks);
    const changed = masks.length !== this.#shown?.length || masks.some((mask, at) => mask !== this.#shown?.[at]);
    this.#shown = masks;
    if (changed) this.#rows.forEach((one, at) => this.#fill(one, found[at], shape));
    return { changed, newest: found.at(-1) };
  }

  /** @param {{ row: Row, overlaps: HTMLElement[] }} one @param {Run | undefined} run @param {ImageShape} shape */
  #fill({ row: { label, pictures, paint }, overlaps }, run, shape) {
    const { predicted, overlaps: found } = run?.masks ?? { predicted: new Uint8ClampedArray(), overlaps: [] };
    paint(predicted, shape);
    const texts = overlaps.map((_, at) => (at < found.length ? number(found[at] ?? 0, { style: 'percent' }) : ''));
    overlaps.forEach((overlap, at) => setText(overlap, texts[at] ?? ''));
    const name = run ? nameOf(run) : t('seen.predicted');
    label.replaceChildren(...(run ? [swatch(run), name] : [name]));
    pictures.forEach((picture, at) => { picture.title = run ? t('seen.overlap', { run: name, overlap: texts[at] ?? '' }) : ''; });
  }
}
