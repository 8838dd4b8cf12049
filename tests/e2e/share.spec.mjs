// What is shared: the link in its forms, a run's result, the codes for other pages, and the builder for teachers.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import jsqr from 'jsqr';

import { choose, download, expect, open, run, SMALL, test } from './page.mjs';

const GRANTED = ['clipboard-read', 'clipboard-write'];

/** Pixels of the picture that a phone sees, a side. */
const EDGE = 320;

const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

/** Opens the share dialog on a tab. */
async function share(page, tab = 'Link') {
  await page.locator('#share-button').click();
  await page.getByRole('tab', { name: tab, exact: true }).click();
}

/** Opens a link as if it came from elsewhere. */
async function anew(page, link) {
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.locator('#page')).toHaveAttribute('aria-busy', 'false');
}

/** A link with the result of a run that the page makes. */
async function linkWithResult(page) {
  await page.context().grantPermissions(GRANTED);
  await open(page, SMALL);
  await run(page);
  await choose(page, 'More for Run 1', 'Copy link with result');
  return copied(page);
}

test('a link with a result is checked by running it again, to the last bit', async ({ page, browser }) => {
  const link = await linkWithResult(page);
  expect(link).toMatch(/&result=0\.\d+,[\d.]+,40,[0-9a-f]{16},[\d.]+-[0-9a-f]{8},cpu$/);
  const shown = await page.locator('#runs [data-column="last"]').first().innerText();

  const other = await browser.newContext();
  const another = await other.newPage();
  await another.goto(link);
  const claim = another.locator('#claim');
  await expect(claim).toContainText(shown);
  await expect(claim).toContainText('after 40 steps on CPU');
  await expect(claim).toContainText('Press Run to check it.');
  await expect(another.locator('#seen')).toHaveAttribute('data-state', 'ready');
  await run(another);
  await expect(claim).toContainText('Run 1 reproduces it to the last bit: all 40 losses and the test are the same.');
  await expect(claim).toHaveAttribute('data-outcome', 'bits');

  // Another experiment is nobody's claim; the same one is, once more.
  await another.getByRole('radio', { name: 'Fixed' }).check();
  await expect(claim).toBeHidden();
  await another.goBack();
  await expect(claim).toBeVisible();
  expect(another.url()).toContain('result=');
  await other.close();
});

test('a result that is not reproduced is told by how much', async ({ page }) => {
  const link = await linkWithResult(page);
  const [, accuracy, loss] = /result=([\d.]+),([\d.]+)/.exec(link);
  const claim = page.locator('#claim');
  await anew(page, link.replace(accuracy, String(Number(accuracy) - 0.25)));
  await expect(claim).toContainText('Run 1 does not reproduce it: accuracy +25.0 points, loss 0. On the CPU the same engine gives the same bits.');
  await expect(claim).toHaveAttribute('data-outcome', 'apart');
  // What a GPU claims may differ by chance.
  await anew(page, link.replace(accuracy, String(Number(accuracy) - 0.01)).replace(/cpu$/, 'webgpu'));
  await expect(claim).toContainText('Run 1 reproduces it within');
  await expect(claim).toHaveAttribute('data-outcome', 'within');
  await anew(page, link.replace(loss, String(Number(loss) + 0.5)).replace(accuracy, '0.05').replace(/cpu$/, 'webgpu'));
  await expect(claim).toContainText('Rounding and chance explain at most');
  await anew(page, link.replace(/,[0-9a-f]{16},/, ',0123456789abcdef,'));
  await expect(claim).toContainText('the test is the same, the losses on the way are not');
  // A link of an older engine, whose name was its version alone.
  await anew(page, link.replace(accuracy, '0.05').replace(/,[^,]*,cpu$/, ',0.1.0,cpu'));
  await expect(claim).toContainText('Another version of the engine, 0.1.0, made this claim');
  await expect(claim).toHaveAttribute('data-outcome', 'other');
});

test('a result that cannot be one is left out with a message', async ({ page }) => {
  await open(page, `${SMALL}&result=1.5,0.2,40,0123456789abcdef,0.1.0,cpu`);
  await expect(page.locator('#messages')).toContainText('is not the result of a run');
  await expect(page.locator('#claim')).toBeHidden();
  await open(page, `${SMALL}&result=0.5,0.2,41,0123456789abcdef,0.1.0,cpu`);
  await expect(page.locator('#messages')).toContainText('A result after 41 steps does not belong to this experiment, which has 40');
});

