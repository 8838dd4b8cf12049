// The five steps of a lab: commit to a prediction, run, see what happened, read why, go one question further.

import { h, setText } from '../base/dom.js';
import { bareInput, caption, segments } from '../experiment/fields.js';
import { duration, number, percent, plural, t } from '../base/i18n.js';
import { swatch } from '../runs/marks.js';
import { interruptedText } from '../run/interrupted.js';
import { diagramFigure } from './diagram.js';
import { sourced } from '../base/sources.js';
import { copyMade } from '../base/copy.js';
import { download } from '../base/download.js';
import { conceptChecks, rememberLine } from './checks.js';
import { markdown, page, predictedLink } from './report.js';
import { labText, paragraphs, predictionText, runText } from './words.js';
import { resultTable, verdict } from './result.js';
import { valuesOf } from './values.js';

/** @import { FieldView, OptionView } from '../core.d.ts' */
/** @import { Labs } from './labs.js' */
/** @import { Step } from './panel.js' */

/** Characters of one's own explanation. */
const LETTERS = 4_000;
const BUDGETS = ['auto', 'quick', 'full'];

/** @param {Labs} labs */
function current(labs) {
  if (!labs.view) throw new Error('no lab is open');
  return labs.view;
}

/** A thing to choose about the lab. @param {Labs} labs @param {OptionView} option */
function optionField(labs, option) {
  const id = `lab-option-${option.key}`;
  const field = /** @type {FieldView} */ (/** @type {unknown} */ (option));
  const input = bareInput(field, id, (value) => {
    // A number that is being typed may be none yet.
    if (value !== '') labs.choose(option.key, value);
  });
  input.show(field);
  return h('div', { class: 'lab-option' }, h('div', { class: 'field-label' }, caption(option.kind, id, t(`field.${option.key}`))), input.element);
}

/** @param {Labs} labs @param {(step: string) => void} go @returns {Step} */
export function predict(labs, go) {
  const { id, prediction, options, runs: made, values } = current(labs);
  const name = 'lab-prediction';
  const commit = h('button', { type: 'submit', class: 'primary' }, t('lab.commit'));
  const said = h('p', { class: 'lab-said', role: 'status' });
  const copy = copyMade({ id: 'lab-predicted', label: t('lab.copy-predicted'), what: t('lab.predicted-link'), dir: 'ltr', make: () => predictedLink(labs) });
  const anew = h('button', { type: 'button', id: 'lab-anew', onclick: () => labs.startOver() }, t('lab.start-over'));
  const number = h('input', { id: name, type: 'number', inputmode: 'numeric', min: 0, step: 1, required: true, autocomplete: 'off' });
  const radios = prediction.type === 'choice' ? prediction.words.map((word) => h('input', { type: 'radio', name, value: word, required: true })) : [];
  const answers = prediction.type === 'number'
    ? h('div', { class: 'lab-number-answer' }, h('label', { for: name, class: 'field-label' }, labText(id, 'answer')), number)
    : h('div', { class: 'lab-answers', role: 'radiogroup', 'aria-label': labText(id, 'predict') },
      ...radios.map((radio) => h('label', {}, radio, h('span', {}, labText(id, `answer.${radio.value}`)))));
  const form = h('form', { class: 'lab-predict' }, answers, h('div', { class: 'lab-actions' }, commit, said, copy.button, anew), ...copy.below);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const chosen = radios.find((radio) => radio.checked)?.value ?? Number(number.value);
    labs.commit(chosen);
    go(made.length > 0 ? 'run' : 'happened');
  });
  const choices = options.map((option) => optionField(labs, option));
  const seen = values.length > 0 ? valuesOf(current(labs), labs.first) : undefined;
  let was = false;
  const element = h('div', { class: 'lab-step' },
    h('div', { class: 'lab-prose' }, h('p', { class: 'lab-lead' }, labText(id, 'predict')),
      choices.length > 0 && h('div', { class: 'lab-options' }, ...choices), seen?.element),
    form);
  return {
    element,
    show() {
      seen?.show();
      const { record, busy } = labs;
      const committed = record.prediction !== undefined;
      // Another person, or another try, finds nothing of it.
      if (was && !committed) form.reset();
      was = committed;
      for (const radio of radios) {
        radio.disabled = committed;
        if (committed) radio.checked = radio.value === record.prediction;
      }
      number.disabled = committed;
      if (committed) number.value = String(record.prediction);
      commit.hidden = committed;
      anew.hidden = copy.button.hidden = !committed;
      if (!committed) copy.clear();
      anew.disabled = busy;
      for (const input of element.querySelectorAll('.lab-option :is(input, select)')) /** @type {HTMLInputElement} */ (input).disabled = busy;
      setText(said, record.prediction === undefined ? '' : t('lab.committed', { prediction: predictionText(id, record.prediction) }));
    },
  };
}

