// The witness of test/editor/fixtures: an extension that sits beside Malla's and tells what it sees in the extension host.
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentTypes, vsixManifest } from '../package/vsix-manifest.ts';
import { zip } from '../package/zip.ts';

export interface Testimony {
  pid: number;
  /** Whether Malla's extension has been activated. */
  active: boolean;
  /** Files of Malla's that the host has loaded. */
  modules: string[];
  /** What the extension timed of itself: «malla/load», «malla/begin». */
  measures: { name: string; duration: number }[];
  /** Milliseconds of CPU since the last `forget`. */
  longestPause: number;
  /** Of the host's thread: microseconds. */
  cpu: { user: number; system: number };
  at: number;
}

export interface Witness {
  /** Put it in the editor's environment. */
  env: { MALLA_WITNESS: string };
  /** Installs beside Malla. */
  vsix: string;
  /** The first testimony from now on for which `fact` holds; throws after a minute. */
  see(what: string, fact: (seen: Testimony) => boolean): Promise<Testimony>;
  /** Has the host run a command. */
  order(command: string, ...args: unknown[]): void;
  /** The text of the open document of a scheme. */
  textOf(scheme: string): Promise<string>;
}

/** Writes the witness's package in `scratch`, where it also reports. */
export function createWitness(root: string, scratch: string): Witness {
  const file = join(scratch, 'witness.json');
  const vsix = join(scratch, 'witness.vsix');
  writeFileSync(vsix, witnessPackage(join(root, 'test/editor/fixtures/witness')));
  const order = (command: string, ...args: unknown[]): void =>
    appendFileSync(`${file}.orders`, `${JSON.stringify([command, ...args])}\n`);
  return {
    env: { MALLA_WITNESS: file },
    vsix,
    order,
    async see(what, fact) {
      const since = Date.now();
      return inAMinute(what, () => {
        const seen = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Testimony) : undefined;
        return seen && seen.at >= since && fact(seen) ? seen : undefined;
      });
    },
    async textOf(scheme) {
      rmSync(`${file}.text`, { force: true });
      return inAMinute(`a document of ${scheme}`, () => {
        if (!existsSync(`${file}.text`)) return void order('witness.text', scheme);
        const text = JSON.parse(readFileSync(`${file}.text`, 'utf8')) as string | null;
        if (!text) rmSync(`${file}.text`);
        return text ?? undefined;
      });
    },
  };
}

async function inAMinute<T>(what: string, look: () => T | undefined): Promise<T> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The witness has not seen it in a minute: ${what}.`);
}

function witnessPackage(folder: string): Buffer {
  const files = readdirSync(folder).map((name) => ({
    path: `extension/${name}`,
    data: readFileSync(join(folder, name)),
  }));
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const { name = '', publisher = '', version = '', displayName = '' } = manifest;
  const facts = { name, publisher, version, displayName, description: '', engine: '^1.100.0' };
  const said = vsixManifest({ ...facts, categories: [], keywords: [], extensionKind: ['workspace'] });
  const all = [...files, { path: 'extension.vsixmanifest', data: Buffer.from(said) }];
  const types = contentTypes(all.map(({ path }) => path));
  return zip([...all, { path: '[Content_Types].xml', data: Buffer.from(types) }]);
}
