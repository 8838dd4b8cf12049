// The first layer's weights as images: what its units look for.

import { h, setText } from '../base/dom.js';
import { number, plural, rounded, t } from '../base/i18n.js';
import { paintAll } from '../base/tiles.js';

/** @import { InsideClient } from './client.js' */
/** @import { Subject, View } from './panel.js' */

/** @implements {View} */
export class KernelsView {
  live = true;

  /** @param {InsideClient} client @param {(channel: number) => void} excite */
  constructor(client, excite) {
    this.client = client;
    this.excite = excite;
    this.facts = h('p', { class: 'view-facts' });
    this.grid = h('div', { class: 'kernels', role: 'group' });
    this.key = h('p', { class: 'caption' }, t('inside.sign-key'));
    this.element = h('div', { class: 'view' }, this.facts, this.grid, this.key);
  }

  /** @param {Subject} subject */
  async show({ run, facts }) {
    const tiles = await this.client.ask(run, { kind: 'kernels' });
    this.key.hidden = !tiles || facts.shape.channels === 3;
    this.grid.hidden = !tiles;
    if (!tiles) {
      setText(this.facts, t('inside.no-kernels'));
      return;
    }
    const words = plural('inside.kernels', tiles.count, { height: tiles.height, width: tiles.width, largest: rounded(tiles.largest) });
    setText(this.facts, words);
    this.grid.setAttribute('aria-label', words);
    this.grid.style.setProperty('--columns', String(tiles.width > 8 ? 12 : 8));
    paintAll(this.grid, tiles, (at) => h('button', {
      type: 'button', class: 'kernel', title: t('inside.excite-channel', { channel: number(at + 1) }), 'aria-label': t('inside.excite-channel', { channel: number(at + 1) }), onclick: () => this.excite(at),
    }, h('canvas', { class: 'tile' })));
  }
}
