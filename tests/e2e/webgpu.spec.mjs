// The same page on WebGPU; a software adapter will do.
import { counter, expect, open, test } from './page.mjs';

const modules = await fetch(new URL('pkg/modules.json', process.env.PLAYGROUND_URL ?? 'http://127.0.0.1:8080/')).then((answer) => answer.json());

// A run of the tests without the module for GPUs does not know of these.
if (modules.webgpu) {
  test('trains 20 steps on the adapter that there is', async ({ page }) => {
    test.setTimeout(600_000);
    await open(page, 'v=1&train=320&test=50&batch=16&stop=steps&steps=20&device=webgpu');
    await page.locator('#run').click();
    await expect(page.locator('#run-state')).toHaveText('Done', { timeout: 570_000 });
    await expect(counter(page, 'steps')).toHaveText('20');
    await expect(page.locator('.runs-table tbody tr')).toContainText('WebGPU');
    await expect(counter(page, 'test')).toHaveText(/%$/);
  });

  test('has all that networks of every kind need', async ({ page }) => {
    test.setTimeout(600_000);
    const run = 'train=10&test=10&batch=5&stop=steps&steps=2&width=4&device=webgpu';
    const networks = ['net=alexnet', 'net=vgg', 'net=googlenet&attention=eca', 'net=resnet&blocks=1&shortcut=pad&attention=cbam', 'net=densenet&blocks=1', 'net=mobilenet&blocks=1', 'net=unet', 'net=lenet&activation=tanh&pool=average&dropout=0.5'];
    for (const network of networks) {
      await test.step(network, async () => {
        await open(page, `v=1&${network}&${run}`);
        await page.locator('#run').click();
        await expect(page.locator('#run-state')).toHaveText('Done', { timeout: 200_000 });
        await expect(counter(page, 'steps')).toHaveText('2');
        await expect(page.locator('.runs-table tbody tr').first()).toContainText('WebGPU');
      });
    }
  });

  test('a lost device offers to go on from the last epoch on the CPU', async ({ browser, baseURL }) => {
    test.setTimeout(600_000);
    // A context of its own: the browser itself complains in the console about what is done to it here.
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    await open(page, 'v=1&train=64&test=50&batch=16&epochs=40&device=webgpu');
    await page.locator('#run').click();
    await expect(counter(page, 'test')).toHaveText(/%$/, { timeout: 500_000 });
    await (await browser.newBrowserCDPSession()).send('Browser.crashGpuProcess');
    const goOn = page.getByRole('button', { name: 'Resume it on the CPU' });
    await expect(page.locator('#messages')).toContainText('The connection to the GPU was lost');
    await goOn.click();
    await expect(page.locator('#run-state')).toHaveText('Done');
    await expect(counter(page, 'steps')).toHaveText('160');
    await expect(page.locator('.runs-table tbody tr')).toContainText('WebGPU → CPU');
    await context.close();
  });
}

test('the page says where it trains, and why', async ({ page }) => {
  await open(page);
  await page.locator('#device-button').click();
  await expect(page.locator('#device-panel [role="status"]')).toHaveText(/^(CPU|WebGPU): /);
  await page.locator('#device').selectOption('cpu');
  await expect(page.locator('#device-panel [role="status"]')).toHaveText(/^CPU, as you chose\./);
  await expect(page).toHaveURL(/device=cpu/);
});
