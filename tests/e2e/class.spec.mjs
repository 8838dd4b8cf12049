// A class at once: what was handed in as distributions, as a table for a spreadsheet, and a seed for each student.
import jsqr from 'jsqr';
import { SMALL, choose, download, expect, open, run } from './page.mjs';
import { test } from './trouble.mjs';

/** The page opened as a teacher does. */
async function checkPage(page) {
  await page.goto('check.html?lang=en');
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
}

/** A link that claims a result. */
const claim = (seed, accuracy, more = '') => `https://a.test/#${SMALL}${more}&seed=${seed}&result=${accuracy},0.5,40,${String(seed).padStart(16, '0')},0.1.0,cpu`;

test('results that differ in the seed are one distribution, and all of it is a table without formulas', async ({ page }) => {
  await checkPage(page);
  await expect(page.locator('#class')).toBeHidden();
  await page.locator('#paste').fill([
    `Ann ${claim(1, 0.8)}`, `Bob ${claim(2, 0.6)}`, `Li ${claim(3, 0.7)}`, `Copy ${claim(3, 0.7)}`,
    `"=2+3" ${claim(4, 0.35, '&permute=fixed')}`, `None https://a.test/#${SMALL}`,
  ].join('\n'));
  const variants = page.locator('.class-variant');
  await expect(variants).toHaveCount(2);
  // By hand: the mean of 0.6, 0.7 and 0.8, and the root of 0.02 / 2.
  await expect(variants.first()).toContainText('3 results from 60.0% to 80.0%: mean 70.0%, standard deviation 10.0%');
  await expect(variants.last()).toContainText('1 result: 35.0%');
  const places = await variants.first().locator('.class-dot').evaluateAll((dots) => dots.map((dot) => [dot.title.split(',')[0], dot.offsetLeft]));
  expect(places.map(([name]) => name)).toEqual(['Bob', 'Li', 'Ann']);
  expect(places[0][1]).toBeLessThan(places[1][1]);
  expect(places[1][1]).toBeLessThan(places[2][1]);
  const csv = (await download(page, () => page.getByRole('button', { name: 'Save as CSV' }).click())).toString();
  const lines = csv.trim().split('\n');
  expect(lines).toHaveLength(7);
  expect(lines[1]).toMatch(/^Ann,v=1&train=640.*,1,0\.8,0\.5,40,cpu,0\.1\.0,open,,,"http/);
  expect(lines.filter((line) => /^[=+@-]/.test(line))).toEqual([]);
});

test('a file of saved runs is read as what it came to, and a damaged one is named while the others are read', async ({ page }) => {
  await open(page, SMALL);
  await run(page);
  const saved = await download(page, () => choose(page, 'Download', 'Everything as JSON'));
  await checkPage(page);
  await page.locator('#handed-in').setInputFiles([
    { name: 'damaged.json', mimeType: 'application/json', buffer: saved.subarray(0, saved.length / 2) },
    { name: 'Ann.json', mimeType: 'application/json', buffer: saved },
    { name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from(`Bob: ${claim(2, 0.6)}`) },
  ]);
  await expect(page.locator('#links tbody tr')).toHaveCount(2);
  await expect(page.locator('#links tbody tr').first()).toContainText('Ann');
  await expect(page.locator('#messages')).toContainText('damaged.json');
  await page.locator('#paste').fill((await page.locator('#paste').inputValue()).split('\n')[0]);
  await page.getByRole('button', { name: 'Check 1 result' }).click();
  await expect(page.locator('#links tbody tr').first()).toContainText('reproduces it to the last bit');
  await expect(page.locator('.class-dot')).toHaveAttribute('data-outcome', 'bits');
});

test('each name gets a link with a seed of its own, also as a code', async ({ page }) => {
  await checkPage(page);
  await page.locator('#people-link').fill('#v=1&permute=fixed&seed=9');
  await page.locator('#people-names').fill('Ann\n\n李明');
  const rows = page.locator('.people li');
  await expect(rows).toHaveCount(2);
  // The first seed is the usual one, which a link does not say.
  const links = await rows.locator('a').evaluateAll((all) => all.map(({ href }) => href));
  expect(links.map((link) => new URLSearchParams(new URL(link).hash.slice(1)).get('seed'))).toEqual([null, '2']);
  expect(links.every((link) => link.includes('permute=fixed'))).toBe(true);
  await page.getByRole('button', { name: 'Show codes' }).click();
  await expect(rows.locator('svg')).toHaveCount(2);
  const shot = await page.evaluate(async () => {
    const [code] = document.querySelectorAll('.people svg');
    const picture = new Image();
    picture.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(code))}`;
    await picture.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 400, height: 400 });
    const pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0, 400, 400);
    return [...pen.getImageData(0, 0, 400, 400).data];
  });
  expect((jsqr.default ?? jsqr)(Uint8ClampedArray.from(shot), 400, 400)?.data).toBe(links[0]);
});

test('what a teacher gives as the experiment is read aloud where it is none, on the class page and in the builder', async ({ page }) => {
  await checkPage(page);
  const said = page.locator('#people-body .field-error').first();
  for (const [text, words] of [['garbage', '“garbage” is no link to an experiment'], ['#v=1&lr=99&net=foo', 'is outside']]) {
    await page.locator('#people-link').fill(text);
    await expect(said).toContainText(words);
  }
  await page.locator('#people-link').fill('#v=1&net=mlp');
  await expect(said).toBeEmpty();
  await page.goto('builder.html');
  await page.locator('#experiment').fill('garbage');
  await page.locator('#experiment').press('Enter');
  await expect(page.locator('.field-error').first()).toContainText('is no link to an experiment');
});

/** A link that says a prediction. */
const predicted = (lab, said) => `https://a.test/#v=1&lab=${lab}&predicted=${said}`;
/** A link to a run of the lab on residual connections, with its result. */
const deep = (seed, accuracy, more = '') => `https://a.test/#v=1&data=cifar10&net=resnet&width=8&blocks=3&batchnorm=off${more}&train=4000&test=500&seed=${seed}&result=${accuracy},1.5,126,${String(seed).padStart(16, '0')},0.1.0,cpu`;

/** Ten students: nine predicted, one twice the same, one in two labs; one link is damaged, one only has a result, and two names are an attack. */
const CLASS = [
  `Ann: ${predicted('residual', 'residual')}`, `Bob: ${predicted('residual', 'plain')}`, `李明: ${predicted('residual', 'residual')}`,
  `- Eve ${predicted('residual', 'same')}`, `Ann: ${predicted('residual', 'residual')}`,
  `=HYPERLINK("https://evil.test","Zoe") ${predicted('residual', 'plain')}`, `<img src=x onerror=alert(1)> ${predicted('residual', 'residual')}`,
  `Mo: ${predicted('residual', 'plian')}`, `Max: ${predicted('parameters', '36')}`, `Ida: ${predicted('parameters', '108')}`, `Ann: ${predicted('parameters', '108')}`,
  `Bob: ${deep(1, 0.31, '&residual=off')}`, `李明: ${deep(2, 0.4)}`, `Jo: ${deep(3, 0.43)}`,
].join('\n');

for (const { lang, lab, counts, came, right, wrongly } of [
  { lang: 'en', lab: 'Lab 6', counts: '6 predictions', came: 'What came out', right: 'with the lab’s usual settings', wrongly: 'is not one of the choices' },
  { lang: 'zh-CN', lab: '6', counts: '6 个预测', came: '结果', right: '默认设置', wrongly: '不在可选项之中' },
]) {
  test(`who predicted what stands beside what came out, in ${lang}`, async ({ page }) => {
    page.on('dialog', () => { throw new Error('a name ran'); });
    await page.goto(`check.html?lang=${lang}`);
    await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
    await expect(page.locator('#predicted')).toBeHidden();
    await page.locator('#paste').fill(CLASS);
    const labs = page.locator('.predicted-lab');
    await expect(labs).toHaveCount(2);
    const [numbers, residual] = [labs.first(), labs.last()];
    await expect(residual.locator('h3')).toContainText(lab);
    await expect(residual.locator('h4').first()).toHaveText(counts);
    const told = await residual.locator('.predicted li').evaluateAll((all) => all.map((one) => [one.querySelector('progress').value, [...one.querySelectorAll('bdi')].map(({ textContent }) => textContent)]));
    // In the order of the lab's answers: with them, without, the same. A person who says the same twice counts once.
    expect(told).toEqual([
      [3, ['Ann', '李明', 'img src=x onerror=alert(1']], [2, ['Bob', 'HYPERLINK("https://evil.test","Zoe']], [1, ['Eve']],
    ]);
    await expect(residual.locator('img, a')).toHaveCount(0);
    await expect(residual.locator('h4').last()).toContainText(came);
    await expect(residual.locator('.class-variant')).toHaveCount(2);
    const plain = residual.locator('.class-variant').first();
    await expect(plain).toContainText('31.0%');
    await expect(plain.locator('.class-dot')).toHaveCount(1);
    // By hand: the mean of 0.4 and 0.43.
    await expect(residual.locator('.class-variant').last()).toContainText('41.5%');
    // Numbers stand from the smallest on, each that somebody said, and what arithmetic gives.
    await expect(numbers.locator('.predicted-answer')).toHaveText(['36', '108']);
    await expect(numbers.locator('.predicted-right')).toContainText(right);
    // A prediction alone is nothing to check; what is none is named in its row.
    await expect(page.locator('#links tbody tr')).toHaveCount(14);
    await expect(page.locator('#start')).toContainText('3');
    const wrong = page.locator('#links tbody tr').nth(7);
    await expect(wrong).toHaveAttribute('data-outcome', 'refused');
    await expect(wrong).toContainText('plian');
    await expect(wrong).toContainText(wrongly);
    const csv = (await download(page, () => page.locator('#class-csv').click())).toString();
    const lines = csv.replace('\u{feff}', '').trim().split('\n');
    expect(lines).toHaveLength(15);
    expect(lines[0]).toContain('outcome,lab,predicted,link');
    expect(lines[1]).toMatch(/^Ann,.*,predicted,residual,residual,"?http/);
    expect(lines[9]).toMatch(/^Max,.*,predicted,parameters,36,"?http/);
    expect(lines[8]).toMatch(/^Mo,.*,refused,residual,,"?http/);
    expect(lines.filter((line) => /^"?[=+@-]/.test(line))).toEqual([]);
    // The row's link opens the lab.
    expect(await page.locator('#links tbody tr a').first().getAttribute('href')).toMatch(/#v=1&lab=residual&predicted=residual$/);
  });
}

test('a student copies the link with the prediction, and its report says it too', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('?lang=en#v=1&lab=parameters');
  await expect(page.locator('#lab-predicted')).toBeHidden();
  await page.locator('#lab-prediction').fill('36');
  await page.locator('.lab-predict button[type="submit"]').click();
  const pasted = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('tab', { name: 'One question further' }).click();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect.poll(pasted).toContain('&predicted=36)');
  const report = await pasted();
  await page.getByRole('tab', { name: 'Predict' }).click();
  await page.getByRole('button', { name: 'Copy link with my prediction' }).click();
  await expect(page.locator('.lab-predict .copy-status')).toHaveText('Copied: the link with the prediction');
  await expect.poll(pasted).toMatch(/#v=1&lab=parameters&predicted=36$/);
  const link = await pasted();

  await checkPage(page);
  await page.locator('#handed-in').setInputFiles([
    { name: 'Ann Lee.md', mimeType: 'text/markdown', buffer: Buffer.from(report) },
    { name: 'class.txt', mimeType: 'text/plain', buffer: Buffer.from(`Bob: ${link}`) },
  ]);
  await expect(page.locator('.predicted-names bdi')).toHaveText(['Ann Lee', 'Bob']);
  // Opened in the playground it is the lab, and nobody else's prediction becomes one's own.
  const other = await (await page.context().browser().newContext()).newPage();
  await other.goto(link);
  await expect(other.locator('#lab-prediction')).toHaveValue('');
  await expect(other.locator('#messages')).toBeEmpty();
  await other.context().close();
});

test('what the page saved of a class is read again, and a name in it is no formula however the table is taken apart', async ({ page }) => {
  await checkPage(page);
  await page.locator('#paste').fill(['Ann', 'Bob;=1+1', '李明'].map((name, at) => `${name}: ${deep(at + 1, 0.3)}`).join('\n'));
  const csv = (await download(page, () => page.locator('#class-csv').click())).toString();
  expect(csv).toContain("Bob;'=1+1");
  const names = page.locator('#links tbody td:nth-child(2)');
  for (const text of [csv, csv.replaceAll(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/gm, '\t')]) {
    await page.locator('#paste').fill('');
    await expect(names).toHaveCount(0);
    await page.locator('#handed-in').setInputFiles([{ name: 'class.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }]);
    await expect(names.first()).toHaveText('Ann');
    await expect(names.last()).toHaveText('李明');
    await expect(names).toHaveCount(3);
    await expect(page.locator('.class-dot')).toHaveCount(3);
  }
});

test('names that are too many are counted', async ({ page }) => {
  test.slow();
  await checkPage(page);
  const said = page.locator('#people-names ~ .field-error');
  await page.locator('#people-names').fill('Ann\n'.repeat(500));
  await expect(page.locator('.people li')).toHaveCount(500);
  await expect(said).toBeEmpty();
  await page.locator('#people-names').fill('Ann\n'.repeat(512));
  await expect(said).toContainText('12 more names have no link: 500 are the most');
  await expect(page.locator('.people li')).toHaveCount(500);
});
