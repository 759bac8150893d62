// VS Code's own server, started for one use: loopback only, with folders of its own that go away with it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePackage } from '../package/package.ts';
import type { Editor } from './install.ts';

export interface EditorServerOptions {
  /** server-main.js, and the Node that it runs on. */
  editor: Pick<Editor, 'server' | 'node'>;
  /** Environment for the extension host, beside this process's own. */
  env?: Record<string, string | undefined>;
  /** False: folders ask for trust, as they do for a person. */
  trustAll: boolean;
  /** The folder of the extension. */
  extension: string;
  /**
   * - `installed`: as a person has it: from its package, in production mode.
   * - `developed`: under development, with the test driver, which lets tests run in the extension host and hides toasts.
   */
  as: 'installed' | 'developed';
  /** Packages of extensions to install beside it. */
  beside?: readonly string[];
  /** Settings of the machine. */
  settings?: Record<string, unknown>;
}

/** Nothing on the screen but what is looked at. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'workbench.colorTheme': 'Dark Modern',
  // In a browser files are saved by themselves, and a story could not tell what is saved from what is typed.
  'files.autoSave': 'off',
};

export interface EditorServer {
  /** The address of the editor with a folder open, or none. `tests`: what to run in the extension host. */
  address(view: { folder?: string; tests?: string }): string;
  /** What it has printed. */
  output(): string;
  stop(): Promise<void>;
}

export async function startEditorServer(options: EditorServerOptions): Promise<EditorServer> {
  const data = mkdtempSync(join(tmpdir(), 'malla-editor-'));
  mkdirSync(join(data, 'data/Machine'), { recursive: true });
  writeFileSync(join(data, 'data/Machine/settings.json'), JSON.stringify(options.settings ?? {}));
  const packages = options.as === 'installed' ? [await packageOf(options.extension)] : [];
  for (const vsix of [...packages, ...(options.beside ?? [])]) installPackage(options.editor, vsix, data);
  const port = await freePort();
  const child = spawn(
    options.editor.node,
    [
      options.editor.server,
      ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
      ...['--accept-server-license-terms', '--telemetry-level', 'off'],
      // Without the driver the payload of the address does not count.
      ...(options.as === 'developed' ? ['--enable-smoke-test-driver'] : []),
      ...['--server-data-dir', data, '--extensions-dir', join(data, 'extensions')],
      ...(options.trustAll ? ['--disable-workspace-trust'] : []),
    ],
    { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  const stop = async (): Promise<void> => {
    await ended(child);
    // The editor may still be writing its last log lines.
    rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    await answering(port, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address({ folder, tests }) {
      const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
      const payload = [
        ['extensionDevelopmentPath', remote(options.extension)],
        ...(tests ? [['extensionTestsPath', remote(tests)]] : []),
      ];
      const query = new URLSearchParams({
        ...(folder ? { folder } : { ew: 'true' }),
        ...(options.as === 'developed' ? { payload: JSON.stringify(payload) } : {}),
      });
      return `http://127.0.0.1:${port}/?${query}`;
    },
    output: () => output,
    stop,
  };
}

const packages = new Map<string, Promise<string>>();

/** Made once for all the editors of this process. */
function packageOf(root: string): Promise<string> {
  const made = packages.get(root) ?? writePackage(root);
  packages.set(root, made);
  return made;
}

/** As `code --install-extension` does, with no network. */
function installPackage({ server, node }: EditorServerOptions['editor'], vsix: string, data: string): void {
  const where = ['--server-data-dir', data, '--extensions-dir', join(data, 'extensions')];
  const args = [server, '--install-extension', vsix, ...where, '--accept-server-license-terms'];
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`VS Code no instala ${vsix}:\n${stdout}${stderr}`);
}

async function answering(port: number, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break;
    try {
      if ((await fetch(`http://127.0.0.1:${port}/version`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`El servidor de VS Code no arranca:\n${output()}`);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 5000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
