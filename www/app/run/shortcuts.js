// What keys do outside of fields, and the list of them.

import { byId, h } from '../base/dom.js';
import { t } from '../base/i18n.js';

/** @import { RunBar } from './bar.js' */
/** @import { Switches } from '../experiment/switches.js' */
/** @import { Training } from './training.js' */

/** Elements that use keys themselves. */
const OWN_KEYS = 'input:not([type="checkbox"]), select, textarea, [role="listbox"], dialog';

/** @param {RunBar} bar @param {Training} training @param {Switches} switches */
export function listenToKeys(bar, training, switches) {
  /** @type {{ keys: string[], label: string, act: () => void }[]} */
  const shortcuts = [
    { keys: ['r', ' '], label: t('shortcuts.run'), act: () => bar.toggle() },
    { keys: ['s'], label: t('shortcuts.step'), act: () => bar.once() },
    { keys: ['x'], label: t('shortcuts.reset'), act: () => { if (training.phase !== 'idle') training.reset(); } },
    ...(/** @type {const} */ (['permute', 'normalize', 'residual'])).map((key, at) => ({
      keys: [String(at + 1)], label: t('shortcuts.switch', { switch: t(`field.${key}`) }), act: () => switches.next(key),
    })),
    { keys: ['?'], label: t('shortcuts.help'), act: () => dialog.showModal() },
  ];
  const shown = /** @param {string} key */ (key) => h('kbd', {}, key === ' ' ? t('key.space') : key.toUpperCase());
  const dialog = h('dialog', { 'aria-labelledby': 'shortcuts-title' },
    h('h2', { id: 'shortcuts-title' }, t('shortcuts.title')),
    h('dl', { class: 'keys' }, ...shortcuts.flatMap(({ keys, label }) => [
      h('dt', {}, ...keys.flatMap((key) => [shown(key), ' '])), h('dd', {}, label)])),
    h('form', { method: 'dialog' }, h('button', { class: 'primary' }, t('shortcuts.close'))));
  document.body.append(dialog);
  byId('shortcuts-button').addEventListener('click', () => dialog.showModal());

  document.addEventListener('keydown', (event) => {
    const at = event.target instanceof Element ? event.target : undefined;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || at?.closest(OWN_KEYS)) return;
    // Space presses what has the focus, if anything has.
    if (event.key === ' ' && at?.closest('button, a, summary, input, [tabindex]')) return;
    const found = shortcuts.find(({ keys }) => keys.includes(event.key.toLowerCase()));
    if (!found) return;
    event.preventDefault();
    found.act();
  });
}
