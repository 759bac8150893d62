// An untrusted workspace may only read: no program runs and no file is written on its behalf.
import * as vscode from 'vscode';

export function isTrusted(): boolean {
  return vscode.workspace.isTrusted;
}
