// Ends a program with its children, and sees to it that none outlives Malla.
//
// On POSIX each program leads a process group. A small shell outside of Malla holds the other end of a pipe: when Malla
// ends, even by SIGKILL, the pipe closes and the shell ends the groups that were still running.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** Constant: what varies comes in by the pipe, as numbers. */
const guardian = `
trap '' HUP INT QUIT TERM
groups=
while read -r verb group; do
  kept=
  for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done
  groups=$kept
  [ "$verb" = add ] && groups="$groups $group"
done
[ -n "$groups" ] || exit 0
for each in $groups; do kill -s TERM -- "-$each" 2>/dev/null; done
sleep 3
for each in $groups; do kill -s KILL -- "-$each" 2>/dev/null; done
`;

const running = new Set<number>();
let guard: ChildProcess | undefined;

/** Until the returned function is called, the group that `pid` leads ends when this process does, however it ends. */
export function watchOver(pid: number | undefined): () => void {
  if (pid === undefined) return () => {};
  if (running.size === 0) process.once('exit', endAll);
  running.add(pid);
  tellGuard(`add ${pid}\n`);
  return () => {
    running.delete(pid);
    if (running.size === 0) process.off('exit', endAll);
    tellGuard(`drop ${pid}\n`);
  };
}

/** The program and, where the system knows groups, all that it started. Nothing happens when they are gone. */
export function killTree({ pid }: { pid?: number | undefined }, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    // Windows has no signals to ask with.
    spawnSync('taskkill.exe', ['/pid', String(pid), '/t', '/f'], {
      stdio: 'ignore',
      windowsHide: true,
      timeout: 5_000,
    });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended first.
  }
}

function endAll(): void {
  for (const pid of running) killTree({ pid }, 'SIGTERM');
}

function tellGuard(order: string): void {
  if (process.platform === 'win32') return;
  if (!guard?.stdin?.writable) guard = startGuard();
  guard.stdin?.write(order);
}

function startGuard(): ChildProcess {
  // Detached: Ctrl-C in the terminal is not for it.
  const child = spawn('/bin/sh', ['-c', guardian], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without it, programs still end with an orderly end of Malla.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}
