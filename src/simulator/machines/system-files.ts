// Files that are the kernel's: what is read and written under /proc is the machine's state.
import { FileError, type Files, type FileTree } from '../exec/files.ts';
import { KERNEL } from './debian.ts';
import type { MachineState } from './machine-state.ts';

const MEMORY = 8_131_388;

export function withSystemFiles(tree: FileTree, state: MachineState, changed: () => void): Files {
  const own = (path: string): string | undefined => {
    if (path === '/proc/swaps') return swaps(state);
    if (path === '/proc/version') return `Linux version ${KERNEL} (debian-kernel@lists.debian.org)\n`;
    if (path === '/proc/modules') return state.modules.map((m) => `${m} 32768 0 - Live 0x0000000000000000\n`).join('');
    if (path === '/proc/meminfo')
      return `MemTotal:        ${MEMORY} kB\nSwapTotal:       ${state.swap ? SWAP : 0} kB\n`;
    const key = keyOf(path);
    const value = key === undefined ? undefined : state.sysctl[key];
    return value === undefined ? undefined : `${value}\n`;
  };
  const write = (path: string, action: () => void, content: Uint8Array): void => {
    const key = keyOf(path);
    if (key === undefined || state.sysctl[key] === undefined) {
      if (path.startsWith('/proc/')) throw new FileError('Permission denied');
      action();
    } else state.sysctl[key] = Buffer.from(content).toString('utf8').trim().slice(0, 100);
    changed();
  };
  return {
    read: (path) => {
      const text = own(path);
      return text === undefined ? tree.read(path) : Buffer.from(text);
    },
    write: (path, content) => write(path, () => tree.write(path, content), content),
    append: (path, content) => write(path, () => tree.append(path, content), content),
    kind: (path) => (own(path) === undefined ? tree.kind(path) : 'file'),
    list: (path) => tree.list(path),
    makeFolder(path) {
      tree.makeFolder(path);
      changed();
    },
    remove(path) {
      tree.remove(path);
      changed();
    },
  };
}

const SWAP = 998_396;

export function swaps({ swap }: MachineState): string {
  const head = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
  return swap ? `${head}/dev/sda5                               partition\t${SWAP}\t\t0\t\t-2\n` : head;
}

function keyOf(path: string): string | undefined {
  return path.startsWith('/proc/sys/') ? path.slice('/proc/sys/'.length).replaceAll('/', '.') : undefined;
}
