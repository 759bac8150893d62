// `npm test`: everything, one part after another, each run even if an earlier one failed; the last line is the tally.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from './build.ts';

interface Tally {
  passed: number;
  failed: number;
}

/** Returns the exit code: 0 when nothing failed. */
export async function testAll(root: string): Promise<number> {
  mkdirSync(join(root, 'out'), { recursive: true });
  const total: Tally = { passed: 0, failed: 0 };
  const add = (name: string, { passed, failed }: Tally): void => {
    total.passed += passed;
    total.failed += failed;
    console.log(`\n=== ${name}: ${passed} passed, ${failed} failed\n`);
  };

  add(
    'format and lint',
    await single(root, 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
  );
  add('types', await single(root, 'node_modules/typescript/bin/tsc', []));
  add('unit', await vitest(root, 'unit'));
  add('build', await built());
  // Both wait most of the time: for clusters, and for an editor.
  const editor = counted(root, 'editor', ['scripts/editor-tests.ts', '--tally', 'out/editor.json'], 'at the end');
  add('integration', await vitest(root, 'integration'));
  add('editor', await editor);

  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

async function built(): Promise<Tally> {
  try {
    await buildAll();
    return { passed: 1, failed: 0 };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

async function single(root: string, program: string, args: string[]): Promise<Tally> {
  return (await node(root, [program, ...args])) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function vitest(root: string, project: string): Promise<Tally> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=out/${project}.json`];
  return counted(root, project, ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...reporters]);
}

/** Runs a test program that leaves its counts in out/<name>.json; a program that leaves none has failed whole. */
async function counted(root: string, name: string, args: string[], shown?: 'at the end'): Promise<Tally> {
  const file = join(root, 'out', `${name}.json`);
  rmSync(file, { force: true });
  const status = await node(root, args, shown);
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    const failed = numFailedTests ?? 1;
    // A suite that dies before its tests leaves no failed test, only its exit code.
    return { passed: numPassedTests ?? 0, failed: failed === 0 && status !== 0 ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** Its exit code. What it prints is seen as it comes, or at the end, not to mix with another program's. */
function node(root: string, args: string[], shown?: 'at the end'): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: root,
      stdio: ['ignore', shown ? 'pipe' : 'inherit', shown ? 'pipe' : 'inherit'],
    });
    const printed: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => printed.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(printed));
      resolve(code ?? 1);
    });
  });
}
