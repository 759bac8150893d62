// Where the student's files go: the open folder, or a temporary one with the student's consent.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createEmitter, type Emitter } from '../emitter.ts';
import { t } from '../l10n.ts';

export interface WorkFolder {
  readonly now: { kind: 'abierta' | 'temporal' | 'ninguna'; path: string };
  readonly onChange: Emitter<void>['listen'];
  /** The folder under which each lab has its own; asks when there is none. Undefined when the student gives none. */
  need(): Promise<string | undefined>;
}

export function createWorkFolder(): WorkFolder & vscode.Disposable {
  const changes = createEmitter<void>();
  let temporary: string | undefined;
  const listening = vscode.workspace.onDidChangeWorkspaceFolders(() => changes.fire());

  const current = (): WorkFolder['now'] => {
    const open = vscode.workspace.workspaceFolders?.find((f) => f.uri.scheme === 'file');
    if (open) return { kind: 'abierta', path: open.uri.fsPath };
    return temporary ? { kind: 'temporal', path: temporary } : { kind: 'ninguna', path: '' };
  };
  return {
    get now() {
      return current();
    },
    onChange: changes.listen,
    async need() {
      const { kind, path } = current();
      if (kind !== 'ninguna') return path;
      const open = t('Abrir una carpeta…');
      const temporal = t('Usar una temporal');
      const chosen = await vscode.window.showInformationMessage(
        t('No hay ninguna carpeta abierta y los laboratorios crean ficheros.'),
        {
          modal: true,
          detail: t(
            'Con una carpeta abierta encontrarás tus ficheros otro día. Una carpeta temporal sirve para probar: el sistema puede borrarla.',
          ),
        },
        open,
        temporal,
      );
      if (chosen === open) await openFolder();
      if (chosen !== temporal) return undefined;
      temporary = await mkdtemp(join(tmpdir(), 'malla-'));
      changes.fire();
      return temporary;
    },
    dispose: () => listening.dispose(),
  };
}

/** The window reloads with the chosen folder; lab panels come back by themselves. */
export async function openFolder(): Promise<void> {
  await vscode.commands.executeCommand('vscode.openFolder');
}