test('the link comes short and full, and with what the page and a run say', async ({ page, baseURL }) => {
  await page.context().grantPermissions(GRANTED);
  await open(page, `${SMALL}&theme=dark`);
  expect(page.url()).toBe(`${baseURL}#${SMALL}&theme=dark`);
  await run(page);
  await share(page);
  const short = page.locator('#share-short');
  await expect(short).toHaveValue(`${baseURL}#v=1&train=640&test=100&batch=16&epochs=1`);
  await page.getByRole('checkbox', { name: 'With the theme, language and lab of this page' }).check();
  await expect(short).toHaveValue(/&theme=dark$/);
  await page.getByRole('checkbox', { name: /Include the result of Run 1/ }).check();
  await expect(short).toHaveValue(/&theme=dark&result=/);
  const full = await page.locator('#share-full').inputValue();
  expect(full).toContain('data=mnist&train=640');
  expect(full).toContain('optimizer=adam&lr=0.001');
  await page.locator('.copy-field').filter({ hasText: 'Full link' }).getByRole('button').click();
  await expect(page.locator('.copy-status')).toHaveText('Copied: Full link: every setting, in words');
  expect(await copied(page)).toBe(full);
  await page.keyboard.press('Escape');
  // The full link is the same experiment.
  await anew(page, full);
  await expect(page.locator('.message')).toHaveCount(0);
  await share(page);
  await expect(short).toHaveValue(`${baseURL}#v=1&train=640&test=100&batch=16&epochs=1`);
});

test('where the page may not copy, the text is selected and a person told how', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await open(page);
  await share(page);
  await page.locator('.copy-field').first().getByRole('button', { name: 'Copy' }).click();
  await expect(page.locator('.copy-status')).toHaveText('This page is not allowed to copy. The text is selected: press Ctrl+C.');
  await expect(page.locator('#share-short')).toBeFocused();
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(await page.locator('#share-short').inputValue());
  await page.getByRole('tab', { name: 'PyTorch' }).click();
  await page.getByRole('tabpanel', { name: 'PyTorch' }).getByRole('button', { name: 'Copy' }).click();
  expect(await page.evaluate(() => getSelection()?.toString())).toContain('class Network(nn.Module)');
});

test('the tabs go by the arrow keys, and the dialog gives the focus back', async ({ page }) => {
  await open(page);
  await page.locator('#share-button').press('Enter');
  const tab = (name) => page.getByRole('tab', { name, exact: true });
  await tab('Link').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab('Embed')).toBeFocused();
  await expect(page.getByRole('tabpanel', { name: 'Embed' })).toBeVisible();
  await page.keyboard.press('End');
  await expect(page.getByRole('tabpanel', { name: 'PyTorch' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('#share-button')).toBeFocused();
});

test('a phone reads the link off the screen', async ({ page, baseURL }) => {
  await open(page, 'v=1&data=cifar10&net=resnet&blocks=3&residual=off&theme=dark');
  await share(page, 'QR code');
  await expect(page.locator('.qr svg')).toBeVisible();
  const saved = (await download(page, () => page.getByRole('button', { name: 'Save as SVG' }).click())).toString('utf8');
  const dots = await page.evaluate(async ({ source, edge }) => {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(source)}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: edge, height: edge });
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0, edge, edge);
    const { data } = context.getImageData(0, 0, edge, edge);
    return Array.from({ length: edge * edge }, (_, at) => (data[4 * at] > 127 ? '1' : '0')).join('');
  }, { source: saved, edge: EDGE });
  const pixels = Uint8ClampedArray.from([...dots].flatMap((dot) => [255 * dot, 255 * dot, 255 * dot, 255]));
  const read = jsqr.default ? jsqr.default : jsqr;
  expect(read(pixels, EDGE, EDGE)?.data).toBe(`${baseURL}#v=1&data=cifar10&net=resnet&blocks=3&residual=off`);
});

