// The page within another one: what begins training, what is given up off the screen, and the line to that page.

import { byId, h, setText } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { note } from '../base/messages.js';
import { sandboxed } from '../base/around.js';
import { Commands } from './commands.js';
import { stateFacts } from './facts.js';
import { answerForms } from './forms.js';
import { Port } from './port.js';
import { PROTOCOL } from './protocol.js';
import { Progress } from './progress.js';
import { Report } from './report.js';
import { Size } from './size.js';

/** @import { Message } from '../../embed.d.ts' */
/** @import { Inside } from '../inside/panel.js' */
/** @import { Living } from '../living/living.js' */
/** @import { RunStore } from '../base/storage.js' */
/** @import { Controlled } from './commands.js' */

/** @typedef {Controlled & { store: RunStore, inside: Inside, living: Living }} Framed */

export class Frame {
  #onScreen = false;

  /** @param {Framed} page */
  constructor(page) {
    this.page = page;
    /** @type {(message: Message) => void} */
    const say = (message) => this.port.say(message);
    this.progress = new Progress(page, say);
    this.commands = new Commands(page, say, this.progress);
    this.port = new Port(() => this.#greet(), (command) => this.commands.obey(command));
    new Report(page, say);
    this.size = new Size(say);
    answerForms();
    this.#offerTab();
    this.#tellWhatIsMissing();
    this.#begin();
    new IntersectionObserver((entries) => {
      this.#onScreen = entries.some((entry) => entry.isIntersecting);
      this.#rest();
    }).observe(byId('page'));
    page.training.subscribe(() => this.#rest());
    page.labs.subscribe(() => this.#rest());
  }

  #greet() {
    const { device, store, address } = this.page;
    // What the frame is allowed is known once the browser has been asked.
    void Promise.all([device.ready, store.ready]).then(() => {
      const abilities = { storage: store.works, webgpu: device.hasAdapter, origin: !sandboxed };
      this.port.say({ type: 'ready', protocol: PROTOCOL, state: stateFacts(this.page), abilities });
      // Whoever wrote the link hears what is wrong with it, whatever the frame shows.
      for (const problem of address.problems) this.port.say({ type: 'error', code: 'problem', problem });
      this.progress.again();
      this.size.again();
    });
  }

  /** Begins to train when the link says so; a lab waits for the person's prediction. */
  #begin() {
    const { engine, preferences } = this.page;
    const { start } = engine.frame(Object.fromEntries(preferences.chosen()));
    if (start === 'now') this.commands.begin();
    if (start !== 'visible') return;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      this.commands.begin();
    });
    observer.observe(byId('run-bar'));
  }

  /** Off the screen and with nothing to do, the frame keeps no worker: there may be many on a page. */
  #rest() {
    const { training, labs, queue, inside, living } = this.page;
    if (this.#onScreen || training.busy || training.phase === 'paused' || labs.busy || queue.busy) return;
    training.rest();
    inside.client.rest();
    living.rest();
  }

  /** The whole page, with the experiment as it is. */
  #offerTab() {
    const link = /** @type {HTMLAnchorElement} */ (byId('open-page'));
    const { address, experiment, preferences } = this.page;
    const show = () => { link.href = address.whole; };
    experiment.subscribe(show);
    preferences.subscribe(show);
    show();
    link.addEventListener('click', (event) => {
      event.preventDefault();
      if (!window.open(link.href, '_blank')) note(t('embed.no-tab', { address: link.href }));
    });
  }

  #tellWhatIsMissing() {
    const { device, store } = this.page;
    const list = h('ul', { class: 'missing' });
    byId('device-panel').append(list);
    const items = {
      origin: h('li', { hidden: !sandboxed }, t('embed.no-origin')), storage: h('li', { hidden: true }, t('embed.no-storage')),
      webgpu: h('li', { hidden: true }, t('embed.no-webgpu')),
    };
    list.append(...Object.values(items));
    void Promise.all([device.ready, store.ready]).then(() => {
      items.storage.hidden = store.works;
      items.webgpu.hidden = device.hasAdapter;
      const some = Object.values(items).some((item) => !item.hidden);
      byId('device-button').classList.toggle('lacks', some);
      setText(byId('device-lacks'), some ? t('embed.lacks') : '');
    });
  }
}
