// Bundles the four programs of Malla apart, so that each loads only what it uses. See docs/arquitectura.md, "Programas".
import { type BuildOptions, build, type Plugin } from 'esbuild';

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

const node: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  sourcemap: 'linked',
  sourcesContent: false,
  minifySyntax: true,
  logLevel: 'warning',
  plugins: [httpByRequire],
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

const programs: BuildOptions[] = [
  { ...node, entryPoints: { malla: 'src/cli/bin.ts' }, outdir: 'dist', outExtension: { '.js': '.mjs' } },
  simulatorProgram,
  { ...simulatorProgram, entryPoints: { machines: 'src/simulator/machines-bin.ts' } },
  {
    ...node,
    entryPoints: { extension: 'src/extension/extension.ts' },
    outdir: 'dist',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode'],
    banner: {},
  },
  {
    ...node,
    entryPoints: { language: 'src/extension/editor/language-worker.ts' },
    outdir: 'dist',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    minifyWhitespace: true,
    legalComments: 'external',
    banner: {},
  },
  {
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: { lab: 'src/webview/lab.ts', views: 'src/webview/views/main.ts' },
    outdir: 'dist/webview',
    minify: true,
    logLevel: 'warning',
  },
];

/** Writes dist/. Throws esbuild's own error, already printed, when a source does not compile. */
export async function buildAll(): Promise<void> {
  await Promise.all(programs.map((options) => build(options)));
}