test('the network can be taken along as PyTorch source', async ({ page }) => {
  await open(page, 'v=1&net=resnet&residual=off');
  await page.getByRole('button', { name: 'The network in PyTorch' }).click();
  await expect(page.getByRole('tab', { name: 'PyTorch' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('.source')).toContainText('class Network(nn.Module)');
  await expect(page.locator('.source')).toContainText('net=resnet&residual=off');
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as network.py' }).click();
  expect((await coming).suggestedFilename()).toBe('network.py');
});

test('the codes put the same page into another one', async ({ page, baseURL }) => {
  await open(page, 'v=1&net=resnet&residual=off&lab=residual&theme=dark');
  await share(page, 'Embed');
  const codes = await page.evaluate(() => {
    // The page's own policy lets no style stand in a text that it parses.
    const parsed = (id) => new DOMParser().parseFromString(document.getElementById(id).value.replaceAll(' style=', ' data-style='), 'text/html');
    const frame = parsed('share-frame').querySelector('iframe');
    const element = parsed('share-element');
    const playground = element.querySelector('cnn-playground');
    return {
      src: frame.src, title: frame.title, script: element.querySelector('script').src, link: playground.querySelector('a').href,
      attributes: Object.fromEntries([...playground.attributes].map(({ name, value }) => [name, value])),
    };
  });
  const link = `${baseURL}#v=1&net=resnet&residual=off&theme=dark&lab=residual&embed=1`;
  expect(codes).toEqual({
    src: link, title: 'CNN playground', script: `${baseURL}embed.js`, link,
    attributes: { v: '1', net: 'resnet', residual: 'off', theme: 'dark', lab: 'residual', 'data-style': 'width: 100%; height: 720px' },
  });
});

/** Opens the builder from the share dialog, as a teacher does. */
async function builder(page, link) {
  await open(page, link);
  await share(page, 'Embed');
  const coming = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Choose what is shown, locked or hidden' }).click();
  const built = await coming;
  await expect(built.locator('#page')).toHaveAttribute('aria-busy', 'false');
  return built;
}

test('the builder takes over the experiment, and what it hides and locks is in the codes and in the frame', async ({ page, baseURL }) => {
  const built = await builder(page, 'v=1&net=resnet&blocks=2');
  await expect(built.locator('#experiment')).toHaveValue('v=1&net=resnet&blocks=2');
  await built.locator('[data-name="runs"]').getByRole('radio', { name: 'Hidden' }).check();
  await built.locator('summary').filter({ hasText: 'Optimizer' }).click();
  await built.locator('[data-name="optimizer"]').getByRole('radio', { name: 'Locked' }).check();
  // What a group says, its settings cannot say otherwise.
  await expect(built.locator('[data-name="lr"]').getByRole('radio', { name: 'Locked' })).toBeChecked();
  await expect(built.locator('[data-name="lr"]').getByRole('radio', { name: 'Shown' })).toBeDisabled();
  await built.getByLabel('Start training').selectOption('visible');
  await built.getByLabel('Language').last().selectOption('zh-CN');
  await built.getByRole('button', { name: '640 × 480' }).click();
  const link = `${baseURL}#v=1&net=resnet&blocks=2&lang=zh-CN&embed=1&start=visible&hide=runs&lock=optimizer`;
  await expect(built.locator('#code-link')).toHaveValue(link);
  await expect(built.locator('#code-frame')).toHaveValue(/width="640" height="480"/);
  await expect(built.locator('#code-element')).toHaveValue(/lock="optimizer" style="width: 640px; height: 480px"/);
  const frame = built.locator('#live iframe');
  await expect(frame).toHaveAttribute('src', link);
  await expect(built.frameLocator('#live iframe').locator('#page')).toHaveAttribute('aria-busy', 'false');
  // All of it is in the builder's own address, too.
  await built.reload();
  await expect(built.locator('#code-link')).toHaveValue(link);
  await expect(built.locator('[data-name="runs"]').getByRole('radio', { name: 'Hidden' })).toBeChecked();
});

test('the builder takes any link, and says what of it cannot stand', async ({ page }) => {
  const built = await builder(page);
  const field = built.locator('#experiment');
  await field.fill('https://elsewhere.example/playground/#v=1&data=cifar10&batch=0');
  await field.press('Enter');
  await expect(built.locator('.field-error').filter({ hasText: 'Batch size: 0 is outside 1 to 2048.' })).toBeVisible();
  await expect(built.locator('#code-link')).toHaveValue(/#v=1&data=cifar10&embed=1$/);
  await built.getByLabel('Lab', { exact: true }).selectOption('pixel-shuffle');
  await expect(built.locator('#code-link')).toHaveValue(/&lab=pixel-shuffle&embed=1$/);
});

test('the whole experiment is saved as a script and as a notebook for PyTorch', async ({ page }) => {
  await open(page, 'v=1&permute=fixed&net=mlp&lang=fr');
  await page.locator('#share-button').click();
  await page.getByRole('tab', { name: 'PyTorch' }).click();
  const save = async (name) => (await download(page, () => page.getByRole('button', { name }).click())).toString('utf8');
  const python = await save('Enregistrer sous experiment.py');
  for (const words of ['class Network(nn.Module):', 'torchvision', 'ORDER = ', 'Le pixel en ORDER[i]', 'for epoch in range(2)']) expect(python).toContain(words);
  const { nbformat, cells: parts } = JSON.parse(await save('Enregistrer en notebook'));
  expect(nbformat).toBe(4);
  const code = parts.filter(({ cell_type: kind }) => kind === 'code').map(({ source }) => source.join('')).join('\n');
  expect(code).toContain('class Network(nn.Module):');
});

test('the network that is drawn is saved as ONNX, as the terminal saves it, with its first weights and with those of a run', async ({ page }) => {
  const [link, , firstDigest, lastDigest] = (await readFile('tests/fixtures/weights.txt', 'utf8')).trim().split(' ');
  await open(page, link);
  const saved = async (said) => {
    await share(page, 'PyTorch');
    await expect(page.locator('.share-dialog')).toContainText(said);
    const file = await download(page, () => page.getByRole('button', { name: 'Save as ONNX' }).click());
    await page.keyboard.press('Escape');
    // What enters and leaves, an array, an operator, and a fact about it.
    for (const name of ['images', 'logits', 'conv1.weight', 'BatchNormalization', 'batchnorm=on']) expect(file.includes(name), name).toBe(true);
    return createHash('sha256').update(file).digest('hex');
  };
  expect(await saved('before training')).toBe(firstDigest);
  await run(page);
  expect(await saved('Run 1, after 40 steps')).toBe(lastDigest);
});
