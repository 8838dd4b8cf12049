// The labs, as a student goes through them: predict, run, see what happened, read why, go further.
import { begin, conclude, QUICK, slowly } from './lab.mjs';
import { counter, curves, expect, open, run, test } from './page.mjs';

test.describe.configure({ timeout: 600_000 });

/** What the page keeps of its runs, newest last. */
const kept = (page) => page.evaluate(() => new Promise((resolve) => {
  const asked = indexedDB.open('cnn-playground');
  asked.onsuccess = () => {
    const all = asked.result.transaction('runs').objectStore('runs').getAll();
    all.onsuccess = () => resolve(all.result.map(({ label, tests, parameters, losses }) => ({ label, accuracy: tests.at(-1)?.accuracy, parameters, steps: losses.length })));
  };
}));

/** The result table agrees with the runs themselves. */
async function agrees(page) {
  const runs = await kept(page);
  const rows = await page.locator('.lab-table').first().locator('tbody tr').evaluateAll((all) => all.map((row) => ({
    label: row.querySelector('th').textContent.trim(),
    ...Object.fromEntries([...row.querySelectorAll('td')].map((cell) => [cell.dataset.column, cell.textContent])),
  })));
  expect(rows.map((row) => row.label)).toEqual(runs.map((run) => run.label));
  for (const [at, run] of runs.entries()) {
    expect(rows[at].accuracy).toBe(run.accuracy === undefined ? '–' : `${(run.accuracy * 100).toFixed(1)}%`);
    if (rows[at].parameters !== undefined) expect(rows[at].parameters).toBe(run.parameters.toLocaleString('en'));
    if (rows[at].steps !== undefined) expect(rows[at].steps).toBe(run.steps.toLocaleString('en'));
  }
  return Object.fromEntries(rows.map((row) => [row.label, row]));
}

/** Every drawing beside the explanation says what it shows, and its words stay within it. */
async function drawn(page) {
  const pictures = page.locator('.diagram:visible svg');
  for (const picture of await pictures.all()) {
    await expect(picture).toHaveRole('img');
    await expect(picture).toHaveAccessibleName(/\S+ \S+/);
    const outside = await picture.evaluate((svg) => {
      const frame = svg.getBoundingClientRect();
      return [...svg.querySelectorAll('text')].filter((text) => {
        const { left, right } = text.getBoundingClientRect();
        return left < frame.left - 1 || right > frame.right + 1;
      }).map((text) => text.textContent);
    });
    expect(outside).toEqual([]);
  }
  return pictures.count();
}

/** The rest of a lab: why, and one question further, which sets the playground up. */
async function finish(page, address) {
  await page.getByRole('button', { name: 'Why?' }).click();
  await expect(page.locator('.lab-formula').first()).toBeVisible();
  await drawn(page);
  await page.getByRole('tab', { name: 'One question further' }).click();
  await page.getByRole('button', { name: 'Set the playground up for it' }).click();
  await expect(page).toHaveURL(address);
}

const shot = (page, id) => page.screenshot({ path: `target/e2e/lab-${id}.png` });

test('shuffled pixels: what each network lost, and the dense one that learns as on plain images', async ({ page }) => {
  await begin(page, 'pixel-shuffle', 'Mainly the CNN');
  await conclude(page, 5);
  const rows = await agrees(page);
  const said = page.locator('.lab-step:visible .lab-lead');
  await expect(said).toContainText(`the CNN went from ${rows['CNN, plain'].accuracy} to ${rows['CNN, shuffled'].accuracy}`);
  await expect(page.locator('.lab-hint')).toContainText('too short to mean anything');
  await expect(page.locator('.runs-table tbody')).toContainText('CNN, shuffled');
  // Its first weights moved with the pixels: the same network, and the same figures.
  expect(rows['Dense network, shuffled with its weights']).toEqual(expect.objectContaining({ accuracy: rows['Dense network, plain'].accuracy }));
  await expect(page.locator('.lab-also')).toContainText(/^The proof: .*(ends with the same losses|learns as on plain images)/);
  const lines = await curves(page);
  const [plain, shuffled, relabelled] = [1, 2, 5].map((made) => lines.filter(({ run: of }) => of === made).map(({ loss }) => Number(loss)));
  const apart = (/** @type {number[]} */ other) => Math.max(...plain.map((loss, at) => Math.abs(loss - other[at])));
  expect(plain.length).toBeGreaterThan(5);
  expect(apart(relabelled)).toBeLessThan(1e-5);
  expect(apart(shuffled)).toBeGreaterThan(1e-3);
  await expect(page.getByRole('radio', { name: 'Fixed' }).last()).toBeChecked();
  await shot(page, 'pixel-shuffle');
  await finish(page, /train=320.*permute=fixed.*width=32.*epochs=1/);
});