/** @param {Labs} labs @returns {Step} */
export function runs(labs) {
  const { id, runs: labels } = current(labs);
  const start = h('button', { type: 'button', class: 'primary', id: 'lab-run', onclick: () => (labs.busy ? labs.stop() : void (labs.waiting ? labs.goOn() : labs.run())) });
  const resume = h('button', { type: 'button', class: 'primary', id: 'lab-resume', onclick: () => labs.resume() }, t('lab.resume'));
  const anew = h('button', { type: 'button', onclick: () => void labs.run() }, t('lab.anew'));
  const state = h('p', { class: 'lab-state', role: 'status' });
  const left = h('p', { class: 'lab-left' });
  const budget = segments('budget', 'lab-budget', BUDGETS, (word) => labs.preferences.set('budget', String(word)));
  const rows = labels.map((label) => ({ label, mark: h('span', { class: 'lab-mark' }), name: h('span', { class: 'lab-run-name' }, runText(id, label)), value: h('span', { class: 'lab-run-state' }), bar: h('progress', { max: 1, value: 0, 'aria-label': runText(id, label) }) }));
  const list = h('ul', { class: 'lab-runs' }, ...rows.map(({ mark, name, value, bar }) => h('li', {}, mark, name, value, bar)));
  const element = h('div', { class: 'lab-step' },
    h('div', { class: 'lab-prose' }, h('p', { class: 'lab-lead' }, labText(id, 'setup')), state,
      h('div', { class: 'lab-actions' }, resume, start, anew, h('div', { class: 'lab-budget' }, budget.element), left)),
    list);
  const found = /** @param {string} label */ (label) => {
    const { places, at, interrupted } = labs.queue;
    if (!labs.busy && !labs.waiting) return labs.made.filter((made) => made.label === label).at(-1)?.run;
    const ours = (labs.busy ? places : interrupted).filter(({ planned }) => planned.entry === label);
    const on = ours.find((place) => places.indexOf(place) === at) ?? ours.filter(({ run }) => run).at(-1);
    return on?.run;
  };
  return {
    element,
    open: () => labs.record.prediction !== undefined,
    show() {
      const { busy, waiting, elsewhere, looking, speeds: { on: measuring, halted }, paused, queue, plan, made, record: { touched = [] } } = labs;
      setText(start, t(busy ? 'lab.stop' : waiting ? 'lab.go-on' : halted ? 'lab.resume' : made.length > 0 ? 'lab.again' : 'lab.run'));
      anew.hidden = !waiting;
      resume.hidden = !paused;
      start.classList.toggle('primary', !busy);
      start.disabled = looking || elsewhere;
      budget.show(/** @type {FieldView} */ ({ value: labs.budget }));
      for (const radio of budget.element.querySelectorAll('input')) radio.disabled = busy;
      setText(state, measuring
        ? t('lab.measuring', { number: number(measuring.done + 1), of: number(measuring.of) })
        : elsewhere ? t('lab.elsewhere') : looking ? t('lab.looking') : waiting ? interruptedText(queue) : paused ? t('lab.paused')
          : halted ? t('lab.halted', { number: number(halted.done + 1), of: number(halted.of) })
            : !busy && touched.length > 0 ? plural('lab.touched', touched.length, { runs: touched.map((label) => runText(id, label)).join(t('lab.and')) }) : plan ? fitText(plan) : t(`lab.budget.${labs.budget}`));
      setText(left, busy && queue.busy && queue.progress.left !== null ? t('lab.left', { time: duration(queue.progress.left) }) : '');
      for (const { label, mark, value, bar } of rows) {
        const run = found(label);
        const test = run?.tests.at(-1);
        if (mark.dataset.run !== String(run?.id)) {
          mark.dataset.run = String(run?.id);
          mark.replaceChildren(...(run ? [swatch(run)] : []));
        }
        // A run that is no longer here has left what it came to.
        const left = run || busy || waiting ? undefined : made.findLast((one) => one.label === label)?.facts;
        bar.value = left ? 1 : run?.share ?? 0;
        setText(value, left?.test ? percent(left.test.accuracy) : !run ? t(busy ? 'lab.waiting' : 'lab.not-yet')
          : run.state === 'done' && test ? percent(test.accuracy)
            : run.state === 'failed' && run.ended ? t('lab.diverged', { step: number(run.steps) })
              : t(`state.${run.state}`));
      }
    },
  };
}

/** What each run sees, and what was left out to end in time. @param {import('../core.d.ts').Plan} plan */
function fitText({ fit, size, full, seconds }) {
  return t(`lab.fit.${fit}`, {
    train: number(size.train), test: number(size.test), epochs: number(size.epochs),
    fullTrain: number(full.train), fullEpochs: number(full.epochs),
    time: seconds === null ? t('value.none') : duration(Math.max(1, seconds)),
  });
}

