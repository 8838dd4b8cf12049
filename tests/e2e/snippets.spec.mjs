// What docs/embedding.md gives to copy does what it says: each piece of code is put into a page of another origin as it is.
import { test as base, expect } from '@playwright/test';
import { below } from '../recipes/snippets.mjs';
import { Course } from './course.mjs';
import { running } from './server.mjs';

const test = base.extend({ course: running(() => new Course()) });
/** Pieces of code in this language below a heading, with the playground's address in place of the example's. */
const snippets = (heading, language, baseURL) => below(heading, language)
  .map((code) => code.replaceAll('https://your.host/playground/', baseURL).replaceAll('https://your.host', new URL(baseURL).origin));

test('the iframe, and the script that gives it the height it asks for', async ({ page, course, baseURL }) => {
  const [frame] = snippets('## Iframe', 'html', baseURL);
  const [script] = snippets('### Height', 'js', baseURL);
  await page.goto(course.write(`${frame}<script>${script}</script>`));
  await expect(page.frameLocator('iframe').locator('#page')).toHaveAttribute('aria-busy', 'false');
  await expect.poll(() => page.locator('iframe').evaluate((frame) => frame.style.height)).toMatch(/^\d+px$/);
});

test('the element and what is done with it', async ({ page, course, baseURL }) => {
  const [element] = snippets('## The element', 'html', baseURL);
  const [script] = snippets('## The element', 'js', baseURL);
  // A lab would wait for a prediction.
  await page.goto(course.write(element.replace('lab="pixel-shuffle"', 'train="640" test="100" batch="16" epochs="1"')));
  await page.evaluate(() => customElements.whenDefined('cnn-playground'));
  const said = page.waitForEvent('console', { predicate: (message) => /^v=1.*%$/.test(message.text()) });
  await page.addScriptTag({ type: 'module', content: script });
  expect((await said).text()).toMatch(/^v=1&.*permute=fixed.*: \d+\.\d %$/);
});

test('the messages, spoken without the element', async ({ page, course, baseURL }) => {
  const [script] = snippets('## Messages', 'js', baseURL);
  const heard = page.waitForEvent('console', { predicate: (message) => message.text().startsWith('finished') });
  await page.goto(course.write(`<iframe src="${baseURL}#v=1&train=640&test=100&batch=16&epochs=1&embed=1"></iframe><script type="module">${script}</script>`));
  await heard;
});

test('what Canvas and Moodle leave of an iframe is a playground', async ({ page, course, baseURL }) => {
  for (const heading of ['### Canvas', '### Moodle']) {
    const [frame] = snippets(heading, 'html', baseURL);
    await page.goto(course.write(frame));
    await expect(page.frameLocator('iframe').locator('#run')).toBeVisible();
  }
});