test('a lab goes on where a reload interrupted it, is there again after another, and can be repeated with other seeds', async ({ page }) => {
  await slowly(page);
  await begin(page, 'epoch-batch', 'Batches of 256');
  await page.locator('#lab-run').click();
  await expect.poll(async () => Number(await counter(page, 'steps').textContent())).toBeGreaterThan(0);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  const steps = await counter(page, 'steps').textContent();
  await page.unroute('**/pkg/{cpu,threads}/*.js');
  await page.reload();
  await expect(page.locator('#messages')).toContainText('0 of 3 planned runs were done');
  await expect(page.locator('#lab-run')).toHaveText('Go on with the rest');
  expect((await kept(page)).map((run) => String(run.steps))).toEqual([steps]);
  await conclude(page, 3);
  const rows = await agrees(page);
  expect([16, 64, 256].map((size) => rows[`Batches of ${size}`].steps)).toEqual(['20', '5', '2']);
  await page.locator('.lab-step:visible .of-run').filter({ hasText: /^5$/ }).hover();
  await expect(page.locator('.lab-table tr.pointed')).toContainText('Batches of 64');
  await expect(page.locator('.lab-step:visible .lab-lead')).toContainText('One epoch of 320 images was 20 steps with batches of 16, 5 with 64 and 2 with 256');
  await shot(page, 'epoch-batch');
  await page.reload();
  await expect(page.locator('.lab-verdict')).toBeVisible();
  await page.getByRole('tab', { name: 'Predict' }).click();
  await expect(page.locator('.lab-answers input:checked')).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Commit to this prediction' })).toBeHidden();
  await page.getByRole('tab', { name: 'What happened' }).click();
  await page.getByRole('button', { name: 'Repeat with seeds 2 and 3' }).click();
  await expect(page.locator('.lab-table [data-column="accuracy"]').first()).toContainText('±');
  await expect(page.locator('#lab-repeat')).toBeHidden();
  await page.locator('#labs-button').click();
  await expect(page.locator('.lab-choice[aria-current]')).toContainText('Epoch and batch');
  await expect(page.locator('.lab-choice[aria-current]')).not.toContainText('done');
});

test('counting weights needs no run', async ({ page }) => {
  await open(page, `v=1&lab=parameters&${QUICK}`);
  await page.getByLabel('Number of weights, without biases').fill('108');
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await expect(page.locator('.lab-step:visible .lab-lead')).toContainText('3 · 3 · 3 · 4 = 108 weights, and 112 with one bias for each filter');
  await expect(page.locator('.lab-judged')).toHaveClass(/right/);
  await expect(page.locator('.lab-table [data-label="double"] td').first()).toHaveText('108');
  await shot(page, 'parameters');
  await page.getByRole('button', { name: 'Why?' }).click();
  expect(await drawn(page)).toBe(1);
  await expect(page.locator('.diagram figcaption')).toContainText('3 · 3 · 3 · 4 = 108 weights');
  // Other numbers are another question, with a prediction of its own.
  await page.getByRole('tab', { name: 'Predict' }).click();
  await page.getByLabel('Filters', { exact: true }).fill('64');
  await page.getByLabel('Number of weights, without biases').fill('999');
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await expect(page.locator('.lab-judged')).toContainText('it came out as “1,728”');
});

