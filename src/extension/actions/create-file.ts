// «Crear fichero»: writes a file of the lab and opens it. What the student has is not touched without asking.
import { isAbsolute, join, relative } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../l10n.ts';
import { inspectLabFile, writeLabFile } from './lab-files.ts';

export async function createFile(labFolder: string, path: string, content: string): Promise<void> {
  const found = await inspectLabFile(labFolder, path, content);
  if (found.kind === 'refused') {
    tellRefused(path, labFolder);
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

/** The student's file, or a new one: saved if it was being edited. False when it cannot be. */
export async function keepFile(labFolder: string, path: string, content: string): Promise<boolean> {
  const found = await inspectLabFile(labFolder, path, content);
  if (found.kind === 'refused') {
    tellRefused(path, labFolder);
    return false;
  }
  if (found.kind === 'new') {
    await writeLabFile(found.path, content);
    await open(found.path);
  }
  const edited = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === found.path);
  return edited?.isDirty ? edited.save() : true;
}

/** Where a verdict says: a file inside the lab's folder, at a line from 1; nothing for a path that leaves it. */
export async function openLabFile(labFolder: string, path: string, line = 1): Promise<void> {
  const full = join(labFolder, path);
  if (relative(labFolder, full).startsWith('..') || isAbsolute(path)) return;
  const place = new vscode.Position(Math.max(0, line - 1), 0);
  await open(full, new vscode.Range(place, place));
}

function tellRefused(path: string, labFolder: string): void {
  void vscode.window.showErrorMessage(
    t('MALLA-EDI-06: No creo «{0}»: quedaría fuera de la carpeta del laboratorio ({1}).', path, labFolder),
  );
}

async function askToOverwrite(path: string): Promise<'overwrite' | 'keep' | 'cancel'> {
  const overwrite = t('Sobrescribir');
  const keep = t('Abrir el mío');
  const chosen = await vscode.window.showWarningMessage(
    t('El fichero {0} ya existe con otro contenido.', path),
    { modal: true, detail: t('Si lo sobrescribes pierdes lo que has escrito en él.') },
    // The first is what Enter does.
    keep,
    overwrite,
  );
  if (chosen === overwrite) return 'overwrite';
  return chosen === keep ? 'keep' : 'cancel';
}

/** In a column that does not show a lab, so that its text stays in view. */
async function open(path: string, selection?: vscode.Range): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  const free = vscode.window.tabGroups.all.find((g) => !(g.activeTab?.input instanceof vscode.TabInputWebview));
  const viewColumn = free?.viewColumn ?? vscode.ViewColumn.Beside;
  await vscode.window.showTextDocument(document, { viewColumn, preview: false, ...(selection ? { selection } : {}) });
}

export function labFolder(where: string, labId: string): string {
  return join(where, labId);
}
