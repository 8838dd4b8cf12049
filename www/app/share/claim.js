// What the link claims of a run, beside the runs: and whether one of them came to the same.

import { h, setText, svg } from '../base/dom.js';
import { lossText, number, percent, t, tookText } from '../base/i18n.js';
import { nameOf } from '../runs/marks.js';
import { scoreName } from '../runs/list.js';

/** @import { Claim, ExperimentSpec, Reproduction, Task } from '../core.d.ts' */
/** @import { Address } from '../experiment/address.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Run, Runs } from '../runs/list.js' */

/** Signs beside the colours. @type {{ [outcome in Reproduction['outcome']]: string }} */
export const SIGNS = { bits: '✓', within: '≈', apart: '✗', other: '?' };

/** @param {Run} run @param {ExperimentSpec} spec */
const isOf = (run, spec) => JSON.stringify(run.spec) === JSON.stringify(spec);

/** The last finished run of this experiment. @param {Run[]} list @param {ExperimentSpec} spec */
export const runOf = (list, spec) => list.findLast((run) => run.state === 'done' && run.tests.length > 0 && run.touches.length === 0 && isOf(run, spec));

/** @param {number} share */
const points = (share) => number(share * 100, { signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** How a run compares with what was claimed, in words. @param {string} run its name @param {Task} task @param {Claim} claim @param {Reproduction} found */
export const verdictText = (run, task, { steps, engine }, { said, accuracy, loss, tolerance }) => t(`claim.${said}`, {
  run, score: scoreName(task), steps: number(steps), accuracy: points(accuracy), loss: signed(loss), tolerance: number(tolerance * 100, { maximumFractionDigits: 1 }), engine,
});

/** @param {number} loss */
const signed = (loss) => number(loss, { signDisplay: 'exceptZero', maximumSignificantDigits: 2 });

export class ClaimLine {
  #shown = '';

  /**
   * @param {HTMLElement} place
   * @param {{ experiment: Experiment, address: Address, runs: Runs }} page
   */
  constructor(place, page) {
    this.page = page;
    this.place = place;
    this.says = h('span', { class: 'claim-says' });
    this.sign = h('span', { class: 'claim-sign', 'aria-hidden': 'true' });
    this.verdict = h('span', { role: 'status' });
    const ghost = svg('svg', { class: 'claim-ghost', viewBox: '0 0 36 12', 'aria-hidden': 'true' },
      svg('line', { x1: 0, x2: 36, y1: 6, y2: 6, 'stroke-width': 1.5, 'stroke-dasharray': '3 3' }), svg('circle', { cx: 18, cy: 6, r: 4 }));
    place.replaceChildren(ghost, this.says, h('span', { class: 'claim-verdict' }, this.sign, this.verdict));
    page.experiment.subscribe(() => this.show());
    page.runs.subscribe(() => this.show());
    this.show();
  }

  show() {
    const { experiment, address, runs } = this.page;
    const { claim } = address;
    this.place.hidden = claim === null;
    if (!claim) return;
    const { spec, task } = experiment.view;
    const made = runOf(runs.list, spec);
    const going = runs.list.findLast((run) => run.active && isOf(run, spec));
    // A run in progress is not compared anew at each step.
    const shown = JSON.stringify([claim, made?.id, going?.id]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const said = t('claim.says', {
      score: scoreName(task), accuracy: percent(claim.accuracy), loss: lossText(claim.loss), steps: number(claim.steps),
      device: t(`choice.device.${claim.device}`), engine: claim.engine,
    });
    setText(this.says, claim.took ? `${said} ${t('claim.took', { took: tookText(claim.took) })}` : said);
    const found = made && !going ? runs.book.reproduction(made.id, claim) : null;
    this.place.dataset.outcome = found?.outcome ?? 'open';
    setText(this.sign, found ? SIGNS[found.outcome] : '');
    setText(this.verdict, made && found ? this.#verdict(made, claim, found) : t(going ? 'claim.running' : 'claim.press', { run: going ? nameOf(going) : '' }));
  }

  /** @param {Run} made @param {Claim} claim @param {Reproduction} found */
  #verdict(made, claim, found) {
    const took = claim.took && this.page.runs.book.claim(made.id)?.took;
    const verdict = verdictText(nameOf(made), made.task, claim, found);
    return took ? `${verdict} ${t('claim.took-here', { took: tookText(took) })}` : verdict;
  }
}
