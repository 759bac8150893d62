// Entry of every `npm run`. It must work on Node 20 with nothing installed: it installs what is missing, says so, and
// hands over to the Node 24 of devDependencies, where the scripts can be TypeScript.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node24 = `${root}node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`;
const stamp = `${root}node_modules/.malla-lock`;

install();
const task = spawnSync(
  node24,
  ['--disable-warning=ExperimentalWarning', `${root}scripts/tasks.ts`, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${root}node_modules/node/bin${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
    },
  },
);
process.exit(task.status ?? 1);

/** Runs `npm ci` when node_modules does not match package-lock.json; does nothing otherwise. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  if (existsSync(node24) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Malla: instalo las dependencias del proyecto (npm ci); solo hace falta la primera vez…');
  const npm = process.env.npm_execpath;
  const [program, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(program, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (result.status !== 0 || !existsSync(node24)) {
    console.error('Malla: npm ci no terminó bien. Comprueba la conexión con el registro de npm y repite la orden.');
    process.exit(result.status || 1);
  }
  writeFileSync(stamp, lock);
}
