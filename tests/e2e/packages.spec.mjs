// Packages for course systems: made by the builder, unpacked by a course system, and played there.
import { readFile } from 'node:fs/promises';
import { test as base, expect } from '@playwright/test';
import { Lms } from './lms.mjs';
import { SMALL, install } from './page.mjs';
import { running } from './server.mjs';

/** A lab without runs: the core alone knows its answer. */
const LAB = 'v=1&lab=parameters';
/** Where each standard has what. */
const NAMES = {
  'scorm-1.2': { status: 'cmi.core.lesson_status', score: 'cmi.core.score.raw', through: 'passed' },
  'scorm-2004': { status: 'cmi.completion_status', score: 'cmi.score.raw', through: 'completed' },
};

/** A picture in each language. */
const PICTURES = ['ar', 'en', 'es', 'fr', 'zh-CN'].map((tag) => `thumbnail.${tag}.png`);

const test = base.extend({ lms: running(() => new Lms()) });
test.describe.configure({ timeout: 240_000 });

const playground = (page) => page.frameLocator('iframe').frameLocator('iframe');
const get = (page, name) => page.evaluate((name) => get(name), name);

for (const kind of /** @type {const} */ (['scorm-1.2', 'scorm-2004'])) {
  const { status, score, through } = NAMES[kind];

  test(`${kind}: a student is done when the rule says so, and goes on on another machine`, async ({ page, lms, browser, baseURL }) => {
    const files = await install(page, lms, kind, SMALL, { run: 2, accuracy: 0.05 });
    expect(Object.keys(files).sort()).toEqual(['imsmanifest.xml', 'index.html', 'player.js', ...PICTURES]);
    expect(files['imsmanifest.xml']).toContain('CNN');
    expect(files['index.html']).toContain('embed=1&amp;goal=run:2,accuracy:0.05');
    await page.goto(lms.lesson(kind));
    const frame = playground(page);
    await expect.poll(() => get(page, status)).toBe('incomplete');
    await frame.locator('#run').click();
    // One run is half of the first goal, and the whole of the other.
    await expect.poll(() => get(page, score)).toBe('50');
    expect(await get(page, status)).toBe('incomplete');
    await frame.getByRole('radio', { name: 'Fixed' }).check();
    await frame.locator('#run').click();
    await expect.poll(() => get(page, status)).toBe(through);
    expect(await get(page, score)).toBe('100');
    if (kind === 'scorm-2004') expect([await get(page, 'cmi.success_status'), await get(page, 'cmi.score.scaled')]).toEqual(['passed', '1']);
    await expect(page.frameLocator('iframe').locator('[data-says="done"]')).toBeVisible();
    await expect.poll(() => get(page, 'cmi.suspend_data')).toContain('permute=fixed');
    const kept = { [status]: await get(page, status), [score]: '100', 'cmi.suspend_data': await get(page, 'cmi.suspend_data') };

    const other = await (await browser.newContext({ baseURL })).newPage();
    await other.goto(lms.lesson(kind, { kept }));
    await expect(playground(other).getByRole('radio', { name: 'Fixed' })).toBeChecked();
    await expect(other.frameLocator('iframe').locator('[data-says="done"]')).toBeVisible();
    expect([await get(other, status), await get(other, score)]).toEqual([through, '100']);

    // What was cut on its way costs what it hit: the experiment is the lesson's again, and what was done stays.
    const cut = kept['cmi.suspend_data'].split('|').slice(0, 2).join('|');
    await other.goto(lms.lesson(kind, { kept: { ...kept, 'cmi.suspend_data': `${cut}|0123456789abcdef{"li` } }));
    await expect(other.frameLocator('iframe').locator('[data-says="damaged"]')).toBeVisible();
    await expect(playground(other).getByRole('radio', { name: 'Fixed' })).not.toBeChecked();
    expect([await get(other, status), await get(other, score)]).toEqual([through, '100']);
    await other.context().close();
  });

  test(`${kind}: a system that comes to the page after the package is found`, async ({ page, lms }) => {
    await install(page, lms, kind, LAB, { predict: null });
    const script = "for (const name of ['API', 'API_1484_11']) { const late = window[name]; if (late) { delete window[name]; setTimeout(() => { window[name] = late; }, 1000); } }";
    await page.goto(lms.lesson(kind, { script }));
    await expect.poll(() => get(page, status)).toBe('incomplete');
    await expect(page.frameLocator('iframe').locator('[data-says="alone"]')).toBeHidden();
  });

  test(`${kind}: a sandboxed frame, a system that is not there, and one that refuses leave the playground as it is`, async ({ page, lms }) => {
    await install(page, lms, kind, SMALL, { run: 1 });
    const says = (key) => page.frameLocator('iframe').locator(`[data-says="${key}"]`);
    const works = async () => {
      await playground(page).locator('#run').click();
      await expect(playground(page).locator('#run-state')).toHaveText('Done');
    };
    await page.goto(lms.lesson(kind, { sandbox: 'sandbox="allow-scripts"' }));
    await expect(says('alone')).toBeVisible();
    await works();

    await page.goto(lms.lesson(kind, { script: 'delete window.API; delete window.API_1484_11;' }));
    await expect(says('alone')).toBeVisible();
    await works();

    // The system takes nothing, as at a session that ran out; then it does again.
    const set = kind === 'scorm-1.2' ? 'LMSSetValue' : 'SetValue';
    await page.goto(lms.lesson(kind, { script: `const real = api.${set}; window.tried = []; api.${set} = (name, value) => { tried.push(value); if (window.dead) throw new Error('gone'); return 'false'; }; window.again = () => { api.${set} = real; };` }));
    await expect(says('refused')).toBeVisible();
    await page.evaluate(() => { window.dead = true; });
    await works();
    await expect.poll(() => page.evaluate(() => window.tried)).toContain(through);
    await expect(says('refused')).toBeVisible();
    await page.evaluate(() => window.again());
    await playground(page).getByRole('radio', { name: 'Fixed' }).check();
    await expect(says('refused')).toBeHidden();
    await expect.poll(() => get(page, 'cmi.suspend_data')).toContain('permute=fixed');
    // What it did not take before, it has now.
    expect(await get(page, status)).toBe(through);
  });
}

