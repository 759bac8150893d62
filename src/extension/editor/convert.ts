// Between plain shapes of the help and those of `vscode`.
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import type { FileEdit } from '../../language/diagnostics/problem.ts';
import type { Range } from '../../language/text.ts';

/** One text for one file, however the editor writes its address. */
export function keyOfUri(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? pathToFileURL(uri.fsPath).href : uri.toString();
}

export function uriOfKey(key: string): vscode.Uri {
  return key.startsWith('file:') ? vscode.Uri.file(fileURLToPath(key)) : vscode.Uri.parse(key, true);
}

export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

export function toWorkspaceEdit(edits: readonly FileEdit[]): vscode.WorkspaceEdit {
  const all = new vscode.WorkspaceEdit();
  for (const { uri, range, newText } of edits) all.replace(uriOfKey(uri), toRange(range), newText);
  return all;
}
