// PyTorch code that a person pastes or drops: drawn and counted first, opened by one press, undone by another; and why it cannot be.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, open, run, SMALL, test } from './page.mjs';

const dialog = (page) => page.getByRole('dialog', { name: 'A network from PyTorch code' });
const code = (page) => dialog(page).getByRole('textbox');
const use = (page) => dialog(page).getByRole('button', { name: 'Open as your own network' });
const address = (page) => Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.slice(1)));
const layers = (page) => page.getByRole('textbox', { name: 'Layers' });

/** LeNet for images of this size. */
const lenet = (channels, side) => `import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.25,), (0.5,))])
train = datasets.MNIST('data', train=True, transform=transform)
loader = torch.utils.data.DataLoader(train, batch_size=32, shuffle=True)

class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(${channels}, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc = nn.Linear(16 * ${side} * ${side}, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(torch.flatten(x, 1))

net = Net(10)
optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.5)
for epoch in range(3):
    pass
`;

const notebook = (...cells) => JSON.stringify({ cells: cells.map((source) => ({ cell_type: 'code', source: source.split(/(?<=\n)/) })), metadata: {}, nbformat: 4 });

/** Files that are dropped on the page. */
async function drop(page, ...files) {
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const [name, content] of all) data.items.add(new File([content], name));
    return data;
  }, files);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test('pasted code is drawn and counted, opened with what one ticks, trained, and undone', async ({ page }) => {
  const asked = [];
  page.on('request', (request) => { if (request.url().includes('/pkg/python/')) asked.push(request.url()); });
  await open(page, SMALL);
  expect(asked).toEqual([]);
  const before = address(page);
  await page.getByRole('button', { name: 'Paste code' }).click();
  await expect(code(page)).toBeFocused();
  await expect(use(page)).toBeDisabled();
  await code(page).fill(lenet(1, 5));
  const found = dialog(page).locator('.pasted-found');
  // 6 (25 + 1) + 16 (6 · 25 + 1) + 10 (400 + 1)
  await expect(found).toContainText('net · 3 layers with weights · 6,582 parameters');
  await expect(found).toContainText('The code has 6,582 parameters, as PyTorch counts them.');
  await expect(dialog(page).locator('.drawing svg')).toBeVisible();
  expect(asked.some((url) => url.endsWith('python_bg.wasm'))).toBe(true);
  // Nothing has changed so far, and nothing that was offered is taken by itself.
  expect(address(page)).toEqual(before);
  const offers = dialog(page).getByRole('checkbox');
  await expect(offers).toHaveCount(4);
  for (const box of await offers.all()) await expect(box).not.toBeChecked();
  await dialog(page).getByRole('checkbox', { name: 'Learning rate: 0.02 · Momentum: 0.5' }).check();
  expect((await new AxeBuilder({ page }).include('.pasted-dialog').analyze()).violations.map((violation) => violation.id)).toEqual([]);

  await use(page).click();
  await expect(dialog(page)).toBeHidden();
  await expect(layers(page)).toHaveValue('conv6k5,relu,max,conv16k5p0,relu,max,flatten,fc');
  expect(address(page)).toMatchObject({ net: 'own', optimizer: 'sgd', lr: '0.02', momentum: '0.5', batch: '16' });
  expect(address(page)).not.toHaveProperty('mean');
  await run(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(layers(page)).toBeHidden();
  expect(address(page)).toEqual(before);
});

test('a notebook is dropped: a cell that is no Python is passed over, and the network is found', async ({ page }) => {
  await open(page, SMALL);
  await drop(page, ['lenet.ipynb', notebook('%%bash\npip install torch', 'this is no Python', lenet(1, 5))]);
  await expect(dialog(page).locator('.pasted-found')).toContainText('6,582 parameters');
  await expect(dialog(page)).toContainText('Read from lenet.ipynb');
  await expect(code(page)).toHaveValue(/^this is no Python\nimport torch/);
  // What is mended in the text counts from there on.
  await code(page).fill(lenet(1, 5).replace('nn.Conv2d(6, 16, 5)', 'nn.Conv2d(6, 8, 5)').replace('16 * 5', '8 * 5'));
  await expect(dialog(page).locator('.pasted-found')).toContainText('3,374 parameters');
});

test('shapes that do not fit are named with both, with the line, and with what each layer made; other data may fit', async ({ page }) => {
  await open(page, SMALL);
  await drop(page, ['net.py', lenet(3, 6)]);
  const found = dialog(page).locator('.pasted-found');
  await expect(found).toContainText('Line 18: nn.Conv2d was made with in_channels=3, but gets 1: the shape of its input is 1×28×28. The layer is made here: Line 13.');
  await expect(found.locator('mark')).toHaveText('self.conv1(x)');
  await found.getByRole('button', { name: 'Show in the text' }).click();
  expect(await code(page).evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd))).toBe('self.conv1(x)');
  await expect(use(page)).toBeDisabled();
  await dialog(page).getByRole('button', { name: 'Read it for CIFAR-10' }).click();
  await expect(found).toContainText('For CIFAR-10, images of 3×32×32.');
  await use(page).click();
  await expect(page).toHaveURL(/data=cifar10.*net=own/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page).not.toHaveURL(/cifar10/);

  await drop(page, ['net.py', lenet(1, 6)]);
  await expect(found).toContainText('Line 20: nn.Linear was made with in_features=576, but gets 400');
  await expect(dialog(page).locator('.pasted-steps tr')).toHaveText(['Image1×28×28', /Convolution6×28×28Line 18/, /ReLU/, /Max pooling6×14×14/, /Convolution16×10×10Line 19/, /ReLU/, /Max pooling16×5×5/]);
});

