// A course site on an origin of its own, with pages that a test writes.
import { Server } from './server.mjs';

export class Course extends Server {
  /** @type {Map<string, string>} */
  #pages = new Map();

  /** Puts a page there. @param {string} body */
  write(body, name = 'lesson') {
    this.#pages.set(`/${name}`, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Lesson</title><link rel="icon" href="data:,"><body style="margin: 16px">${body}</body></html>`);
    return `${this.url}${name}`;
  }

  /** Serves the playground as well, as a host does that sends no header but the type. @param {string} playground */
  mirror(playground) {
    this.playground = playground;
    return `${this.url}playground/`;
  }

  async answer(request, response) {
    const { pathname } = new URL(request.url, this.url);
    const page = this.#pages.get(pathname);
    if (page) return response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    if (!this.playground || !pathname.startsWith('/playground/')) return response.writeHead(404).end();
    const found = await fetch(new URL(pathname.slice('/playground/'.length), this.playground));
    response.writeHead(found.status, { 'content-type': found.headers.get('content-type') ?? 'text/plain' });
    response.end(Buffer.from(await found.arrayBuffer()));
  }
}

/** What a page does that speaks the protocol itself: `ask` gives a command, `heard` is what came over the port. */
export const PARENT = `<script>
  const frame = document.querySelector('iframe');
  const heard = [], around = [], waiting = new Map();
  let port, next = 1;
  function connect(message = { playground: 1, type: 'connect' }) {
    const { port1, port2 } = new MessageChannel();
    port = port1;
    port1.onmessage = ({ data }) => {
      heard.push({ ...data, at: performance.now() });
      waiting.get(data.id)?.(data);
    };
    frame.contentWindow.postMessage(message, '*', [port2]);
  }
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== frame.contentWindow) return;
    around.push({ origin, data });
    if (data.type === 'hello') connect();
  });
  function ask(command) {
    const id = next++;
    port.postMessage({ ...command, id });
    return new Promise((resolve) => waiting.set(id, resolve));
  }
  const of = (type) => heard.filter((message) => message.type === type);
</script>`;
