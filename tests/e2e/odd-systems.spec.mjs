// Course systems that do not do what their standard says: they answer with errors, lie, cut, change letters, come late, or open
// a package twice. Nothing that they kept is lost, and what happens is said.
import { test as base, expect } from '@playwright/test';
import { Lms } from './lms.mjs';
import { packaged } from './page.mjs';
import { running } from './server.mjs';

/** A lab without runs: the core alone knows its answer. */
const LAB = 'v=1&lab=parameters';
const GOALS = { predict: null };
const NAMES = {
  'scorm-1.2': { api: 'API', status: 'cmi.core.lesson_status', score: 'cmi.core.score.raw', through: 'passed', call: (name) => `LMS${name}` },
  'scorm-2004': { api: 'API_1484_11', status: 'cmi.completion_status', score: 'cmi.score.raw', through: 'completed', call: (name) => name },
};
const KINDS = /** @type {const} */ (['scorm-1.2', 'scorm-2004']);

const test = base.extend({ lms: running(() => new Lms()) });
test.describe.configure({ timeout: 240_000 });

/** Packages are made once. @type {Map<string, Uint8Array>} */
const made = new Map();
async function install(page, lms, kind) {
  if (!made.has(kind)) made.set(kind, await packaged(page, kind, LAB, GOALS));
  return lms.install(made.get(kind));
}

const playground = (page) => page.frameLocator('iframe').frameLocator('iframe');
const says = (page, key) => page.frameLocator('iframe').locator(`[data-says="${key}"]`);
const get = (page, name) => page.evaluate((name) => get(name), name);
const set = (page) => page.evaluate(() => window.told);

/** Does what the package asks for. */
async function predict(frame, said = '7') {
  await frame.locator('#lab-prediction').fill(said);
  await frame.locator('.lab-predict button[type="submit"]').click();
}

/** A script in which `real` has the system's calls as they were, and `told` all that it is told. */
const odd = (kind, script) => {
  const { call } = NAMES[kind];
  const [asked, tells, begins, error] = ['GetValue', 'SetValue', 'Initialize', 'GetLastError'].map(call);
  return `const real = { get: api.${asked}.bind(api), set: api.${tells}.bind(api), begin: api.${begins}.bind(api), error: api.${error}.bind(api) };
    window.told = [];
    const odd = {};
    api.${asked} = (name) => (odd.get ?? real.get)(name);
    api.${tells} = (name, value) => { told.push(name); return (odd.set ?? real.set)(name, value); };
    api.${begins} = (text) => (odd.begin ?? real.begin)(text);
    api.${error} = () => (odd.error ?? real.error)();
    ${script}`;
};

/** What the system has of a student who predicted, in a browser of their own. */
async function keptOf(browser, lms, kind) {
  const { status, score } = NAMES[kind];
  const page = await (await browser.newContext()).newPage();
  await page.goto(lms.lesson(kind));
  await predict(playground(page));
  await expect.poll(() => get(page, 'cmi.suspend_data')).toContain('"predicted":true');
  await expect(says(page, 'done')).toBeVisible();
  const kept = Object.fromEntries(await Promise.all([status, score, 'cmi.suspend_data'].map(async (name) => [name, await get(page, name)])));
  await page.context().close();
  return kept;
}

