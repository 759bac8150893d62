// Bundles the programs of Malla apart, so that each loads only what it uses. See docs/arquitectura.md, "Programas".
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { kubernetesDescriptions } from './build/kubernetes-descriptions.ts';

/**
 * An ES module that imports node:http reads each of its exports, and three of them (WebSocket and its events) load the whole of
 * undici: 15 MB that stay. require() reads only what is used.
 */
const httpByRequire: Plugin = {
  name: 'http-by-require',
  setup({ onResolve, onLoad }) {
    const namespace = 'http-by-require';
    onResolve({ filter: /^node:http$/ }, ({ path, namespace: from }) =>
      from === namespace ? { path, external: true } : { path, namespace },
    );
    onLoad({ filter: /./, namespace }, ({ path }) => ({ contents: `module.exports = require('${path}');` }));
  },
};

/** zod carries its messages in fifty languages, 250 KB in each program; Malla writes its own. */
const zodInEnglish: Plugin = {
  name: 'zod-in-english',
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: dirname(path),
    }));
  },
};

const node: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  sourcemap: 'linked',
  sourcesContent: false,
  minifySyntax: true,
  logLevel: 'warning',
  plugins: [httpByRequire, zodInEnglish, kubernetesDescriptions],
  // Bundled CommonJS packages call require(), which does not exist in an ES module.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
};

/** The embedded cluster's: long-lived, so small. */
export const simulatorProgram: BuildOptions = {
  ...node,
  entryPoints: { simulator: 'src/simulator/bin.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  // Node keeps a program's text in memory.
  minifyWhitespace: true,
  legalComments: 'external',
};

/** What runs in a terminal, or beside it: one bundle each. */
export const terminalPrograms: BuildOptions[] = [
  { ...node, entryPoints: { malla: 'src/cli/bin.ts' }, outdir: 'dist', outExtension: { '.js': '.mjs' } },
  simulatorProgram,
  { ...simulatorProgram, entryPoints: { machines: 'src/simulator/machines-bin.ts' } },
  { ...simulatorProgram, entryPoints: { replay: 'src/grading/replay/worker-bin.ts' } },
];

/**
 * Each `import * as vscode` would ask the editor for its API once more, and copy all of its names: half of the time that the
 * extension takes to load. It is asked once for all.
 */
const vscodeOnce: Plugin = {
  name: 'vscode-once',
  setup({ onResolve, onLoad }) {
    const namespace = 'vscode-once';
    onResolve({ filter: /^vscode-once$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /./, namespace }, () => ({ contents: "export default require('vscode');" }));
    onLoad({ filter: /[\\/]src[\\/]extension[\\/].*\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: (await readFile(path, 'utf8')).replace(
        "import * as vscode from 'vscode';",
        "import vscode from 'vscode-once';",
      ),
    }));
  },
};

/** Bundles of their own: who imports one from another bundle loads it when it gets there. */
const apart: Plugin = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/(?:drawing|help-for-authors)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.cjs`, external: true } : undefined,
    );
  },
};

const inEditor: BuildOptions = {
  ...node,
  outdir: 'dist',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
  // The editor reads them while a person waits.
  minify: true,
  // require() in its place: in an older VS Code an extension that imports ends the extension host.
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  banner: {},
};

/** What runs in VS Code: the entry, what it loads and what that loads, and its workers. */
export const editorPrograms: BuildOptions[] = [
  {
    ...inEditor,
    entryPoints: {
      extension: 'src/extension/entry.ts',
      main: 'src/extension/extension.ts',
      drawing: 'src/extension/drawing.ts',
      'help-for-authors': 'src/extension/help-for-authors.ts',
    },
    plugins: [...(inEditor.plugins ?? []), apart, vscodeOnce],
  },
  { ...inEditor, entryPoints: { language: 'src/extension/editor/language-worker.ts' } },
  { ...inEditor, entryPoints: { course: 'src/extension/cluster/course-worker.ts' } },
];

/** What runs in the panels. */
export const panelPrograms: BuildOptions[] = [
  {
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: {
      lab: 'src/webview/lab.ts',
      views: 'src/webview/views/main.ts',
      grading: 'src/webview/grading/main.ts',
    },
    plugins: [zodInEnglish],
    outdir: 'dist/webview',
    minify: true,
    logLevel: 'warning',
  },
];

/** Writes dist/. Throws esbuild's own error, already printed, when a source does not compile. */
export async function buildAll(): Promise<void> {
  const programs = [...terminalPrograms, ...editorPrograms, ...panelPrograms];
  await Promise.all(programs.map((options) => build(options)));
}
