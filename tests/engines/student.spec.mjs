// What a student does: switches, a U-Net, looking inside, drawing, a lab, the calculator; and what outlives a reload.
import { SMALL, expect, test } from './page.mjs';

/** Opens the panel that looks inside. */
async function look(page) {
  await page.press('.inside-tools button', 'Look inside');
  await page.has('.inside-content:not([hidden])');
}

test('the three switches change what is seen before anything trains', async ({ page }) => {
  await page.open(`${SMALL}&net=resnet`);
  const inked = async () => (await page.ask(() => [...document.querySelectorAll('canvas.sample')].map((canvas) => canvas.toDataURL()))).join();
  const plain = await inked();
  await page.press('[data-switch="permute"] label', 'Fixed');
  await expect.poll(inked).not.toBe(plain);
  const axis = await page.text('.histogram-axis');
  await page.choose('#switch-normalize', 'half');
  await expect.poll(() => page.text('.histogram-axis')).not.toBe(axis);
  await page.has('.drawing .arc', 3);
  await page.press('#switch-residual');
  await page.has('.drawing .arc', 0);
  expect(await page.ask(() => location.hash)).toContain('permute=fixed&normalize=half&net=resnet&residual=off');
});

test('pause, step and reset are obeyed', async ({ page }) => {
  await page.open('v=1&train=3000&test=100&epochs=20');
  await page.press('#step');
  await page.says('#run-state', /^Paused$/);
  await page.says('[data-counter="steps"]', /^1$/);
  await page.press('#run');
  await expect.poll(async () => Number(await page.text('[data-counter="steps"]'))).toBeGreaterThan(3);
  await page.press('#run');
  await page.says('#run-state', /^Paused$/);
  await page.press('#reset');
  await page.says('#run-state', /^Ready$/);
});

test('a U-Net marks pixels, and its masks are drawn', async ({ page }) => {
  await page.open('v=1&net=unet&width=4&train=160&test=50&epochs=1&batch=8');
  await page.run();
  await page.says('.samples', 'Run 1');
  await page.says('.overlap', /^\d+%$/);
  await page.says('#finding', /IoU/);
});

test('each view of Look inside shows something of a run', async ({ page }) => {
  const VIEWS = {
    kernels: '.kernels canvas', maps: '.strip canvas', excite: '.patch', layers: '.statistics tbody tr',
    why: '.bars li', mistakes: '.confusion tbody td', shift: '.shift-line circle', draw: '.sketch',
  };
  // A width at which the controls stay in sight: they must not lie over the views.
  await page.size(1024, 800);
  await page.open(SMALL);
  await page.run();
  await look(page);
  expect(await page.ask(() => [...document.querySelectorAll('.inside-body [data-tab]')].map((tab) => tab.dataset.tab))).toEqual(Object.keys(VIEWS));
  for (const [view, sign] of Object.entries(VIEWS)) {
    await page.press(`[data-tab="${view}"]`);
    await page.has(sign);
    if (sign.endsWith('canvas')) for (const ink of await page.ink(sign)) expect(ink, view).toBeGreaterThan(0);
  }
});

test('a drawing is classified', async ({ page }) => {
  await page.open(SMALL.replace('train=640', 'train=1600'));
  await page.run();
  await look(page);
  await page.press('[data-tab="draw"]');
  await page.has('.sketch');
  const sketch = await page.element('.sketch');
  await page.ask((one) => one.scrollIntoView({ block: 'center', behavior: 'instant' }), sketch);
  const at = (x, y) => ({ origin: sketch, x, y, duration: 50 });
  await page.browser.actions().move(at(4, -80)).press().move(at(0, -20)).move(at(-2, 40)).move(at(-4, 80)).release().perform();
  await page.says('.answer .bar-name', /^1$/);
});

test('a whole lab: predict, run, conclude, why', async ({ page }) => {
  await page.size(1024, 800);
  await page.open('v=1&lab=conv1x1&budget=quick&device=cpu');
  await page.press('.lab-answers label');
  await page.press('button', 'Commit to this prediction');
  await page.press('#lab-run');
  await page.has('.lab-verdict');
  await page.press('button', 'Why?');
  await page.has('.lab-formula');
});

for (const theme of ['light', 'dark']) {
  test(`the circle of a lab’s answer is filled where it is chosen, and only there: ${theme}`, async ({ page }) => {
    await page.open(`v=1&lab=conv1x1&theme=${theme}`);
    await page.press('.lab-answers label');
    /** How far the colour within each circle, near its edge and in its middle, is from that beside it: 0 to 765. */
    const filled = async () => page.browser.executeAsyncScript(async (picture, done) => {
      const image = new Image();
      image.src = `data:image/png;base64,${picture}`;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const scale = image.width / innerWidth;
      done([...document.querySelectorAll('.lab-answers input')].map((answer) => {
        const { x, y, width, height } = answer.getBoundingClientRect();
        const [ground, edge, middle] = [x - 3, x + 0.2 * width, x + width / 2].map((at) => [...context.getImageData(Math.round(at * scale), Math.round((y + height / 2) * scale), 1, 1).data]);
        return Math.max(...[edge, middle].map((colour) => colour.reduce((sum, byte, at) => sum + Math.abs(byte - ground[at]), 0)));
      }));
    }, await page.browser.takeScreenshot());
    // It may take some pictures until the press is seen.
    await expect.poll(async () => (await filled())[0]).toBeGreaterThan(100);
    const [, ...others] = await filled();
    expect(others.length).toBeGreaterThan(0);
    for (const other of others) expect(other).toBeLessThan(60);
  });
}

test('the calculator counts, and its kernel slides', async ({ page }) => {
  await page.open();
  await page.press('#calculator-button');
  await page.press('.calculator button', 'RGB 64×64, 4 filters');
  await page.says('[data-line="weights"] .filled', '3 · 3 · 3 · 4 = 108');
  await page.type('#field-stride', '2');
  await page.says('[data-line="output"] .filled', '4×31×31');
});

test('runs outlive a reload, and going back brings the experiment of before', async ({ page }) => {
  await page.open(SMALL);
  await page.run();
  const last = await page.text('.runs-table td[data-column="last"]');
  await page.press('[data-switch="permute"] label', 'Fixed');
  await expect.poll(() => page.ask(() => location.hash)).toContain('permute=fixed');
  await page.browser.navigate().back();
  await expect.poll(() => page.ask(() => location.hash)).not.toContain('permute');
  expect(await page.ask(() => document.querySelector('[data-switch="permute"] input:checked').value)).toBe('off');
  await page.reload();
  await page.has('.runs-table tbody tr', 1);
  expect(await page.text('.runs-table td[data-column="last"]')).toBe(last);
});

test('the language can be chosen, and stays', async ({ page }) => {
  await page.open(SMALL);
  await page.choose('#language select', 'zh-CN');
  await page.is('html', 'lang', 'zh-CN');
  await page.says('#run', '运行');
  await page.reload();
  await page.is('html', 'lang', 'zh-CN');
});

test('on a phone nothing is wider than the screen', async ({ page }) => {
  await page.size(390, 844);
  await page.open(SMALL);
  await page.run();
  await look(page);
  const [inner, wide] = await page.ask(() => [innerWidth, document.documentElement.scrollWidth]);
  expect(wide).toBeLessThanOrEqual(inner);
});
