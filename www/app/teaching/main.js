// The teacher's notes. The build has put them into the page in each language that has some; here one is shown, in English
// for a reader of another.

import { directionOf } from '../base/direction.js';
import { h, stands } from '../base/dom.js';
import { dressed } from '../base/header.js';
import { currentLanguage, t, thrownText } from '../base/i18n.js';

/** Languages by their names in the reader's. @param {string[]} tags */
function named(tags) {
  const reader = currentLanguage();
  const names = new Intl.DisplayNames(reader, { type: 'language' });
  return new Intl.ListFormat(reader).format(tags.map((tag) => names.of(new Intl.Locale(tag).language) ?? tag));
}

async function start() {
  await dressed('teaching.title');
  const all = [...document.querySelectorAll('article')];
  const own = [currentLanguage(), 'en'].map((tag) => all.find(({ lang }) => lang === tag)).find(Boolean);
  for (const article of all) {
    article.hidden = article !== own;
    article.dir = directionOf(article.lang);
  }
  if (own && own.lang !== currentLanguage()) own.before(h('p', { class: 'notes-only' }, t('teaching.only', { languages: named(all.map(({ lang }) => lang)) })));
  stands();
  // What stood before it in another language is gone.
  document.querySelector(':target')?.scrollIntoView();
}

// `not-started.js` hears of it.
start().catch((thrown) => { throw new Error(thrownText(thrown), { cause: thrown }); });
