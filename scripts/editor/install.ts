// Installs what the editor tests need and the machine has not: Chromium and build libraries from Debian, and VS Code's
// own server, which the npm package code-server carries whole. Says what it does; does nothing the second time.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { editorCache } from './cache.ts';

interface Version {
  /** Of code-server: 4.139.1 carries VS Code 1.139.1. */
  codeServer: string;
  /** Of Node, when it is not this process's: the one that this VS Code comes with. */
  node?: string;
  /** Its scripts fetch a ripgrep that is not on npm: they do not run, and Debian's takes its place. */
  ripgrepApart?: true;
}

/** `oldest`: the first that `engines.vscode` of package.json promises. */
export const editorVersions = {
  current: { codeServer: '4.139.1' },
  oldest: { codeServer: '4.103.2', node: '22.17.0', ripgrepApart: true },
} as const satisfies Record<string, Version>;

/** Compiled with code-server's native modules. */
const libraries = ['libkrb5-dev', 'libsecret-1-dev', 'libx11-dev', 'libxkbfile-dev', 'build-essential', 'python3'];
const browsers = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

export interface Editor {
  /** VS Code's server. */
  server: string;
  /** The Node that it runs on. */
  node: string;
  /** The Chromium program. Empty when it was not asked for. */
  browser: string;
}

/** What stands in the way, for a person who can mend it. */
export class EditorMissing extends Error {}

/** Throws EditorMissing when something is missing that this user may not install. */
export function ensureEditor({
  browser: needsBrowser = true,
  version: name = 'current' as keyof typeof editorVersions,
} = {}): Editor {
  const version: Version = editorVersions[name];
  const folder = join(editorCache(), `code-server-${version.codeServer}`);
  const server = join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js');
  const node = version.node === undefined ? process.execPath : join(folder, 'node_modules/node/bin/node');
  const missing = [
    ...(!needsBrowser || findBrowser() ? [] : ['chromium']),
    ...(existsSync(server) ? [] : missingLibraries()),
  ];
  if (missing.length > 0) installPackages(missing);
  const browser = findBrowser() ?? '';
  if (!browser && needsBrowser)
    throw new EditorMissing('Falta Chromium: instálalo, o di dónde está con MALLA_CHROMIUM.');
  if (!existsSync(server)) installServer(folder, version, { server, node });
  return { server, node, browser };
}

function findBrowser(): string | undefined {
  const named = process.env.MALLA_CHROMIUM;
  if (named && !existsSync(named)) throw new EditorMissing(`MALLA_CHROMIUM dice ${named}, que no existe.`);
  if (named) return named;
  return browsers.map(onPath).find((path) => path !== undefined);
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function missingLibraries(): string[] {
  return libraries.filter((name) => {
    const { status, stdout } = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' });
    return status !== 0 || !stdout.includes('Status: install ok installed');
  });
}

function installPackages(names: readonly string[]): void {
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0)
    throw new EditorMissing(`Faltan paquetes para las pruebas en el editor. Instálalos con: sudo ${command}`);
  console.error(`Malla: instalo ${names.join(', ')} (apt-get); solo hace falta la primera vez…`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 2, 2] }).status === 0;
  // An old package list still serves when there is no way to a new one.
  apt('update');
  if (!apt('install', '-y', '--no-install-recommends', ...names))
    throw new EditorMissing(`apt-get no ha podido instalar los paquetes. Prueba con: ${command}`);
}

/** Made in a folder of its own, so that an interrupted installation is begun again. */
function installServer(folder: string, version: Version, { server, node }: Pick<Editor, 'server' | 'node'>): void {
  const { codeServer } = version;
  console.error(
    `Malla: instalo el servidor de VS Code (code-server ${codeServer}, 600 MB) en ${folder}; tarda unos minutos y solo hace falta la primera vez…`,
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const done =
    (version.node === undefined || npm(folder, process.execPath, ['install', `node@${version.node}`])) &&
    (version.ripgrepApart
      ? installWithoutScripts(folder, node, codeServer)
      : npm(folder, node, ['install', `code-server@${codeServer}`]));
  if (done && existsSync(server)) return;
  rmSync(folder, { recursive: true, force: true });
  throw new EditorMissing('npm no ha podido instalar code-server; arriba está el porqué.');
}

const native = ['node-pty', '@vscode/spdlog', 'native-watchdog', 'kerberos'];

/** What the scripts of code-server would do, but for fetching ripgrep. */
function installWithoutScripts(folder: string, node: string, codeServer: string): boolean {
  const code = join(folder, 'node_modules/code-server/lib/vscode');
  const inner = ['install', '--omit=dev', '--ignore-scripts'];
  const done =
    npm(folder, node, ['install', '--ignore-scripts', `code-server@${codeServer}`]) &&
    npm(code, node, inner) &&
    npm(join(code, 'extensions'), node, inner) &&
    npm(code, node, ['rebuild', ...native]);
  if (!done) return false;
  symlinkSync('node_modules', join(code, 'node_modules.asar'));
  if (!onPath('rg')) installPackages(['ripgrep']);
  const own = join(code, 'node_modules/@vscode/ripgrep/bin');
  mkdirSync(own, { recursive: true });
  symlinkSync(onPath('rg') ?? 'rg', join(own, 'rg'));
  return true;
}

/** The scripts of a package call `node` by name, and those of code-server need the version that it was made for. */
function npm(folder: string, node: string, words: readonly string[]): boolean {
  const own = process.env.npm_execpath;
  const [program, first] = own ? [node, [own]] : ['npm', []];
  const path = `${dirname(node)}${delimiter}${process.env.PATH}`;
  // A script that runs a program of another package has nobody to ask.
  const env = { ...process.env, PATH: path, npm_config_yes: 'true' };
  const args = [...first, ...words, '--no-audit', '--no-fund', '--loglevel=error'];
  return spawnSync(program, args, { cwd: folder, stdio: ['ignore', 2, 2], env }).status === 0;
}
