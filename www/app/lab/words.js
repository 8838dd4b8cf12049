// A lab's facts in words.

import { beside, duration, hasWords, lossText, number, percent, plural, rounded, t } from '../base/i18n.js';

/** @import { Conclusion, Diagram, Figure, Param, Value } from '../core.d.ts' */

/** @param {string} id @param {string} key @param {Record<string, string | number>} [params] */
export const labText = (id, key, params) => t(`lab.${id}.${key}`, params);

/** The name of one of a lab's runs. @param {string} id @param {string} label */
export const runText = (id, label) => labText(id, `run.${label}`);

/** @param {string} id @param {Value} prediction */
export const predictionText = (id, prediction) => (typeof prediction === 'number' ? number(prediction) : labText(id, `answer.${prediction}`));

/** @param {number} share */
const points = (share) => number(share * 100, { signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @type {{ [unit in Figure['unit']]: (value: number) => string }} */
const UNITS = {
  share: percent,
  points,
  margin: (share) => number(share * 100, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  count: (value) => number(value, { maximumFractionDigits: 0 }),
  seconds: duration,
  speed: (value) => number(value, { maximumFractionDigits: 0 }),
  loss: lossText,
  ratio: (value) => rounded(value, 2),
  number: (value) => rounded(value, 4),
};

/** A spread has no sign. @param {Figure} figure */
function spreadText({ unit, spread }) {
  const text = UNITS[unit](spread ?? 0);
  return unit === 'points' ? text.replace('+', '') : text;
}

/** @param {Figure | null} figure */
export function figureText(figure) {
  if (!figure) return t('value.none');
  const value = UNITS[figure.unit](figure.value);
  const whole = figure.spread === null ? value : t('unit.spread', { mean: value, deviation: spreadText(figure) });
  return figure.unit === 'points' || figure.unit === 'margin' ? t('unit.points', { value: whole }) : whole;
}

/** The facts of a sentence as texts. @param {string} id @param {Record<string, Param | undefined>} params */
export const facts = (id, params) => Object.fromEntries(Object.entries(params).map(([name, param]) => [name, param ? paramText(id, param) : '']));

/** @param {string} id @param {Param} param */
function paramText(id, param) {
  switch (param.type) {
    case 'figure': return figureText(param.value);
    case 'run': return runText(id, param.value);
    case 'text': return param.value;
  }
}

/** The sentences that say what happened. @param {string} id @param {Conclusion} conclusion */
export const saidTexts = (id, conclusion) => saidKeys(id, conclusion).map((key) => t(key, facts(id, conclusion.params)));

/** Their keys. @param {string} id @param {Conclusion} conclusion */
export const saidKeys = (id, { key, also }) => [key, also].flatMap((said) => (said === null ? [] : [`lab.${id}.said.${said}`]));

/** How they compare with what is expected. @param {Conclusion} conclusion */
export const verdictText = ({ verdict, seeds }) => (verdict === 'unclear' || seeds === 0 ? t(`lab.verdict.${verdict}`) : plural(`lab.verdict.${verdict}`, seeds));

/** The prediction beside what came out. @param {string} id @param {Conclusion} conclusion @param {Value} prediction */
export function judgedText(id, { right, answer }, prediction) {
  const key = right === null ? 'unknown' : right ? 'right' : 'wrong';
  return { key, text: t(`lab.prediction.${key}`, { prediction: predictionText(id, prediction), answer: answer === null ? '' : predictionText(id, answer) }) };
}

/** What came out, for who does not see it. @param {string} id @param {Conclusion} conclusion @param {Value | undefined} prediction */
export const outcomeText = (id, conclusion, prediction) => beside(verdictText(conclusion), ...saidTexts(id, conclusion), ...(prediction === undefined ? [] : [judgedText(id, conclusion, prediction).text]));

/** How far the runs can be believed. @param {Conclusion} conclusion */
export const doubts = ({ chance, hint }) => [
  ...(chance ? [t(`lab.chance.${chance.cause}`, { margin: figureText(chance.margin), images: number(chance.images) })] : []),
  ...(hint ? [t(`lab.hint.${hint}`)] : []),
];

/** The sentence under a drawing. @param {string} id @param {Diagram} diagram */
export const diagramText = (id, { key, params }) => labText(id, `diagram.${key}`, facts(id, params));

/** The keys of a text that may have several paragraphs. @param {string} id @param {string} key */
export function paragraphs(id, key) {
  const keys = [];
  for (let at = 1; hasWords(`lab.${id}.${key}.${at}`); at += 1) keys.push(`lab.${id}.${key}.${at}`);
  return keys;
}
