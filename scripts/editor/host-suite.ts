// Runs the tests that live in the real extension host: test/editor/suite, bundled, with a stand-in for `malla`.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import type { Editor } from './install.ts';
import { startEditorServer } from './server.ts';
import { speak } from './workbench.ts';

export interface Tally {
  passed: number;
  failed: number;
}

export interface HostSuiteOptions {
  root: string;
  editor: Editor;
  browser: Browser;
  /** File of test/editor/suite, without its ending. */
  suite: string;
  /** False: the workspace is opened and not trusted. */
  trusted: boolean;
  timeout?: number;
  /** Of the editor; Spanish if it is not said. */
  language?: string;
}

export interface Report extends Tally {
  lines: string[];
}

export interface HostSuite {
  /** File of test/editor/suite, without its ending. */
  name: string;
  trusted: boolean;
  /** Milliseconds for all of it. */
  timeout?: number;
}

/** Those that any VS Code can run. */
export const hostSuites: readonly HostSuite[] = [
  { name: 'trusted', trusted: true },
  { name: 'istio-help', trusted: true, timeout: 300_000 },
  { name: 'untrusted', trusted: false },
];

/** Path of the suite as one file, made anew. */
export async function bundleSuite(root: string, name: string): Promise<string> {
  const tests = join(root, 'out/editor', `${name}.cjs`);
  await build({
    entryPoints: [join(root, 'test/editor/suite', `${name}.ts`)],
    outfile: tests,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return tests;
}

/** What the suites read: the stand-in for `malla`, its folder, and where the report goes. */
export function suiteEnvironment(root: string, scratch: string) {
  return {
    MALLA_TEST_PROGRAM: join(root, 'test/editor/fixtures/malla-stand-in.mjs'),
    MALLA_TEST_SCRATCH: scratch,
    MALLA_TEST_REPORT: join(scratch, 'report.json'),
  };
}

export async function runHostSuite(options: HostSuiteOptions): Promise<Tally> {
  const { root, suite, trusted, timeout = 300_000 } = options;
  const out = join(root, 'out/editor');
  const tests = await bundleSuite(root, suite);
  const scratch = mkdtempSync(join(tmpdir(), 'malla-suite-'));
  const folder = join(scratch, 'alumno');
  const env = suiteEnvironment(root, scratch);
  mkdirSync(folder);
  const server = await startEditorServer({
    editor: options.editor,
    extension: root,
    as: 'developed',
    trustAll: trusted,
    // Without the question the folder stays as it is: not trusted.
    settings: { 'security.workspace.trust.startupPrompt': 'never' },
    env,
  });
  const page = await options.browser.newPage();
  try {
    await speak(page, options.language ?? 'es');
    await page.goto(server.address({ folder, tests }), { timeout: 120_000 });
    const result = await reported(env.MALLA_TEST_REPORT, timeout);
    if (!result) {
      await page.screenshot({ path: join(out, `${suite}-atascado.png`) });
      console.error(
        `La suite «${suite}» no ha terminado en ${timeout / 1000} s.\n${progressOf(env.MALLA_TEST_REPORT)}\n${server.output()}`,
      );
      return { passed: 0, failed: 1 };
    }
    for (const line of result.lines) console.log(line);
    return result;
  } finally {
    await page.close();
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function reported(file: string, timeout: number): Promise<Report | undefined> {
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Report;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return undefined;
}

/** The tests that have begun, one a line: the last is the one that is stuck. */
function progressOf(report: string): string {
  return existsSync(`${report}.progress`) ? readFileSync(`${report}.progress`, 'utf8') : '';
}