test('residual connections: two deep networks and a shallow one, each claim with its source', async ({ page }) => {
  await begin(page, 'residual', 'With residual connections');
  await conclude(page, 3);
  const rows = await agrees(page);
  await expect(page.locator('.lab-step:visible .lab-lead')).toContainText(`With 20 layers the plain network reached ${rows.Plain.accuracy}, the residual one ${rows.Residual.accuracy}`);
  // From a rehearsal nothing follows about the training losses either.
  await expect(page.locator('.lab-step:visible .lab-also')).toHaveCount(0);
  await shot(page, 'residual');
  await page.getByRole('tab', { name: 'Why' }).click();
  const claim = page.locator('.lab-step:visible .lab-prose > .sourced').first();
  await expect(claim.getByRole('link')).toBeHidden();
  await claim.getByText('Source', { exact: true }).press('Enter');
  await expect(claim.getByRole('link', { name: 'He et al. 2015' })).toHaveAttribute('href', 'https://arxiv.org/abs/1512.03385');
  await expect(claim.locator('.cited li')).toHaveText('He et al. 2015, “Deep Residual Learning for Image Recognition”, figure 1, section 1, section 3.1');
});

test('shortcuts: the identity is refused, with the two shapes', async ({ page }) => {
  await begin(page, 'shortcuts', 'Identity: the input as it is');
  await conclude(page, 3);
  await agrees(page);
  await expect(page.locator('.lab-step:visible .lab-lead')).toContainText('in stage2.block1 the main path gives 16×16×16, but the input has 8×32×32');
  await shot(page, 'shortcuts');
  await finish(page, /shortcut=identity/);
  await expect(page.locator('.refusal')).toBeVisible();
});

test('normalization: every preset, the mistake too', async ({ page }) => {
  await begin(page, 'normalize', 'None of them');
  await conclude(page, 5);
  await agrees(page);
  await shot(page, 'normalize');
});

test('low and high layers: what each layer of the finished network knows, and a look at its maps', async ({ page }) => {
  await begin(page, 'features', 'After the last layers');
  await conclude(page, 1);
  await agrees(page);
  const layers = page.locator('.lab-table').last();
  await expect(layers.locator('[data-column="receptive-field"]')).toHaveText(['3', '5', '10', '14', '24', '32']);
  const cells = await layers.locator('[data-column="separable"]').allTextContents();
  const said = page.locator('.lab-step:visible .lab-lead');
  await expect(said).toContainText(`After the first convolution ${cells[0]} of 500 test images`);
  await expect(said).toContainText(cells.at(-1));
  await shot(page, 'features');
  // The measurement is kept with the run.
  await page.reload();
  await expect(layers.locator('[data-column="separable"]')).toHaveText(cells);
  await page.getByRole('button', { name: 'Why?' }).click();
  await page.getByRole('button', { name: 'Look at the feature maps' }).click();
  await expect(page.locator('.strip[data-row="0"] canvas')).toHaveCount(8);
  await page.getByRole('tab', { name: 'What happened' }).click();
  await finish(page, /permute=fixed/);
});

test('a look into the runs of one lab holds no other lab up', async ({ page }) => {
  await page.route('**/worker/look.js', () => {});
  await begin(page, 'features', 'After the last layers');
  await page.locator('#lab-run').click();
  await expect(page.locator('.lab-state')).toContainText('Looking inside');
  await page.evaluate(() => { location.hash = 'v=1&lab=pixel-shuffle&budget=quick&device=cpu'; });
  await page.locator('.lab-answers').getByText('Neither').click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await expect(page.locator('.lab-state')).not.toContainText('Looking inside');
  await expect(page.locator('#lab-run')).toBeEnabled();
});

test('families: five mini versions, and the originals counted', async ({ page }) => {
  await begin(page, 'families', 'VGG-16 (2014)');
  await conclude(page, 5);
  await agrees(page);
  await expect(page.locator('.lab-table').last().locator('[data-label="vgg"] [data-column="parameters"]')).toHaveText('138,357,544');
  await shot(page, 'families');
});

