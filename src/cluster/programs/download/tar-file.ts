// One file out of a .tar.gz, known by its path; everything else in it is passed over. The format is that of POSIX ustar.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const block = 512;
/** Bytes that a file may unpack to: istioctl is about 100 MB. */
const limit = 400 * 1024 * 1024;

/** Rejects when the archive is broken, when the file is not in it or is not a plain file, or is too large. */
export async function extractFile(archive: Readable, path: string, target: string): Promise<void> {
  const contents = archive.pipe(createGunzip());
  archive.on('error', (error) => contents.destroy(error));
  const bytes = createByteReader(contents);
  for (;;) {
    const header = await bytes.take(block);
    const name = nameIn(header);
    if (name === '') throw new Error(`${path} is not in the archive`);
    const size = sizeIn(header);
    const type = String.fromCharCode(header[156] ?? 0);
    if (name === path && (type === '0' || type === '\0')) {
      await pipeline(Readable.from(bytes.pieces(size)), createWriteStream(target, { flags: 'wx', mode: 0o600 }));
      contents.destroy();
      return;
    }
    for await (const _piece of bytes.pieces(Math.ceil(size / block) * block));
  }
}

function nameIn(header: Buffer): string {
  const text = (from: number, length: number): string =>
    header
      .subarray(from, from + length)
      .toString('utf8')
      .replace(/\0.*$/s, '');
  const [name, magic, prefix] = [text(0, 100), text(257, 5), text(345, 155)];
  return magic === 'ustar' && prefix !== '' ? `${prefix}/${name}` : name;
}

function sizeIn(header: Buffer): number {
  const digits = header.subarray(124, 136).toString('latin1').replace(/[\0 ]/g, '');
  const size = Number.parseInt(digits, 8);
  if (!/^[0-7]*$/.test(digits) || !(size >= 0) || size > limit) throw new Error('a size that makes no sense');
  return size;
}

function createByteReader(stream: AsyncIterable<Buffer>) {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  let total = 0;

  async function some(atMost: number): Promise<Buffer> {
    if (rest.length === 0) {
      const next = await chunks.next();
      if (next.done) throw new Error('the archive ends too early');
      rest = next.value;
      total += rest.length;
      if (total > 4 * limit) throw new Error('the archive is too large');
    }
    const piece = rest.subarray(0, atMost);
    rest = rest.subarray(piece.length);
    return piece;
  }

  async function* pieces(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      const piece = await some(left);
      left -= piece.length;
      yield piece;
    }
  }

  return {
    pieces,
    async take(size: number): Promise<Buffer> {
      const parts: Buffer[] = [];
      for await (const piece of pieces(size)) parts.push(piece);
      return Buffer.concat(parts);
    },
  };
}
