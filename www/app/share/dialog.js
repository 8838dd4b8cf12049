// The share dialog: the link, what embeds it, a picture for a phone, and the network as PyTorch source.

import { byId, h, setText } from '../base/dom.js';
import { download } from '../base/download.js';
import { percent, t } from '../base/i18n.js';
import { nameOf } from '../runs/marks.js';
import { tabs } from '../base/tabs.js';
import { runOf } from './claim.js';
import { besideHref, elementCode, embedded, frameCode, hasAddress, hrefOf } from './codes.js';
import { copyButton, copyField, copyStatus } from '../base/copy.js';
import { qrCode } from './qr.js';

/** @import { Address } from '../experiment/address.js' */
/** @import { Engine } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Given } from '../run/given.js' */
/** @import { Runs } from '../runs/list.js' */

/** @typedef {'link' | 'embed' | 'qr' | 'pytorch'} Tab */
/** What is shared. @typedef {{ engine: Engine, experiment: Experiment, address: Address, runs: Runs, given: Given }} Shared */

/** The default size of a frame, in pixels. */
const SIZE = { width: null, height: 720 };

export class ShareDialog {
  /** @param {Shared} shared */
  constructor(shared) {
    this.shared = shared;
    byId('share-button').addEventListener('click', () => this.open('link'));
    const pytorch = h('button', { type: 'button', class: 'quiet', 'aria-haspopup': 'dialog', 'aria-label': t('pytorch.title'), onclick: () => this.open('pytorch') }, t('pytorch.button'));
    const follow = () => { pytorch.hidden = shared.experiment.view.network === null; };
    shared.experiment.subscribe(follow);
    follow();
    byId('network-tools').append(pytorch);
  }

  /** @param {Tab} tab */
  open(tab) {
    const { shared } = this;
    const status = copyStatus();
    const said = choicesOf(shared);
    /** @type {Record<string, { element: HTMLElement, show: () => void }>} */
    const panels = { link: linkPanel(shared, said, status) };
    if (hasAddress) Object.assign(panels, { embed: embedPanel(shared, status), qr: qrPanel(shared, said) });
    if (shared.experiment.view.network) panels.pytorch = sourcePanel(shared, status);
    const list = tabs('share', Object.keys(panels), (name) => {
      setText(status, '');
      for (const [key, panel] of Object.entries(panels)) panel.element.hidden = key !== name;
      panels[name]?.show();
    });
    for (const [name, { element }] of Object.entries(panels)) {
      element.setAttribute('role', 'tabpanel');
      element.setAttribute('aria-label', t(`share.tab.${name}`));
    }
    const dialog = h('dialog', { class: 'share-dialog', 'aria-labelledby': 'share-title' },
      h('h2', { id: 'share-title' }, t('share.title')), list.element, ...Object.values(panels).map(({ element }) => element),
      h('form', { method: 'dialog', class: 'dialog-end' }, status, h('button', { class: 'small' }, t('shortcuts.close'))));
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    list.choose(tab in panels ? tab : 'link');
    dialog.showModal();
  }
}

/** What the link says beside the experiment, as two boxes to tick. @param {Shared} shared */
function choicesOf({ address, experiment, runs }) {
  const run = runOf(runs.list, experiment.view.spec);
  const box = (/** @type {string} */ id, /** @type {string} */ label, /** @type {boolean} */ there) => {
    const input = h('input', { type: 'checkbox', id });
    return { input, element: h('label', { class: 'share-choice', hidden: !there }, input, label) };
  };
  const page = box('share-page', t('share.page'), address.says);
  const score = run?.tests.at(-1)?.accuracy ?? 0;
  const result = box('share-result', run ? t('share.result', { run: nameOf(run), accuracy: percent(score) }) : '', run !== undefined);
  return {
    boxes: [page, result],
    /** @param {boolean} full */
    text: (full) => address.text({ page: page.input.checked, claim: result.input.checked && run ? runs.book.claim(run.id) : null, full }),
  };
}

/** @param {Shared} _ @param {ReturnType<typeof choicesOf>} said @param {HTMLElement} status */
function linkPanel(_, said, status) {
  const short = copyField('share-short', t('share.short'), status);
  const full = copyField('share-full', t('share.full'), status);
  const show = () => {
    short.set(hrefOf(said.text(false)));
    full.set(hrefOf(said.text(true)));
  };
  for (const { input } of said.boxes) input.addEventListener('change', show);
  const element = h('div', { class: 'share-panel' }, h('p', { class: 'caption' }, t('share.what')),
    !hasAddress && h('p', { class: 'caption' }, t('share.no-address')), short.element, full.element, ...said.boxes.map((box) => box.element));
  return { element, show };
}

