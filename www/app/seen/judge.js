// What files are that a person gives, by their beginnings, before anything is done with them.

import { isProblem } from '../base/is-problem.js';
import { problemText, t } from '../base/i18n.js';

/** @import { Engine } from '../engine.js' */

/** Files that systems put beside others, and nobody chose. */
const HIDDEN = /^\.|^(thumbs\.db|desktop\.ini)$/i;
/** Files of one folder that are looked at. */
const MOST_FILES = 200;

/**
 * Those that hold data or saved runs, and in words what is wrong with the others. Whatever a system put beside them is
 * left out silently, unless there is nothing else.
 * @param {Engine} engine @param {File[]} files @returns {Promise<{ data: File[], runs: File[], problems: string[] }>}
 */
export async function judge(engine, files) {
  const chosen = files.filter(({ name }) => !HIDDEN.test(name));
  /** @type {{ data: File[], runs: File[], problems: string[] }} */
  const found = { data: [], runs: [], problems: [] };
  for (const file of chosen.length > 0 ? chosen : files) {
    try {
      const beginning = new Uint8Array(await file.slice(0, engine.judgedBytes()).arrayBuffer());
      found[engine.fileKind(file.name, file.size, beginning)].push(file);
    } catch (thrown) {
      // A file that was moved, a folder, or one that a cloud has not brought yet.
      found.problems.push(isProblem(thrown) ? problemText(thrown) : t('own.unreadable', { file: file.name }));
    }
  }
  return found;
}

/**
 * The files that were dropped, those of folders too. Has to be called while the drop is told.
 * @param {DataTransfer} transfer @returns {Promise<{ files: File[], problems: string[] }>}
 */
export async function dropped(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file').map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  /** @type {File[]} */
  const files = [];
  /** @type {string[]} */
  const problems = [];
  for (const { entry, file } of items) {
    if (entry?.isDirectory) {
      const before = files.length;
      await gather(/** @type {FileSystemDirectoryEntry} */ (entry), files).catch(() => {});
      if (files.length === before) problems.push(t('own.empty-folder', { file: entry.name }));
    } else if (file) files.push(file);
  }
  return { files, problems };
}

/** @param {FileSystemDirectoryEntry} folder @param {File[]} files */
async function gather(folder, files) {
  const reader = folder.createReader();
  // A folder is read in parts, until one is empty.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    for (const entry of part) {
      if (files.length >= MOST_FILES) return;
      if (entry.isDirectory) await gather(/** @type {FileSystemDirectoryEntry} */ (entry), files);
      else files.push(await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject)));
    }
  }
}
