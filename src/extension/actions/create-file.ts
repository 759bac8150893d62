// «Crear fichero»: writes a file of the lab and opens it. What the student has is not touched without asking.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { inspectLabFile, writeLabFile } from './lab-files.ts';

export async function createFile(labFolder: string, path: string, content: string): Promise<void> {
  const found = await inspectLabFile(labFolder, path, content);
  if (found.kind === 'refused') {
    void vscode.window.showErrorMessage(
      `MALLA-EDI-06: No creo «${path}»: quedaría fuera de la carpeta del laboratorio (${labFolder}).`,
    );
    return;
  }
  if (found.kind === 'different') {
    const answer = await askToOverwrite(path);
    if (answer === 'cancel') return;
    if (answer === 'keep') return open(found.path);
  }
  if (found.kind !== 'same') await writeLabFile(found.path, content);
  await open(found.path);
}

async function askToOverwrite(path: string): Promise<'overwrite' | 'keep' | 'cancel'> {
  const overwrite = 'Sobrescribir';
  const keep = 'Abrir el mío';
  const chosen = await vscode.window.showWarningMessage(
    `El fichero ${path} ya existe con otro contenido.`,
    { modal: true, detail: 'Si lo sobrescribes pierdes lo que has escrito en él.' },
    // The first is what Enter does.
    keep,
    overwrite,
  );
  if (chosen === overwrite) return 'overwrite';
  return chosen === keep ? 'keep' : 'cancel';
}

/** In a column that does not show a lab, so that its text stays in view. */
async function open(path: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  const free = vscode.window.tabGroups.all.find((g) => !(g.activeTab?.input instanceof vscode.TabInputWebview));
  const viewColumn = free?.viewColumn ?? vscode.ViewColumn.Beside;
  await vscode.window.showTextDocument(document, { viewColumn, preview: false });
}

export function labFolder(where: string, labId: string): string {
  return join(where, labId);
}
