// The playground as it is served, at an address of the test's own, with one script before all others that tells the test
// what goes wrong in a page: that way it is heard in every engine, whatever its driver can.
import { Server } from '../e2e/server.mjs';

/** What a page tells of: errors, refusals, and what it writes as errors itself. */
const LISTENER = `{
  const tell = (text) => { fetch('/wrong', { method: 'POST', body: text, keepalive: true }).catch(() => {}); };
  addEventListener('error', ({ message, target }) => tell(message ?? 'did not come: ' + (target.src ?? target.href)), true);
  addEventListener('unhandledrejection', ({ reason }) => tell('unhandled: ' + reason));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => tell('refused: ' + violatedDirective + ' ' + blockedURI));
  const { error } = console;
  console.error = (...all) => { tell(all.join(' ')); error(...all); };
}`;

/** Headers that a plain host does not send: without them no page is isolated, and there is one thread. */
const ISOLATION = ['cross-origin-opener-policy', 'cross-origin-embedder-policy', 'document-isolation-policy'];

export class Host extends Server {
  /** What went wrong in the pages. @type {string[]} */
  wrong = [];
  /** Whether pages may have threads. */
  isolated = true;

  /** @param {string} served where the playground is */
  constructor(served) {
    super();
    this.served = served;
  }

  async answer(request, response) {
    if (request.url === '/wrong') return this.#hear(request, response);
    if (request.url === '/listener.js') return response.writeHead(200, { 'content-type': 'text/javascript' }).end(LISTENER);
    const found = await fetch(new URL(request.url, this.served));
    const headers = new Map(found.headers);
    for (const name of ['content-length', 'content-encoding', 'transfer-encoding', 'connection', ...this.isolated ? [] : ISOLATION]) headers.delete(name);
    if (!found.ok) this.wrong.push(`${found.status}: ${request.url}`);
    let body = Buffer.from(await found.arrayBuffer());
    if (headers.get('content-type')?.startsWith('text/html')) body = Buffer.from(body.toString('utf8').replace('<head>', '<head><script src="/listener.js"></script>'));
    response.writeHead(found.status, Object.fromEntries(headers)).end(body);
  }

  async #hear(request, response) {
    let text = '';
    for await (const chunk of request) text += chunk;
    this.wrong.push(text);
    response.writeHead(204).end();
  }
}
