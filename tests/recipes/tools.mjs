// Installing what a recipe needs, apart from the machine and from the checkout.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Runs a program, and gives what it printed. @param {string} program @param {string[]} options @param {import('node:child_process').ExecFileSyncOptions & { input?: string }} [how] */
export const call = (program, options, how = {}) => execFileSync(program, options, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'], maxBuffer: 1 << 28, ...how });

/** Does a piece of work once in a place, and again when what it is made from is another. @param {string} place @param {string} from @param {() => void} act */
function once(place, from, act) {
  const stamp = path.join(place, '.made-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === from) return;
  act();
  writeFileSync(stamp, from);
}

/** A folder with these packages of npm. @param {string} place @param {string[]} packages */
export function npm(place, packages) {
  once(place, packages.join(' '), () => {
    writeFileSync(path.join(place, 'package.json'), JSON.stringify({ private: true }));
    call('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', ...packages], { cwd: place });
  });
}

/** A Python with these packages; gives where its programs are. @param {string} place @param {string[]} packages */
export function pip(place, packages) {
  const programs = path.join(place, 'venv/bin');
  once(place, packages.join(' '), () => {
    call(process.env.PYTHON ?? 'python3', ['-m', 'venv', path.join(place, 'venv')]);
    call(path.join(programs, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  });
  return programs;
}

/** These packages of Debian, unpacked; gives the folder that is their root. @param {string} place @param {string[]} packages */
export function debian(place, packages) {
  const root = path.join(place, 'root');
  once(place, packages.join(' '), () => {
    mkdirSync(root, { recursive: true });
    call('apt-get', ['download', ...packages], { cwd: place });
    for (const file of readdirSync(place).filter((name) => name.endsWith('.deb'))) call('dpkg', ['-x', path.join(place, file), root]);
  });
  return root;
}

/** A site of `sites` with what it was given put in, in a place of its own. @param {string} name @param {string} place @param {import('./snippets.mjs').Snippets} given */
export function site(name, place, given) {
  const folder = path.join(place, 'site');
  rmSync(folder, { recursive: true, force: true });
  cpSync(path.join(HERE, 'sites', name), folder, { recursive: true });
  const from = /src="([^"]+)"/.exec(given.script)?.[1] ?? '';
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())) {
    const at = path.join(file.parentPath, file.name);
    const text = readFileSync(at, 'utf8').replaceAll('IFRAME', given.iframe).replaceAll('SCRIPT', given.script).replaceAll('ELEMENT', given.element).replaceAll('EMBED_JS', from);
    writeFileSync(at, text);
  }
  return folder;
}

/** A page that was made. @param {string} folder @param {string} file */
export const page = (folder, file) => readFileSync(path.join(folder, file), 'utf8');

export const at = (/** @type {string[]} */ ...parts) => path.join(HERE, ...parts);
