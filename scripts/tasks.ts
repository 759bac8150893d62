// The project's tasks, run on Node 24 by run.mjs: `npm start`, `npm test` and their parts.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.ts';
import { testAll } from './test-all.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [task = '', ...rest] = process.argv.slice(2);

const tasks: Record<string, () => Promise<void>> = {
  build: () => buildAll(),
  async start() {
    await buildAll();
    run('dist/malla.mjs', rest);
  },
  async check() {
    run('node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
    run('node_modules/typescript/bin/tsc', []);
  },
  unit: async () => run('node_modules/vitest/vitest.mjs', ['run', '--project', 'unit', ...rest]),
  async integration() {
    await buildAll();
    run('node_modules/vitest/vitest.mjs', ['run', '--project', 'integration', ...rest]);
  },
  async 'test:real'() {
    await buildAll();
    run('node_modules/vitest/vitest.mjs', ['run', '--project', 'real', ...rest]);
  },
  async 'test:electron'() {
    await buildAll();
    run('scripts/electron-tests.ts', rest);
  },
  async editor() {
    await buildAll();
    run('scripts/editor-tests.ts', rest);
  },
  async test() {
    process.exitCode = await testAll(root);
  },
  async vscode() {
    await buildAll();
    run('scripts/vscode.ts', rest);
  },
  async pictures() {
    await buildAll();
    run('scripts/pictures.ts', rest);
  },
  package: async () => run('scripts/package/package.ts', rest),
  async fidelity() {
    await buildAll();
    run('scripts/fidelity.ts', rest);
  },
  async bench() {
    await buildAll();
    run('scripts/bench/bench.ts', rest);
  },
};

const chosen = tasks[task];
if (!chosen) {
  console.error(`Tarea desconocida: ${task}. Hay: ${Object.keys(tasks).join(', ')}.`);
  process.exit(64);
}
await chosen();

/** Runs a Node program and ends this process with its exit code when it fails. */
function run(program: string, args: string[]): void {
  const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}
