// The notices of notifications.ts as notifications of the editor, with what can be done about each.
import * as vscode from 'vscode';
import { commandId } from './commands/command-table.ts';
import { t } from './l10n.ts';
import type { Notice } from './notifications.ts';
import { setting } from './settings.ts';

export async function tellNotice(notice: Notice): Promise<void> {
  if (!setting('notifications')) return;
  if (notice.about === 'lost') {
    const start = t('Iniciar clúster');
    const text = t('El clúster ha dejado de contestar. Lo que has escrito sigue guardado.');
    if ((await vscode.window.showWarningMessage(text, start)) === start)
      await vscode.commands.executeCommand(commandId('startCluster'));
    return;
  }
  const text = t('Has terminado «{0}».', notice.title);
  if (!notice.next) return void vscode.window.showInformationMessage(text);
  const next = t('Siguiente: {0}', notice.next.title);
  if ((await vscode.window.showInformationMessage(text, next)) === next)
    await vscode.commands.executeCommand(commandId('openLab'), notice.next.id);
}
