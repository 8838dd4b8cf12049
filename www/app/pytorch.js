// The network as PyTorch source: to read, to copy, to keep.

import { h, setText } from './dom.js';
import { download } from './export.js';
import { t } from './i18n.js';
import { announce } from './messages.js';

/** @import { Engine } from './engine.js' */
/** @import { Experiment } from './experiment.js' */

/** @param {HTMLElement} place @param {Engine} engine @param {Experiment} experiment */
export function pytorchButton(place, engine, experiment) {
  const button = h('button', { type: 'button', class: 'quiet', 'aria-haspopup': 'dialog', 'aria-label': t('pytorch.title'), onclick: () => {
    show(engine.pytorch(experiment.view.choices, experiment.facts));
  } }, t('pytorch.button'));
  const follow = () => { button.hidden = experiment.view.network === null; };
  experiment.subscribe(follow);
  follow();
  place.append(button);
}

/** @param {string} source */
function show(source) {
  const code = h('pre', { class: 'source', tabindex: 0, role: 'region', 'aria-label': t('pytorch.title') }, source);
  const copy = h('button', { type: 'button', class: 'small', onclick: async () => {
    const done = await navigator.clipboard.writeText(source).then(() => true, () => false);
    const words = t(done ? 'pytorch.copied' : 'pytorch.not-copied');
    setText(note, words);
    announce(words);
  } }, t('pytorch.copy'));
  const save = h('button', { type: 'button', class: 'small', onclick: () => download(source, 'text/x-python', 'network.py') }, t('pytorch.save'));
  const note = h('p', { class: 'caption dialog-note' });
  const dialog = h('dialog', { class: 'source-dialog', 'aria-labelledby': 'source-title' },
    h('h2', { id: 'source-title' }, t('pytorch.title')), h('p', { class: 'caption' }, t('pytorch.what')), code,
    h('form', { method: 'dialog', class: 'dialog-end' }, note, copy, save, h('button', { class: 'small primary' }, t('shortcuts.close'))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
