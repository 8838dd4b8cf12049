// What a page holds after many runs, with its views open: no more than before.
import { choose, expect, open, test } from './page.mjs';

/** One round: networks of several kinds, with a view of Look inside for each. */
const ROUND = [
  ['net=mlp', 'kernels'], ['net=cnn&batchnorm=on', 'layers'], ['net=resnet&blocks=1&width=4', 'maps'], ['net=lenet&permute=fixed', 'why'], ['net=cnn', 'draw'],
];

/** What each view shows of the two runs that a round leaves: a view that is closed holds what it showed last. */
const LEFT = { kernels: ['.kernels canvas', 16], layers: ['.layer-curves figure', 5], maps: ['.strip', 9], why: ['.bars li', 10], draw: ['.answer', 2] };

/** What is still held when everything that nobody holds is thrown away. */
async function held(session) {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (key) => metrics.find(({ name }) => name === key).value;
  return { nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

/** The same when it does not change any more: much is drawn in turns, and on a busy machine late. */
async function settled(session) {
  let last = await held(session);
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, 1000); });
    const now = await held(session);
    if (now.nodes === last.nodes && now.listeners === last.listeners) return now;
    last = now;
  }
}

test('run after run with views open: no listener and no node more', async ({ page, context }) => {
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.enable');
  await open(page, 'v=1');
  let runs = 0;

  async function round() {
    for (const [link, view] of ROUND) {
      runs += 1;
      await page.evaluate((hash) => { location.hash = hash; }, `v=1&device=cpu&train=320&test=50&epochs=1&batch=32&${link}&seed=${runs}`);
      await expect(page.locator('#seen')).toHaveAttribute('data-state', 'ready');
      await page.locator('#run').click();
      if (runs === 1) await page.locator('#inside-tools').getByRole('button', { name: 'Look inside', exact: true }).click();
      await page.locator(`[data-tab="${view}"]`).click();
      await page.locator('#inside').scrollIntoViewIfNeeded();
      await expect(page.locator('.runs-table tbody tr').filter({ hasText: `Run ${runs}` })).toHaveCount(1);
      await expect(page.locator('#run-state')).toHaveText('Done');
      if (runs > 2) await choose(page, `More for Run ${runs - 2}`, 'Remove');
    }
    for (const [view, [part, count]] of Object.entries(LEFT)) {
      await page.locator(`[data-tab="${view}"]`).click();
      await expect(page.locator(`#inside ${part}`)).toHaveCount(count);
    }
    return settled(session);
  }

  // What is left of each run is at least one for each, in every round. What comes once, such as a number with one more digit or
  // a note, comes in one.
  const less = (now, before) => now.nodes < before.nodes + ROUND.length && now.listeners < before.listeners + ROUND.length;
  const all = [await round()];
  for (let still = 0; still < 2;) {
    expect(all.length, JSON.stringify(all)).toBeLessThan(7);
    all.push(await round());
    still = less(all.at(-1), all.at(-2)) ? still + 1 : 0;
  }
});
