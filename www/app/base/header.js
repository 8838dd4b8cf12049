// The page's own settings: device, language, theme.

import { byId, h, setText, svg } from './dom.js';
import { currentLanguage, fillWords, languages, loadLanguage, named, t } from './i18n.js';
import { announce } from './messages.js';

/** @import { Device } from '../run/device.js' */
/** @import { Preferences } from './preferences.js' */

/** The words that the link knows, in the order of the theme button. */
const THEMES = ['auto', 'light', 'dark'];
const DEVICES = ['auto', 'cpu', 'webgpu'];

/** @type {Record<string, string>} */
const ICONS = {
  auto: 'M12 3v18M12 3a9 9 0 0 1 0 18a9 9 0 0 1 0-18M15 7v10M18 9v6',
  light: 'M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
};

/** @param {Preferences} preferences @param {() => void} redraw */
export function themeButton(preferences, redraw) {
  const button = byId('theme-button');
  const show = () => {
    const theme = preferences.get('theme');
    const label = t('theme.button', { theme: t(`choice.theme.${theme}`) });
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.setAttribute('aria-label', label);
    button.title = label;
    button.replaceChildren(svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: ICONS[theme] ?? '' })));
    redraw();
  };
  button.addEventListener('click', () => {
    preferences.set('theme', THEMES[(THEMES.indexOf(preferences.get('theme')) + 1) % THEMES.length] ?? 'auto');
    announce(t(`choice.theme.${preferences.get('theme')}`));
  });
  preferences.subscribe((changed) => { if (changed.includes('theme')) show(); });
  show();
}

/** A list of languages, as soon as there is more than one. @param {Preferences} preferences */
export function languageList(preferences) {
  const known = Object.entries(languages());
  if (known.length > 1) listOfLanguages(known, (tag) => preferences.set('lang', tag));
  // Every word on the page changes: the simplest whole way is to begin anew, the runs are kept.
  preferences.subscribe((changed) => { if (changed.includes('lang')) location.reload(); });
}

/**
 * Language and theme of a page beside the playground: they stand before the `#` of its address.
 * @param {string} title the key of its name
 */
export async function dressed(title) {
  const own = new URLSearchParams(location.search);
  const theme = own.get('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  await loadLanguage(own.get('lang') ?? undefined);
  fillWords(document);
  document.title = named(t('page.name'), t(title));
  listOfLanguages(Object.entries(languages()), (tag) => {
    own.set('lang', tag);
    location.search = String(own);
  });
}

/** @param {[tag: string, name: string][]} known @param {(tag: string) => void} choose */
function listOfLanguages(known, choose) {
  const list = h('select', { 'aria-label': t('language.choose') }, ...known.map(([tag, name]) => h('option', { value: tag, lang: tag }, name)));
  list.value = currentLanguage();
  list.addEventListener('change', () => choose(list.value));
  byId('language').append(list);
}

/** @param {Device} device @param {Preferences} preferences */
export function devicePanel(device, preferences) {
  const list = h('select', { id: 'device' }, ...DEVICES.map((word) => h('option', { value: word }, t(`choice.device.${word}`))));
  list.addEventListener('change', () => preferences.set('device', list.value));
  const why = h('p', { role: 'status' });
  document.body.append(h('div', { id: 'device-panel', popover: 'auto', class: 'popover', role: 'dialog', 'aria-label': t('device.title') },
    h('div', { class: 'field-label' }, h('label', { for: 'device' }, t('device.choose'))), list, why, h('p', {}, t('device.applies'))));
  const show = () => {
    const { device: name, why: words } = device.choice;
    list.value = preferences.get('device');
    setText(why, words);
    const button = byId('device-button');
    setText(byId('device-name'), t(`choice.device.${name}`));
    button.title = words;
    button.setAttribute('aria-label', `${t('device.short')} ${t(`choice.device.${name}`)}. ${words}`);
  };
  device.subscribe(show);
  show();
}
