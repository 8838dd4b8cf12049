// Decodes a person's pictures with the browser's own decoders, a few at a time, and gathers them in one file. What they
// become, and which are too large to be decoded, the core says.

import init, { Album, checkPicture, pictureHead, unpackPictures } from '../pkg/core/core.js';
import { isProblem } from '../app/base/is-problem.js';
import { readsBack } from '../app/base/read-back.js';
import { problem } from '../app/base/fetch.js';

/** @import { ImageForm, Placement, Problem, Split } from '../app/core.d.ts' */
/** @import { Reply } from '../app/base/asked.js' */

/** A picture, its class, and the part of the set that it is for, where that was said. @typedef {{ file: File, class: string, part?: Split | null }} Labelled */

/**
 * What the page asks: to make a file of pictures, with those of a file that there is, told through `port` how many are read
 * whenever the page has shown the last number, and stopped through it; to show what pictures become; what is in such a file; or the pictures of an archive.
 * @typedef {{ id: number } & ({ kind: 'make', form: ImageForm, base?: File, pictures: Labelled[], port: MessagePort }
 *   | { kind: 'show', form: ImageForm, files: File[] } | { kind: 'open' | 'unpack', file: File })} Request
 */

/** A file of pictures, how many are in it, and what was wrong with others. @typedef {{ bytes: Uint8Array<ArrayBuffer>, count: number, problems: Problem[] }} Made */

/** The pictures of an archive with where they lie in it, none if it is not one of pictures, and what else was in it. @typedef {{ pictures: { file: File, path: string }[], problems: Problem[] }} Unpacked */

/** Pictures that are in memory at once. */
const AT_ONCE = 3;
/** Milliseconds between two signs of life. */
const PAUSE = 1000;

self.onmessage = async (/** @type {MessageEvent<Request>} */ { data: request }) => {
  const { id } = request;
  /** @param {Reply} reply @param {Transferable[]} [transfer] */
  const say = (reply, transfer = []) => self.postMessage(reply, { transfer });
  try {
    await init();
    const alive = () => say({ id, kind: 'alive' });
    say({ id, kind: 'answer', answer: await obey(request, alive) });
  } catch (thrown) {
    const why = isProblem(thrown) ? thrown : problem('internal', { detail: String(thrown) });
    say({ id, kind: why.code === 'internal' ? 'broken' : 'refused', problem: why });
  }
};

/** @param {Request} request @param {() => void} alive @returns {Promise<any>} */
async function obey(request, alive) {
  switch (request.kind) {
    case 'make': return make(request, alive);
    case 'show': return show(request, alive);
    case 'open': return (await opened(request.file)).contents();
    case 'unpack': return unpack(request.file, alive);
  }
}

/** @param {File} file */
const opened = async (file) => Album.open(file.name, await content(file));

/** @param {File} file */
async function content(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (thrown) {
    throw problem('unreadable', { file: file.name, reason: /** @type {Error} */ (thrown).name });
  }
}

/** The browser holds the pictures as files, which need not be in memory. @param {File} file @param {() => void} alive @returns {Promise<Unpacked>} */
async function unpack(file, alive) {
  /** @type {Unpacked['pictures']} */
  const pictures = [];
  let told = 0;
  const take = (/** @type {string} */ given, /** @type {Uint8Array<ArrayBuffer>} */ bytes) => {
    // In the letters as one writes them, as the paths of folders are.
    const path = given.normalize('NFC');
    pictures.push({ file: new File([bytes], path.slice(path.lastIndexOf('/') + 1)), path });
    if (performance.now() - told < PAUSE) return;
    told = performance.now();
    alive();
  };
  const bytes = await content(file);
  try {
    const problems = unpackPictures(file.name, bytes, take);
    // One picture alone may show what a table or an array is about.
    return pictures.length > 1 ? { pictures, problems } : { pictures: [], problems: [] };
  } catch (thrown) {
    if (isProblem(thrown) && pictures.length < 2) return { pictures: [], problems: [] };
    throw thrown;
  }
}

