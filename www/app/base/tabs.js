// Tabs: one is chosen; arrow keys go from one to the next.

import { rowKeys } from './direction.js';
import { h } from './dom.js';
import { t } from './i18n.js';

/** @param {string} words the place: its name is `<words>.title`, those of the tabs `<words>.tab.<name>` @param {string[]} names @param {(name: string) => void} chosen */
export function tabs(words, names, chosen) {
  const buttons = names.map((name, at) => h('button', {
    type: 'button', role: 'tab', 'data-tab': name, 'aria-selected': at === 0, tabindex: at === 0 ? 0 : -1, onclick: () => choose(name),
  }, t(`${words}.tab.${name}`)));
  const element = h('div', { class: 'tabs', role: 'tablist', 'aria-label': t(`${words}.title`), onkeydown: (/** @type {KeyboardEvent} */ event) => {
    const at = buttons.findIndex((button) => button === document.activeElement);
    const [next, previous] = rowKeys();
    const to = { [next]: at + 1, [previous]: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    const name = to === undefined ? undefined : names[(to + names.length) % names.length];
    if (at < 0 || name === undefined) return;
    event.preventDefault();
    choose(name);
    buttons[names.indexOf(name)]?.focus();
  } }, ...buttons);

  /** @param {string} name */
  function choose(name) {
    buttons.forEach((button) => {
      const is = button.dataset.tab === name;
      button.setAttribute('aria-selected', String(is));
      button.tabIndex = is ? 0 : -1;
    });
    chosen(name);
  }
  return { element, choose };
}