for (const kind of KINDS) {
  const { api, status, score, through } = NAMES[kind];

  test(`${kind}: what cannot be read is no first visit: it is said, nothing of it is written over, and what is done counts`, async ({ page, lms, browser }) => {
    await install(page, lms, kind);
    const kept = await keptOf(browser, lms, kind);
    // Only what is kept of the work has an error; then also whether it was done.
    for (const broken of [/suspend/, /suspend|status|score/]) {
      const script = odd(kind, `let wrong; odd.get = (name) => { wrong = ${broken}.test(name) && !window.sound; return wrong ? '' : real.get(name); }; odd.error = () => (wrong ? '101' : real.error());`);
      await page.goto(lms.lesson(kind, { kept, script }));
      await expect(says(page, 'unread')).toBeVisible();
      await expect(says(page, 'alone')).toBeHidden();
      // The second time it is there from the first one: what a browser has is not taken from it.
      if (broken.test('suspend') && !broken.test('status')) await predict(playground(page), '8');
      await expect(says(page, 'done')).toBeVisible();
      await page.evaluate(() => { window.sound = true; });
      expect([await get(page, 'cmi.suspend_data'), await get(page, status), Number(await get(page, score))]).toEqual([kept['cmi.suspend_data'], through, 100]);
      expect(await set(page)).not.toContain('cmi.suspend_data');
      await expect(says(page, 'damaged')).toBeHidden();
    }
  });

  test(`${kind}: a score and a state that cannot be read are not taken back by somebody who only begins`, async ({ page, lms, browser }) => {
    await install(page, lms, kind);
    const kept = { ...await keptOf(browser, lms, kind), 'cmi.suspend_data': '' };
    await page.goto(lms.lesson(kind, { kept, script: odd(kind, "let wrong; odd.get = (name) => { wrong = /status|score/.test(name) && !window.sound; return wrong ? '' : real.get(name); }; odd.error = () => (wrong ? '101' : real.error());") }));
    await expect.poll(() => get(page, 'cmi.suspend_data')).toContain('"predicted":false');
    await page.evaluate(() => { window.sound = true; });
    expect([await get(page, status), Number(await get(page, score))]).toEqual([through, 100]);
  });

  test(`${kind}: a system that needs a while for what it keeps, and one that was begun before, are waited for`, async ({ page, lms, browser }) => {
    await install(page, lms, kind);
    const kept = await keptOf(browser, lms, kind);
    await page.goto(lms.lesson(kind, { kept, script: odd(kind, "let wrong, left = 4; odd.begin = (text) => { real.begin(text); return 'false'; }; odd.get = (name) => { wrong = left > 0; if (wrong) left -= 1; return wrong ? '' : real.get(name); }; odd.error = () => (wrong ? '101' : '0');") }));
    await expect(playground(page).locator('#lab-prediction')).toHaveValue('7');
    await expect(says(page, 'done')).toBeVisible();
    await expect(says(page, 'unread')).toBeHidden();
    await expect(says(page, 'silent')).toBeHidden();
  });

  test(`${kind}: a system that is there and does not begin is said to be there`, async ({ page, lms }) => {
    await install(page, lms, kind);
    await page.goto(lms.lesson(kind, { script: odd(kind, "odd.begin = () => 'false'; odd.get = () => ''; odd.error = () => '301';") }));
    await expect(says(page, 'silent')).toBeVisible();
    await expect(says(page, 'alone')).toBeHidden();
    await predict(playground(page));
    await expect(playground(page).locator('#lab-own')).toBeVisible();
  });

  test(`${kind}: nothing in place of an empty text is a first visit`, async ({ page, lms }) => {
    await install(page, lms, kind);
    for (const nothing of ['null', 'undefined', '"null"']) {
      await page.goto(lms.lesson(kind, { script: odd(kind, `odd.get = (name) => real.get(name) || ${nothing};`) }));
      await predict(playground(page));
      await expect(says(page, 'done')).toBeVisible();
      await expect.poll(() => get(page, 'cmi.suspend_data')).toContain('"predicted":true');
      for (const wrong of ['damaged', 'unread', 'changed', 'refused']) await expect(says(page, wrong)).toBeHidden();
    }
  });

  for (const [what, change] of [['cuts', 'value.slice(0, 200)'], ['changes capital letters of', 'value.toLowerCase().replace("reached", "Reached")'], ['forgets', "''"]]) {
    test(`${kind}: a system that ${what} what it keeps is found out at once`, async ({ page, lms }) => {
      await install(page, lms, kind);
      await page.goto(lms.lesson(kind, { script: odd(kind, `odd.set = (name, value) => (name === 'cmi.suspend_data' ? real.set(name, ${change}) : real.set(name, value));`) }));
      await expect(says(page, 'changed')).toBeVisible();
      await predict(playground(page));
      await expect(says(page, 'done')).toBeVisible();
      await expect(says(page, 'changed')).toBeVisible();
    });
  }

  test(`${kind}: a system that says yes and does nothing has not heard that it is done`, async ({ page, lms }) => {
    await install(page, lms, kind);
    await page.goto(lms.lesson(kind, { script: odd(kind, "odd.set = (name, value) => (/status/.test(name) && !window.sound ? 'true' : real.set(name, value));") }));
    await predict(playground(page));
    await expect(says(page, 'refused')).toBeVisible();
    await expect(says(page, 'done')).toBeHidden();
    await page.evaluate(() => { window.sound = true; });
    await playground(page).locator('#lab-own').fill('A word.');
    await expect(says(page, 'done')).toBeVisible();
    await expect(says(page, 'refused')).toBeHidden();
    expect(await get(page, status)).toBe(through);
  });

  test(`${kind}: somebody who only looks leaves what the student did`, async ({ page, lms, browser }) => {
    await install(page, lms, kind);
    const kept = await keptOf(browser, lms, kind);
    for (const mode of ['browse', 'review']) {
      await page.goto(lms.lesson(kind, { kept, script: odd(kind, `odd.get = (name) => (/mode/.test(name) ? '${mode}' : real.get(name));`) }));
      await expect(says(page, 'looking')).toBeVisible();
      // One sees what the student did.
      await expect(playground(page).locator('#lab-prediction')).toHaveValue('7');
      expect(await set(page)).toEqual([]);
    }
  });

  test(`${kind}: words that a system writes in capitals are known, and nothing is taken back`, async ({ page, lms }) => {
    await install(page, lms, kind);
    await page.goto(lms.lesson(kind, { script: odd(kind, `odd.get = (name) => (name === '${status}' ? ' ${through.toUpperCase()} ' : real.get(name));`) }));
    await expect.poll(() => get(page, 'cmi.suspend_data')).toContain('"predicted":false');
    expect(await set(page)).not.toContain(status);
  });

  test(`${kind}: a system that comes long after the package is found, and brings what it kept`, async ({ page, lms, browser }) => {
    await install(page, lms, kind);
    const kept = await keptOf(browser, lms, kind);
    await page.goto(lms.lesson(kind, { kept, script: `const late = window.${api}; delete window.${api}; window.come = () => { window.${api} = late; };` }));
    await expect(says(page, 'alone')).toBeVisible();
    await expect(playground(page).locator('#lab-prediction')).toHaveValue('');
    await page.evaluate(() => window.come());
    await expect(says(page, 'alone')).toBeHidden();
    await expect(playground(page).locator('#lab-prediction')).toHaveValue('7');
    await expect(says(page, 'done')).toBeVisible();
  });

  test(`${kind}: of two tabs with one package the one that was opened last counts, and the other one says so`, async ({ page, lms }) => {
    await install(page, lms, kind);
    await page.goto(lms.lesson(kind, { script: odd(kind, '') }));
    await expect.poll(() => get(page, 'cmi.suspend_data')).toContain('"predicted":false');
    const other = await page.context().newPage();
    await other.goto(lms.lesson(kind, { script: odd(kind, '') }));
    await expect(says(page, 'elsewhere')).toBeVisible();
    await expect(says(other, 'elsewhere')).toBeHidden();
    await predict(playground(other));
    await expect(says(other, 'done')).toBeVisible();
    const before = (await set(page)).length;
    await page.bringToFront();
    await playground(page).locator('#lab-prediction, #lab-own').locator('visible=true').first().fill('9');
    // As long as it takes to tell anything.
    await page.waitForTimeout(2_000);
    expect((await set(page)).length).toBe(before);
    expect(await get(other, status)).toBe(through);
  });
}

