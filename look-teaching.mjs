import { chromium } from '@playwright/test';
const b = await chromium.launch({ executablePath: '/usr/bin/chromium' });
for (const [name, width, height, scheme, lang] of [['d-en', 1440, 900, 'light', 'en'], ['d-zh', 1440, 900, 'dark', 'zh-CN'], ['m-en', 390, 844, 'dark', 'en'], ['m-zh', 390, 844, 'light', 'zh-CN']]) {
  const c = await b.newContext({ viewport: { width, height }, colorScheme: scheme });
  const p = await c.newPage();
  p.on('pageerror', (e) => console.log('ERR', e.message)); p.on('console', (m) => m.type() === 'error' && console.log(m.text()));
  await p.goto(`http://127.0.0.1:8461/teaching.html?lang=${lang}`);
  await p.waitForSelector('#page[aria-busy=false]');
  await p.screenshot({ path: `/tmp/teach/${name}-1.png` });
  await p.evaluate(() => document.querySelector('article:not([hidden]) section').scrollIntoView());
  await p.screenshot({ path: `/tmp/teach/${name}-2.png` });
  await p.evaluate(() => document.querySelectorAll('article:not([hidden]) section')[8].querySelectorAll('h3')[2].scrollIntoView());
  await p.screenshot({ path: `/tmp/teach/${name}-3.png` });
  console.log(name, await p.evaluate(() => document.documentElement.scrollWidth - innerWidth));
  for (const page of ['check', 'builder']) { await p.goto(`http://127.0.0.1:8461/${page}.html?lang=${lang}`); await p.waitForSelector('#page[aria-busy=false]'); await p.screenshot({ path: `/tmp/teach/${name}-${page}.png`, clip: { x: 0, y: 0, width, height: 240 } }); }
}
await b.close();
