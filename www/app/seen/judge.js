// What files are that a person gives, by their beginnings, before anything is done with them.

import { isProblem } from '../base/is-problem.js';
import { number, problemText, t } from '../base/i18n.js';

/** @import { Engine } from '../engine.js' */
/** @import { Picture } from './album.js' */

/** Files that systems put beside others, and nobody chose. */
const HIDDEN = /^\.|^(thumbs\.db|desktop\.ini)$/i;
/** Files of one drop that are looked at. */
const MOST_FILES = 100_000;

/** Files whose beginnings are read at the same time. */
const AT_ONCE = 16;

/** Where files lay that were dropped with their folder. @type {WeakMap<File, string>} */
const paths = new WeakMap();

/** Where a file lies, as far as that is known, in the letters as one writes them. @param {File} file */
const pathOf = (file) => (paths.get(file) ?? (file.webkitRelativePath || file.name)).normalize('NFC');

/**
 * What files are: those that hold data, saved runs, Python or weights, archives that may hold pictures, pictures, and in words what is wrong with the others.
 * @typedef {{ data: File[], runs: File[], python: File[], weights: File[], archive: File[], pictures: Picture[], problems: string[] }} Judged
 */

/**
 * Whatever a system put beside what was chosen is left out silently, unless there is nothing else.
 * @param {Engine} engine @param {File[]} files @returns {Promise<Judged>}
 */
export async function judge(engine, files) {
  const chosen = files.filter(({ name }) => !HIDDEN.test(name));
  /** @type {Judged} */
  const found = { data: [], runs: [], python: [], weights: [], archive: [], pictures: [], problems: [] };
  const all = chosen.length > 0 ? chosen : files;
  for (let at = 0; at < all.length; at += AT_ONCE) {
    const part = all.slice(at, at + AT_ONCE);
    const beginnings = await Promise.allSettled(part.map((file) => beginning(file, engine.judgedBytes())));
    part.forEach((file, index) => {
      try {
        const read = beginnings[index];
        if (read?.status !== 'fulfilled') throw read?.reason;
        const kind = engine.fileKind(file.name, file.size, read.value);
        if (kind === 'picture') found.pictures.push({ file, path: pathOf(file) });
        else found[kind].push(file);
      } catch (thrown) {
        // A file that was moved, a folder, or one that a cloud has not brought yet.
        found.problems.push(isProblem(thrown) ? problemText(thrown) : t('own.unreadable', { file: file.name }));
      }
    });
  }
  return found;
}

/** @param {File} file @param {number} bytes */
const beginning = async (file, bytes) => new Uint8Array(await file.slice(0, bytes).arrayBuffer());

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
      if (files.length >= MOST_FILES) problems.push(t('own.too-many-files', { file: entry.name, count: number(MOST_FILES) }));
      if (files.length === before) problems.push(t('own.empty-folder', { file: entry.name }));
    } else if (file) files.push(file);
  }
  return { files, problems };
}

/**
 * The files of a folder that a person picks, one after the other: a field for files hands over all at once, and the page stands
 * still for that. Nothing where the browser has no such picker, or not in this frame.
 * @returns {Promise<File[] | undefined>}
 */
export async function pickFolder() {
  const { showDirectoryPicker } = /** @type {{ showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle> }} */ (/** @type {unknown} */ (window));
  if (!showDirectoryPicker) return undefined;
  /** @type {File[]} */
  const files = [];
  try {
    const folder = await showDirectoryPicker();
    await walk(folder, `/${folder.name}`, files);
  } catch (thrown) {
    if (/** @type {Error} */ (thrown).name === 'SecurityError') return undefined;
    // The person has picked none after all.
    if (/** @type {Error} */ (thrown).name !== 'AbortError') throw thrown;
  }
  return files;
}

/** @param {FileSystemDirectoryHandle} folder @param {string} path @param {File[]} files */
async function walk(folder, path, files) {
  const entries = /** @type {AsyncIterable<FileSystemDirectoryHandle | FileSystemFileHandle>} */ (/** @type {any} */ (folder).values());
  for await (const entry of entries) {
    if (files.length >= MOST_FILES) return;
    const within = `${path}/${entry.name}`;
    if (entry.kind === 'directory') await walk(entry, within, files);
    else {
      // One that is gone meanwhile, or that the system keeps to itself, is none.
      const file = await entry.getFile().catch(() => undefined);
      if (!file) continue;
      paths.set(file, within);
      files.push(file);
    }
  }
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
      else {
        /** @type {File} */
        const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
        paths.set(file, entry.fullPath);
        files.push(file);
      }
    }
  }
}
