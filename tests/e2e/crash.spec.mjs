// The module that trains stops in the middle of a run: the page says so and keeps what there is.
import { counter, curves, expect, open, run, test } from './page.mjs';

test('a worker that stops is told of, the runs are kept, and the next run works', async ({ page }) => {
  // The module's own way of stopping: its instructions trap, as they do after a panic.
  let broken = false;
  await page.route('**/pkg/{cpu,threads}/*.js', async (route) => {
    const answer = await route.fetch({ maxRetries: 3 });
    const text = await answer.text();
    const trap = "const advance = Trainer.prototype.advance; let calls = 0; Trainer.prototype.advance = function (...of) { calls += 1; if (calls > 3) throw new WebAssembly.RuntimeError('unreachable'); return advance.apply(this, of); };";
    await route.fulfill({ response: answer, body: broken ? `${text}\n${trap}` : text });
  });
  await open(page, 'v=1&train=640&test=100&epochs=1&batch=16');
  await run(page);
  broken = true;
  await page.reload();
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(1);
  await page.locator('#field-net').selectOption('mlp');
  await page.getByText('Batch, length, seed').click();
  await page.locator('#field-epochs').fill('4');
  await page.locator('#run').click();
  await expect(page.locator('#messages')).toContainText('The training program stopped unexpectedly (RuntimeError: unreachable)');
  await expect(page.locator('#run-state')).toHaveText('Failed');
  const rows = page.locator('.runs-table tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('Failed');
  const lines = await curves(page);
  expect(lines.filter((line) => line.run === 1)).toHaveLength(41);
  expect(lines.filter((line) => line.run === 2).length).toBeGreaterThan(0);

  broken = false;
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Done');
  await expect(counter(page, 'epochs')).toHaveText('4.00');
  await expect(rows).toHaveCount(3);
});

test('a thread that stops is told of, though who waits for it cannot tell', async ({ page }) => {
  await page.route('**/pkg/threads/*.js', async (route) => {
    const answer = await route.fetch({ maxRetries: 3 });
    await route.fulfill({ response: answer, body: `${await answer.text()}\nrunThread = () => { throw new WebAssembly.RuntimeError('unreachable'); };` });
  });
  await open(page, 'v=1&train=640&test=100&epochs=50&batch=16');
  // Ahead of a run the page gives the worker up, and starts another for it.
  await page.locator('#run').click();
  await expect(page.locator('#messages')).toContainText('The training program stopped unexpectedly (RuntimeError: unreachable)');
  await page.unroute('**/pkg/threads/*.js');
  await page.goto('#v=1&train=640&test=100&epochs=1&batch=16');
  await run(page);
});

test('a module that did not arrive whole is told of, and the page stays', async ({ page }) => {
  await page.route('**/pkg/{cpu,threads}/*.wasm', async (route) => {
    const answer = await route.fetch({ maxRetries: 3 });
    await route.fulfill({ response: answer, body: (await answer.body()).subarray(0, 4096) });
  });
  await open(page, 'v=1&train=640&test=100&epochs=1&batch=16');
  await page.locator('#run').click();
  await expect(page.locator('#messages')).toContainText('The training program could not be loaded');
  await expect(page.locator('#run-state')).toHaveText('Failed');
  await expect(page.locator('#messages').getByRole('button', { name: 'Try again' })).toBeVisible();
  await page.unroute('**/pkg/{cpu,threads}/*.wasm');
  await run(page);
  // What it offered cannot be done any more.
  await expect(page.locator('#messages .message')).toHaveCount(0);
});

test('a run that a reload interrupts keeps its curve, and ends as if nothing had happened', async ({ page }) => {
  await open(page, 'v=1&train=3000&test=100&epochs=2&batch=16');
  await page.locator('#run').click();
  await expect.poll(async () => Number(await counter(page, 'steps').textContent())).toBeGreaterThan(50);
  await page.locator('#run').click();
  await expect(page.locator('#run-state')).toHaveText('Paused');
  const before = await curves(page);
  await page.reload();
  await expect(page.locator('#messages')).toContainText(/Run 1 was interrupted at step \d+ of 376/);
  expect((await curves(page)).filter(({ split }) => split === 'train')).toEqual(before.filter(({ split }) => split === 'train'));
  await page.getByRole('button', { name: 'Resume it' }).click();
  await expect(page.locator('#run-state')).toHaveText('Done');
  await page.reload();
  await expect(page.locator('.runs-table tbody tr')).toHaveCount(1);
  await expect(page.locator('.message')).toHaveCount(0);
  await run(page);
  const lines = await curves(page);
  const of = (number) => lines.filter((line) => line.run === number).map(({ run: _, ...line }) => line);
  expect(of(1)).toHaveLength(378);
  expect(of(1)).toEqual(of(2));
});