test('Inception: three kinds of modules, and the course’s branches counted', async ({ page }) => {
  await begin(page, 'inception', 'Fewer parameters, and accuracy lower by less than 5 points, if at all');
  await conclude(page, 3);
  await agrees(page);
  const weights = page.locator('.lab-table').last().locator('[data-column="weights"]');
  await expect(weights).toHaveText(['442,368', '126,976', '25', '18']);
  await shot(page, 'inception');
});

test('1×1 convolution: the same numbers as a dense layer, and two heads', async ({ page }) => {
  await begin(page, 'conv1x1', 'Fewer');
  await conclude(page, 2);
  await agrees(page);
  await expect(page.locator('.lab-judged')).toHaveClass(/right/);
  const cells = await page.locator('.lab-table').last().locator('tbody td').allTextContents();
  expect(cells).toHaveLength(16);
  for (let at = 0; at < cells.length; at += 2) expect(cells[at]).toBe(cells[at + 1]);
  await shot(page, 'conv1x1');
});

test('attention: what each kind adds', async ({ page }) => {
  await begin(page, 'attention', 'Too little to tell');
  await conclude(page, 4);
  await agrees(page);
  await shot(page, 'attention');
});

test('U-Net: masks with and without skips', async ({ page }) => {
  await begin(page, 'unet', 'With skip connections');
  await conclude(page, 2);
  const runs = await kept(page);
  const cells = await page.locator('.lab-table [data-column="iou"]').allTextContents();
  expect(cells).toEqual(runs.map((run) => `${(run.accuracy * 100).toFixed(1)}%`));
  await shot(page, 'unet');
});

test('LeNet: activations and pooling', async ({ page }) => {
  await begin(page, 'lenet', 'Sigmoid');
  await conclude(page, 5);
  const rows = await agrees(page);
  await expect(page.locator('.lab-step:visible .lab-lead')).toContainText(rows['LeNet-5, sigmoid'].accuracy);
  await shot(page, 'lenet');
});

test('a lab can be stopped, folded up and closed; what fits is measured', async ({ page }) => {
  await open(page, 'v=1&lab=pixel-shuffle&device=cpu');
  await page.locator('.lab-answers').getByText('Neither').click();
  await page.getByRole('button', { name: 'Commit to this prediction' }).click();
  await page.locator('#lab-run').click();
  await expect(page.locator('.lab-state')).toContainText('Measuring how fast this device is');
  await expect(page.locator('.lab-state')).toContainText('training images');
  await expect.poll(async () => Number(await counter(page, 'steps').textContent())).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.locator('#lab-run')).toHaveText('Run all');
  await expect(page.locator('#run-state')).toHaveText('Ready');
  await page.getByRole('button', { name: 'Collapse' }).click();
  await expect(page.locator('.lab-body')).toBeHidden();
  await page.getByRole('button', { name: 'Close the lab' }).click();
  await expect(page.locator('#lab')).toBeHidden();
  await expect(page).not.toHaveURL(/lab=/);
});

test('the three switches stay on the first screen of a laptop while a lab is open', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, `v=1&lab=normalize&${QUICK}`);
  for (const key of ['permute', 'normalize', 'residual']) await expect(page.locator(`[data-switch="${key}"]`)).toBeInViewport({ ratio: 0.95 });
});

test('the timeline opens mini versions; a lab that does not exist is named', async ({ page }) => {
  await open(page, 'v=1&lab=perpetuum');
  await expect(page.locator('#messages')).toContainText('Lab: “perpetuum” is not one of the choices');
  await expect(page.locator('#lab')).toBeHidden();
  await page.locator('#labs-button').click();
  await page.getByRole('button', { name: 'Open the mini version of ResNet' }).click();
  await expect(page.locator('#field-net')).toHaveValue('resnet');
  await page.locator('#labs-button').click();
  await page.getByRole('button', { name: 'Open ResNet-32' }).click();
  await expect(page.locator('#labs-dialog')).toBeHidden();
  await expect(page).toHaveURL(/net=resnet&blocks=5&shortcut=zero-pad/);
  await expect(page.locator('#network')).toContainText('464,154');
});