test('what a newer version has kept is left as it is', async ({ page, lms }) => {
  await install(page, lms, 'scorm-1.2');
  const kept = { 'cmi.suspend_data': 'cnn2|0123456789abcdef{"reached":2}' };
  await page.goto(lms.lesson('scorm-1.2', { kept, script: odd('scorm-1.2', '') }));
  await expect(says(page, 'newer')).toBeVisible();
  await predict(playground(page));
  await expect(says(page, 'done')).toBeVisible();
  expect(await get(page, 'cmi.suspend_data')).toBe(kept['cmi.suspend_data']);
});

test('what a package asks for and nobody can do is said to its student', async ({ page, lms }) => {
  await install(page, lms, 'scorm-1.2');
  for (const goal of ['run:500', 'reproduce', 'accuracy:95']) {
    lms.change('index.html', (text) => text.replace(/goal=[^"]*/, `goal=${goal}&amp;hide=messages`));
    await page.goto(lms.lesson('scorm-1.2'));
    await expect(says(page, 'odd-goal')).toBeVisible();
  }
});

test.describe('cmi5', () => {
  const said = (lms) => lms.statements.map(({ verb }) => verb.id.split('/').at(-1)).filter((verb) => ['passed', 'completed'].includes(verb));
  const own = (page, key) => page.locator(`[data-says="${key}"]`);
  const lab = (page) => page.frameLocator('iframe');

  /** A student opens it and is done. */
  async function visit(browser, baseURL, lms, first = false) {
    const page = await (await browser.newContext({ baseURL })).newPage();
    await page.goto(lms.launch());
    if (first) await predict(lab(page));
    await expect(own(page, 'done')).toBeVisible();
    await page.context().close();
  }

  test('a store hears once that a student passed, at however many visits', async ({ page, lms, browser, baseURL }) => {
    await install(page, lms, 'cmi5');
    await visit(browser, baseURL, lms, true);
    await visit(browser, baseURL, lms);
    expect(said(lms)).toEqual(['passed', 'completed']);
    // It does not say what it has heard, but what was kept does; and the other way round.
    lms.forgetful = true;
    await visit(browser, baseURL, lms);
    lms.forgetful = false;
    lms.states.clear();
    await visit(browser, baseURL, lms, true);
    expect(said(lms)).toEqual(['passed', 'completed']);
  });

  test('a store that cannot be read is not written over', async ({ page, lms }) => {
    await install(page, lms, 'cmi5');
    for (const [error, text] of [[500, '{"text":"cnn1|"}'], [undefined, '{"other":1}']]) {
      lms.forgetful = true;
      lms.states.set('cnn-playground', text);
      lms.stateError = error;
      lms.statements.length = 0;
      await page.goto(lms.launch());
      await expect(own(page, 'unread')).toBeVisible();
      if (error) await predict(lab(page));
      await expect(own(page, 'done')).toBeVisible();
      expect(said(lms)).toEqual(['passed', 'completed']);
      expect(lms.states.get('cnn-playground')).toBe(text);
    }
  });

  test('somebody who only looks leaves what the student did', async ({ page, lms }) => {
    await install(page, lms, 'cmi5');
    lms.states.set('cnn-playground', '{"text":""}');
    lms.mode = 'Review';
    await page.goto(lms.launch());
    await predict(lab(page));
    await expect(lab(page).locator('#lab-own')).toBeVisible();
    await expect(own(page, 'looking')).toBeVisible();
    await expect(own(page, 'done')).toBeHidden();
    expect([said(lms), lms.states.get('cnn-playground')]).toEqual([[], '{"text":""}']);
  });
});
