// The line to the page around this one: who may have it, how much is read of what comes, and the handshake.

import { PROTOCOL, readCommand, readConnect } from './protocol.js';

/** @import { Command, Fault, Message } from '../../embed.d.ts' */

/** Messages that are read at once, and then in a second; what comes beyond is dropped. */
const BURST = 40;
const RATE = 20;
/** Milliseconds between two words about what was dropped. */
const PAUSE = 1000;
/** Origins whose pages may give commands: any, unless the host's own page names some. */
const ANY = '*';

/** Lets through `BURST` messages at once, and then `RATE` a second. */
class Bucket {
  #left = BURST;
  #at = performance.now();

  take() {
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + ((now - this.#at) / 1000) * RATE);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

export class Port {
  /** @type {MessagePort | undefined} */
  #port;
  #bucket = new Bucket();
  #dropped = 0;

  /**
   * @param {() => void} connected called when a page has the line
   * @param {(command: Command) => void} obey
   */
  constructor(connected, obey) {
    this.connected = connected;
    this.obey = obey;
    addEventListener('message', (event) => this.#greet(event));
    this.#tellParent({ playground: PROTOCOL, type: 'hello' });
  }

  /** Sends a message to the page that holds the port. @param {Message} message */
  say(message) {
    this.#port?.postMessage(message);
  }

  /** @param {Omit<Fault, 'type'>} fault */
  complain(fault) {
    this.say({ type: 'error', ...fault });
  }

  /** @param {MessageEvent<unknown>} event */
  #greet({ source, origin, data, ports }) {
    // Frames within this page, its siblings and windows that it opened have nothing to say here.
    if (source !== window.parent) return;
    const read = readConnect(data, ports);
    if (!read || !this.#hasRoom()) return;
    const { port, wrong } = read;
    if (wrong || !isWelcome(origin)) {
      const fault = /** @type {Fault} */ ({ type: 'error', ...(wrong ?? { code: 'shape', path: 'origin', expected: parents().join(' ') }) });
      if (port) port.postMessage(fault);
      else this.#tellParent({ playground: PROTOCOL, ...fault });
      port?.close();
      return;
    }
    // Who comes later has the line: a page that was loaded anew asks again.
    this.#port?.close();
    this.#port = /** @type {MessagePort} */ (port);
    this.#port.onmessage = (message) => this.#hear(message.data);
    this.connected();
  }

  /** @param {unknown} data */
  #hear(data) {
    if (!this.#hasRoom()) return;
    const { command, wrong } = readCommand(data);
    if (command) this.obey(command);
    else this.complain(wrong);
  }

  #hasRoom() {
    if (this.#bucket.take()) return true;
    if (this.#dropped === 0) {
      setTimeout(() => {
        this.complain({ code: 'too-many', dropped: this.#dropped });
        this.#dropped = 0;
      }, PAUSE);
    }
    this.#dropped += 1;
    return false;
  }

  /** What anyone may hear: that there is a playground. @param {object} message */
  #tellParent(message) {
    window.parent.postMessage(message, ANY);
  }
}

/** Whom the host's page lets give commands. */
const parents = () => (document.querySelector('meta[name="parents"]')?.getAttribute('content') ?? ANY).split(/\s+/).filter(Boolean);

/** @param {string} origin */
function isWelcome(origin) {
  const known = parents();
  return known.includes(ANY) || known.includes(origin);
}
