// A zip with one way of being written: entries in the order given, without times or anything else that varies. A hand-in is
// small and its entries are stored as they are, and so every bit of the file is either evidence or has the only value that
// it can have. The package of the extension is compressed.
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  content: Uint8Array;
}

export interface ZipOptions {
  compress?: boolean;
}

/** MS-DOS date of 1 January 1980: a zip has to say one. */
const epochDate = 0x21;
/** Names are UTF-8. */
const flags = 0x800;

/** Throws RangeError for more than a plain zip can hold: 65,535 entries, 4 GiB. */
export function writeZip(entries: readonly ZipEntry[], { compress = false }: ZipOptions = {}): Buffer {
  if (entries.length > 0xffff) throw new RangeError(`${entries.length} entries are too many for a zip.`);
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content } of entries) {
    const label = Buffer.from(name);
    const packed = compress ? deflateRawSync(content, { level: 9 }) : Buffer.from(content);
    const common = commonFields(content, packed.length, label.length, compress ? 8 : 0);
    const local = Buffer.concat([uint32(0x04034b50), common, label]);
    directory.push(
      Buffer.concat([
        uint32(0x02014b50),
        uint16(20),
        common,
        uint16(0),
        uint16(0),
        uint16(0),
        uint32(0),
        uint32(at),
        label,
      ]),
    );
    parts.push(local, packed);
    at += local.length + packed.length;
  }
  const index = Buffer.concat(directory);
  if (at + index.length > 0xffffffff) throw new RangeError('More than 4 GiB.');
  const count = uint16(entries.length);
  const end = [uint32(0x06054b50), uint16(0), uint16(0), count, count, uint32(index.length), uint32(at), uint16(0)];
  return Buffer.concat([...parts, index, ...end]);
}

/** From «version needed» to «extra length», which both kinds of header share. */
function commonFields(content: Uint8Array, packed: number, nameLength: number, method: number): Buffer {
  return Buffer.concat([
    uint16(20),
    uint16(flags),
    uint16(method),
    uint16(0),
    uint16(epochDate),
    uint32(crc32(content)),
    uint32(packed),
    uint32(content.length),
    uint16(nameLength),
    uint16(0),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
