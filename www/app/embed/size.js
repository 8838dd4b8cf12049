// How high the page would like its frame to be, told in the three ways that pages around frames already understand.

/** @import { Message } from '../../embed.d.ts' */

/** Milliseconds between two words. */
const PAUSE = 250;
/** In pixels: from here on a frame has room for more than the switches, Run and one chart. */
const LARGE = 720;
/** A frame that is lower is not shown, or being measured by the page around it. */
const LEAST = 64;

/** The address that the page around this one knows the frame by, before anything on the page changes it. */
const ADDRESS = location.href;

export class Size {
  /** What the frame was last asked to be. */
  #asked = 0;
  #due = false;
  /** Whether the page around this one has answered as H5P's resizer does. */
  #friendly = false;

  /** @param {(message: Message) => void} say */
  constructor(say) {
    this.say = say;
    this.#settle();
    addEventListener('resize', () => this.#settle());
    addEventListener('message', (event) => this.#hear(event));
    const observer = new ResizeObserver(() => this.#later());
    // What fills the frame keeps its size; what is in it does not.
    for (const part of document.querySelectorAll('body > *, main > *')) observer.observe(part);
    this.#h5p('hello', {});
  }

  /** Tells the height to a page that connected later. */
  again() {
    this.#asked = 0;
    this.#later();
  }

  /** Chooses the layout by the height that a person gave the frame, not by what the page asked for. */
  #settle() {
    const { innerHeight } = window;
    if (innerHeight < LEAST || innerHeight === this.#asked) return;
    document.documentElement.dataset.room = innerHeight < LARGE ? 'small' : 'large';
    this.#later();
  }

  #later() {
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => {
      this.#due = false;
      this.#tell();
    }, PAUSE);
  }

  #tell() {
    if (innerHeight < LEAST) return;
    const height = measure();
    if (Math.abs(height - this.#asked) <= 1) return;
    this.#asked = height;
    window.parent.postMessage({ subject: 'lti.frameResize', height }, '*');
    // As text: who listens for this one parses all that comes.
    window.parent.postMessage(JSON.stringify({ src: ADDRESS, context: 'iframe.resize', height }), '*');
    if (this.#friendly) this.#prepare();
    this.say({ type: 'resize', height });
  }

  /** @param {MessageEvent<unknown>} event */
  #hear({ source, data }) {
    if (source !== window.parent || typeof data !== 'object' || data === null) return;
    if (!('context' in data) || data.context !== 'h5p' || !('action' in data)) return;
    if (data.action === 'hello' && !this.#friendly) {
      this.#friendly = true;
      this.#prepare();
    } else if (data.action === 'resizePrepared') {
      this.#h5p('resize', { height: this.#asked, scrollHeight: this.#asked });
    } else if (data.action === 'resize') this.#later();
  }

  #prepare() {
    this.#asked ||= measure();
    this.#h5p('prepareResize', { scrollHeight: this.#asked, clientHeight: innerHeight });
  }

  /** @param {string} action @param {object} values */
  #h5p(action, values) {
    window.parent.postMessage({ context: 'h5p', action, ...values }, '*');
  }
}

/** The height that the page takes where nothing stretches or squeezes it. */
function measure() {
  const root = document.documentElement;
  root.dataset.measuring = '';
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  delete root.dataset.measuring;
  return height;
}
