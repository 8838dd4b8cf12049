// Tries the tool against a platform: node lti-example/tests/run.mjs
// Its packages go into the cache, below `lti`. With PLAYGROUND_URL, where `cargo xtask serve` says that it serves, also in a browser.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { call, pip } from '../../tests/recipes/tools.mjs';

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const place = path.join(process.env.CNN_PLAYGROUND_CACHE ?? path.join(homedir(), '.cache/cnn-playground'), 'lti');
mkdirSync(place, { recursive: true });
const python = path.join(pip(place, ['--requirement', here('../requirements.txt'), 'pytest==9.2.0']), 'python');
const shown = { stdio: /** @type {'inherit'} */ ('inherit'), cwd: here('../..'), env: { ...process.env, PYTHON: python } };
call(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', here('.')], shown);
if (process.env.PLAYGROUND_URL) call('npx', ['playwright', 'test', '--config', here('config.mjs')], shown);
else console.log('Not tried in a browser: PLAYGROUND_URL names no playground');
