// What is said of a person's own set.

import { number, plural, problemText, t } from '../base/i18n.js';

/** @import { DataFacts } from '../core.d.ts' */

/** More files that were left out are counted, not named. */
const MOST_NAMED = 4;

/** What a set is, and what it lacks. @param {DataFacts} facts */
export function setWords({ classes, train, test, untrained = [], untested = [], cautions = [] }) {
  return [
    plural('own.ready', classes.length, { train: number(train), test: number(test), classes: number(classes.length) }),
    untrained.length > 0 && t('own.untrained', { classes: untrained.join(', ') }),
    untested.length > 0 && t('own.untested', { classes: untested.join(', ') }),
    ...cautions.map((caution) => problemText(caution)),
  ].filter(Boolean).join(' ');
}

/** That one picture is no set. @param {string} file */
export const pictureWords = (file) => problemText({ code: 'picture', field: null, params: { file } });

/** What was left out, and why. @param {string[]} problems */
export function leftOutWords(problems) {
  const named = problems.slice(0, MOST_NAMED);
  if (named.length === 0) return '';
  const more = problems.length > named.length ? ` ${t('own.more-left-out', { count: number(problems.length - named.length) })}` : '';
  return plural('own.left-out', problems.length, { problems: named.join(' ') + more });
}
