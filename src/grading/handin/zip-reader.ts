// Reads a zip that a stranger made. Nothing that it says of itself is believed: sizes are counted while inflating, names are
// looked at before anything else, and nothing is ever written to disk.
import { crc32, inflateRawSync } from 'node:zlib';
import type { Problem } from '../replay/graded.ts';
import { limits } from './limits.ts';
import { problem, quoted, type Refused, refuse } from './problems.ts';
import { writeZip, type ZipEntry } from './zip-writer.ts';

export interface ReadZip {
  /** In the order of the file. */
  entries: ZipEntry[];
  problems: Problem[];
}

const endSize = 22;
const headerSize = 46;
const localSize = 30;
const longestComment = 0xffff;

/** Throws Refused for what is no zip, or one that a hand-in never is. */
export function readZip(bytes: Buffer): ReadZip {
  if (bytes.length === 0) throw refuse('MALLA-ENT-03', 'El fichero está vacío.');
  const problems: Problem[] = [];
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let left = limits.total;
  let consumed = 0;
  for (const header of readDirectory(bytes)) {
    const { name } = header;
    if (names.has(name)) throw refuse('MALLA-ENT-09', `Dos entradas se llaman ${quoted(name)}.`);
    names.add(name);
    consumed += header.packed.length;
    // Entries that share their bytes are how a small file inflates to a huge one without any of them being large.
    if (consumed > bytes.length) throw refuse('MALLA-ENT-08', 'Varias entradas del zip comparten los mismos bytes.');
    if (name.endsWith('/')) continue;
    const content = inflate(header, Math.min(limits.entry, left));
    left -= content.length;
    if (crc32(content) !== header.crc || content.length !== header.size)
      problems.push(
        problem('MALLA-ENT-15', 'aviso', `${quoted(name)} se ha dañado o se ha cambiado dentro del zip.`, {
          entry: name,
        }),
      );
    entries.push({ name, content });
  }
  if (!isCanonical(bytes, entries))
    problems.push(problem('MALLA-ENT-37', 'nota', 'El zip no está escrito como los escribe Malla.'));
  return { entries, problems };
}

interface Header {
  name: string;
  method: number;
  crc: number;
  /** As it says; not to be believed. */
  size: number;
  packed: Buffer;
}

function* readDirectory(bytes: Buffer): Generator<Header> {
  const end = findEnd(bytes);
  if (end === undefined) throw broken('le falta el final');
  const count = bytes.readUInt16LE(end + 10);
  const size = bytes.readUInt32LE(end + 12);
  const start = bytes.readUInt32LE(end + 16);
  if (bytes.readUInt16LE(end + 4) !== 0 || bytes.readUInt16LE(end + 6) !== 0 || bytes.readUInt16LE(end + 8) !== count)
    throw unusual('está partido en varios discos');
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
    // More than 65,534 entries, or 4 GiB: whatever zip64 says, it is too much.
    throw refuse('MALLA-ENT-07', 'El zip dice tener más de 65 534 entradas o 4 GiB.');
  }
  if (count > limits.entries)
    throw refuse('MALLA-ENT-07', `El zip tiene ${count} entradas; se admiten ${limits.entries}.`);
  if (start + size > end) throw broken('su índice no está entero');
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + headerSize > end || bytes.readUInt32LE(at) !== 0x02014b50) throw broken('su índice no está entero');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) => bytes.readUInt16LE(at + o)) as [
      number,
      number,
      number,
    ];
    const next = at + headerSize + nameLength + extraLength + commentLength;
    if (next > end) throw broken('su índice no está entero');
    const name = nameOf(bytes.subarray(at + headerSize, at + headerSize + nameLength));
    checkKind(bytes, at, name);
    yield {
      name,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      size: bytes.readUInt32LE(at + 24),
      packed: packedBytes(bytes, bytes.readUInt32LE(at + 42), bytes.readUInt32LE(at + 20), name),
    };
    at = next;
  }
}

/** The last signature whose comment reaches just to the end of the file. */
function findEnd(bytes: Buffer): number | undefined {
  const first = Math.max(0, bytes.length - endSize - longestComment);
  for (let at = bytes.length - endSize; at >= first; at--) {
    if (bytes.readUInt32LE(at) !== 0x06054b50) continue;
    if (at + endSize + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  }
  return undefined;
}

function nameOf(bytes: Buffer): string {
  const name = bytes.toString('utf8');
  if (!Buffer.from(name).equals(bytes)) throw refuse('MALLA-ENT-11', `El nombre ${quoted(name)} no está en UTF-8.`);
  const parts = name.split('/');
  const leaves =
    name === '' ||
    name.includes('\\') ||
    name.includes('\0') ||
    name.startsWith('/') ||
    /^[A-Za-z]:/.test(name) ||
    parts.some((part, i) => part === '..' || part === '.' || (part === '' && i < parts.length - 1));
  if (leaves) throw refuse('MALLA-ENT-05', `La ruta ${quoted(name)} sale de la carpeta de la entrega.`);
  return name;
}

const symlink = 0xa;
const regular = 0x8;
const folder = 0x4;

function checkKind(bytes: Buffer, at: number, name: string): void {
  if ((bytes.readUInt16LE(at + 8) & 1) === 1) throw unusual(`${quoted(name)} está cifrado`);
  const madeBy = bytes.readUInt16LE(at + 4) >> 8;
  const kind = bytes.readUInt32LE(at + 38) >>> 28;
  // Only Unix and macOS say what kind of file it is.
  if (madeBy !== 3 && madeBy !== 19) return;
  if (kind === symlink) throw refuse('MALLA-ENT-06', `${quoted(name)} es un enlace.`);
  if (![0, regular, folder].includes(kind)) throw refuse('MALLA-ENT-06', `${quoted(name)} no es un fichero normal.`);
}

function packedBytes(bytes: Buffer, at: number, length: number, name: string): Buffer {
  if (at + localSize > bytes.length || bytes.readUInt32LE(at) !== 0x04034b50) throw broken(`falta ${quoted(name)}`);
  const from = at + localSize + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  if (from + length > bytes.length) throw broken(`${quoted(name)} está cortado`);
  return bytes.subarray(from, from + length);
}

function inflate({ name, method, packed }: Header, most: number): Uint8Array {
  const tooMuch = (): Refused => refuse('MALLA-ENT-08', `${quoted(name)} se hincha más de lo que se admite.`);
  if (method === 0) {
    if (packed.length > most) throw tooMuch();
    return packed;
  }
  if (method !== 8) throw unusual(`${quoted(name)} usa otra compresión`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooMuch();
    throw broken(`${quoted(name)} está dañado`);
  }
}

function isCanonical(bytes: Buffer, entries: readonly ZipEntry[]): boolean {
  const size = entries.reduce((sum, { name, content }) => sum + content.length + 2 * Buffer.byteLength(name) + 76, 22);
  return size === bytes.length && writeZip(entries).equals(bytes);
}

function broken(what: string): Refused {
  return refuse('MALLA-ENT-04', `No es un zip entero: ${what}.`);
}

function unusual(what: string): Refused {
  return refuse('MALLA-ENT-10', `El zip no es como los de Malla: ${what}.`);
}
