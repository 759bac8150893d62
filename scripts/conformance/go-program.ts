// Programs that are built from a Go module, once, into ~/.cache/malla-go. For who has Go; nothing is installed.
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GoProgram {
  /** Of the file that comes out. */
  name: string;
  module: string;
  version: string;
  /** Of the module, or a file of our own that uses it. */
  main: { package: string } | { file: string };
  /** Modules that the module has in its own tree, which others get at this version: Kubernetes' staging. */
  staged?: string;
  ldflags?: string;
}

/** The path of the program, built when it is not there yet, which may take half an hour. Rejects when there is no Go. */
export async function goProgram(program: GoProgram): Promise<string> {
  const folder = join(
    process.env.MALLA_GO_CACHE ?? join(homedir(), '.cache/malla-go'),
    `${program.name}-${program.version}`,
  );
  const target = join(folder, program.name);
  if (existsSync(target)) return target;
  await go(['version'], '.').catch(() => {
    throw new Error(`${program.name} is built from its Go module, and there is no Go here.`);
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'go.mod'), await moduleFile(program));
  if ('file' in program.main) copyFileSync(program.main.file, join(folder, 'main.go'));
  const flags = ['-trimpath', '-ldflags', `-s -w ${program.ldflags ?? ''}`];
  await go(['build', ...flags, '-o', `${target}.new`, 'file' in program.main ? '.' : program.main.package], folder);
  renameSync(`${target}.new`, target);
  return target;
}

async function moduleFile({ name, module, version, staged }: GoProgram): Promise<string> {
  const lines = [`module malla/${name}`, '', 'go 1.24.0', '', `require ${module} ${version}`];
  if (staged) {
    const { stdout } = await go(['mod', 'download', '-json', `${module}@${version}`], '.');
    const { Dir: source } = JSON.parse(stdout) as { Dir: string };
    const own = readFileSync(join(source, 'go.mod'), 'utf8').matchAll(/^\s+(\S+) => \.\/staging/gm);
    lines.push('', 'replace (', ...[...own].map(([, path]) => `\t${path} => ${path} ${staged}`), ')');
  }
  return `${lines.join('\n')}\n`;
}

/** At low priority: others work on the machine too. */
function go(argv: string[], cwd: string): Promise<{ stdout: string }> {
  const env = { ...process.env, GOFLAGS: '-mod=mod -buildvcs=false', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' };
  return run('nice', ['-n', '10', 'go', ...argv], { cwd, env, maxBuffer: 64 << 20 });
}
