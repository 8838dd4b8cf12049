// The page of a package: frames the playground, tells the course system what comes of it, and says what it could not. It
// stands alone in the package, so that it uses nothing of the playground's page but the messages that go between frames.

/** @import { Command, Message, Progress } from '../../embed.d.ts' */

/**
 * A course system. Each call throws, or its promise fails, where the system does not take what it is told.
 * @typedef {object} System
 * @property {number} most letters that it keeps
 * @property {() => string | Promise<string>} open begins, and gives what it has kept
 * @property {(progress: Progress | null) => unknown} report how far the person came; null where the link asks for nothing
 * @property {(text: string) => unknown} keep
 * @property {() => unknown} close
 */

const PROTOCOL = 1;
/** Milliseconds until a frame that says nothing counts as none. */
const PATIENCE = 30_000;

/** What the page says, of the things that it can say. @param {string} key @param {boolean} [on] */
function say(key, on = true) {
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-says]'))) {
    if (line.dataset.says === key) line.hidden = !on;
  }
}

/** Leaves the words of the reader's language, else the English ones. */
function chooseLanguage() {
  for (const line of document.querySelectorAll('[data-says]')) {
    const texts = [...line.querySelectorAll('span')];
    const fits = (/** @type {string} */ wish) => texts.find(({ lang }) => lang === wish) ?? texts.find(({ lang }) => lang.split('-')[0] === wish.split('-')[0]);
    const chosen = [...navigator.languages, 'en'].map(fits).find(Boolean) ?? texts[0];
    if (chosen) document.documentElement.lang = chosen.lang;
    for (const text of texts) if (text !== chosen) text.remove();
  }
}

/** @param {() => System | undefined | Promise<System | undefined>} find the course system around this page; nothing, or it throws, where there is none */
export async function play(find) {
  chooseLanguage();
  const { address = '' } = document.body.dataset;
  /** @type {System | undefined} */
  let system;
  let kept = '';
  try {
    system = await find();
    kept = system ? await system.open() : '';
  } catch {
    system = undefined;
  }
  if (!system) say('alone');
  const link = new URLSearchParams(address.split('#')[1] ?? '');

  /** What the system has not taken yet, by what it is about: the newest of each. @type {Map<string, (system: System) => unknown>} */
  const owed = new Map();
  /** One call after the other: what is told last has to arrive last. */
  let last = Promise.resolve();
  /** @param {string} about @param {(system: System) => unknown} call */
  const tell = (about, call) => {
    owed.set(about, call);
    last = last.then(async () => {
      if (!system) return;
      // One that is refused costs no other.
      for (const [name, one] of [...owed]) {
        try {
          await one(system);
          if (owed.get(name) === one) owed.delete(name);
        } catch {
          // It is owed, and tried again with the next one.
        }
      }
      say('refused', owed.size > 0);
    });
  };

  const frame = document.createElement('iframe');
  frame.title = document.title;
  frame.allow = 'clipboard-write; fullscreen; cross-origin-isolated';
  const at = new URL(address, document.baseURI);
  /** @type {MessagePort | undefined} */
  let port;
  /** @param {Command} command */
  const ask = (command) => port?.postMessage(command);

  /** @param {Message} message */
  const hear = (message) => {
    switch (message.type) {
      case 'ready':
        say('no-answer', false);
        // Without a course system nothing is taken from, or left for, another machine.
        if (!system) return;
        ask({ type: 'restore', text: kept, id: 'restore' });
        if (!link.has('goal')) {
          tell('report', async (one) => {
            await one.report(null);
            say('open');
          });
        }
        return;
      case 'answer':
        if (message.id !== 'restore') return;
        if (message.problems.length > 0) say('damaged');
        // What is kept is only written over once it was read.
        ask({ type: 'keep', most: system?.most ?? 1 });
        return;
      case 'progress':
        if (!link.has('goal')) return;
        tell('report', async (one) => {
          await one.report(message.progress);
          say('done', message.progress.done);
        });
        return;
      case 'kept':
        kept = message.text;
        say('no-room', message.problems.length > 0);
        tell('keep', (one) => one.keep(message.text));
    }
  };

  addEventListener('message', ({ source, data }) => {
    if (source !== frame.contentWindow || data?.playground !== PROTOCOL || data.type !== 'hello') return;
    const { port1, port2 } = new MessageChannel();
    port?.close();
    port = port1;
    port1.onmessage = (message) => hear(message.data);
    // A sandboxed frame has no origin.
    frame.contentWindow?.postMessage({ playground: PROTOCOL, type: 'connect' }, '*', [port2]);
  });
  setTimeout(() => { if (!port) say('no-answer'); }, PATIENCE);
  addEventListener('pagehide', () => {
    try {
      system?.close();
    } catch {
      // The system went first.
    }
  });
  frame.src = at.href;
  document.body.append(frame);
}
