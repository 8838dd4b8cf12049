// Classes of one's own beside folders of pictures: packed ones, signs that are drawn, and what a camera does.
import { gzipSync } from 'node:zlib';
import { animals, dialog, drawn, fingerprint, folder, own, tar, zip } from './own.mjs';
import { expect, open, run, test } from './page.mjs';

const file = (name, buffer) => ({ name, mimeType: '', buffer });
const make = (page) => dialog(page).getByRole('button', { name: 'Make the data set' }).click();

test('a packed folder of pictures becomes the set that the folder becomes', async ({ page }) => {
  await open(page, 'v=1&net=mlp&stop=steps&steps=20&batch=4');
  const files = await animals(page, 14);
  const junk = { '__MACOSX/pets/猫/._0.png': '\0\x05\x16\x07', 'pets/.DS_Store': '\0\0\0\x01Bud1', 'pets/猫/Thumbs.db': '\xd0\xcf\x11\xe0' };
  const packed = { ...junk, ...Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`pets/${path}`, bytes])) };
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-folder').setInputFiles(await folder(files));
  await expect(dialog(page)).toContainText('Pictures: 28. Classes: 2.');
  await make(page);
  await expect(own(page)).toContainText('24 training images and 4 test images, 2 classes.');
  const wanted = fingerprint(page);
  expect(wanted).toMatch(/^[0-9a-f]{16}$/);
  for (const [name, bytes] of [['pets.zip', zip(packed)], ['pets.tar', tar(packed)], ['pets.tgz', gzipSync(tar(packed))]]) {
    await page.locator('#own-files').setInputFiles([file(name, bytes)]);
    await expect(dialog(page)).toContainText('Pictures: 28. Classes: 2.');
    await expect(dialog(page).getByLabel('Name of the class 猫')).toBeVisible();
    await expect(dialog(page)).not.toContainText('Thumbs');
    await make(page);
    await expect(own(page)).toContainText('24 training images and 4 test images, 2 classes.');
    expect(fingerprint(page), name).toBe(wanted);
    await expect(page.locator('.own-sets li')).toHaveCount(1);
  }
  await run(page);
  await expect(page.locator('[data-counter="test"]')).toHaveText('100.0%');
});

// Two classes, as old programs of a country write their names: cat and dog.
for (const { country, locale, names, bytes } of [
  { country: 'China', locale: 'en-US', names: ['猫', '狗'], bytes: ['\xc3\xa8', '\xb9\xb7'] },
  { country: 'Taiwan', locale: 'zh-TW', names: ['貓', '狗'], bytes: ['\xbf\xdf', '\xaa\xaf'] },
  { country: 'Korea', locale: 'ko-KR', names: ['묘', '개'], bytes: ['\xb9\xa6', '\xb0\xb3'] },
  { country: 'Japan', locale: 'ja-JP', names: ['猫', '犬'], bytes: ['\x94\x4c', '\x8c\xa2'] },
]) {
  test.describe(locale, () => {
    test.use({ locale });
    test(`an archive that an old program made in ${country} has its classes in the letters of ${country}`, async ({ page }) => {
      await open(page, 'v=1&lang=en');
      await page.locator('#field-data').selectOption('file');
      const [bright] = (await drawn(page, [{ width: 20, height: 20, above: '#eee', type: 'image/png' }])).map((bytes) => Buffer.from(bytes));
      const packed = zip(Object.fromEntries(['AA/1.png', 'AA/2.png', 'BB/1.png', 'BB/2.png'].map((path) => [path, bright])));
      const written = packed.toString('latin1').replaceAll('AA/', `${bytes[0]}/`).replaceAll('BB/', `${bytes[1]}/`);
      await page.locator('#own-files').setInputFiles([file('pets.zip', Buffer.from(written, 'latin1'))]);
      for (const name of names) await expect(dialog(page).getByLabel(`Name of the class ${name}`)).toBeVisible();
    });
  });
}

