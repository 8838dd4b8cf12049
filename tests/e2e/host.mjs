// A plain web host for a bundle: files under a sub-path, nothing rewritten, no header but the type, unless a test adds some;
// for what is not there, 404.html.
import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Server } from './server.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.wasm': 'application/wasm' };
/** Where a course might put it. */
const UNDER = '/courses/vision/playground/';

export class Host extends Server {
  /** Paths that were asked for, relative to the playground's top. @type {string[]} */
  asked = [];
  /** What comes with every file. @type {Record<string, string>} */
  headers = {};

  /** @param {string} folder */
  constructor(folder) {
    super();
    this.folder = folder;
  }

  async start() {
    await super.start();
    this.url = `http://127.0.0.1:${this.port}${UNDER}`;
  }

  answer(request, response) {
    const { pathname } = new URL(request.url, 'http://host');
    const inside = pathname.startsWith(UNDER) ? decodeURIComponent(pathname.slice(UNDER.length)) : '..';
    this.asked.push(inside);
    let file = path.join(this.folder, inside);
    if (existsSync(file) && statSync(file).isDirectory() && (inside === '' || inside.endsWith('/'))) file = path.join(file, 'index.html');
    if (inside.includes('..') || !existsSync(file) || statSync(file).isDirectory()) {
      this.send(path.join(this.folder, '404.html'), { 'content-type': 'text/html', ...this.headers }, request, response, 404);
      return;
    }
    this.send(file, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream', ...this.headers }, request, response);
  }

  /** @param {string} file @param {Record<string, string>} headers @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  send(file, headers, request, response, status = 200) {
    response.writeHead(status, headers);
    createReadStream(file).pipe(response);
  }
}
