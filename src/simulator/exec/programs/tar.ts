// tar, as far as `kubectl cp` and people need it: an archive out of files, their names, and files out of an archive.
import { posix } from 'node:path';
import { FileError, resolvePath } from '../files.ts';
import type { Program, ProgramStreams } from '../program.ts';

const BLOCK = 512;
const MOST = 64 * 1024 * 1024;

interface Asked {
  mode: 'c' | 'x' | 't';
  archive: string;
  folder: string;
  verbose: boolean;
  names: string[];
}

export const tar: Program = async (argv, streams) => {
  const asked = read(argv);
  if (typeof asked === 'string') {
    streams.stderr(`tar: ${asked}\n`);
    return 1;
  }
  try {
    if (asked.mode === 'c') return await create(asked, streams);
    return await extract(asked, streams);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    streams.stderr(`tar: ${error.message}\n`);
    return 1;
  }
};

/** What is asked, or why it cannot be done. The first word needs no hyphen. */
function read(argv: readonly string[]): Asked | string {
  const [first = '', ...rest] = argv;
  const queue = [first.startsWith('-') ? first : `-${first}`, ...rest];
  const asked: Partial<Asked> & { names: string[] } = { names: [] };
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (!word.startsWith('-') || word === '-') asked.names.push(word);
    else
      for (const letter of word.slice(1)) {
        if (letter === 'c' || letter === 'x' || letter === 't') asked.mode = letter;
        else if (letter === 'f') asked.archive = queue.shift() ?? '-';
        else if (letter === 'C') asked.folder = queue.shift() ?? '.';
        else if (letter === 'v') asked.verbose = true;
        else if (!'mpoP'.includes(letter)) return `invalid option -- '${letter}'`;
      }
  }
  const { mode, archive = '-', folder = '.', verbose = false, names } = asked;
  if (mode === undefined) return 'need at least one option';
  if (mode === 'c' && names.length === 0) return 'empty archive';
  return { mode, archive, folder, verbose, names };
}

async function create({ archive, folder, verbose, names }: Asked, streams: ProgramStreams): Promise<number> {
  const { files } = streams.machine;
  const base = resolvePath(streams.cwd, folder);
  const blocks: Buffer[] = [];
  let cut = false;
  let code = 0;
  const add = (path: string, name: string): void => {
    const kind = files.kind(path);
    if (!kind) {
      streams.stderr(`tar: ${name}: No such file or directory\n`);
      code = 1;
      return;
    }
    if (name.startsWith('/') && !cut) {
      streams.stderr("tar: removing leading '/' from member names\n");
      cut = true;
    }
    const kept = name.replace(/^\/+/, '') || '.';
    if (verbose) streams.stderr(`${kept}\n`);
    if (kind === 'folder') {
      blocks.push(header(`${kept}/`, 0, '5'));
      for (const child of files.list(path)) add(posix.join(path, child), posix.join(name, child));
    } else {
      const content = files.read(path);
      blocks.push(header(kept, content.length, '0'), content, Buffer.alloc(padding(content.length)));
    }
  };
  for (const name of names) add(resolvePath(base, name), name);
  blocks.push(Buffer.alloc(2 * BLOCK));
  const whole = Buffer.concat(blocks);
  if (archive === '-') {
    streams.stdout(whole);
    await streams.drained();
  } else files.write(resolvePath(streams.cwd, archive), whole);
  return code;
}

async function extract({ mode, archive, folder, verbose, names }: Asked, streams: ProgramStreams): Promise<number> {
  const { files } = streams.machine;
  const bytes = archive === '-' ? await input(streams) : files.read(resolvePath(streams.cwd, archive));
  const base = resolvePath(streams.cwd, folder);
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const head = bytes.subarray(at, at + BLOCK);
    if (head.every((byte) => byte === 0)) break;
    const size = Number.parseInt(text(head, 124, 12).trim() || '0', 8);
    if (text(head, 257, 5) !== 'ustar' || Number.isNaN(size)) throw new FileError('invalid tar magic');
    const name = [text(head, 345, 155), text(head, 0, 100)].filter(Boolean).join('/');
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + size + padding(size);
    const [kind] = [text(head, 156, 1)];
    if (!['0', '', '5'].includes(kind) || !wanted(name, names)) continue;
    if (mode === 't' || verbose) streams.stdout(`${name}\n`);
    if (mode === 'x') put(base, name, kind === '5' ? undefined : Buffer.from(content), streams);
  }
  return 0;
}

function wanted(name: string, names: readonly string[]): boolean {
  const bare = name.replace(/\/$/, '');
  return names.length === 0 || names.some((n) => bare === n.replace(/\/$/, '') || bare.startsWith(`${n}/`));
}

function put(base: string, name: string, content: Buffer | undefined, { machine: { files } }: ProgramStreams): void {
  // A name that climbs ends where it would at the root of an archive.
  const path = posix.join(base, posix.join('/', name)).replace(/(.)\/$/, '$1');
  const missing: string[] = [];
  for (let at = content === undefined ? path : posix.dirname(path); !files.kind(at); at = posix.dirname(at))
    missing.unshift(at);
  for (const folder of missing) files.makeFolder(folder);
  if (content !== undefined) files.write(path, content);
}

async function input({ stdin }: ProgramStreams): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    length += chunk.length;
    if (length > MOST) throw new FileError('No space left on device');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function header(name: string, size: number, kind: '0' | '5'): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits - 1, '0')}\0`;
  const [prefix, last] = divided(name);
  block.write(last, 0, 100, 'utf8');
  block.write(octal(kind === '5' ? 0o755 : 0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write('        ', 148);
  block.write(kind, 156);
  block.write('ustar\x0000', 257, 'latin1');
  block.write('root', 265);
  block.write('root', 297);
  block.write(prefix, 345, 155, 'utf8');
  block.write(
    octal(
      block.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return block;
}

/** A long name goes into two fields of its header, at a slash. */
function divided(name: string): [prefix: string, last: string] {
  if (Buffer.byteLength(name) <= 100) return ['', name];
  const at = name.indexOf('/', name.length - 100);
  if (at <= 0 || at > 155) throw new FileError(`${name}: name is too long`);
  return [name.slice(0, at), name.slice(at + 1)];
}

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

function text(block: Buffer, from: number, length: number): string {
  const bytes = block.subarray(from, from + length);
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? length : end).toString('utf8');
}