test('an archive that Python made keeps its letters', async ({ page }) => {
  await open(page);
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles('tests/fixtures/writers/torchvision-folder.tar.gz');
  await expect(dialog(page)).toContainText('Pictures: 30. Classes: 3.');
  for (const name of ['cat', '犬', 'птица']) await expect(dialog(page).getByLabel(`Name of the class ${name}`)).toBeVisible();
});

test('in an archive train and test folders stay what they are, what lies beside pictures is named, and two archives are two classes', async ({ page }) => {
  await open(page);
  const [bright, dark] = (await drawn(page, ['#eee', '#222'].map((above) => ({ width: 20, height: 20, above, type: 'image/png' })))).map((bytes) => Buffer.from(bytes));
  const many = (path, count, bytes) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`${path}/${at}.png`, bytes]));
  const files = { ...many('train/cat', 6, bright), ...many('train/dog', 5, dark), ...many('test/cat', 3, bright), ...many('test/dog', 2, dark), 'labels.csv': 'id,label\n1,2\n3,4\n' };
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles([file('pets.zip', zip(files))]);
  await expect(dialog(page)).toContainText('Your folders say which pictures are for training');
  await expect(dialog(page)).toContainText('pets.zip/labels.csv lies beside pictures');
  await make(page);
  await expect(own(page)).toContainText('11 training images and 5 test images, 2 classes.');
  await page.locator('#own-files').setInputFiles([file('cat.zip', zip(many('a', 7, bright))), file('dog.zip', zip(many('b', 7, dark)))]);
  await expect(dialog(page)).toContainText('Pictures: 14. Classes: 2.');
  await expect(dialog(page).getByLabel('Name of the class dog')).toBeVisible();
});

test('an archive with too many files, or a picture that is a bomb, is refused with the limit and by name', async ({ page }) => {
  await open(page);
  await page.locator('#field-data').selectOption('file');
  await page.locator('#own-files').setInputFiles([file('many.zip', Buffer.from(`PK\x03\x04${'PK\x01\x02'.repeat(100_001)}`, 'latin1'))]);
  await expect(own(page)).toContainText('many.zip holds more than 100000 files');
  const [plain] = await drawn(page, [{ width: 20, height: 20, above: '#eee', type: 'image/png' }]);
  const bomb = Buffer.from(plain);
  bomb.writeUInt32BE(30_000, 16);
  bomb.writeUInt32BE(30_000, 20);
  await page.locator('#own-files').setInputFiles([file('pets.zip', zip({ 'a/1.png': Buffer.from(plain), 'a/bomb.png': bomb, 'b/1.png': Buffer.from(plain) }))]);
  await expect(dialog(page)).toContainText('Pictures: 3. Classes: 2.');
  await make(page);
  await expect(own(page)).toContainText('bomb.png has 30000 × 30000 pixels');
});

test('signs that are drawn, with a mouse and with a finger, become classes', async ({ page }) => {
  await open(page, 'v=1&net=mlp&stop=steps&steps=40&batch=4');
  await page.locator('#field-data').selectOption('file');
  await page.getByRole('button', { name: 'draw signs', exact: true }).click();
  const pad = dialog(page).locator('.sketch');
  const add = (name) => dialog(page).getByRole('button', { name: `Add the drawing to the class ${name}` });
  await expect(dialog(page).locator('[role="status"]')).toHaveText('Give two classes or more some pictures each; their names can be changed.');
  await expect(dialog(page).locator('.bad')).toHaveCount(0);
  await add('Class 1').click();
  await expect(dialog(page)).toContainText('Nothing is drawn yet');
  const touch = await page.context().newCDPSession(page);
  const { x, y, width, height } = await pad.boundingBox();
  for (let at = 0; at < 7; at += 1) {
    const along = x + width * (0.35 + 0.04 * at);
    await page.mouse.move(along, y + height * 0.2);
    await page.mouse.down();
    await page.mouse.move(along, y + height * 0.8, { steps: 3 });
    await page.mouse.up();
    await add('Class 1').click();
    await expect(dialog(page).locator('.album-count').first()).toHaveText(at === 0 ? '1 picture' : `${at + 1} pictures`);
    const down = y + height * (0.35 + 0.04 * at);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: x + width * 0.2, y: down }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: x + width * 0.8, y: down }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await add('Class 2').click();
    await expect(dialog(page).locator('.album-count').nth(1)).toHaveText(at === 0 ? '1 picture' : `${at + 1} pictures`);
  }
  await expect(dialog(page).getByLabel('Image size')).toHaveValue('28');
  // A key that puts all of it away can be taken back.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(dialog(page).locator('.album-count')).toHaveText(['7 pictures', '7 pictures']);
  await make(page);
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await expect(own(page)).toContainText('12 training images and 2 test images, 2 classes.');
  await expect(page.locator('.drawing .kind-input')).toContainText('1×28×28');
  await run(page);
  await expect(page.locator('[data-counter="test"]')).toHaveText('100.0%');
});

