// `npm run test:electron`: the suites of test/editor in the desktop VS Code, downloaded by @vscode/test-electron or the one
// that MALLA_VSCODE names. Says with a code why it cannot be, where it cannot.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import { editorCache } from './editor/cache.ts';
import { bundleSuite, hostSuites, type Report, suiteEnvironment } from './editor/host-suite.ts';

/** Something of the machine is in the way: sysexits.h, EX_UNAVAILABLE. */
const unavailable = 69;

interface Trouble {
  code: 'MALLA-SIS-90' | 'MALLA-SIS-91';
  happened: string;
  todo: string;
}

export interface ElectronOptions {
  /** «stable», «1.101.0»… */
  version: string;
  env: Record<string, string | undefined>;
  /** Downloads this version and resolves with the path of its program. */
  download(version: string): Promise<string>;
}

/** The program to test with, or why there is none. */
export async function findDesktopEditor(options: ElectronOptions): Promise<string | Trouble> {
  const { version, env, download } = options;
  const todo = 'Di con MALLA_VSCODE dónde está el programa de uno ya instalado, o usa «npm run editor».';
  if (env.MALLA_VSCODE !== undefined)
    return existsSync(env.MALLA_VSCODE)
      ? env.MALLA_VSCODE
      : { code: 'MALLA-SIS-90', happened: `MALLA_VSCODE dice ${env.MALLA_VSCODE}, que no existe`, todo };
  try {
    return await download(version);
  } catch (error) {
    return { code: 'MALLA-SIS-90', happened: `VS Code ${version} no se descarga: ${reasonOf(error)}`, todo };
  }
}

/** How to give the editor a screen: the words before the program, or why there is none. */
export function findScreen(
  platform: NodeJS.Platform,
  env: Record<string, string | undefined>,
): readonly string[] | Trouble {
  if (platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY) return [];
  const folders = (env.PATH ?? '').split(delimiter);
  const xvfb = folders.map((folder) => join(folder, 'xvfb-run')).find((path) => existsSync(path));
  if (xvfb) return [xvfb, '-a'];
  const todo = 'Hazlo en un escritorio, o instala xvfb; «npm run editor» prueba lo mismo sin ninguno.';
  return { code: 'MALLA-SIS-91', happened: 'no hay ninguna pantalla (DISPLAY) ni xvfb-run', todo };
}

/** Network errors hide their reason inside. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  const text = error.message || (inner === undefined ? error.name : reasonOf(inner));
  return text.split('\n')[0] ?? text;
}

async function runSuite(root: string, program: string, suite: (typeof hostSuites)[number]): Promise<Report> {
  const scratch = mkdtempSync(join(tmpdir(), 'malla-electron-'));
  const folder = join(scratch, 'alumno');
  const settings = join(scratch, 'user/User/settings.json');
  mkdirSync(folder);
  mkdirSync(join(settings, '..'), { recursive: true });
  writeFileSync(settings, JSON.stringify({ 'security.workspace.trust.startupPrompt': 'never' }));
  const env = suiteEnvironment(root, scratch);
  try {
    await runTests({
      vscodeExecutablePath: program,
      extensionDevelopmentPath: root,
      extensionTestsPath: await bundleSuite(root, suite.name),
      launchArgs: [
        folder,
        '--locale=es',
        `--user-data-dir=${join(scratch, 'user')}`,
        `--extensions-dir=${join(scratch, 'extensions')}`,
        ...(suite.trusted ? ['--disable-workspace-trust'] : []),
      ],
      extensionTestsEnv: env,
    }).catch(() => undefined);
    return existsSync(env.MALLA_TEST_REPORT)
      ? (JSON.parse(readFileSync(env.MALLA_TEST_REPORT, 'utf8')) as Report)
      : { passed: 0, failed: 1, lines: [`  ✗ VS Code se ha cerrado sin terminar la suite «${suite.name}»`] };
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function main(root: string, version: string): Promise<number> {
  const program = await findDesktopEditor({
    version,
    env: process.env,
    download: (wanted) =>
      downloadAndUnzipVSCode({ version: wanted, cachePath: editorCache(), reporter: new SilentReporter() }),
  });
  if (typeof program !== 'string') return refuse(program);
  const screen = findScreen(process.platform, process.env);
  if ('code' in screen) return refuse(screen);
  const [xvfb, ...options] = screen;
  if (xvfb) {
    // Again, with a screen: the editor inherits it.
    const args = [...options, process.execPath, ...process.argv.slice(1)];
    return spawnSync(xvfb, args, { stdio: 'inherit', env: { ...process.env, MALLA_VSCODE: program } }).status ?? 1;
  }
  let [passed, failed] = [0, 0];
  for (const suite of hostSuites) {
    console.log(`\nelectron: ${suite.name}`);
    const report = await runSuite(root, program, suite);
    for (const line of report.lines) console.log(line);
    passed += report.passed;
    failed += report.failed;
  }
  console.log(`electron: ${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function refuse({ code, happened, todo }: Trouble): number {
  console.error(`${code}: ${happened}.\n${todo}`);
  return unavailable;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = await main(resolve(import.meta.dirname, '..'), process.argv[2] ?? 'stable');
