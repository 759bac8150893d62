// The image that «malla calificar --en-cluster» runs.
//
//   node scripts/grading-image/build.ts [--etiqueta malla:local] [--base node:24-bookworm-slim] [--base-propia]
//
// `--base-propia` pulls nothing: the base is made from scratch with the Node that runs this and the libraries that it
// loads. dist/ must be built. Afterwards, the nodes of the cluster must have the image: `kind load docker-image`, or a
// registry of yours.
import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    etiqueta: { type: 'string', default: 'malla:local' },
    base: { type: 'string', default: 'node:24-bookworm-slim' },
    'base-propia': { type: 'boolean', default: false },
  },
});

const scratch = await mkdtemp(join(tmpdir(), 'malla-imagen-'));
try {
  const base = values['base-propia'] ? await ownBase('malla-node:24') : values.base;
  const context = await stage();
  const file = join(import.meta.dirname, 'Dockerfile');
  await docker('build', '--tag', values.etiqueta, '--build-arg', `BASE=${base}`, '--file', file, context);
  // It starts as it will: without a network, as nobody in particular.
  await docker('run', '--rm', '--network', 'none', '--read-only', values.etiqueta, 'calificar', '--help');
  process.stdout.write(`${values.etiqueta}, sobre ${base}\n`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** The programs of the terminal, the labs and their samples: what grading reads. */
async function stage(): Promise<string> {
  const context = join(scratch, 'contexto');
  await mkdir(join(context, 'dist'), { recursive: true });
  const built = (await readdir(join(root, 'dist'))).filter((name) => /\.(?:mjs|json|txt)$/.test(name));
  for (const name of built) await copyFile(join(root, 'dist', name), join(context, 'dist', name));
  for (const name of ['labs', 'samples']) await cp(join(root, name), join(context, name), { recursive: true });
  for (const name of ['package.json', 'LICENSE']) await copyFile(join(root, name), join(context, name));
  return context;
}

/** Node, what it loads, and folders to write in. Linux only: an image is of Linux. */
async function ownBase(tag: string): Promise<string> {
  const tree = join(scratch, 'base');
  for (const folder of ['usr/local/bin', 'tmp']) await mkdir(join(tree, folder), { recursive: true });
  await chmod(join(tree, 'tmp'), 0o1777);
  await copyFile(await realpath(process.execPath), join(tree, 'usr/local/bin/node'));
  const { stdout } = await run('ldd', [process.execPath]);
  const libraries = stdout.split('\n').flatMap((line) => /(?:=>\s*)?(\/\S+)\s+\(0x/.exec(line)?.[1] ?? []);
  for (const library of new Set(libraries)) {
    await mkdir(dirname(join(tree, library)), { recursive: true });
    await copyFile(await realpath(library), join(tree, library));
  }
  const pack = join(scratch, 'base.tar');
  await run('tar', ['--owner=0', '--group=0', '-C', tree, '-cf', pack, '.']);
  await docker('import', pack, tag);
  return tag;
}

async function docker(...args: string[]): Promise<{ stdout: string }> {
  return run('docker', args, { maxBuffer: 64_000_000 });
}
