// Beside a question about the values that networks get: those values, a histogram for each run.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { axis, bars } from '../seen/histogram.js';
import { runText } from './words.js';

/** @import { LabView } from '../core.d.ts' */
/** @import { FirstImages } from '../seen/images.js' */

/** Images whose values are counted. */
const COUNTED = 100;

/** Histograms of what each run's network gets, or what there is of them. @param {LabView} lab @param {FirstImages} first */
export function valuesOf({ id, runs, values }, first) {
  const place = h('div', { class: 'lab-values' });
  // Folded: the three switches stay on the first screen of a laptop.
  const element = h('details', { class: 'lab-values-box' }, h('summary', {}, t('lab.values.show')), h('p', { class: 'caption' }, t('lab.values')), place);
  let shown = '';
  return {
    element,
    show() {
      const [one] = values;
      if (!one) return;
      const found = first.of(one.data);
      if (found.state === shown) return;
      shown = found.state;
      element.hidden = found.state !== 'ready';
      if (found.state !== 'ready') return;
      place.replaceChildren(...values.map((spec, at) => {
        const { histogram } = found.images.preview(spec, 0, COUNTED);
        return h('div', { class: 'histogram' }, h('h4', {}, runText(id, runs[at] ?? '')), bars(histogram), axis(histogram));
      }));
    },
  };
}
