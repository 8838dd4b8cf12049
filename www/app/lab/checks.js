// Below an explanation: what to remember of it, and questions to check one's understanding with. Every answer has a
// reply of its own at once; a wrong one can be followed by another. Which of them were answered right is kept with the lab.

import { h, setText } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { sourced } from '../base/sources.js';
import { labText, paragraphs } from './words.js';

/** @import { Check } from '../core.d.ts' */

/** The line that sums a lab up. It rests on what the explanation does. @param {string} id */
export const rememberLine = (id) => sourced('lab-remember', t('lab.remember', { text: labText(id, 'remember') }), ...paragraphs(id, 'why'), ...paragraphs(id, 'formula'));

/** A question with its answers. @param {string} id of the lab @param {Check} check @param {string} key of its words @param {() => void} known called when it is answered right */
function question(id, { answers, right }, key, known) {
  const reply = h('p', { class: 'lab-reply', role: 'status' });
  const buttons = answers.map((answer) => h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => press(answer) }, labText(id, `${key}.answer.${answer}`)));
  /** @param {string} pressed */
  const press = (pressed) => {
    const outcome = pressed === right ? 'right' : 'wrong';
    for (const [at, button] of buttons.entries()) {
      const chosen = answers[at] === pressed;
      button.setAttribute('aria-pressed', String(chosen));
      button.classList.toggle('right', chosen && outcome === 'right');
      button.classList.toggle('wrong', chosen && outcome === 'wrong');
    }
    if (outcome === 'right') known();
    setText(reply, t(`lab.check.${outcome}`, { reply: labText(id, `${key}.reply.${pressed}`) }));
  };
  return h('fieldset', { class: 'lab-check' }, h('legend', {}, labText(id, `${key}.question`)), h('div', { class: 'lab-check-answers' }, ...buttons), reply);
}

/** The concept checks of a lab. @param {string} id @param {readonly Check[]} checks @param {(at: number) => void} known called with each that is answered right */
export function conceptChecks(id, checks, known) {
  return h('section', { class: 'lab-checks', 'aria-labelledby': 'lab-checks' },
    h('h3', { id: 'lab-checks' }, t('lab.check.title')),
    ...checks.map((check, at) => question(id, check, `check.${at + 1}`, () => known(at))));
}
