// What the tests of a person's own data share: pictures and archives that are made on the spot, and the list of sets.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { choose, test } from './page.mjs';

export const dialog = (page) => page.locator('.album-dialog');
export const own = (page) => page.locator('.own');

/** Pictures that a canvas makes: a plain colour, with another in the half below. */
export function drawn(page, all) {
  return page.evaluate((list) => Promise.all(list.map(async ({ width, height, above, below, type }) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context.fillStyle = above;
    if (above !== 'none') context.fillRect(0, 0, width, height);
    context.fillStyle = below ?? above;
    if (below !== 'none') context.fillRect(0, height / 2, width, height / 2);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type, quality: 0.95 })).arrayBuffer())];
  })), all);
}

/** A folder on the disk with these files, by path. */
export async function folder(files) {
  const root = test.info().outputPath('set');
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(`${root}/${path}`), { recursive: true });
    await writeFile(`${root}/${path}`, bytes);
  }
  return root;
}

export function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** So many pictures of two classes that anything can tell apart, of several sizes and formats. */
export async function animals(page, each) {
  const kinds = Array.from({ length: each }, (_, at) => ({ width: 40 + at, height: 60 - at, type: ['image/png', 'image/jpeg', 'image/webp'][at % 3] }));
  const bright = await drawn(page, kinds.map((kind) => ({ ...kind, above: '#eee', below: '#eee' })));
  const dark = await drawn(page, kinds.map((kind) => ({ ...kind, above: '#222', below: '#222' })));
  const files = (name, all) => all.map((bytes, at) => [`${name}/${at}.${kinds[at].type.slice(6)}`, Buffer.from(bytes)]);
  return Object.fromEntries([...files('猫', bright), ...files('собака', dark)]);
}

/** Something from the list behind a kept set. */
export const ofSet = (page, name, item) => choose(page, `More for the set ${name}`, item);

/** The fingerprint of the set in use, as the address has it. */
export const fingerprint = (page) => new URLSearchParams(new URL(page.url()).hash.slice(1)).get('set');

/** A zip of these files, by path. */
export function zip(files) {
  const [members, entries] = [[], []];
  let at = 0;
  for (const [path, bytes] of Object.entries(files)) {
    const [name, packed] = [Buffer.from(path), deflateRawSync(bytes)];
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(8, 4);
    about.writeUInt32LE(crc(Buffer.from(bytes)), 10);
    about.writeUInt32LE(packed.length, 14);
    about.writeUInt32LE(Buffer.from(bytes).length, 18);
    about.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    members.push(Buffer.from('PK\x03\x04'), about, name, packed);
    entries.push(Buffer.from('PK\x01\x02\x14\0'), about, place, name);
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(Buffer.concat(entries).length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...members, ...entries, Buffer.from('PK\x05\x06'), end]);
}

/** A tar of these files, by path. */
export function tar(files) {
  const members = Object.entries(files).flatMap(([path, bytes]) => {
    const body = Buffer.from(bytes);
    const header = Buffer.alloc(512);
    header.write(path);
    header.write('0000644\0', 100);
    header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        0ustar  \0', 148);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...members, Buffer.alloc(1024)]);
}
