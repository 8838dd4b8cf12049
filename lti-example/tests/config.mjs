// The tool in a browser, between a platform and the playground. `run.mjs` sets PYTHON, which has the tool's packages.
import config from '../../playwright.config.mjs';

const { use } = config;
export default { ...config, testDir: '.', outputDir: '../../target/lti', workers: 1, projects: [{ name: 'LTI' }], use };
