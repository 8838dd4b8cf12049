// What the servers of the tests share: one on loopback that begins to answer, and is gone, as a network can be.
import { createServer } from 'node:http';

export class Server {
  /** Begins to answer, at the same address every time. */
  async start() {
    this.server = createServer((request, response) => void this.answer(request, response));
    await new Promise((resolve) => { this.server.listen(this.port ?? 0, '127.0.0.1', resolve); });
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}/`;
  }

  /** Is gone. */
  async stop() {
    const closed = new Promise((resolve) => { this.server.close(resolve); });
    this.server.closeAllConnections();
    await closed;
  }
}

/** A fixture: such a server for as long as a test takes. @param {() => Server} make */
export const running = (make) => async ({}, use) => {
  const server = make();
  await server.start();
  await use(server);
  await server.stop();
};
