// A worker that ends itself or hangs says nothing any more. After a while the page says so, and offers another one.

import { number, t } from '../base/i18n.js';
import { note } from '../base/messages.js';

/** @import { Training } from './training.js' */

/** Seconds without a word after which the person is asked; a single batch of a large network may take some of them. */
const PATIENCE = 20;
/** Seconds while the worker's program may still be on its way, or a GPU may still be given its own. */
const PATIENCE_STARTING = 60;

export class Silence {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Element | undefined} */
  #note;

  /** @param {Training} training @param {() => void} startAgain */
  constructor(training, startAgain) {
    this.training = training;
    this.startAgain = startAgain;
  }

  /** The worker is to do something. */
  begin() {
    this.end();
    this.#wait(this.training.client.opened && !this.training.healing.isStarting ? PATIENCE : PATIENCE_STARTING);
  }

  /** The worker has said something. */
  heard() {
    this.end();
    const { phase, awaited, healing } = this.training;
    // A fetch that stalls is given up before that, and says so; a large file, read while nothing else is on, is one call.
    if (awaited) this.#wait(phase === 'loading' || phase === 'idle' || healing.isStarting ? PATIENCE_STARTING : PATIENCE);
  }

  /** Nothing is to be heard. */
  end() {
    clearTimeout(this.#timer);
    this.#note?.remove();
    this.#note = undefined;
  }

  /** @param {number} seconds */
  #wait(seconds) {
    this.#timer = setTimeout(() => {
      if (!this.training.awaited || this.training.healing.endsSilence(seconds)) return;
      this.#note = note(t('run.silent', { seconds: number(seconds) }), { label: t('run.start-again'), act: this.startAgain });
    }, seconds * 1000);
  }
}