for (const [kind, root] of /** @type {const} */ ([['scorm-1.2', 'http://www.imsglobal.org/xsd/imsmd_rootv1p2p1'], ['scorm-2004', 'http://ltsc.ieee.org/xsd/LOM']])) {
  test(`${kind}: the manifest has title, description and picture in each language, and each file that it names is there`, async ({ page, lms }) => {
    const files = await install(page, lms, kind, LAB);
    const manifest = await page.evaluate(([text, lom]) => {
      const xml = new DOMParser().parseFromString(text, 'application/xml');
      const texts = (within, name) => [...within.getElementsByTagNameNS(lom, name)].map(({ textContent }) => textContent.trim());
      /** The texts of an element by their language. */
      const said = (element) => Object.fromEntries([...element.children].map((one) => [one.getAttribute('language') ?? one.getAttribute('xml:lang'), one.textContent]));
      const [general] = xml.getElementsByTagNameNS(lom, 'general');
      return {
        broken: xml.getElementsByTagName('parsererror').length,
        title: said(general.children[0]), about: said(general.children[1]),
        pictures: [...xml.getElementsByTagNameNS(lom, 'relation')].map((one) => ({ kind: texts(one, 'value')[0], path: texts(one, 'entry')[0], name: said(one.getElementsByTagNameNS(lom, 'description')[0]) })),
        files: [...xml.getElementsByTagName('file')].map((one) => one.getAttribute('href')),
      };
    }, [files['imsmanifest.xml'], root]);
    expect(manifest.broken).toBe(0);
    expect(manifest.files.sort()).toEqual(['index.html', 'player.js', ...PICTURES]);
    expect(Object.keys(files)).toEqual(expect.arrayContaining(manifest.files));
    const words = async (tag) => JSON.parse(await readFile(new URL(`../../www/locales/${tag}.json`, import.meta.url), 'utf8'));
    for (const tag of ['en', 'zh-CN']) {
      const said = await words(tag);
      expect(manifest.title[tag]).toBe(said['lab.parameters.question']);
      expect(manifest.about[tag]).toBe(said['lab.parameters.predict']);
      expect(manifest.pictures).toContainEqual({ kind: 'thumbnail', path: `thumbnail.${tag}.png`, name: { [tag]: manifest.title[tag] } });
      const [picture, card] = await Promise.all([page.request.get(`${lms.url}package/thumbnail.${tag}.png`), readFile(new URL(`../../www/cards/${tag}/parameters.png`, import.meta.url))]);
      expect((await picture.body()).equals(card)).toBe(true);
    }
  });
}

test('a picture that does not come is left out, and the package is made', async ({ page, lms }) => {
  await page.route('**/cards/fr/**', (route) => route.abort());
  const files = await install(page, lms, 'scorm-2004', LAB);
  expect(Object.keys(files)).not.toContain('thumbnail.fr.png');
  expect(Object.keys(files)).toContain('thumbnail.en.png');
  expect(files['imsmanifest.xml']).not.toContain('thumbnail.fr.png');
});

