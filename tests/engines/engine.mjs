// A browser of any engine behind its own WebDriver program, which is started for one test and ended with it.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Builder } from 'selenium-webdriver';

const { args } = JSON.parse(readFileSync(new URL('../../webdriver.json', import.meta.url), 'utf8'))['goog:chromeOptions'];
const { BROWSER: binary, DRIVER } = process.env;

/** What each engine is asked for. WebKit's driver knows its own browser. */
const CAPABILITIES = {
  chromium: { browserName: 'chrome', 'goog:chromeOptions': { binary, args } },
  firefox: { browserName: 'firefox', 'moz:firefoxOptions': { binary, args: ['-headless'] } },
  webkit: { browserName: 'MiniBrowser' },
};

/** What the system says to the browser. WebKitGTK has shared memory, without which there are no threads, but as Safari has it only where it is asked for. */
const ENVIRONMENT = { LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8', JSC_useSharedArrayBuffer: '1' };

/** Milliseconds a driver gets to say that it is ready. */
const PATIENCE = 30_000;

/** A port that nobody has. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until the driver answers, or says what it printed instead. */
async function ready(address, driver) {
  const until = Date.now() + PATIENCE;
  while (driver.exitCode === null && Date.now() < until) {
    const answer = await fetch(`${address}/status`).then((status) => status.json()).catch(() => undefined);
    if (answer?.value.ready) return;
  }
  throw new Error(`${DRIVER} is not ready: ${driver.printed}`);
}

/** Starts an engine. @param {'chromium' | 'firefox' | 'webkit'} name @param {Record<string, string>} environment what the system says otherwise than usual */
export async function start(name, environment) {
  if (!DRIVER) throw new Error(`DRIVER names no program: cargo xtask test --only ${name}`);
  const port = await freePort();
  const driver = spawn(DRIVER, [`--port=${port}`], { env: { ...process.env, ...ENVIRONMENT, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  driver.printed = '';
  for (const output of [driver.stdout, driver.stderr]) output.on('data', (text) => { driver.printed += text; });
  driver.on('error', (error) => { driver.printed += error; });
  const ended = new Promise((resolve) => { driver.once('close', resolve); });
  const address = `http://127.0.0.1:${port}`;
  try {
    await ready(address, driver);
    const browser = await new Builder().usingServer(address).withCapabilities(CAPABILITIES[name]).build();
    return {
      browser,
      pid: driver.pid,
      stop: async () => {
        await browser.quit();
        driver.kill();
        await ended;
      },
    };
  } catch (error) {
    driver.kill();
    throw error;
  }
}
