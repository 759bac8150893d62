// `npm run vscode`: VS Code with the extension of this repository. The desktop one if there is; else the one of the
// editor tests, in the browser.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Editor, EditorMissing, ensureEditor } from './editor/install.ts';
import { startEditorServer } from './editor/server.ts';

/** Resolves with the exit code when the editor is left. `folder` is what it opens. */
export async function openVsCode(root: string, folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const code = process.platform === 'win32' ? 'code.cmd' : 'code';
  const desktop = spawnSync(code, [`--extensionDevelopmentPath=${root}`, folder], { stdio: 'inherit' });
  if (desktop.status === 0) return 0;
  console.error('No hay un VS Code de escritorio (orden «code»): uso el del navegador.');
  let own: Editor;
  try {
    own = ensureEditor({ browser: false });
  } catch (error) {
    if (!(error instanceof EditorMissing)) throw error;
    console.error(error.message);
    return 1;
  }
  const editor = await startEditorServer({ editor: own, extension: root, as: 'installed', trustAll: true });
  console.log(`VS Code con Malla:\n\n  ${editor.address({ folder })}\n\nCtrl-C lo cierra.`);
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  await editor.stop();
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(homedir(), 'malla'));
  process.exitCode = await openVsCode(resolve(import.meta.dirname, '..'), folder);
}
