// What a teacher does: own files, sharing, the builder, frames and the element on pages of a course.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Course, PARENT } from '../e2e/course.mjs';
import { running } from '../e2e/server.mjs';
import { lacking } from './lacking.mjs';
import { SMALL, expect, test as base } from './page.mjs';

const fixture = (path) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));

/** Of the set that `torchvision-folder.zip` becomes at 16 pixels; `tests/own.rs` comes to the same. */
const FINGERPRINT = readFileSync(fixture('torchvision-folder.txt'), 'utf8').trim();

const test = base.extend({ course: running(() => new Course()) });

/** What the page around a frame says and hears, where a driver's scripts can reach it. */
const REACHABLE = '<script>Object.assign(window, { of, ask });</script>';

/** Opens a lesson with one frame, and waits until that is ready. */
async function lesson(page, course, link, attributes = '') {
  await page.goto(course.write(`<iframe title="playground" src="${page.host.url}#${link}&embed=1" width="640" height="480" ${attributes}></iframe>${PARENT}${REACHABLE}`));
  await heard(page, 'ready');
}

/** Waits until the frame has told of this. */
const heard = (page, type) => expect.poll(() => page.ask((type) => window.of(type).length, type), { message: type }).toBeGreaterThan(0);

/** How the first run that was finished ended. */
const ending = (page) => page.ask(() => window.of('finished')[0].run.state);

test('own files become the data set, and train', async ({ page }) => {
  await page.open();
  await page.give('#own-files', [fixture('own/digits.csv')]);
  await page.says('.own', /\d+ training images and \d+ test images/);
  await page.has('#seen[data-state="ready"]');
  await page.run();
});

/** Makes a data set of packed pictures. @param {import('./page.mjs').Page} page */
async function fromPictures(page) {
  await page.open('v=1&net=mlp&stop=steps&steps=20&batch=4');
  await page.choose('#field-data', 'file');
  await page.give('#own-files', [fixture('writers/torchvision-folder.zip')]);
  await page.says('.album-dialog', 'Pictures: 30. Classes: 3.');
  await page.says('.album-dialog', 'Your folders say which pictures are for training');
  await page.choose('#album-edge', '16');
  await page.press('.album-dialog button', 'Make the data set');
  await page.says('.own', '21 training images and 9 test images, 3 classes.');
  await page.says('.drawing .kind-input', '3×16×16');
  // PNG loses nothing, and 16 pixels stay 16: every engine reads the set that a terminal reads.
  await expect.poll(() => page.ask(() => location.hash)).toContain(`set=${FINGERPRINT}`);
}

test('pictures in folders that are packed become a data set, and train', async ({ page }) => {
  await fromPictures(page);
  await page.run();
});

test('a data set of pictures and its run are there after a reload', async ({ page }) => {
  await fromPictures(page);
  await page.run();
  const last = await page.text('.runs-table td[data-column="last"]');
  await page.reload();
  await page.says('.own', '21 training images and 9 test images, 3 classes.');
  expect(await page.text('.runs-table td[data-column="last"]')).toBe(last);
});

test('a link is shared with its result, as a code too', async ({ page }) => {
  await page.open(SMALL);
  await page.run();
  await page.press('#share-button');
  await page.press('dialog label', 'Include the result of Run 1');
  await expect.poll(() => page.ask(() => document.querySelector('#share-short').value)).toMatch(/&result=0\.\d+,[\d.]+,40,[0-9a-f]{16},[^,]+,cpu$/);
});

test('the builder writes codes, and shows them as a frame', async ({ page }) => {
  await page.goto('builder.html#v=1&net=resnet&blocks=2');
  await page.has('#page[aria-busy="false"]');
  await expect.poll(() => page.ask(() => document.querySelector('#code-link').value)).toBe(`${page.host.url}#v=1&net=resnet&blocks=2&embed=1`);
  await page.within('#live iframe', () => page.has('#page[aria-busy="false"]'));
});

test('a frame on a page of another origin trains, and tells of it', async ({ page, course }) => {
  await lesson(page, course, SMALL);
  expect((await page.ask(() => window.ask({ type: 'run' }))).type).toBe('answer');
  await heard(page, 'finished');
  expect(await ending(page)).toBe('done');
});

test('a sandboxed frame that may only run scripts takes a prediction, and trains', async ({ page, course }) => {
  lacking('sandbox');
  await predictAndTrain(page, course, 'allow-scripts');
});

test('a sandboxed frame that keeps its origin takes a prediction, and trains', async ({ page, course }) => {
  await predictAndTrain(page, course, 'allow-scripts allow-same-origin');
});

/** @param {string} sandbox what the frame may do */
async function predictAndTrain(page, course, sandbox) {
  await lesson(page, course, 'v=1&lab=pixel-shuffle&budget=quick&device=cpu', `sandbox="${sandbox}"`);
  await page.within('iframe', async () => {
    await page.press('.lab-answers label');
    await page.press('button', 'Commit to this prediction');
  });
  await heard(page, 'prediction');
  await page.ask((link) => window.ask({ type: 'set', link }), SMALL);
  await page.within('iframe', () => page.press('#run'));
  await heard(page, 'finished');
  expect(await ending(page)).toBe('done');
}

test('the element is a frame that methods command', async ({ page, course }) => {
  await page.goto(course.write(`<script src="${page.host.url}embed.js" defer></script><cnn-playground train="640" test="100" epochs="1" batch="16"><a href="${page.host.url}">A network</a></cnn-playground>`));
  await expect.poll(() => page.ask(() => document.querySelector('cnn-playground').state !== null)).toBe(true);
  const state = await page.ask(async () => {
    const one = document.querySelector('cnn-playground');
    const finished = new Promise((resolve) => { one.addEventListener('finished', ({ detail }) => resolve(detail.run.state), { once: true }); });
    await one.run();
    return finished;
  });
  expect(state).toBe('done');
});
