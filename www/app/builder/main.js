// The teacher's builder: what an embedded playground shows, and the code that puts it into a page.

import { byId, h } from '../base/dom.js';
import { loadEngine } from '../engine.js';
import { currentLanguage, fillWords, languages, loadLanguage, t, thrownText } from '../base/i18n.js';
import { hrefOf } from '../share/codes.js';
import { Codes } from './codes.js';
import { Form } from './form.js';
import { Live } from './live.js';
import { Plan } from './plan.js';

/** How this page itself looks stands before the `#`; what it builds stands behind. */
const own = new URLSearchParams(location.search);

function languageList() {
  const list = h('select', { 'aria-label': t('language.choose') }, ...Object.entries(languages()).map(([tag, name]) => h('option', { value: tag, lang: tag }, name)));
  list.value = currentLanguage();
  list.addEventListener('change', () => {
    own.set('lang', list.value);
    location.search = String(own);
  });
  byId('language').append(list);
}

async function start() {
  const theme = own.get('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  const engine = await loadEngine();
  await loadLanguage(own.get('lang') ?? undefined);
  fillWords(document);
  document.title = `${t('page.name')}: ${t('builder.title')}`;
  languageList();

  const plan = new Plan(engine);
  const back = byId('back');
  const follow = () => back.setAttribute('href', hrefOf(plan.text(false)));
  plan.subscribe(follow);
  follow();
  new Form(byId('choose'), plan);
  new Live(byId('live'), byId('sizes'), plan);
  new Codes(byId('codes'), plan);
  byId('page').setAttribute('aria-busy', 'false');
}

// `not-started.js` hears of it.
start().catch((thrown) => { throw new Error(thrownText(thrown), { cause: thrown }); });
