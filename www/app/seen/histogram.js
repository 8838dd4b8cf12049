// How often each value occurs in what the network gets, a curve for each channel.

import { h, svg } from '../base/dom.js';
import { number, rounded, t } from '../base/i18n.js';
import { tip } from '../experiment/tips.js';

/** @import { Histogram } from '../core.d.ts' */

const WIDTH = 240;
const HEIGHT = 72;
/** A space that takes up its line. */
const NOTHING = '\u00a0';

/** Stairs over the bins, closed at the bottom. @param {number[]} shares @param {number} highest */
function stairs(shares, highest) {
  const step = WIDTH / shares.length;
  // Most digits have one background value, whose bar would flatten all others; square roots keep them visible.
  const top = shares.map((share) => HEIGHT - Math.sqrt(share / highest) * HEIGHT);
  return `M0 ${HEIGHT}${top.map((y, at) => `L${(at * step).toFixed(1)} ${y.toFixed(1)}H${((at + 1) * step).toFixed(1)}`).join('')}V${HEIGHT}Z`;
}

/** A name for each channel. @param {Histogram} found @returns {(channel: number) => string} */
const channelNames = ({ shares }) => (channel) => t(`channel.${channel}of${shares.length}`);

/** A mean: one that is only a rounding error away from zero is zero. @param {number} mean */
const near = (mean) => number(mean, { maximumSignificantDigits: 3, maximumFractionDigits: 4, roundingPriority: 'lessPrecision', signDisplay: 'negative' });

/** The curves alone, with a sentence for who does not see them. @param {Histogram} found */
export function bars(found) {
  const count = found.shares.length;
  const name = channelNames(found);
  const highest = Math.max(...found.shares.flat());
  const at = /** @param {number} value */ (value) => ((value - found.lowest) / (found.highest - found.lowest || 1)) * WIDTH;
  const paths = found.shares.map((shares, channel) => svg('path', { class: `bars channel-${channel}of${count}`, d: stairs(shares, highest) }));
  const means = found.mean.map((mean, channel) => svg('line', { class: `mean channel-${channel}of${count}`, x1: at(mean), x2: at(mean), y1: 0, y2: HEIGHT }));
  const facts = found.mean.map((mean, channel) => t('seen.channel', {
    channel: name(channel), mean: near(mean), deviation: rounded(found.deviation[channel] ?? 0),
  }));
  return svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img',
    'aria-label': t('seen.histogram-label', { low: rounded(found.lowest), high: rounded(found.highest), channels: facts.join('; ') }),
  }, ...paths, ...means);
}

/** Where the values begin and end. @param {Histogram} found */
export const axis = ({ lowest, highest }) => h('div', { class: 'histogram-axis' }, h('span', {}, rounded(lowest)), h('span', {}, rounded(highest)));

/** Room for one, before there are values: what comes later moves nothing. @returns {Node[]} */
export const room = () => [
  h('figcaption', {}, tip('histogram', t('seen.histogram'))),
  svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' }),
  h('div', { class: 'histogram-axis' }, h('span', {}, NOTHING)),
  h('div', { class: 'moments' }),
];

/** @param {Histogram} found @returns {Node[]} */
export function histogram(found) {
  const count = found.shares.length;
  const name = channelNames(found);
  const rows = found.mean.map((mean, channel) => h('tr', {},
    h('th', { scope: 'row' }, h('span', { class: `dot channel-${channel}of${count}` }), name(channel)),
    h('td', {}, near(mean)), h('td', {}, rounded(found.deviation[channel] ?? 0))));
  return [
    h('figcaption', {}, tip('histogram', t('seen.histogram'))),
    bars(found),
    axis(found),
    h('table', { class: 'moments' },
      h('thead', {}, h('tr', {}, h('td', {}), h('th', { scope: 'col' }, t('seen.mean')), h('th', { scope: 'col' }, t('seen.deviation')))),
      h('tbody', {}, ...rows)),
  ];
}