/** @param {Labs} labs @param {(step: string) => void} go @returns {Step} */
export function happened(labs, go) {
  const { id, runs: labels } = current(labs);
  const words = h('div', { class: 'lab-prose' });
  const tables = h('div', { class: 'lab-tables' });
  const repeat = h('button', { type: 'button', id: 'lab-repeat', onclick: () => { go('run'); void labs.repeat(); } });
  const onward = h('button', { type: 'button', class: 'primary', onclick: () => go('why') }, t('lab.to-why'));
  const own = h('textarea', { id: 'lab-own', dir: 'auto', rows: 3, maxlength: LETTERS, oninput: () => labs.explain(own.value) });
  const element = h('div', { class: 'lab-step' },
    h('div', {}, words, h('div', { class: 'lab-own' }, h('label', { for: own.id, class: 'field-label' }, t('lab.own-words')), own), h('div', { class: 'lab-actions' }, onward, repeat)),
    tables);
  let shown = '';
  return {
    element,
    open: () => labs.conclusion !== null && labs.record.prediction !== undefined,
    show() {
      const { conclusion, record, moreSeeds, busy } = labs;
      const facts = JSON.stringify([conclusion, record.prediction]);
      if (own !== document.activeElement) own.value = record.words ?? '';
      repeat.hidden = labels.length === 0 || moreSeeds.length === 0 || record.level === undefined;
      repeat.disabled = busy;
      setText(repeat, t('lab.repeat', { seeds: moreSeeds.map((seed) => number(seed)).join(t('lab.and')) }));
      if (!conclusion || facts === shown) return;
      shown = facts;
      words.replaceChildren(...verdict(id, conclusion, record.prediction, labs.made));
      tables.replaceChildren(...conclusion.tables.map((table) => resultTable(id, table, labs.made)));
    },
  };
}

/** @param {Labs} labs @param {(step: string) => void} go @returns {Step} */
export function why(labs, go) {
  const { id, separable, diagram, checks } = current(labs);
  const formulas = h('div', { class: 'lab-formulas' }, ...paragraphs(id, 'formula').map((key) => sourced('lab-formula', t(key), key)));
  // Networks side by side are wide and low: there is room under them.
  const wide = diagram?.drawing.kind === 'networks';
  const element = h('div', { class: wide ? 'lab-step wide' : 'lab-step' },
    h('div', { class: 'lab-prose' }, ...paragraphs(id, 'why').map((key) => sourced('', t(key), key)), rememberLine(id), diagram && !wide && formulas,
      separable !== null && h('div', { class: 'lab-actions' }, h('button', { type: 'button', id: 'lab-inside', onclick: () => labs.lookInside() }, t('lab.look-inside')))),
    h('div', { class: 'lab-shown' }, diagram && diagramFigure(id, diagram), (wide || !diagram) && formulas),
    conceptChecks(id, checks, (at) => labs.answer(at)),
    h('div', { class: 'lab-actions' }, h('button', { type: 'button', class: 'primary', onclick: () => go('further') }, t('lab.to-further'))));
  return { element, open: () => labs.conclusion !== null && labs.record.prediction !== undefined, show() {} };
}

/** @param {Labs} labs @returns {Step} */
export function further(labs) {
  const { id } = current(labs);
  const { next } = labs;
  const copy = copyMade({ id: 'lab-markdown', label: t('lab.report.markdown'), what: t('lab.report.what'), dir: 'auto', make: () => markdown(labs) });
  const save = h('button', { type: 'button', id: 'lab-page', onclick: () => download(page(labs), 'text/html', `cnn-playground-lab-${id}.html`) }, t('lab.report.page'));
  const element = h('div', { class: 'lab-step' },
    h('div', { class: 'lab-prose' }, h('p', { class: 'lab-lead' }, labText(id, 'further')),
      h('div', { class: 'lab-actions' },
        h('button', { type: 'button', class: 'primary', onclick: () => labs.further() }, t('lab.set-up'))),
      h('div', { class: 'lab-report' }, h('p', { class: 'caption' }, t('lab.report.about')), h('div', { class: 'lab-actions' }, copy.button, save), ...copy.below)),
    next ? h('div', { class: 'lab-next', 'data-part': 'labs' }, h('p', { class: 'caption' }, t('lab.next')),
      h('button', { type: 'button', class: 'lab-link', onclick: () => labs.open(next.id) }, h('span', { class: 'lab-number', 'aria-hidden': 'true' }, number(next.row)), labText(next.id, 'question')))
      : h('p', { class: 'lab-next' }, t('lab.last')));
  return { element, open: () => labs.conclusion !== null && labs.record.prediction !== undefined, show() {} };
}
