// Files in and out of a pod that has Node and nothing else: by exec, in pieces that an exec can carry.
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { KubeClient } from '../../cluster/contract.ts';
import type { ExecTarget } from '../../cluster/exec.ts';

export interface CarriedFile {
  /** From the folder, with `/`. */
  path: string;
  content: Buffer;
}

export interface Carrier {
  /** Adds the files to a folder of the pod, and makes it. Rejects with ClusterError. */
  put(folder: string, files: readonly CarriedFile[]): Promise<void>;
  /** Every file of a folder of the pod; none when it is not there. Rejects with ClusterError and Error when what comes is not whole. */
  take(folder: string): Promise<CarriedFile[]>;
}

/** A word of a command, and the address that asks for it, may not be longer. Letters of base64. */
const piece = 90_000;
/** Of what one exec may write. Bytes before they are packed. */
const batch = 4_000_000;
const timeout = 120_000;

/**
 * Programs for the pod's Node; what they work on are words of their own, never part of the text. Files go in by pieces at
 * the end of a file beside, and then each to its place at once.
 */
const append = `require('fs').appendFileSync(process.argv[1], Buffer.from(process.argv[2], 'base64url'))`;
const begin = `const fs = require('fs'); fs.mkdirSync(process.argv[1], { recursive: true }); fs.rmSync(process.argv[2], { force: true })`;
const unpack = `const fs = require('fs'), path = require('path');
const [, folder, pack] = process.argv;
const files = JSON.parse(require('zlib').gunzipSync(fs.readFileSync(pack)));
for (const { path: name, content } of files) {
  const to = path.join(folder, name);
  if (!to.startsWith(folder + '/')) throw new Error(name);
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.writeFileSync(to, Buffer.from(content, 'base64'));
}
fs.rmSync(pack);`;
const list = `const fs = require('fs'), path = require('path');
const [, folder] = process.argv;
const found = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
process.stdout.write(JSON.stringify(found.filter((e) => e.isFile()).map((e) => {
  const own = path.join(e.parentPath, e.name);
  return { path: path.relative(folder, own).split(path.sep).join('/'), size: fs.statSync(own).size };
})));`;
const pack = `const fs = require('fs'), path = require('path');
const [, folder, ...names] = process.argv;
const files = names.map((name) => ({ path: name, content: fs.readFileSync(path.join(folder, name), 'base64') }));
process.stdout.write(require('zlib').gzipSync(JSON.stringify(files)).toString('base64'));`;

const listed = z.array(z.strictObject({ path: z.string(), size: z.number() }));
const packed = z.array(z.strictObject({ path: z.string(), content: z.base64() }));

export function createCarrier(client: Pick<KubeClient, 'exec'>, target: ExecTarget, node: string): Carrier {
  const run = async (script: string, ...words: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await client.exec({
      ...target,
      command: [node, '-e', script, ...words],
      timeout,
    });
    if (exitCode !== 0) throw new Error(stderr.slice(0, 500));
    return stdout;
  };
  return {
    async put(folder, files) {
      const beside = `${folder}.paquete`;
      for (const some of batches(files, (f) => f.content.length)) {
        const plain = some.map(({ path, content }) => ({ path, content: content.toString('base64') }));
        const text = gzipSync(JSON.stringify(plain)).toString('base64url');
        await run(begin, folder, beside);
        // A multiple of four letters is whole bytes.
        for (let at = 0; at < text.length; at += piece) await run(append, beside, text.slice(at, at + piece));
        await run(unpack, folder, beside);
      }
    },
    async take(folder) {
      const there = listed.parse(JSON.parse(await run(list, folder)));
      const files: CarriedFile[] = [];
      for (const some of batches(there, (f) => f.size)) {
        const text = await run(pack, folder, ...some.map((f) => f.path));
        const own = packed.parse(JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString('utf8')));
        files.push(...own.map(({ path, content }) => ({ path, content: Buffer.from(content, 'base64') })));
      }
      return files;
    },
  };
}

const mostAtOnce = 200;

function batches<T>(items: readonly T[], sizeOf: (item: T) => number): T[][] {
  const all: T[][] = [];
  let size = 0;
  for (const item of items) {
    const last = all.at(-1);
    if (!last || last.length >= mostAtOnce || size + sizeOf(item) > batch) {
      all.push([item]);
      size = sizeOf(item);
    } else {
      last.push(item);
      size += sizeOf(item);
    }
  }
  return all;
}
