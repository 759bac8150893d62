#!/usr/bin/env node
// Thin launcher: Malla needs node:sqlite (Node 22.13 or later). On an older Node it uses the one installed beside it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 13)) {
  await import('../dist/malla.mjs');
} else {
  const beside = path(`../node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`);
  if (!existsSync(beside)) {
    console.error(
      `MALLA-SIS-01: Malla necesita Node 22.13 o posterior y este es ${process.version}. Instala un Node más nuevo y repite la orden.`,
    );
    process.exit(69);
  }
  const child = spawnSync(
    beside,
    ['--disable-warning=ExperimentalWarning', path('../dist/malla.mjs'), ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  process.exit(child.status ?? 1);
}