test('what the playground has no layer for is said in either language, on a phone too', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  for (const [lang, title, said] of [['en', 'A network from PyTorch code', 'Line 20: The playground has no layer for nn.LSTM.'], ['zh-CN', '从 PyTorch 代码得到网络', '第 20 行：实验场没有与 nn.LSTM 对应的层。']]) {
    await page.goto('about:blank');
    await open(page, `${SMALL}&lang=${lang}`);
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    }, lenet(1, 5).replace('nn.Linear(', 'nn.LSTM('));
    const window = page.getByRole('dialog', { name: title });
    await expect(window.locator('.pasted-found')).toContainText(said);
    const [width, room] = await window.evaluate((element) => [element.scrollWidth, element.clientWidth]);
    expect(width).toBeLessThanOrEqual(room);
    await page.keyboard.press('Escape');
    await expect(window).toBeHidden();
  }
});

test('what PyTorch refuses is refused in either language with what was meant, and so is what is no Python; what is copied with code is none', async ({ page }) => {
  const copied = 'import torch.nn as nn\nnet = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))\n'.replace(/^/gm, '>>> ').replaceAll(', ', '，\u00a0');
  for (const [lang, meant, missing] of [['en', 'Line 2: PyTorch has no nn.linear. Did you mean nn.Linear?', 'A bracket or a string that is opened is not closed.'], ['zh-CN', '第 2 行：PyTorch 没有 nn.linear。 是否想写 nn.Linear？', '有一个括号或字符串没有结束。']]) {
    await page.goto('about:blank');
    await open(page, `${SMALL}&lang=${lang}`);
    await drop(page, ['net.py', copied]);
    const found = page.locator('.pasted-dialog .pasted-found');
    await expect(found).toContainText('7,850');
    await page.locator('.pasted-dialog textarea').fill(copied.replace('nn.Linear', 'nn.linear'));
    await expect(found).toContainText(meant);
    await expect(found.locator('mark')).toHaveText('nn.linear');
    await page.locator('.pasted-dialog textarea').fill(copied.replace('10))', '10'));
    await expect(found).toContainText(missing);
  }
});

test('code in the field of layers is read as code; where the network is fixed, none is', async ({ page }) => {
  await open(page, `${SMALL}&net=own`);
  await layers(page).evaluate((area) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'nn.Sequential(nn.Flatten(), nn.Linear(784, 10))');
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(code(page)).toHaveValue('nn.Sequential(nn.Flatten(), nn.Linear(784, 10))');
  await page.goto('about:blank');
  await open(page, `${SMALL}&net=own&lock=layers`);
  await expect(page.getByRole('button', { name: 'Paste code' })).toBeHidden();
  await drop(page, ['net.py', lenet(1, 5)]);
  await expect(dialog(page)).toBeHidden();
});

test('of two files that are dropped the first is read, and that is said', async ({ page }) => {
  await open(page, SMALL);
  await drop(page, ['net.py', lenet(1, 5)], ['other.py', 'import torch']);
  await expect(dialog(page).locator('.pasted-found')).toContainText('6,582 parameters');
  await expect(page.locator('#messages')).toContainText('Only net.py is read');
});

test.describe('without its program', () => {
  test.use({ expected: /Failed to load resource/ });

  test('that it cannot be read is said; once the program is there, it is read', async ({ page }) => {
    await page.route('**/pkg/python/**', (route) => route.abort());
    await open(page, SMALL);
    await drop(page, ['net.py', lenet(1, 5)]);
    await expect(dialog(page).locator('.pasted-found')).toContainText('The program that reads code could not be loaded');
    await expect(use(page)).toBeDisabled();
    await page.unroute('**/pkg/python/**');
    await code(page).fill(lenet(1, 5));
    await expect(dialog(page).locator('.pasted-found')).toContainText('6,582 parameters');
  });
});
