// What was changed about a network by hand, in words.

import { beside, number, t } from '../base/i18n.js';

/** @import { Touched } from '../core.d.ts' */

/** Changes that are named in a line; of more, how many there are. */
const NAMED = 3;

/** @param {Touched} touched */
export function touchText({ layer, touch }) {
  const channel = 'channel' in touch ? number(touch.channel + 1) : '';
  const value = 'value' in touch ? number(touch.value, { maximumSignificantDigits: 3 }) : '';
  const pattern = 'pattern' in touch ? t(`touch.pattern.${touch.pattern}`) : '';
  const kind = 'branch' in touch ? `${touch.kind}.${touch.branch}` : touch.kind;
  return t(`touch.${kind}`, { layer, channel, value, pattern });
}

/** What a run has gone on with: a number that was set then is another one since, where its layer was trained. @param {Touched} touched */
const ranText = (touched) => ('value' in touched.touch || 'pattern' in touched.touch
  ? t('touch.was', { change: touchText(touched), step: number(touched.step) }) : touchText(touched));

/** The name of the weights that a run began from, if it was given some, and its other changes. @param {Touched[]} touches */
export function givenOf(touches) {
  const given = touches.find(({ touch }) => touch.kind === 'given');
  return { given: given?.layer, others: touches.filter((touched) => touched !== given) };
}

/** @param {Touched[]} touches */
export const touchesText = (touches) => beside(...touches.map(ranText));

/** What still holds of a run's changes, the first of it, for a row. @param {Touched[]} touches */
export function shortTouches(touches) {
  if (touches.length === 0) return t('touch.none-holds');
  const more = touches.length - NAMED;
  const said = touchesText(touches.slice(0, NAMED));
  return more > 0 ? t('touch.more', { said, more: number(more) }) : said;
}
