// The page of a package: frames the playground, tells the course system what comes of it, and says what it could not. It
// stands alone in the package, so that it uses nothing of the playground's page but the messages that go between frames.

import { later } from './later.js';

/** @import { Command, Message, Progress } from '../../embed.d.ts' */

/**
 * A course system. Each call throws, or its promise fails, where the system does not take what it is told.
 * @typedef {object} System
 * @property {number} most letters that it keeps
 * @property {boolean} counts whether a student does it; else somebody looks at it, as a teacher, and leaves nothing
 * @property {() => string | Promise<string>} open begins, and gives what it has kept; fails where that cannot be read
 * @property {(progress: Progress | null) => unknown} report how far the person came; null where the link asks for nothing
 * @property {(text: string, words: string) => boolean | Promise<boolean>} keep also the student's own words, for the teacher to read where a system has a place for that; whether it has the text as it is
 * @property {() => unknown} close
 */

const PROTOCOL = 1;
/** A text that nothing was ever kept as. */
const UNREADABLE = '?';
/** Milliseconds until a frame that says nothing counts as none. */
const PATIENCE = 30_000;
/** Milliseconds until a system that is not there counts as none: some come to the page only after the package does. */
const COMES = 3_000;
/** Milliseconds for which it is looked for after that. */
const COMES_LATE = 60_000;

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

/** @param {(late: AbortSignal) => Promise<System | undefined>} find the course system around this page, until it is too late; nothing where there is none, and it fails where there is one that does not answer */
export async function play(find) {
  chooseLanguage();
  const { address = '' } = document.body.dataset;
  /** @type {System | undefined} */
  let system;
  let kept = '';
  /** Whether what the system has may be written over: it was read, and nothing newer is there. */
  let mayKeep = true;

  /** Finds the system and what it has kept. @param {number} patience */
  const meet = async (patience) => {
    try {
      const found = await find(AbortSignal.timeout(patience));
      say('alone', !found);
      if (!found) return;
      try {
        kept = await found.open();
      } catch {
        mayKeep = false;
        say('unread');
      }
      say('looking', !found.counts);
      if (isLast) system = found;
    } catch {
      say('alone', false);
      say('silent');
    }
  };
  const link = new URLSearchParams(address.split('#')[1] ?? '');

  /** What the system has not taken yet, by what it is about: the newest of each. @type {Map<string, (system: System) => unknown>} */
  const owed = new Map();
  /** One call after the other: what is told last has to arrive last. */
  let last = Promise.resolve();
  /** @param {string} about @param {(system: System) => unknown} call */
  const tell = (about, call) => {
    owed.set(about, call);
    last = last.then(async () => {
      if (!system?.counts) return;
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
  const close = async () => {
    const closing = system;
    system = undefined;
    try {
      await closing?.close();
    } catch {
      // The system went first.
    }
  };
  // Two pages of one student would take turns in writing over what the other one did.
  let isLast = true;
  later(() => {
    isLast = false;
    say('elsewhere');
    last = last.then(close);
  });
  await meet(COMES);

  const frame = document.createElement('iframe');
  frame.title = document.title;
  frame.allow = 'clipboard-write; fullscreen; cross-origin-isolated';
  const at = new URL(address, document.baseURI);
  /** @type {MessagePort | undefined} */
  let port;
  /** @param {Command} command */
  const ask = (command) => port?.postMessage(command);

  const begin = () => {
    // Without a course system nothing is taken from, or left for, another machine.
    if (!system || !port) return;
    // What cannot be read may be of whoever was here before: their runs are theirs, and nothing else is taken from them.
    ask({ type: 'restore', text: mayKeep ? kept : UNREADABLE, id: 'restore' });
    if (!link.has('goal')) {
      tell('report', async (one) => {
        await one.report(null);
        say('open');
      });
    }
  };

  /** @param {Message} message */
  const hear = (message) => {
    switch (message.type) {
      case 'ready':
        say('no-answer', false);
        // A result that the link has not cannot come out again.
        if (link.get('goal')?.split(',').includes('reproduce') && !link.has('result')) say('odd-goal');
        return begin();
      case 'answer':
        if (message.id !== 'restore') return;
        if (mayKeep && message.problems.some(({ code }) => code === 'later-version')) {
          mayKeep = false;
          say('newer');
        } else if (mayKeep && message.problems.length > 0) say('damaged');
        // What is kept is only written over once it was read.
        return ask({ type: 'keep', most: system?.most ?? 1 });
      case 'error':
        if (message.problem?.field === 'goal') say('odd-goal');
        return;
      case 'progress':
        if (!link.has('goal')) return;
        tell('report', async (one) => {
          await one.report(message.progress);
          say('done', message.progress.done);
        });
        return;
      case 'kept':
        if (!mayKeep) return;
        kept = message.text;
        say('no-room', message.problems.length > 0);
        tell('keep', async (one) => say('changed', !await one.keep(message.text, message.words)));
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
  addEventListener('pagehide', () => void close());
  // A browser that goes back to this page finds it as it was, and the system ended.
  addEventListener('pageshow', ({ persisted }) => { if (persisted) location.reload(); });
  frame.src = at.href;
  document.body.append(frame);
  if (!system) {
    await meet(COMES_LATE);
    begin();
  }
}
