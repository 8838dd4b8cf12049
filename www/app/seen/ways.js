// The ways to give data of one's own: files, a folder, the camera, the drawing pad.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { pickFolder } from './judge.js';

/** @import { AlbumDialog } from './album.js' */

/** A button for each. @param {AlbumDialog} album @param {(files: File[]) => void} take */
export function ways(album, take) {
  return h('div', { class: 'own-ways' }, ...chooser('files', {}, take), ...chooser('folder', { webkitdirectory: true }, take),
    h('button', { type: 'button', onclick: () => void album.shoot() }, t('own.camera')), h('button', { type: 'button', onclick: () => album.draw() }, t('own.draw')));
}

/**
 * A field for files, and the button that opens it.
 * @param {'files' | 'folder'} what @param {Record<string, boolean>} of @param {(files: File[]) => void} take
 */
function chooser(what, of, take) {
  const words = t(`own.choose-${what}`);
  const input = h('input', { type: 'file', id: `own-${what}`, multiple: true, tabindex: -1, 'aria-label': words, ...of });
  input.addEventListener('change', () => {
    take([...(input.files ?? [])]);
    input.value = '';
  });
  const choose = async () => {
    const picked = what === 'folder' ? await pickFolder() : undefined;
    if (picked) take(picked);
    else input.click();
  };
  return [h('button', { type: 'button', onclick: () => void choose() }, words), input];
}
