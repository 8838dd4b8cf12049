// Files that were handed in: texts with links are read as they are, and of saved runs each result becomes a line.

import { AskedWorker } from '../base/asked.js';
import { byId } from '../base/dom.js';
import { isProblem } from '../base/is-problem.js';
import { problemText, t } from '../base/i18n.js';
import { note } from '../base/messages.js';
import { READER } from '../place.js';
import { holdsRuns } from '../runs/file.js';
import { hrefOf } from '../share/codes.js';

/** @import { Engine } from '../engine.js' */

export class HandedIn {
  #reader = new AskedWorker(READER, () => {});

  /** @param {Engine} engine @param {(text: string) => void} add called with more text */
  constructor(engine, add) {
    this.engine = engine;
    this.add = add;
    const input = /** @type {HTMLInputElement} */ (byId('handed-in'));
    input.addEventListener('change', () => {
      void this.open([...(input.files ?? [])]);
      input.value = '';
    });
    document.addEventListener('dragover', (event) => { if (event.dataTransfer?.types.includes('Files')) event.preventDefault(); });
    document.addEventListener('drop', (event) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void this.open(files);
    });
  }

  /** What is wrong with a file is said, and the others are read. @param {File[]} files */
  async open(files) {
    const texts = [];
    for (const file of files) {
      try {
        this.engine.newBook().checkFile(file.size);
        const name = file.name.replace(/\.[^.]*$/, '');
        const text = holdsRuns(file) ? await this.#results(file, name) : await file.text();
        // No text has the sign of the number zero, and most other files do.
        if (text.includes('\0')) note(t('check.no-text', { file: file.name }));
        else texts.push(holdsRuns(file) ? text : this.engine.handedIn(name, text));
      } catch (thrown) {
        if (!isProblem(thrown)) throw thrown;
        note(`${file.name}: ${problemText(thrown)}`);
      }
    }
    this.#reader.rest();
    if (texts.length > 0) this.add(texts.join('\n'));
  }

  /** A line for each run that was tested. @param {File} file @param {string} name whose it is */
  async #results(file, name) {
    const book = this.engine.newBook();
    book.adopt(await this.#reader.do((ask) => ask({ file })));
    return book.views().flatMap(({ id, choices }) => {
      const claim = book.claim(id);
      return claim ? [`${name}: ${hrefOf(this.engine.linkText(choices, {}, claim, false))}`] : [];
    }).join('\n');
  }
}
