// Programs about files.
import { posix } from 'node:path';
import { FileError, resolvePath } from '../files.ts';
import { lines, type Program, type ProgramStreams } from '../program.ts';
import { define, joined, ProgramError, readFile } from './define.ts';

export const cat: Program = define('cat', 'nuAe', async ({ rest }, streams) => {
  let code = 0;
  for (const file of rest.length === 0 ? ['-'] : rest) {
    if (file === '-') {
      for await (const chunk of streams.stdin) {
        streams.stdout(chunk);
        await streams.drained();
        if (streams.signal.aborted) return 141;
      }
      continue;
    }
    try {
      streams.stdout(readFile(file, streams));
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      const busybox = streams.machine.image.shell === 'busybox' ? "can't open '" : '';
      const [, why = ''] = /: ([^:]*)$/.exec(error.message) ?? [];
      streams.stderr(`cat: ${busybox ? `${busybox}${file}': ${why}` : error.message}\n`);
      code = 1;
    }
  }
  return code;
});

export const ls: Program = define('ls', '1aAlhdRrt', ({ flags, rest }, streams) => {
  const { files } = streams.machine;
  let code = 0;
  for (const target of rest.length === 0 ? ['.'] : rest) {
    const path = resolvePath(streams.cwd, target);
    const kind = files.kind(path);
    if (!kind) {
      streams.stderr(
        streams.machine.image.shell === 'busybox'
          ? `ls: ${target}: No such file or directory\n`
          : `ls: cannot access '${target}': No such file or directory\n`,
      );
      code = streams.machine.image.shell === 'busybox' ? 1 : 2;
      continue;
    }
    const names =
      kind === 'file' || flags.has('d')
        ? [target]
        : files.list(path).filter((n) => flags.has('a') || flags.has('A') || !n.startsWith('.'));
    if (rest.length > 1 && kind === 'folder') streams.stdout(`${target}:\n`);
    const long = (name: string): string => {
      const full = kind === 'file' || flags.has('d') ? path : posix.join(path, name);
      const folder = files.kind(full) === 'folder';
      const size = folder ? 4096 : files.read(full).length;
      const { name: user } = streams.machine.image.user;
      return `${folder ? 'drwxr-xr-x' : '-rw-r--r--'}    1 ${user.padEnd(8)} ${user.padEnd(8)} ${String(size).padStart(8)} ${name}`;
    };
    const total = flags.has('l') && kind === 'folder' ? [`total ${names.length * 4}`] : [];
    if (flags.has('l')) streams.stdout(joined([...total, ...names.map(long)]));
    else streams.stdout(streams.tty && !flags.has('1') && names.length > 0 ? `${names.join('  ')}\n` : joined(names));
  }
  return code;
});

export const mkdir: Program = define('mkdir', 'pm:', ({ flags, rest }, streams) => {
  const { files } = streams.machine;
  for (const target of rest) {
    const path = resolvePath(streams.cwd, target);
    const parts = path.split('/').filter(Boolean);
    const all = flags.has('p') ? parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`) : [path];
    for (const folder of all) {
      if (flags.has('p') && files.kind(folder) === 'folder') continue;
      about(`can't create directory '${target}'`, () => files.makeFolder(folder));
    }
  }
});

export const rm: Program = define('rm', 'rRfv', ({ flags, rest }, streams) => {
  const { files } = streams.machine;
  for (const target of rest) {
    const path = resolvePath(streams.cwd, target);
    if (flags.has('f') && !files.kind(path)) continue;
    if (files.kind(path) === 'folder' && !flags.has('r') && !flags.has('R'))
      throw new ProgramError(`'${target}' is a directory`);
    if (path === '/') throw new ProgramError("can't remove '/'");
    about(`can't remove '${target}'`, () => files.remove(path));
  }
});

export const touch: Program = define('touch', 'acm', ({ rest }, streams) => {
  for (const target of rest)
    about(target, () => streams.machine.files.append(resolvePath(streams.cwd, target), new Uint8Array()));
});

export const cp: Program = define('cp', 'rRapf', ({ rest }, streams) => copy(rest, streams, false));
export const mv: Program = define('mv', 'f', ({ rest }, streams) => copy(rest, streams, true));

function copy(targets: readonly string[], streams: ProgramStreams, move: boolean): undefined {
  const { files } = streams.machine;
  const to = targets.at(-1);
  if (to === undefined || targets.length < 2) throw new ProgramError('missing file operand');
  const destination = resolvePath(streams.cwd, to);
  for (const from of targets.slice(0, -1)) {
    const source = resolvePath(streams.cwd, from);
    const content = readFile(from, streams, `can't stat '${from}'`);
    about(`can't create '${to}'`, () => {
      files.write(
        files.kind(destination) === 'folder' ? posix.join(destination, posix.basename(source)) : destination,
        content,
      );
      if (move) files.remove(source);
    });
  }
}

export const tee: Program = define('tee', 'a', async ({ flags, rest }, streams) => {
  const { files } = streams.machine;
  const paths = rest.map((target) => resolvePath(streams.cwd, target));
  for (const [i, path] of paths.entries()) {
    about(rest[i] ?? path, () =>
      flags.has('a') ? files.append(path, new Uint8Array()) : files.write(path, new Uint8Array()),
    );
  }
  for await (const line of lines(streams)) {
    streams.stdout(`${line}\n`);
    for (const path of paths) about(path, () => files.append(path, Buffer.from(`${line}\n`)));
  }
});

/** Names what could not be done. */
function about(subject: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof FileError) throw new ProgramError(`${subject}: ${error.message}`);
    throw error;
  }
}
