// The teacher's builder: what an embedded playground shows, and the code that puts it into a page.

import { byId, stands } from '../base/dom.js';
import { loadEngine } from '../engine.js';
import { dressed } from '../base/header.js';
import { thrownText } from '../base/i18n.js';
import { besideHref, hrefOf } from '../share/codes.js';
import { Codes } from './codes.js';
import { CoursePackage } from './course.js';
import { Form } from './form.js';
import { Live } from './live.js';
import { Plan } from './plan.js';

async function start() {
  const engine = await loadEngine();
  await dressed('builder.title');

  const plan = new Plan(engine);
  const back = byId('back');
  const follow = () => back.setAttribute('href', hrefOf(plan.text(false)));
  plan.subscribe(follow);
  follow();
  byId('notes').setAttribute('href', besideHref('teaching.html'));
  new Form(byId('choose'), plan);
  new Live(byId('live'), byId('sizes'), plan);
  new Codes(byId('codes'), plan);
  new CoursePackage(byId('course'), plan);
  stands();
}

// `not-started.js` hears of it.
start().catch((thrown) => { throw new Error(thrownText(thrown), { cause: thrown }); });
