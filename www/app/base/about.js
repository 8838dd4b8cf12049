// What the page is, whose data sets it shows, and under which terms: a button at its foot, and the dialog that it opens.
// Beside it the way to the glossary.

import { oneFile } from './around.js';
import { byId, h } from './dom.js';
import { glossaryButton } from './glossary.js';
import { hasWords, t } from './i18n.js';

/** @param {string[]} sets every data set; a person's own files have no makers to name */
export function about(sets) {
  const named = sets.map((set) => `about.data.${set}`).filter(hasWords);
  const dialog = h('dialog', { 'aria-labelledby': 'about-title' },
    h('h2', { id: 'about-title' }, t('about.title')),
    h('p', {}, t('about.private')),
    oneFile && h('p', {}, t('about.one-file')),
    h('p', {}, t('about.licence')),
    h('ul', { class: 'about-sets' }, ...named.map((key) => h('li', {}, t(key)))),
    h('p', {}, h('a', { href: 'notices.html' }, t('about.notices'))),
    h('form', { method: 'dialog', class: 'dialog-end' }, h('button', { class: 'small' }, t('shortcuts.close'))));
  document.body.append(dialog);
  byId('about').append(glossaryButton(), h('button', { type: 'button', class: 'quiet small', 'aria-haspopup': 'dialog', onclick: () => dialog.showModal() }, t('about.title')));
}
