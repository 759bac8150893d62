// `npm test`: everything, one part after another, each run even if an earlier one failed; the last line is the tally.
import { spawnSync } from 'node:child_process';
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

  add('format and lint', single(root, 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']));
  add('types', single(root, 'node_modules/typescript/bin/tsc', []));
  add(
    'unit',
    counted(root, 'unit', ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...reporters('unit')]),
  );
  add('build', await built());
  add(
    'integration',
    counted(root, 'integration', [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      'integration',
      ...reporters('integration'),
    ]),
  );
  add('editor', counted(root, 'editor', ['scripts/editor-tests.ts', '--tally', 'out/editor.json']));

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

function single(root: string, program: string, args: string[]): Tally {
  return node(root, [program, ...args]) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Runs a test program that leaves its counts in out/<name>.json; a program that leaves none has failed whole. */
function counted(root: string, name: string, args: string[]): Tally {
  const file = join(root, 'out', `${name}.json`);
  rmSync(file, { force: true });
  const status = node(root, args);
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    const failed = numFailedTests ?? 1;
    // A suite that dies before its tests leaves no failed test, only its exit code.
    return { passed: numPassedTests ?? 0, failed: failed === 0 && status !== 0 ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function reporters(name: string): string[] {
  return ['--reporter=default', '--reporter=json', `--outputFile.json=out/${name}.json`];
}

function node(root: string, args: string[]): number {
  const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return result.status ?? 1;
}
