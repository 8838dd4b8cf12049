// The first layer's weights as images: what its units look for.

import { h, setText } from '../base/dom.js';
import { number, plural, rounded, t } from '../base/i18n.js';
import { Scale } from '../base/scale.js';
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
    this.scale = new Scale();
    this.key = h('p', { class: 'caption' });
    this.element = h('div', { class: 'view' }, h('div', { class: 'view-head' }, this.facts, this.scale.element), this.grid, this.key);
  }

  /** @param {Subject} subject */
  async show({ run, facts }) {
    const tiles = await this.client.ask(run, { kind: 'kernels' });
    for (const part of [this.key, this.grid, this.scale.element]) part.hidden = !tiles;
    if (!tiles) {
      setText(this.facts, t('inside.no-kernels'));
      return;
    }
    const words = plural('inside.kernels', tiles.count, { height: tiles.height, width: tiles.width, largest: rounded(tiles.largest) });
    setText(this.facts, words);
    const colour = facts.shape.channels === 3;
    this.scale.show(colour ? 'dark' : 'signed', tiles.largest);
    setText(this.key, t(colour ? 'inside.colour-key' : 'inside.sign-key'));
    this.grid.setAttribute('aria-label', words);
    this.grid.style.setProperty('--columns', String(tiles.width > 8 ? 12 : 8));
    paintAll(this.grid, tiles, (at) => h('button', {
      type: 'button', class: 'kernel', title: t('inside.excite-channel', { channel: number(at + 1) }), 'aria-label': t('inside.excite-channel', { channel: number(at + 1) }), onclick: () => this.excite(at),
    }, h('canvas', { class: 'tile' })));
  }
}
