// Runs that were saved as a file, opened again.

import { AskedWorker } from '../base/asked.js';
import { h } from '../base/dom.js';
import { isProblem } from '../base/is-problem.js';
import { number, plural, problemText, t } from '../base/i18n.js';
import { announce, note } from '../base/messages.js';
import { READER } from '../place.js';

/** @import { Runs } from './list.js' */

/** Whether a file looks like saved runs. @param {File} file */
export const holdsRuns = ({ name, type }) => type === 'application/json' || name.toLowerCase().endsWith('.json');

/** Says which kept runs could not be read. They stay in storage, for a version that can. @param {{ name: string, detail: string }[]} unread */
export function noteUnread(unread) {
  const [named, more] = [unread.slice(0, 4), unread.slice(4)];
  const runs = named.map(({ name, detail }) => `${name} (${detail})`).join(', ') + (more.length > 0 ? ' …' : '');
  if (unread.length > 0) note(plural('runs.unread', unread.length, { runs }));
}

export class SavedRuns {
  #reader = new AskedWorker(READER, () => {});

  /** @param {Runs} runs */
  constructor(runs) {
    this.runs = runs;
    this.input = h('input', { type: 'file', id: 'saved-runs', hidden: true, multiple: true, accept: '.json,application/json' });
    this.input.addEventListener('change', () => {
      void this.open([...(this.input.files ?? [])]);
      this.input.value = '';
    });
    document.body.append(this.input);
  }

  /** Lets the person choose files. */
  choose() {
    this.input.click();
  }

  /** Opens these files. What is wrong with one is said, and changes nothing. @param {File[]} files */
  async open(files) {
    for (const file of files) {
      try {
        const { book } = this.runs;
        book.checkFile(file.size);
        const records = await this.#reader.do((ask) => ask({ file }));
        const { added, here, over } = this.runs.adopt(records);
        const parts = [plural('runs.opened', added.length, { file: file.name })];
        if (here > 0) parts.push(plural('runs.opened-here', here));
        if (over > 0) parts.push(plural('runs.opened-over', over, { most: number(book.most) }));
        const words = parts.join(' ');
        if (over > 0 || added.length === 0) note(words);
        else announce(words);
      } catch (thrown) {
        if (!isProblem(thrown)) throw thrown;
        note(`${file.name}: ${problemText(thrown)}`);
      }
    }
    this.#reader.rest();
  }
}
