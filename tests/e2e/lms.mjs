// A course system on an origin of its own: it unpacks a package, opens it in a frame with `scorm-again` as its runtime, and
// keeps what a cmi5 package says in a small record store.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { moodle } from './moodle.mjs';
import { Server } from './server.mjs';

const { resolve } = createRequire(import.meta.url);
const RUNTIMES = { 'scorm-1.2': resolve('scorm-again/scorm12/min'), 'scorm-2004': resolve('scorm-again/scorm2004/min') };
const TYPES = { html: 'text/html', js: 'text/javascript', xml: 'text/xml', png: 'image/png' };

export class Lms extends Server {
  /** What was put there, by path. @type {Map<string, string | Uint8Array>} */
  #files = new Map();
  /** Statements of cmi5, oldest first. */
  statements = [];
  /** What a cmi5 package keeps, by its name. @type {Map<string, string>} */
  states = new Map();
  /** Whether the store refuses what it is told. */
  refuses = false;
  /** Whether it does not say what it was told before. */
  forgetful = false;
  /** What the store answers where it is asked for what it keeps; a number is an error. @type {number | undefined} */
  stateError;
  /** How a cmi5 package is opened. */
  mode = 'Normal';

  /** Takes a package, and gives its files. @param {Uint8Array} zip */
  install(zip) {
    const files = unzipSync(zip);
    for (const [path, bytes] of Object.entries(files)) this.#files.set(`/package/${path}`, bytes);
    return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]));
  }

  /**
   * A page that plays the package; `kept` is what the system has of the student, by the names of the standard. With `site` the
   * runtime is one by Moodle's rules, else `scorm-again`.
   * @param {'scorm-1.2' | 'scorm-2004'} kind
   */
  lesson(kind, { kept = {}, script = '', sandbox = '', site } = {}) {
    if (site) return this.#page(`<script>${moodle(kind, { kept, ...site })}${script}</script>`, sandbox);
    this.#files.set('/runtime.js', readFileSync(RUNTIMES[kind]));
    const [global, made] = kind === 'scorm-1.2' ? ['API', 'Scorm12API'] : ['API_1484_11', 'Scorm2004API'];
    return this.#page(`<script src="runtime.js"></script><script>
      window.api = window.${global} = new (globalThis.${made} ?? globalThis.${made}.${made})({ autocommit: false, logLevel: 5 });
      api.loadFromFlattenedJSON(${JSON.stringify(kept)});
      const get = (name) => api.${kind === 'scorm-1.2' ? 'LMSGetValue' : 'GetValue'}(name);
      ${script}</script>`, sandbox);
  }

  /** The page that plays the package, with this runtime in its head. @param {string} runtime @param {string} sandbox */
  #page(runtime, sandbox) {
    this.#files.set('/lesson.html', `<!doctype html><meta charset="utf-8"><title>Lesson</title><link rel="icon" href="data:,">${runtime}
      <body style="margin: 0"><iframe src="package/index.html" ${sandbox} style="width: 100%; height: 95vh; border: 0"></iframe>`);
    return `${this.url}lesson.html`;
  }

  /** Changes a file of the package, as somebody may on its way. @param {string} path @param {(text: string) => string} change */
  change(path, change) {
    const at = `/package/${path}`;
    this.#files.set(at, change(String(Buffer.from(this.#files.get(at)))));
  }

  /** Where a cmi5 package is opened for a student. */
  launch() {
    const query = new URLSearchParams({
      endpoint: `${this.url}lrs/`, fetch: `${this.url}fetch`, registration: '0f2b7d2e-9c0e-4a43-8d4e-1c5f0a9d2b11', activityId: 'https://lms.test/unit',
      actor: JSON.stringify({ objectType: 'Agent', account: { homePage: 'https://lms.test', name: 'student' } }),
    });
    return `${this.url}package/index.html?${query}`;
  }

  async answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.url);
    const file = this.#files.get(pathname);
    if (file) return response.writeHead(200, { 'content-type': TYPES[pathname.split('.').at(-1)] }).end(file);
    let body = '';
    for await (const part of request) body += part;
    /** @param {number} status @param {unknown} [value] */
    const say = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(value === undefined ? '' : JSON.stringify(value));
    if (pathname === '/fetch') return say(200, { 'auth-token': 'bGVzc29uOmxlc3Nvbg==' });
    if (pathname === '/lrs/agents/profile') return say(404);
    if (pathname === '/lrs/statements') {
      if (this.refuses) return say(503);
      if (request.method === 'GET') return this.forgetful ? say(403) : say(200, { statements: this.statements.filter(({ verb }) => verb.id === searchParams.get('verb')), more: '' });
      const said = [JSON.parse(body)].flat();
      this.statements.push(...said);
      return say(200, said.map(({ id }) => id));
    }
    if (pathname === '/lrs/activities/state') {
      const name = searchParams.get('stateId');
      if (name === 'LMS.LaunchData') return say(200, { contextTemplate: { extensions: { 'https://w3id.org/xapi/cmi5/context/extensions/sessionid': 'one' } }, launchMode: this.mode, moveOn: 'CompletedOrPassed' });
      if (request.method === 'GET' && this.stateError) return say(this.stateError);
      if (request.method === 'GET') return this.states.has(name) ? response.writeHead(200, { 'content-type': 'application/json' }).end(this.states.get(name)) : say(404);
      if (this.refuses) return say(503);
      this.states.set(name, body);
      return say(204);
    }
    return say(404);
  }
}
