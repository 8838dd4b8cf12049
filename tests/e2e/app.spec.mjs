// The page as an app: what browsers want of it before they install it, and what other programs hand to it.
import { animals, dialog } from './own.mjs';
import { beKept, haveKept, test } from './packed.mjs';
import { expect, open } from './page.mjs';

test.use({ loadedForThreads: false });

/** Hands over as a phone does: a form that is sent to where the manifest says, by a navigation. */
async function handOver(page, files, words = {}) {
  const manifest = await (await page.request.get('manifest.webmanifest')).json();
  const { action, params } = manifest.share_target;
  await page.evaluate(({ action, fields, words }) => {
    const form = document.createElement('form');
    Object.assign(form, { id: 'handed', action, method: 'post', enctype: 'multipart/form-data' });
    const input = Object.assign(document.createElement('input'), { type: 'file', name: fields, multiple: true });
    form.append(input, ...Object.entries(words).map(([name, value]) => Object.assign(document.createElement('input'), { name, value })));
    document.body.append(form);
  }, { action, fields: params.files[0].name, words });
  await page.locator('#handed input[type=file]').setInputFiles(files);
  await Promise.all([page.waitForEvent('load'), page.evaluate(() => document.querySelector('#handed').requestSubmit())]);
}

test('a browser can install it, with icons of the sizes that the manifest names', async ({ page }) => {
  await open(page);
  const devtools = await page.context().newCDPSession(page);
  const { errors, url } = await devtools.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(url).toMatch(/manifest\.webmanifest$/);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // A test's window is a private one, in which nothing can be installed.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
  const { icons } = await (await page.request.get(url)).json();
  for (const { src, sizes } of icons) {
    const size = await page.evaluate(async (src) => {
      const image = Object.assign(new Image(), { src });
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    expect(size, src).toBe(sizes);
  }
});

test('pictures that a phone shares with it become a data set, once', async ({ page, host }) => {
  await open(page);
  await beKept(page);
  await haveKept(page, host);
  // What is shared lies in no folder: its name says the class.
  const files = Object.entries(await animals(page, 4)).map(([path, buffer]) => ({ name: path.replace('/', '.'), mimeType: 'image/png', buffer }));
  await handOver(page, files);
  await expect(dialog(page)).toContainText(`Pictures: ${files.length}.`);
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await expect(dialog(page)).toBeHidden();
});

test('a link that is shared with it opens its experiment, whatever words stand around it', async ({ page, host }) => {
  await open(page);
  await beKept(page);
  await haveKept(page, host);
  await handOver(page, [], { title: 'Look', text: 'what this does: https://cnn.example/play/#v=1&net=mlp&steps=20&stop=steps', url: '' });
  await expect(page).toHaveURL(/#v=1&/);
  await expect(page.locator('#field-net')).toHaveValue('mlp');
});

test('pictures for which there is no room: the page opens and says so, with the link that came with them', async ({ page, host }) => {
  await open(page);
  await beKept(page);
  await haveKept(page, host);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.url).origin, quotaSize: 1 });
  const files = Object.entries(await animals(page, 4)).map(([path, buffer]) => ({ name: path.replace('/', '.'), mimeType: 'image/png', buffer }));
  await handOver(page, files, { text: 'https://cnn.example/#v=1&net=mlp' });
  await expect(page.locator('#messages')).toContainText('There was no room in this browser for the files that were shared');
  await expect(page.locator('#field-net')).toHaveValue('mlp');
  expect(new URL(page.url()).search).toBe('');
  await page.reload();
  await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await expect(page.locator('.message')).toHaveCount(0);
});
