// Files may be dropped anywhere on the page: runs that were saved, or images of the person's own.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { holdsRuns } from '../runs/file.js';

/** @import { OwnData } from './own-data.js' */
/** @import { SavedRuns } from '../runs/file.js' */

/** @param {OwnData} own @param {SavedRuns} saved */
export function takeDrops(own, saved) {
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
    const files = [...(event.dataTransfer?.files ?? [])];
    void saved.open(files.filter(holdsRuns));
    own.take(files.filter((file) => !holdsRuns(file)));
  });
}
