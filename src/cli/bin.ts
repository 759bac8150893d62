// The `malla` program: everything is in malla.ts, which does not know of `process`.
import { malla } from './malla.ts';
import { findPackageRoot } from './package-root.ts';

const interrupt = new AbortController();
let held = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (held && signal === 'SIGINT') return;
    // A second Ctrl-C ends at once: the first one is still cleaning up.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
}
// A reader that goes away (`malla labs | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await malla(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  nodePath: process.execPath,
  root: findPackageRoot(import.meta.dirname),
  signal: interrupt.signal,
  holdInterrupts(hold) {
    held = hold;
  },
});
