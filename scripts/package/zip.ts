// A ZIP file in memory that is the same bytes for the same entries: sorted, without times, and with nothing of the machine.
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** With `/`, from the root of the archive. */
  path: string;
  data: Uint8Array;
}

const versionNeeded = 20;
const utf8Names = 0x0800;
const deflated = 8;
/** 1 January 1980, the first day that the format can say. */
const firstDay = 0x0021;

/** Throws for an entry that is there twice. Nothing here comes near the format's limits of 4 GB and 65,535 entries. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const twice = sorted.find((entry, index) => sorted[index + 1]?.path === entry.path);
  if (twice) throw new Error(`Twice in the archive: ${twice.path}.`);
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, data } of sorted) {
    const name = Buffer.from(path, 'utf8');
    const packed = deflateRawSync(data, { level: 9 });
    const common = commonFields(data, packed, name);
    const local = Buffer.concat([signature(0x04034b50), common, name, packed]);
    files.push(local);
    directory.push(centralEntry(common, name, offset));
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...files, central, endOfDirectory(sorted.length, central.length, offset)]);
}

/** What the header of a file and its entry in the directory both say. */
function commonFields(data: Uint8Array, packed: Buffer, name: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(versionNeeded, 0);
  fields.writeUInt16LE(utf8Names, 2);
  fields.writeUInt16LE(deflated, 4);
  fields.writeUInt16LE(0, 6);
  fields.writeUInt16LE(firstDay, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  fields.writeUInt16LE(0, 24);
  return fields;
}

function centralEntry(common: Buffer, name: Buffer, offset: number): Buffer {
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(versionNeeded, 0);
  // Comment, disk, kinds of attributes: nothing. Then where the file begins.
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(0x02014b50), madeBy, common, rest, name]);
}

function endOfDirectory(entries: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries, 4);
  end.writeUInt16LE(entries, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeUInt32LE(value);
  return four;
}
