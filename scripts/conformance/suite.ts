// Kubernetes' compiled end-to-end tests: which there are, and running some of them.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ConformanceResult } from '../../test/conformance/conformance.ts';

/** A test that waits for something that never comes waits for minutes; the longest that passes takes eleven. */
const LONGEST_MINUTES = 20;

/** The names of all conformance tests, as the program itself lists them. */
export async function listTests(program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(program, ['--list-conformance-tests'], { maxBuffer: 32 << 20 });
  const entries = stdout.matchAll(/^ {2}codename: (.*(?:\n {4,}.*)*)$/gm);
  return [...entries].map(([, text = '']) => unquoted(text)).sort();
}

function unquoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.startsWith("'")) return line.slice(1, -1).replaceAll("''", "'");
  return line.startsWith('"') ? (JSON.parse(line) as string) : line;
}

export interface TestRun {
  program: string;
  kubeconfig: string;
  tests: readonly string[];
  /** How many at the same time. */
  together: number;
  onResult(name: string, result: ConformanceResult): void;
}

/** The slow ones last, then those that must be alone, one after another. Never rejects for a test that fails. */
export async function runTests(run: TestRun): Promise<void> {
  const alone = run.tests.filter((name) => name.includes('[Serial]'));
  const isSlow = (name: string) => Number(name.includes('[Slow]'));
  const waiting = run.tests.filter((name) => !alone.includes(name)).sort((a, b) => isSlow(a) - isSlow(b));
  const work = async (queue: string[]) => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      run.onResult(name, await runTest(run, name));
    }
  };
  await Promise.all(Array.from({ length: run.together }, () => work(waiting)));
  await work(alone);
}

interface SpecReport {
  State: string;
  RunTime: number;
  Failure?: { Message?: string; ForwardedPanic?: string };
}

async function runTest({ program, kubeconfig }: TestRun, name: string): Promise<ConformanceResult> {
  const folder = mkdtempSync(join(tmpdir(), 'malla-conformidad-'));
  const report = join(folder, 'report.json');
  const argv = [
    `--kubeconfig=${kubeconfig}`,
    '--provider=skeleton',
    `--ginkgo.focus=^${escaped(name)}$`,
    `--ginkgo.json-report=${report}`,
    `--ginkgo.timeout=${LONGEST_MINUTES}m`,
    '--ginkgo.no-color',
  ];
  try {
    await finished(program, argv, folder);
    const suites = JSON.parse(readFileSync(report, 'utf8')) as { SpecReports?: SpecReport[] | null }[];
    const ran = suites.flatMap((suite) => suite.SpecReports ?? []).filter(({ State }) => State !== 'skipped');
    const bad = ran.find(({ State }) => State !== 'passed');
    const seconds = Math.round(ran.reduce((sum, { RunTime }) => sum + RunTime, 0) / 1e8) / 10;
    if (ran.length === 0) return { state: 'failed', why: 'no test of this name ran' };
    if (!bad) return { state: 'passed', seconds };
    const { Message = '', ForwardedPanic = '' } = bad.Failure ?? {};
    return { state: 'failed', why: `${bad.State}: ${Message}${ForwardedPanic}`.slice(0, 1_000), seconds };
  } catch (error) {
    return { state: 'failed', why: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The whole name; as Ginkgo joins it, the suite's own name stands before it. */
function escaped(name: string): string {
  return `.*${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
}

function finished(program: string, argv: string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { cwd, stdio: process.env.MALLA_VERBOSE ? 'inherit' : 'ignore' });
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}
