// A bundle with what V8 compiled of it in an earlier window: half of the time that waking up takes is compiling. Only of a
// package, and a part of the small entry. Does not know `vscode`.
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

export interface Compiled {
  exports: unknown;
  /** Keeps what is compiled by now, unless it was kept already. Never rejects: without it the next window compiles again. */
  keep(): Promise<void>;
}

/** Of the source, of which V8 looks at the length only, and of what is kept, which V8 believes. */
const HEADER = 8;

/** Like `require(path)`, with the `require` of who asks, who has to be in the same folder. `kept`: a file of the extension's own. */
export function requireCompiled(path: string, kept: string, require: NodeJS.Require): Compiled {
  const source = readFileSync(path, 'utf8');
  const cachedData = readKept(kept, source);
  const script = new Script(`(function (exports, require, module) {${source}\n})`, {
    filename: path,
    ...(cachedData && { cachedData }),
  });
  const run = script.runInThisContext() as (exports: unknown, require: NodeJS.Require, module: object) => void;
  const module = { id: path, filename: path, path: dirname(path), loaded: true, children: [], exports: {} };
  // As require() leaves it: who asks for it gets this one, and who looks at what is loaded sees it.
  require.cache[path] = module as unknown as NodeJS.Module;
  run(module.exports, require, module);
  const known = cachedData !== undefined && script.cachedDataRejected === false;
  return {
    exports: module.exports,
    async keep() {
      if (known) return;
      try {
        await mkdir(dirname(kept), { recursive: true });
        // In one go: two windows may do it at once.
        const aside = `${kept}.${process.pid}`;
        const data = script.createCachedData();
        await writeFile(aside, Buffer.concat([headerOf(source, data), data]));
        await rename(aside, kept);
      } catch {
        // A full disk, or a folder that cannot be written.
      }
    },
  };
}

function readKept(path: string, source: string): Buffer | undefined {
  try {
    const found = readFileSync(path);
    const data = found.subarray(HEADER);
    return found.subarray(0, HEADER).equals(headerOf(source, data)) ? data : undefined;
  } catch {
    return undefined;
  }
}

function headerOf(source: string, data: Buffer): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(crc32(source));
  header.writeUInt32BE(crc32(data), 4);
  return header;
}
