// What single keys do outside of fields, the list of them, and whether they do: who speaks to the computer, or rests a hand on
// the keyboard, can switch them off.

import { byId, h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { keepSetting, setting } from '../base/storage.js';

/** @import { RunBar } from './bar.js' */
/** @import { Switches } from '../experiment/switches.js' */

/** Elements that use keys themselves. */
const OWN_KEYS = 'input:not([type="checkbox"]), select, textarea, [role="listbox"], dialog';

/** Under which name it is kept that keys do nothing. */
const KEPT = 'keys-off';

/** @param {RunBar} bar @param {Switches} switches */
export function listenToKeys(bar, switches) {
  /** @type {{ keys: string[], label: string, act: () => void }[]} */
  const shortcuts = [
    { keys: ['r', ' '], label: t('shortcuts.run'), act: () => bar.toggle() },
    { keys: ['s'], label: t('shortcuts.step'), act: () => bar.once() },
    { keys: ['x'], label: t('shortcuts.reset'), act: () => bar.startOver() },
    ...(/** @type {const} */ (['permute', 'normalize', 'residual'])).map((key, at) => ({
      keys: [String(at + 1)], label: t('shortcuts.switch', { switch: t(`field.${key}`) }), act: () => switches.next(key),
    })),
    { keys: ['?'], label: t('shortcuts.help'), act: () => dialog.showModal() },
  ];
  let off = setting(KEPT) === true;
  const turn = () => {
    const buttons = /** @type {const} */ ([[bar.run, 'R'], [bar.step, 'S'], [bar.reset, 'X']]);
    for (const [button, key] of buttons) {
      if (off) button.removeAttribute('aria-keyshortcuts');
      else button.setAttribute('aria-keyshortcuts', key);
    }
    list.classList.toggle('off', off);
  };
  const shown = /** @param {string} key */ (key) => h('kbd', {}, key === ' ' ? t('key.space') : key.toUpperCase());
  const list = h('dl', { class: 'keys' }, ...shortcuts.flatMap(({ keys, label }) => [
    h('dt', {}, ...keys.flatMap((key) => [shown(key), ' '])), h('dd', {}, label)]));
  const use = h('input', { type: 'checkbox', id: 'shortcuts-use', checked: !off, onchange: () => {
    off = !use.checked;
    keepSetting(KEPT, off);
    turn();
  } });
  turn();
  const dialog = h('dialog', { 'aria-labelledby': 'shortcuts-title' },
    h('h2', { id: 'shortcuts-title' }, t('shortcuts.title')), list,
    h('label', { class: 'keys-use', for: 'shortcuts-use' }, use, t('shortcuts.use')),
    h('form', { method: 'dialog' }, h('button', {}, t('shortcuts.close'))));
  document.body.append(dialog);
  byId('shortcuts-button').addEventListener('click', () => dialog.showModal());

  document.addEventListener('keydown', (event) => {
    const at = event.target instanceof Element ? event.target : undefined;
    if (off || event.ctrlKey || event.metaKey || event.altKey || event.repeat || at?.closest(OWN_KEYS)) return;
    // Space presses what has the focus, if anything has.
    if (event.key === ' ' && at?.closest('button, a, summary, input, [tabindex]')) return;
    const found = shortcuts.find(({ keys }) => keys.includes(event.key.toLowerCase()));
    if (!found) return;
    event.preventDefault();
    found.act();
  });
}
