// The making of a set from pictures: a worker decodes them, a bar and a sentence say how far it is, and it can be stopped.

import { h, setText } from '../base/dom.js';
import { number, t } from '../base/i18n.js';
import { paced } from '../base/paced.js';

/** @import { AskedWorker } from '../base/asked.js' */
/** @import { ImageForm } from '../core.d.ts' */
/** @import { Labelled, Made } from '../../worker/pictures.js' */

export class Making {
  bar = h('progress', { hidden: true, 'aria-label': t('album.title') });
  /** To the worker that makes one. @type {MessagePort | undefined} */
  #port;

  /** @param {AskedWorker} worker @param {HTMLElement} state where it says how far it is */
  constructor(worker, state) {
    this.worker = worker;
    this.state = state;
  }

  get isOn() {
    return this.#port !== undefined;
  }

  /** What became of these, or nothing if it was stopped. Throws a `Problem`. @param {Labelled[]} pictures @param {ImageForm} form @param {File} [base] the set to which they are added @returns {Promise<Made | undefined>} */
  async make(pictures, form, base) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const isWanted = () => this.#port === port1;
    Object.assign(this.bar, { hidden: false, max: pictures.length, value: 0 });
    port1.onmessage = async ({ data: done }) => {
      await paced(() => { if (isWanted()) this.#tell(done); });
      port1.postMessage('shown');
    };
    try {
      const made = await this.worker.do((ask) => ask({ kind: 'make', form, base, pictures, port: port2 }, [port2]));
      return isWanted() ? made : undefined;
    } catch (thrown) {
      if (isWanted()) throw thrown;
      return undefined;
    } finally {
      if (isWanted()) this.stop();
      port1.close();
    }
  }

  /** Ends what is being made, if anything is. */
  stop() {
    this.#port?.postMessage('stop');
    this.#port = undefined;
    this.bar.hidden = true;
  }

  /** @param {number} done */
  #tell(done) {
    this.bar.value = done;
    setText(this.state, t('album.making', { done: number(done), total: number(this.bar.max) }));
  }
}