/** @param {Request & { kind: 'make' }} request @param {() => void} alive @returns {Promise<Made>} */
async function make({ form, base, pictures, port }, alive) {
  const album = base ? await opened(base) : new Album(form);
  /** @type {Problem[]} */
  const problems = [];
  let [count, done, told] = [0, 0, 0];
  let [over, isShown] = [false, true];
  port.onmessage = (/** @type {MessageEvent<'shown' | 'stop'>} */ { data }) => {
    if (data === 'stop') over = true;
    else isShown = true;
  };
  await each(pictures, form.edge, album, (picture, rgba) => {
    done += 1;
    if (isProblem(rgba)) problems.push(rgba);
    else {
      try {
        album.add(picture.class, picture.part ?? undefined, rgba);
        count += 1;
      } catch (thrown) {
        // The rest would be too many, too.
        if (!isProblem(thrown)) throw thrown;
        if (!over) problems.push(thrown);
        over = true;
      }
    }
    if (isShown) port.postMessage(done);
    isShown = false;
    if (performance.now() - told < PAUSE) return !over;
    told = performance.now();
    alive();
    return !over;
  });
  try {
    return { bytes: /** @type {Uint8Array<ArrayBuffer>} */ (album.write()), count, problems };
  } catch (thrown) {
    // There are too few classes because of these.
    throw problems[0] ?? thrown;
  } finally {
    album.free();
  }
}

/** What these become, for a canvas; none of those that cannot be decoded. @param {Request & { kind: 'show' }} request @param {() => void} alive */
async function show({ form, files }, alive) {
  const album = new Album(form);
  /** @type {(Uint8ClampedArray | undefined)[]} */
  const shown = files.map(() => undefined);
  await each(files.map((file, at) => ({ file, at })), form.edge, album, ({ at }, rgba) => {
    if (!isProblem(rgba)) shown[at] = album.seen(rgba).pixels;
    alive();
    return true;
  });
  album.free();
  return shown;
}

/**
 * Decodes pictures, and hands each over in the order in which they were given, at the form's size.
 * @template {{ file: File }} Given
 * @param {Given[]} pictures @param {number} edge @param {Album} album
 * @param {(picture: Given, rgba: Uint8Array | Problem) => boolean} take whether there is to be another
 */
async function each(pictures, edge, album, take) {
  /** @type {Promise<Uint8Array | Problem>[]} */
  const coming = [];
  const canvases = Array.from({ length: AT_ONCE }, () => new OffscreenCanvas(edge, edge));
  const begin = /** @param {number} at */ (at) => {
    const [picture, canvas] = [pictures[at], canvases[at % AT_ONCE]];
    if (picture && canvas) coming[at] = decode(picture.file, canvas, album);
  };
  for (let at = 0; at < AT_ONCE; at += 1) begin(at);
  for (const [at, picture] of pictures.entries()) {
    const rgba = await coming[at];
    delete coming[at];
    begin(at + AT_ONCE);
    if (rgba && !take(picture, rgba)) return void (await Promise.all(coming));
  }
}

/** A picture at the canvas's size, on white, turned as its camera was held; or why there is none. @param {File} file @param {OffscreenCanvas} canvas @param {Album} album @returns {Promise<Uint8Array | Problem>} */
async function decode(file, canvas, album) {
  const { name } = file;
  try {
    const head = new Uint8Array(await file.slice(0, pictureHead()).arrayBuffer());
    checkPicture(name, file.size, head);
    const drawn = album.drawn(head);
    if (drawn) return drawn;
  } catch (thrown) {
    return isProblem(thrown) ? thrown : problem('unreadable', { file: name, reason: String(thrown) });
  }
  if (!readsBack(context(canvas))) return problem('noise', { file: name });
  try {
    const bitmap = await createImageBitmap(file);
    draw(bitmap, canvas, album.place(bitmap.width, bitmap.height));
    bitmap.close();
  } catch {
    return problem('undecodable', { file: name });
  }
  const { data } = context(canvas).getImageData(0, 0, canvas.width, canvas.height);
  return new Uint8Array(data.buffer);
}

/** @param {ImageBitmap} bitmap @param {OffscreenCanvas} canvas @param {Placement} place */
function draw(bitmap, canvas, { left, top, width, height }) {
  const on = context(canvas);
  on.imageSmoothingQuality = 'high';
  on.fillStyle = 'white';
  on.fillRect(0, 0, canvas.width, canvas.height);
  on.drawImage(bitmap, left, top, width, height);
}

/** @param {OffscreenCanvas} canvas */
function context(canvas) {
  const found = canvas.getContext('2d', { willReadFrequently: true });
  if (!found) throw new Error('no canvas');
  return found;
}