test('SCORM 1.2: a lab’s prediction and own words are kept in 4,096 characters, and what has no room is said', async ({ page, lms, browser, baseURL }) => {
  await install(page, lms, 'scorm-1.2', LAB, { predict: null, explain: null });
  await page.goto(lms.lesson('scorm-1.2'));
  const frame = playground(page);
  await frame.locator('#lab-prediction').fill('7');
  await frame.locator('.lab-predict button[type="submit"]').click();
  await expect.poll(() => get(page, 'cmi.core.score.raw')).toBe('50');
  const own = frame.locator('#lab-own');
  await own.fill('卷积看到的是邻域。'.repeat(440));
  await expect.poll(() => get(page, 'cmi.core.lesson_status')).toBe('passed');
  await expect(page.frameLocator('iframe').locator('[data-says="no-room"]')).toBeVisible();
  await expect.poll(() => get(page, 'cmi.suspend_data')).toContain('卷积');
  const text = await get(page, 'cmi.suspend_data');
  expect(text.length).toBeLessThanOrEqual(4096);
  expect(text.length).toBeGreaterThan(4000);

  const other = await (await browser.newContext({ baseURL })).newPage();
  await other.goto(lms.lesson('scorm-1.2', { kept: { 'cmi.suspend_data': text } }));
  await expect(playground(other).locator('#lab-prediction')).toHaveValue('7');
  await other.context().close();

  // Somebody else at the same machine begins anew.
  await page.goto(lms.lesson('scorm-1.2'));
  await expect.poll(() => get(page, 'cmi.suspend_data')).toContain('"predicted":false');
  await expect(playground(page).locator('#lab-prediction')).toHaveValue('');
  expect(await get(page, 'cmi.core.lesson_status')).toBe('incomplete');
});

test('SCORM 1.2: a system without what the standard leaves to it gets the score, and one that refuses the score keeps the rest', async ({ page, lms }) => {
  await install(page, lms, 'scorm-1.2', LAB, { predict: null, explain: null });
  const predict = async () => {
    await playground(page).locator('#lab-prediction').fill('7');
    await playground(page).locator('.lab-predict button[type="submit"]').click();
    await expect.poll(() => get(page, 'cmi.suspend_data')).toContain('"predicted":true');
  };
  const without = (names) => ({ script: `const real = api.LMSSetValue.bind(api); api.LMSSetValue = (name, value) => (${names}.test(name) ? 'false' : real(name, value));` });
  const refused = page.frameLocator('iframe').locator('[data-says="refused"]');
  await page.goto(lms.lesson('scorm-1.2', without(/score\.m/)));
  await predict();
  await expect.poll(() => get(page, 'cmi.core.score.raw')).toBe('50');
  await expect(refused).toBeHidden();
  await page.goto(lms.lesson('scorm-1.2', without(/score/)));
  await predict();
  await expect(refused).toBeVisible();
});

test('cmi5: statements tell of it, the store keeps it, and one that refuses is said', async ({ page, lms, browser, baseURL }) => {
  const files = await install(page, lms, 'cmi5', SMALL, { run: 1 });
  expect(Object.keys(files).sort()).toEqual(['cmi5.xml', 'index.html', 'player.js', ...PICTURES]);
  await page.goto(lms.launch());
  const verbs = () => lms.statements.map(({ verb }) => verb.id.split('/').at(-1));
  await expect.poll(verbs).toEqual(['initialized']);
  const frame = page.frameLocator('iframe');
  await expect.poll(() => lms.states.get('cnn-playground')).toContain('cnn1|');
  lms.refuses = true;
  await frame.getByRole('radio', { name: 'Fixed' }).check();
  await expect(page.locator('[data-says="refused"]')).toBeVisible();
  lms.refuses = false;
  await frame.locator('#run').click();
  await expect.poll(verbs).toEqual(['initialized', 'passed', 'completed']);
  expect(lms.statements[1].result.score).toEqual({ scaled: 1 });
  await expect(page.locator('[data-says="refused"]')).toBeHidden();
  await expect.poll(() => lms.states.get('cnn-playground')).toContain('permute=fixed');

  const other = await (await browser.newContext({ baseURL })).newPage();
  await other.goto(lms.launch());
  await expect(other.frameLocator('iframe').getByRole('radio', { name: 'Fixed' })).toBeChecked();
  await other.context().close();
  // Without a launch there is nobody to tell.
  await page.goto(`${lms.url}package/index.html`);
  await expect(page.locator('[data-says="alone"]')).toBeVisible();
});
