// <cnn-playground>: the playground as an element of any page. A classic script without dependencies; its attributes are
// the parameters of the playground's links. Types and the protocol: embed.d.ts.

(() => {
  if (typeof customElements === 'undefined') return; // A server that renders pages has no elements; the reader's browser puts them in.

  /** @typedef {import('./embed.d.ts').Command} Command */
  /** @typedef {import('./embed.d.ts').Fault} Fault */
  /** @typedef {import('./embed.d.ts').Message} Message */
  /** @typedef {import('./embed.d.ts').State} State */
  /** @typedef {import('./embed.d.ts').Value} Value */

  const PROTOCOL = 1;
  /** Frames that load by themselves; with more, unused frames are unloaded, or wait for a press. */
  const MOST_FRAMES = 4;
  /** @type {Fault} */
  const NO_ANSWER = { type: 'error', code: 'no-answer' };
  /** @type {Fault} */
  const NO_ADDRESS = { type: 'error', code: 'no-address' };
  /** Milliseconds until a frame that says nothing counts as none. */
  const PATIENCE = 30_000;
  /** How far from the screen a frame begins to come. */
  const NEAR = '100px 0px';
  /** The parameters of a link but `embed`, which every frame has. No other name may become an attribute: `onclick` would
   *  run in the page that embeds. A test keeps this list. */
  const PARAMETERS = new Set('data set train test order permute normalize mean std net task augment blocks width stages residual join block shortcut inception auxiliary batchnorm dropout activation pool head attention init optimizer lr momentum nesterov decay schedule smoothing batch stop epochs until steps seed layers device theme lang lab budget start hide lock goal result'.split(' '));

  const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : '';
  /** Where the playground is: where this file came from. A bundler leaves no trace of that; then `src` says it. */
  const home = script || [...document.scripts].map(({ src }) => src).find((src) => /\/embed\.js(\?|$)/.test(src)) || document.baseURI;

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; position: relative; box-sizing: border-box; height: 480px; overflow: hidden; border: 1px solid color-mix(in srgb, CanvasText 16%, Canvas); border-radius: 8px; background: Canvas; color: CanvasText; contain: layout; }
    :host([hidden]) { display: none; }
    :host([theme="light"]) { color-scheme: light; }
    :host([theme="dark"]) { color-scheme: dark; }
    iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; }
    .poster { position: absolute; inset: 0; display: grid; background: Canvas; grid-template-rows: minmax(0, 1fr) auto; }
    .poster[hidden] { display: none; }
    .picture { grid-area: 1 / 1; width: 100%; height: 100%; object-fit: cover; color: color-mix(in srgb, CanvasText 22%, Canvas); }
    .picture path { vector-effect: non-scaling-stroke; }
    button { grid-area: 1 / 1; place-self: center; display: grid; place-items: center; width: 72px; height: 72px; padding: 0; border: 0; border-radius: 50%; background: light-dark(#4338ca, #a5b0ff); color: light-dark(#fff, #14161a); cursor: pointer; }
    button:hover { filter: brightness(1.1); }
    button:focus-visible { outline: 3px solid Highlight; outline-offset: 3px; }
    button svg { width: 32px; height: 32px; fill: currentcolor; }
    .waits button svg { animation: wait 1.2s ease-in-out infinite alternate; }
    .caption { padding: 10px 14px; border-top: 1px solid color-mix(in srgb, CanvasText 16%, Canvas); font: 14px/1.4 system-ui, sans-serif; text-align: center; }
    @keyframes wait { to { opacity: 0.3; } }
    @media (prefers-reduced-motion: reduce) { .waits button svg { animation: none; opacity: 0.5; } }
  `);

  /** @param {string} tag @param {Record<string, string>} attributes @param {...Element} children */
  const svg = (tag, attributes, ...children) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  /** Two curves, as a run draws them. */
  const drawing = () => svg('svg', { class: 'picture', viewBox: '0 0 320 200', fill: 'none', stroke: 'currentColor', 'aria-hidden': 'true' },
    svg('path', { d: 'M40 20v140h250', 'stroke-width': '1' }),
    svg('path', { d: 'M40 125h250M40 90h250M40 55h250', 'stroke-width': '1', 'stroke-dasharray': '2 5' }),
    svg('path', { d: 'M40 150c20-80 60-108 250-116', 'stroke-width': '2.5' }),
    svg('path', { d: 'M40 152c30-40 90-62 250-70', 'stroke-width': '2.5', 'stroke-dasharray': '9 5' }));

  /** An address that may be loaded. `javascript:` would run in this page, and so is none. @param {string} text @param {string} [base] */
  const addressOf = (text, base = document.baseURI) => {
    try {
      const address = new URL(text, base);
      return ['http:', 'https:'].includes(address.protocol) ? address : undefined;
    } catch {
      return undefined;
    }
  };

  /** Every element on the page. @type {Set<Playground>} */
  const all = new Set();

  /** Brings the frames that are near the screen, as long as there is room for them. */
  const arrange = () => {
    for (const one of all) {
      if (one.loaded || !one.near) continue;
      const live = [...all].filter(({ loaded }) => loaded);
      if (live.length >= MOST_FRAMES) live.find((other) => !other.near && other.untouched)?.unload();
      if ([...all].filter(({ loaded }) => loaded).length < MOST_FRAMES || one.hurries) one.load().catch(() => {});
    }
  };

  const screen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (target instanceof Playground) target.near = isIntersecting;
    arrange();
  }, { rootMargin: NEAR });

  addEventListener('message', (event) => {
    for (const one of all) one.hear(event);
  });

  class Playground extends HTMLElement {
    near = false;
    /** @type {State | null} */
    state = null;
    /** The state that it came with. @type {State | null} */
    #first = null;
    /** @type {HTMLIFrameElement | undefined} */
    #frame;
    /** The origin that its frame was loaded from. */
    #origin = '';
    /** @type {MessagePort | undefined} */
    #port;
    /** @type {{ promise: Promise<void>, resolve: () => void, reject: (fault: unknown) => void } | undefined} */
    #coming;
    /** @type {Map<number, { resolve: (state: State) => void, reject: (fault: unknown) => void }>} */
    #asked = new Map();
    #next = 1;
    #poster = document.createElement('div');
    #button = document.createElement('button');
    #caption = document.createElement('div');
    #shown = '';
    /** The height that the frame asked for. */
    #wanted = 0;
    #changes = new MutationObserver(() => this.#follow());

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      this.#poster.className = 'poster';
      this.#poster.setAttribute('part', 'poster');
      this.#button.type = 'button';
      this.#button.setAttribute('part', 'button');
      this.#button.append(svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: 'M8 5v14l11-7z' })));
      this.#button.addEventListener('click', () => void this.load().then(() => this.#frame?.focus(), () => {}));
      this.#caption.className = 'caption';
      this.#caption.append(document.createElement('slot'));
      root.append(this.#poster);
    }

    connectedCallback() {
      all.add(this);
      this.#draw();
      screen.observe(this);
      this.#changes.observe(this, { attributes: true });
      if (this.hurries && this.getAttribute('start') === 'now') this.load().catch(() => {});
    }

    disconnectedCallback() {
      all.delete(this);
      screen.unobserve(this);
      this.#changes.disconnect();
      this.near = false;
      this.unload();
    }

    /** @returns {string} */
    get src() {
      return this.#address?.href ?? this.getAttribute('src') ?? '';
    }

    /** Frameworks set a property to nothing where an attribute would be taken away. @param {string | null | undefined} address */
    set src(address) {
      if (address === null || address === undefined) this.removeAttribute('src');
      else this.setAttribute('src', address);
    }

    /** @returns {string} */
    get link() {
      return new URLSearchParams([['v', '1'], ...this.#parameters()]).toString().replaceAll('%2C', ',');
    }

    /** @param {string | null | undefined} text */
    set link(text) {
      const named = new Map(new URLSearchParams((text ?? '').replace(/^#/, '')));
      for (const [name] of this.#parameters()) if (!named.has(name)) this.removeAttribute(name);
      for (const [name, value] of named) if (PARAMETERS.has(name)) this.setAttribute(name, value);
    }

    get loaded() {
      return this.#frame !== undefined;
    }

    /** Whether it comes however many there are. */
    get hurries() {
      return ['now', 'visible'].includes(this.getAttribute('start') ?? '');
    }

    /** Whether a person has done nothing there that would be lost. */
    get untouched() {
      const { state } = this;
      return state !== null && state.phase === 'idle' && state.runs === this.#first?.runs && state.link === this.#first.link
        && state.lab?.prediction === this.#first.lab?.prediction;
    }

    load() {
      if (this.#coming) return this.#coming.promise;
      const address = this.#address;
      if (!address) {
        this.#tell(NO_ADDRESS);
        return Promise.reject(NO_ADDRESS);
      }
      const coming = this.#coming = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
      const frame = document.createElement('iframe');
      frame.title = this.#name;
      frame.allow = 'clipboard-write; fullscreen; cross-origin-isolated';
      const sandbox = this.getAttribute('sandbox');
      if (sandbox !== null) frame.setAttribute('sandbox', sandbox);
      this.#shown = this.link;
      address.hash = `${this.#shown}&embed=1`;
      frame.src = address.href;
      this.#frame = frame;
      this.#origin = address.origin;
      this.#limit(frame, () => this.#port !== undefined);
      frame.addEventListener('load', () => frame.addEventListener('load', () => this.#greetAgain(frame)), { once: true });
      this.#poster.classList.add('waits');
      this.shadowRoot?.prepend(frame);
      return coming.promise;
    }

    /** Gives the frame up, unless something has been heard from it in time. @param {HTMLIFrameElement} frame @param {() => boolean} heard */
    #limit(frame, heard) {
      setTimeout(() => {
        if (this.#frame !== frame || heard()) return;
        this.#tell(NO_ANSWER);
        this.unload();
      }, PATIENCE);
    }

    /** The frame was loaded anew: perhaps something else. @param {HTMLIFrameElement} frame */
    #greetAgain(frame) {
      let heard = false;
      const hear = () => { heard = true; };
      this.#ask({ type: 'get' }).then(hear, hear);
      this.#limit(frame, () => heard);
    }

    /** Back to the picture; what was done in the frame is lost. */
    unload() {
      this.#frame?.remove();
      this.#frame = undefined;
      this.#port?.close();
      this.#port = undefined;
      this.state = this.#first = null;
      this.#coming?.reject(NO_ANSWER);
      this.#coming?.promise.catch(() => {});
      this.#coming = undefined;
      this.#forget();
      this.#poster.hidden = false;
      this.#poster.classList.remove('waits');
    }

    run() {
      return this.#ask({ type: 'run' });
    }

    pause() {
      return this.#ask({ type: 'pause' });
    }

    reset() {
      return this.#ask({ type: 'reset' });
    }

    async getState() {
      return this.loaded ? this.#ask({ type: 'get' }) : null;
    }

    /** @param {number} most */
    keep(most) {
      return this.#ask({ type: 'keep', most });
    }

    /** @param {string} text */
    restore(text) {
      return this.#ask({ type: 'restore', text });
    }

    /** @param {{ link: string } | string | { choices: Record<string, Value> }} state */
    setState(state) {
      if (typeof state === 'string') return this.#ask({ type: 'set', link: state });
      return this.#ask('link' in state ? { type: 'set', link: state.link } : { type: 'set', choices: state.choices });
    }

    /** @param {MessageEvent<any>} event */
    hear({ source, origin, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || data?.playground !== PROTOCOL) return;
      // A sandboxed frame has no origin.
      const sandboxed = this.#frame.hasAttribute('sandbox') && !this.#frame.sandbox.contains('allow-same-origin');
      const expected = sandboxed ? 'null' : this.#origin;
      if (origin !== expected) return;
      if (data.type === 'error') return this.#tell(data);
      if (data.type !== 'hello') return;
      const { port1, port2 } = new MessageChannel();
      this.#port?.close();
      // The document that was asked is gone.
      this.#forget();
      this.#port = port1;
      port1.onmessage = (message) => this.#take(message.data);
      this.#frame.contentWindow?.postMessage({ playground: PROTOCOL, type: 'connect' }, sandboxed ? '*' : expected, [port2]);
    }

    /** @param {Message} message */
    #take(message) {
      switch (message.type) {
        case 'answer': {
          this.state = message.state;
          this.#asked.get(Number(message.id))?.resolve(message.state);
          this.#asked.delete(Number(message.id));
          return;
        }
        case 'resize':
          this.#wanted = message.height;
          return this.#stretch();
        case 'ready':
          this.state = message.state;
          // To its callers, a reloaded frame is the same frame.
          this.#first ??= message.state;
          this.#poster.hidden = true;
          this.#coming?.resolve();
          this.#follow();
          return this.#tell(message);
        case 'state':
          this.state = message.state;
          return this.#tell(message);
        case 'error': {
          const asked = this.#asked.get(Number(message.id));
          this.#asked.delete(Number(message.id));
          asked?.reject(message);
          return this.#tell(message);
        }
        case 'step': case 'epoch': case 'finished': case 'prediction': case 'lab': case 'progress': case 'kept': return this.#tell(message);
      }
    }

    /** @param {Command} command @returns {Promise<State>} */
    async #ask(command) {
      await this.load();
      const id = this.#next;
      this.#next += 1;
      return new Promise((resolve, reject) => {
        this.#asked.set(id, { resolve, reject });
        this.#port?.postMessage({ ...command, id });
      });
    }

    /** @param {Message | Fault} message */
    #tell(message) {
      this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    }

    /** Tells everyone who waits for an answer that none will come. */
    #forget() {
      for (const { reject } of this.#asked.values()) reject(NO_ANSWER);
      this.#asked.clear();
    }

    /** Where the playground is, if that is an address that may be loaded. */
    get #address() {
      const given = this.getAttribute('src');
      return given === null ? addressOf('.', home) : addressOf(given);
    }

    /** What it is called by: its title, else the words that stand in it for browsers without scripts. */
    get #name() {
      return this.getAttribute('title') ?? (this.textContent?.trim() || 'CNN playground');
    }

    #parameters() {
      const given = [...this.attributes].filter(({ name }) => PARAMETERS.has(name));
      return given.map(({ name, value }) => /** @type {[string, string]} */ ([name, value]));
    }

    #draw() {
      this.#button.setAttribute('aria-label', this.#name);
      const poster = this.getAttribute('poster');
      const picture = poster === null ? drawing() : Object.assign(document.createElement('img'), { className: 'picture', alt: '', src: poster });
      picture.addEventListener('error', () => picture.replaceWith(drawing()), { once: true });
      this.#poster.replaceChildren(picture, this.#button, this.#caption);
      this.#stretch();
    }

    /** Takes the height that its page gave it, or that its frame asked for. */
    #stretch() {
      const height = this.getAttribute('height');
      if (Number(height) > 0) this.style.height = `${height}px`;
      else if (height === 'auto' && this.#wanted > 0) this.style.height = `${this.#wanted + this.offsetHeight - this.clientHeight}px`;
    }

    /** Takes changed attributes to the frame. */
    #follow() {
      this.#draw();
      const { link } = this;
      if (!this.#port || link === this.#shown) return;
      this.#shown = link;
      void this.#ask({ type: 'set', link }).catch(() => {});
    }
  }

  if (!customElements.get('cnn-playground')) customElements.define('cnn-playground', Playground);
})();
