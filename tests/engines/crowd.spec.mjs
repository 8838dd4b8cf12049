// Two thousand photographs in ten classes, as a person brings them who has photographed for a day.
import { writeFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { photographsOf } from '../../bench/photographs.mjs';
import { expect, test } from './page.mjs';

const [CLASSES, EACH] = [10, 200];

/** So many are drawn by one script: an engine may be slow, and a driver waits for half a minute. */
const AT_ONCE = 25;

/** They are smaller than a camera's, so that the test takes seconds; `cargo xtask bench pictures` takes large ones. */
const [WIDTH, HEIGHT] = [160, 120];

/** A packed folder of them, drawn by the engine itself. @param {import('./page.mjs').Page} page */
async function packed(page) {
  const files = {};
  for (let from = 0; from < CLASSES * EACH; from += AT_ONCE) {
    const kind = Math.floor(from / EACH);
    const made = await page.ask(photographsOf, kind, from % EACH, AT_ONCE, WIDTH, HEIGHT);
    for (const [at, base64] of made.entries()) files[`class ${kind}/${from + at}.jpg`] = [Buffer.from(base64, 'base64'), { level: 0 }];
  }
  return zipSync(files);
}

test('two thousand photographs in ten classes become a data set, train, and are there after a reload', async ({ page }, info) => {
  // WebKitGTK paints and decodes without a graphics card, and the machine of a test may be busy.
  test.setTimeout(1_200_000);
  const patient = { timeout: 600_000 };
  await page.open('v=1&net=mlp&stop=steps&steps=40&batch=32');
  const zip = info.outputPath('photographs.zip');
  writeFileSync(zip, await packed(page));
  await page.choose('#field-data', 'file');
  const begun = Date.now();
  await page.give('#own-files', [zip]);
  await expect.poll(async () => await page.text('.album-dialog') ?? '', patient).toContain('Pictures: 2,000. Classes: 10.');
  await page.press('.album-dialog button', 'Make the data set');
  await expect.poll(async () => await page.text('.own') ?? '', patient).toContain('1,715 training images and 285 test images, 10 classes.');
  console.log(`${info.project.name}: 2,000 photographs are a data set after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  await page.run();
  // Each class has a colour of its own: whoever has learned knows them.
  const last = await page.text('.runs-table td[data-column="last"]');
  await page.reload();
  await page.says('.own', '1,715 training images and 285 test images, 10 classes.');
  expect(await page.text('.runs-table td[data-column="last"]')).toBe(last);
});
