// The widget in JupyterLab and in marimo, in a browser. `cargo xtask widget --test` sets PYTHON, which has all three, and CHROME.
import config from '../../playwright.config.mjs';

const { use } = config;
export default { ...config, testDir: '.', outputDir: '../../target/notebooks', workers: 1, projects: [{ name: 'notebooks' }], use };