/** @param {Shared} shared @param {HTMLElement} status */
function embedPanel({ address }, status) {
  const frame = copyField('share-frame', t('share.frame'), status);
  const element = copyField('share-element', t('share.element'), status);
  const builder = h('a', { class: 'share-builder', target: '_blank' }, t('share.builder'));
  const check = h('a', { class: 'share-builder', target: '_blank' }, t('share.check'));
  const show = () => {
    const text = embedded(address.text({ page: true, frame: true }));
    frame.set(frameCode(text, SIZE));
    element.set(elementCode(text, SIZE));
    builder.href = besideHref('builder.html', text);
    check.href = besideHref('check.html');
  };
  return { element: h('div', { class: 'share-panel codes' }, frame.element, element.element, h('p', {}, builder), h('p', {}, check)), show };
}

/** @param {Shared} _ @param {ReturnType<typeof choicesOf>} said */
function qrPanel(_, said) {
  const place = h('div', { class: 'qr' });
  const save = h('button', { type: 'button', class: 'small', onclick: () => download(place.innerHTML, 'image/svg+xml', 'cnn-playground-qr.svg') }, t('share.qr.save'));
  const show = async () => {
    const code = await qrCode(hrefOf(said.text(false)));
    save.hidden = !code;
    place.replaceChildren(code ?? h('p', {}, t('share.qr.too-long')));
  };
  return { element: h('div', { class: 'share-panel' }, h('p', { class: 'caption' }, t('share.qr.what')), place, h('div', { class: 'share-end' }, save)), show };
}

/** @param {Shared} shared @param {HTMLElement} status */
function sourcePanel({ engine, experiment, runs, given }, status) {
  const code = h('pre', { class: 'source', tabindex: 0, role: 'region', 'aria-label': t('pytorch.title') });
  const words = { parameters: t('pytorch.says.parameters'), shapes: t('pytorch.says.shapes'), auxiliary: t('pytorch.says.auxiliary'), permuted: t('pytorch.says.permuted') };
  const says = {
    what: t('script.says.what'), data: t('script.says.data'), network: t('script.says.network'), training: t('script.says.training'),
    own: t('script.says.own'), fixed: t('script.says.fixed'), each: t('script.says.each'), scene: t('script.says.scene'), source: words,
  };
  const whole = (/** @type {string} */ label, /** @type {boolean} */ notebook, /** @type {string} */ type, /** @type {string} */ name) =>
    h('button', { type: 'button', class: 'small', onclick: () => {
      if (experiment.facts) download(engine.script(experiment.view.choices, experiment.facts, says, notebook), type, name);
    } }, t(label));
  const script = h('div', { class: 'share-end' }, h('p', { class: 'caption' }, t('script.what')),
    whole('script.save', false, 'text/x-python', 'experiment.py'), whole('script.notebook', true, 'application/x-ipynb+json', 'experiment.ipynb'));
  const show = () => {
    setText(code, engine.pytorch(experiment.view.choices, experiment.facts, words));
    script.hidden = !experiment.facts;
  };
  const copy = copyButton({ label: t('copy.button'), what: t('pytorch.source'), from: code, status });
  const save = h('button', { type: 'button', class: 'small', onclick: () => download(code.textContent ?? '', 'text/x-python', 'network.py') }, t('pytorch.save'));
  return { element: h('div', { class: 'share-panel' }, h('p', { class: 'caption' }, t('pytorch.what')), code, h('div', { class: 'share-end' }, copy, save), weightsOf(engine, experiment, runs, given), script), show };
}

/** What the runs of this network have learned, to be saved. @param {Engine} engine @param {Experiment} experiment @param {Runs} runs @param {Given} given */
function weightsOf(engine, experiment, runs, given) {
  const found = runs.list.filter((run) => given.has(run) && engine.beginsAs(run.spec, experiment.view.spec)).reverse();
  if (found.length === 0) return h('div', { class: 'share-end' }, h('p', { class: 'caption' }, t('weights.none')));
  const list = h('select', { id: 'share-weights' }, ...found.map((run) => h('option', { value: run.id }, nameOf(run))));
  const save = h('button', { type: 'button', class: 'small', onclick: () => {
    const run = found.find(({ id }) => String(id) === list.value);
    if (run) void given.save(run);
  } }, t('weights.save'));
  return h('div', { class: 'share-end' }, h('label', { class: 'caption', for: 'share-weights' }, t('weights.what')), list, save);
}
