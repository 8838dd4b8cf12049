// A plain web host for a bundle: files under a sub-path, nothing rewritten, no header but the type, unless a test adds some;
// for what is not there, 404.html.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.wasm': 'application/wasm' };
/** Where a course might put it. */
const UNDER = '/courses/vision/playground/';

export class Host {
  /** Paths that were asked for, relative to the playground's top. @type {string[]} */
  asked = [];
  /** What comes with every file. @type {Record<string, string>} */
  headers = {};

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
  }

  /** Begins to answer, at the same address every time. */
  async start() {
    this.server = createServer((request, response) => this.#answer(request, response));
    await new Promise((resolve) => { this.server.listen(this.port ?? 0, '127.0.0.1', resolve); });
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}${UNDER}`;
  }

  /** Is gone, as a network can be. */
  async stop() {
    const closed = new Promise((resolve) => { this.server.close(resolve); });
    this.server.closeAllConnections();
    await closed;
  }

  #answer(request, response) {
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
