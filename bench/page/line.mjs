// A web host behind a line of a given speed: it sends the compressed files that a bundle brings, and counts bytes.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Host } from '../../tests/e2e/host.mjs';

/** What browsers and hosts say to each other around a file, in bytes. */
const HEADERS = 400;
/** Bytes that travel together. */
const CHUNK = 8192;

export class Line extends Host {
  bytes = 0;
  requests = 0;
  /** When the line is free again. */
  #free = 0;

  /** @param {string} folder @param {{ megabits?: number, latency?: number }} [speed] of the line, both ways in milliseconds; without it, none is simulated */
  constructor(folder, { megabits = Infinity, latency = 0 } = {}) {
    super(folder);
    this.rate = (megabits * 1e6) / 8 / 1000;
    this.latency = latency;
    /** Connections that have been used: a new one takes a round trip more. */
    this.known = new WeakSet();
  }

  send(file, headers, request, response) {
    void this.#deliver(file, headers, request, response);
  }

  async #deliver(file, headers, request, response) {
    const accepted = request.headers['accept-encoding'] ?? '';
    const [encoding, ending] = [['br', '.br'], ['gzip', '.gz']].find(([name, end]) => accepted.includes(name) && existsSync(file + end)) ?? ['', ''];
    const body = readFileSync(file + ending);
    const lasting = /\/(v|data)\/[0-9a-f]{12}\//.test(request.url);
    const trips = this.known.has(request.socket) ? 1 : 2;
    this.known.add(request.socket);
    if (this.latency) await pause(trips * this.latency);
    response.writeHead(200, {
      ...headers, ...(encoding && { 'content-encoding': encoding }), 'content-length': body.length,
      'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache', 'access-control-allow-origin': '*',
    });
    this.requests += 1;
    this.bytes += HEADERS;
    for (let at = 0; at < body.length; at += CHUNK) {
      const chunk = body.subarray(at, at + CHUNK);
      await this.#turn(chunk.length);
      if (response.destroyed) return;
      response.write(chunk);
      this.bytes += chunk.length;
    }
    response.end();
  }

  /** Waits until so many bytes have gone through the line, which all answers share. @param {number} bytes */
  async #turn(bytes) {
    if (this.rate === Infinity) return;
    const now = performance.now();
    this.#free = Math.max(now, this.#free) + bytes / this.rate;
    await pause(this.#free - now);
  }
}
