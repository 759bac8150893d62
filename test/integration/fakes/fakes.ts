// Fake programs on a PATH of their own, for what real ones do seldom: be old, hang, die, write nonsense.
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FakeRule {
  /** A regular expression on the arguments, joined by spaces. The first rule that fits answers. */
  args: string;
  stdout?: string;
  stderr?: string;
  exitCode?: number;
  /** Writes what no program writes. */
  garbage?: true;
  /** Never ends by itself. */
  hangs?: true;
  /** Is killed after it has written. */
  dies?: true;
  /** Leaves a file of that name in the folder of the fakes… */
  touch?: string;
  /** …or takes it away… */
  removes?: string;
  /** …which makes other rules hold, or not. */
  when?: string;
  unless?: string;
  /** Copied to the path after --kubeconfig. */
  kubeconfig?: string;
}

export interface Fakes {
  /** For PATH: nothing else is in it. */
  folder: string;
  /** What was called, in order: program and arguments. */
  calls(): Promise<string[]>;
}

export async function makeFakes(
  folder: string,
  programs: Readonly<Record<string, readonly FakeRule[]>>,
): Promise<Fakes> {
  await mkdir(folder, { recursive: true });
  const source = await readFile(join(import.meta.dirname, 'fake-program.mjs'), 'utf8');
  // Node reads a file without an ending as a module when a package.json beside it says so.
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const [name, rules] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!${process.execPath}\n${source}`);
    await chmod(join(folder, name), 0o755);
    await writeFile(join(folder, `${name}.json`), JSON.stringify(rules));
  }
  return {
    folder,
    async calls() {
      const log = join(folder, 'calls.log');
      return existsSync(log) ? (await readFile(log, 'utf8')).trimEnd().split('\n') : [];
    },
  };
}
