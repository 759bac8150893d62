// Malla's coded errors as a notification.
import * as vscode from 'vscode';
import type { Problem } from '../webview/protocol.ts';

/** Does nothing without a problem. Does not wait for the student to close it. */
export async function showProblem(problem: Problem | undefined): Promise<void> {
  if (!problem) return;
  const { code, happened, todo } = problem;
  void vscode.window.showErrorMessage(`${code}: ${happened}. ${todo}`.replace(/\.\. /, '. '));
}