test('a camera that is taken away is noticed, and why there is none stays said', async ({ page }) => {
  await page.addInitScript(() => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    let asked = 0;
    navigator.mediaDevices.getUserMedia = async () => {
      asked += 1;
      if (asked === 1) throw new DOMException('', 'NotAllowedError');
      setInterval(() => context.fillRect(0, 0, 1, 1), 30);
      const stream = canvas.captureStream();
      globalThis.unplug = () => { for (const track of stream.getTracks()) track.dispatchEvent(new Event('ended')); };
      return stream;
    };
  });
  await open(page);
  await page.locator('#field-data').selectOption('file');
  await page.getByRole('button', { name: 'use the camera', exact: true }).click();
  await expect(dialog(page)).toContainText('The page may not use the camera');
  await dialog(page).getByRole('button', { name: 'Add a class' }).click();
  await expect(dialog(page)).toContainText('Give two classes or more some pictures each');
  await expect(dialog(page)).toContainText('The page may not use the camera');
  await dialog(page).getByRole('button', { name: 'Use the camera' }).click();
  await expect(dialog(page).getByRole('button', { name: 'Turn the camera off' })).toBeVisible();
  await expect(dialog(page)).not.toContainText('The page may not use the camera');
  // As long as a button is held, also where the one before it loses the focus to it.
  for (const at of [0, 1, 0]) {
    const count = dialog(page).locator('.album-count').nth(at);
    const before = Number.parseInt(await count.textContent(), 10);
    await dialog(page).getByRole('button', { name: /^Hold to take pictures/ }).nth(at).hover();
    await page.mouse.down();
    await expect(async () => expect(Number.parseInt(await count.textContent(), 10)).toBeGreaterThan(before + 2)).toPass();
    await page.mouse.up();
  }
  await page.evaluate(() => globalThis.unplug());
  await expect(dialog(page)).toContainText('The camera was switched off or taken away.');
  await expect(dialog(page).getByRole('button', { name: 'Use the camera' })).toBeVisible();
  await expect(page.locator('.album-video')).toBeHidden();
});

test('a folder that is picked is walked through file by file, and no folder is none', async ({ page }) => {
  await open(page);
  await page.locator('#field-data').selectOption('file');
  const files = Object.entries(await animals(page, 3)).map(([path, bytes]) => [path, [...bytes]]);
  await page.evaluate(async (all) => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('pets', { create: true });
    for (const [path, bytes] of all) {
      const [folder, name] = path.split('/');
      const file = await (await root.getDirectoryHandle(folder, { create: true })).getFileHandle(name, { create: true });
      const stream = await file.createWritable();
      await stream.write(new Uint8Array(bytes));
      await stream.close();
    }
    globalThis.asked = 0;
    window.showDirectoryPicker = async () => {
      globalThis.asked += 1;
      if (globalThis.asked === 1) throw new DOMException('', 'AbortError');
      return root;
    };
  }, files);
  const pick = page.locator('.own-ways button').filter({ hasText: 'choose a folder' });
  await pick.click();
  await expect.poll(() => page.evaluate(() => globalThis.asked)).toBe(1);
  await pick.click();
  await expect(dialog(page)).toContainText('Pictures: 6. Classes: 2.');
  await expect(dialog(page).getByLabel('Name of the class собака')).toBeVisible();
  // A frame may not have a picker: then it is the field for files.
  await page.keyboard.press('Escape');
  await page.evaluate(() => { window.showDirectoryPicker = async () => { throw new DOMException('', 'SecurityError'); }; });
  const chooser = page.waitForEvent('filechooser');
  await pick.click();
  expect((await chooser).isMultiple()).toBe(true);
});

