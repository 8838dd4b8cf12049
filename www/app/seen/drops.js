// Files may be dropped or pasted anywhere on the page, or come from another program: runs that were saved, images of the person's own, PyTorch code, which
// may be pasted as text too, or weights.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { note } from '../base/messages.js';
import { holdsRuns } from '../runs/file.js';
import { takeHanded } from './handed.js';
import { dropped, judge } from './judge.js';

/** @import { OwnData } from './own-data.js' */
/** @import { SavedRuns } from '../runs/file.js' */

/** @param {OwnData} own @param {SavedRuns} saved @param {{ code: (code: string | File) => void, weights: (file: File) => void, picture: (file: File) => boolean }} take what takes PyTorch code, weights, and a picture that is pasted, if it can */
export function takeDrops(own, saved, take) {
  own.openOthers = async ({ runs, python: [code, ...more], weights: [weights] }) => {
    if (code) take.code(code);
    if (weights) take.weights(weights);
    if (code && more.length > 0) note(t('pasted.one-file', { file: code.name }));
    await saved.open(runs);
  };
  const veil = h('div', { class: 'drop-veil', hidden: true, 'aria-hidden': 'true' }, t('own.anywhere'));
  document.body.append(veil);
  const holdsFiles = /** @param {DragEvent} event */ (event) => event.dataTransfer?.types.includes('Files') ?? false;
  document.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) veil.hidden = true; });
  document.addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    veil.hidden = true;
    if (event.dataTransfer) void receive(event.dataTransfer);
  });

  document.addEventListener('paste', ({ clipboardData, target }) => {
    // Cells of a table, or words with a picture, are text for the field that they are pasted into.
    const isText = target instanceof Element && target.closest('textarea, input:is([type="text"], [type="search"], [type="number"], :not([type]))') !== null;
    if (isText || !clipboardData) return;
    const text = clipboardData.getData('text/plain');
    if (own.first.engine.isPytorch(text)) take.code(text);
    else if (clipboardData.types.includes('Files')) void receive(clipboardData, true);
  });

  /** @param {DataTransfer} transfer @param {boolean} [isPasted] */
  async function receive(transfer, isPasted) {
    const { files, problems } = await dropped(transfer);
    for (const problem of problems) note(problem);
    await open(files, isPasted);
  }

  /** @param {File[]} files @param {boolean} [isPasted] */
  async function open(files, isPasted = false) {
    const found = await judge(own.first.engine, files.filter((file) => !holdsRuns(file)));
    await own.openOthers({ ...found, runs: [...files.filter(holdsRuns), ...found.runs] });
    const [picture, ...more] = found.pictures;
    const isOne = isPasted && picture && more.length + found.data.length + found.archive.length === 0;
    if (isPasted && picture && own.album.isOpen) own.album.give({ ...found, runs: [], python: [], weights: [] });
    else if (!(isOne && take.picture(picture.file))) await own.use(found);
  }

  void takeHanded((files) => open(files));
}