test('the timeline goes on to 2022, each entry with its source; what is not counted here has no line of its own', async ({ page }) => {
  await open(page, 'v=1&device=cpu');
  await page.locator('#labs-button').click();
  const entries = page.locator('.timeline > li');
  await expect(entries).toHaveCount(16);
  for (const entry of await entries.all()) await expect(entry.locator('.cited a[href^="https://"][target="_blank"]').first()).toBeAttached();
  await expect(entries.last()).toContainText('2022ConvNeXt-XL');
  await entries.last().getByText('Source', { exact: true }).press('Enter');
  await expect(entries.last().getByRole('link', { name: 'Liu et al. 2022' })).toHaveAttribute('href', 'https://arxiv.org/abs/2201.03545');
  await expect(entries.filter({ hasText: 'Swin-L' }).locator('.timeline-figure')).toHaveCount(0);
  await expect(entries.filter({ hasText: 'MobileNet' }).locator('.timeline-figure')).toHaveText('4,231,976 parameters');
  await page.getByRole('button', { name: 'Open the mini version of MobileNet' }).click();
  await expect(page.locator('#network')).toContainText('Depthwise 3×3');
});

test('the course’s exercises open as they stand in the notebooks, and show what a run of them came to', async ({ page }) => {
  await open(page, 'v=1&device=cpu');
  await page.locator('#labs-button').click();
  const rows = page.locator('.exercises tbody tr');
  await expect(rows).toHaveCount(14);
  await expect(rows.nth(0)).toContainText('87.0%–');
  await page.locator('.exercises summary').first().press('Enter');
  await expect(page.getByRole('row', { name: /^1 · MNIST/ }).getByRole('listitem')).toHaveText('OUCTheoryGroup, “colab_demo”, file 05_01_ConvNet');
  await page.getByRole('button', { name: 'Open: CNN with 6 filters' }).click();
  await expect(page.locator('#labs-dialog')).toBeHidden();
  await expect(page).toHaveURL(/train=60000.*net=exercise1.*momentum=0.5/);
  await expect(page.locator('#network')).toContainText('6,422');
  await run(page);
  const made = await page.locator('.runs-table tbody [data-column="last"]').textContent();
  await page.locator('#labs-button').click();
  await expect(rows.nth(1)).toContainText(`96.0%${made}`);
  await expect(rows.nth(3)).toContainText('80.0%–');
});

test('what other pages or a fault left in the browser does not stop the start, and old records are taken over', async ({ page }) => {
  await page.addInitScript(() => {
    if (localStorage.getItem('planted')) return;
    localStorage.setItem('planted', 'yes');
    localStorage.setItem('lab residual x', '{half');
    localStorage.setItem('lab shortcuts []', '[1, 2]');
    localStorage.setItem('options of lab normalize', 'null');
    localStorage.setItem('lab coat', 'another page keeps this');
    // As the first versions kept it.
    localStorage.setItem('lab residual [["depth","20"],["norm","off"]]', JSON.stringify({ prediction: 'residual', seeds: [], runs: [], done: true }));
  });
  await open(page, `v=1&lab=residual&${QUICK}`);
  await expect(page.locator('.lab-said')).toHaveText('You predicted: With residual connections');
  await page.locator('#labs-button').click();
  await expect(page.locator('.lab-choice[aria-current]')).toContainText('✓ done');
  const names = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('lab ')).sort());
  expect(names).toEqual(['lab coat', 'lab residual x', 'lab shortcuts []']);
});

test('a conclusion stays when its runs have given way to others', async ({ page }) => {
  await begin(page, 'residual', 'With residual connections');
  await conclude(page, 3);
  const said = await page.locator('.lab-step:visible .lab-lead').textContent();
  await page.getByRole('button', { name: 'Remove all' }).click();
  await page.reload();
  await expect(page.locator('.lab-verdict')).toBeVisible();
  await expect(page.locator('.lab-step:visible .lab-lead')).toHaveText(said);
  await expect(page.locator('.lab-table').first().locator('tbody tr')).toHaveCount(3);
});
