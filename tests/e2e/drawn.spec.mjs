// The drawings as text: what a change does to them is seen in the difference of a file. `--update-snapshots` writes them anew.
import { choose, download, expect, open, run, test } from './page.mjs';

/** Networks with every kind of part that is drawn: layers, blocks with shortcuts, branches, gates, and the way down and up. */
const NETWORKS = {
  cnn: 'net=cnn&batchnorm=on',
  resnet: 'net=resnet&width=8',
  googlenet: 'net=googlenet&width=8',
  attention: 'net=cnn&attention=se',
  unet: 'net=unet&width=4',
  own: 'net=own&layers=conv8,bn,relu,2x(:add(conv8,bn,relu,conv8,bn),act:relu),gap,fc',
};

/** An element with a line for each tag, so that differences are small, without the runs' names within the page, which are of the moment. */
const lined = (markup) => `${markup.replaceAll(/><(?!\/)/g, '>\n<').replaceAll(/ data-run="\d+"/g, '').trim()}\n`;

/** What changes with the network's numbers: maps, and the sizes of what branches carry. */
const NUMBERS = 'foreignObject, .carried';

for (const [name, link] of Object.entries(NETWORKS)) {
  test(`the drawing of a network: ${name}`, async ({ page }) => {
    await open(page, `v=1&train=100&test=50&${link}`);
    const drawing = page.locator('.drawing svg').first();
    await expect(drawing.locator('.part').first()).toBeAttached();
    const markup = await drawing.evaluate((element, numbers) => {
      const copy = element.cloneNode(true);
      for (const part of copy.querySelectorAll(numbers)) part.remove();
      return copy.outerHTML;
    }, NUMBERS);
    expect(lined(markup)).toMatchSnapshot(`network-${name}.svg`);
  });
}

test('a chart of two runs, as it is kept', async ({ page }) => {
  await page.addInitScript(() => {
    const { set, ...rest } = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src');
    window.charts = [];
    Object.defineProperty(HTMLImageElement.prototype, 'src', { ...rest, set(value) {
      if (value.startsWith('data:image/svg+xml,')) window.charts.push(decodeURIComponent(value.slice('data:image/svg+xml,'.length)));
      set.call(this, value);
    } });
  });
  // On the CPU a run is the same to the last bit wherever it is made.
  await open(page, 'v=1&device=cpu&train=320&test=50&epochs=2&batch=16&net=mlp');
  await run(page);
  await page.locator('#field-net').selectOption('cnn');
  await run(page);
  for (const measure of ['Loss', 'Accuracy']) await download(page, () => choose(page, `More for the chart: ${measure}`, 'Save as picture'));
  const charts = await page.evaluate(() => window.charts);
  expect(charts).toHaveLength(2);
  expect(lined(charts[0])).toMatchSnapshot('chart-loss.svg');
  expect(lined(charts[1])).toMatchSnapshot('chart-accuracy.svg');
});