test('each class has pictures chosen for it, what is pasted goes to the one in hand, and any picture is taken out again', async ({ page }) => {
  await open(page);
  const [bright, dark] = (await drawn(page, ['#eee', '#222'].map((above) => ({ width: 20, height: 20, above, type: 'image/png' })))).map((bytes) => Buffer.from(bytes));
  await page.locator('#field-data').selectOption('file');
  await page.getByRole('button', { name: 'draw signs', exact: true }).click();
  const rows = dialog(page).locator('.album-class');
  const counts = dialog(page).locator('.album-count');
  const choose = async (name, files) => {
    const chooser = page.waitForEvent('filechooser');
    await dialog(page).getByRole('button', { name: `Choose pictures for the class ${name}` }).click();
    await (await chooser).setFiles(files);
  };
  await choose('Class 2', [file('a cat.png', bright), file('dog.2.png', bright), file('notes.txt', Buffer.from('my notes'))]);
  await expect(counts).toHaveText(['0 pictures', '2 pictures']);
  await expect(dialog(page)).toContainText('notes.txt is a text');
  await choose('Class 1', [file('dog.2.png', dark)]);
  await expect(counts).toHaveText(['1 picture', '2 pictures']);
  await expect(rows.first()).toHaveClass(/marked/);
  const paste = () => page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], 'image.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, [...dark]);
  await paste();
  await expect(counts).toHaveText(['2 pictures', '2 pictures']);
  await dialog(page).getByLabel('Use the class Class 2').focus();
  await expect(rows.nth(1)).toHaveClass(/marked/);
  await expect(rows.first()).not.toHaveClass(/marked/);
  await paste();
  await expect(counts).toHaveText(['2 pictures', '3 pictures']);
  await rows.nth(1).getByRole('button', { name: 'Take out image.png' }).click();
  await expect(counts).toHaveText(['2 pictures', '2 pictures']);
  await expect(rows.nth(1).getByRole('button', { name: /^Take out/ })).toHaveCount(2);
  await expect(rows.nth(1).getByRole('button', { name: /^Choose pictures/ })).toBeFocused();
  // The pad makes room, and comes back.
  await dialog(page).getByRole('button', { name: 'Put the drawing pad away' }).click();
  await expect(dialog(page).locator('.sketch')).toHaveCount(0);
  await expect(dialog(page).getByRole('button', { name: 'Draw signs' })).toBeVisible();
  await make(page);
  await expect(own(page)).toContainText('2 training images and 2 test images, 2 classes.');
});

test('on a phone the dialog for classes has room for names in each language', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const lang of ['en', 'fr', 'es', 'ar', 'zh-CN']) {
    await open(page, `v=1&lang=${lang}`);
    await page.locator('#field-data').selectOption('file');
    await page.locator('.own-ways button').nth(3).click();
    const widths = await dialog(page).locator('.album-class > input[type="text"], .album-form select').evaluateAll((all) => all.filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect().width));
    expect(Math.min(...widths), lang).toBeGreaterThan(90);
    expect(await dialog(page).evaluate((one) => one.scrollWidth - one.clientWidth), lang).toBe(0);
    await page.reload();
  }
});
