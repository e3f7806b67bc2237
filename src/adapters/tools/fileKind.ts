import { extname } from 'node:path';

/** What a binary file is, by its first bytes, as far as they tell; else by its name. */
export function fileKind(path: string, head: Buffer): string {
  const found = magic.find(([bytes, , at = 0]) =>
    head.subarray(at, at + bytes.length).equals(Buffer.from(bytes)),
  );
  if (!found) return extname(path) === '' ? 'binary' : `binary (${extname(path)})`;
  const [, name] = found;
  if (name === 'a PNG image' && head.length >= 24)
    return `${name} of ${head.readUInt32BE(16)} × ${head.readUInt32BE(20)} pixels`;
  if (name === 'a GIF image' && head.length >= 10)
    return `${name} of ${head.readUInt16LE(6)} × ${head.readUInt16LE(8)} pixels`;
  return name;
}

const magic: readonly (readonly [bytes: number[], name: string, at?: number])[] = [
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG image'],
  [[0xff, 0xd8, 0xff], 'a JPEG image'],
  [[0x47, 0x49, 0x46, 0x38], 'a GIF image'],
  [[0x57, 0x45, 0x42, 0x50], 'a WebP image', 8],
  [[0x00, 0x00, 0x01, 0x00], 'an icon'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive (or a document or package that is one)'],
  [[0x1f, 0x8b], 'a gzip archive'],
  [[0x7f, 0x45, 0x4c, 0x46], 'an ELF program or library'],
  [[0x4d, 0x5a], 'a Windows program or library'],
  [[0x00, 0x61, 0x73, 0x6d], 'a WebAssembly module'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], 'an SQLite database'],
];
