// Malla's coded errors as a notification. One that is still in view is not shown again.
import * as vscode from 'vscode';
import type { Problem } from '../webview/protocol.ts';

const inView = new Set<string>();

/** Does nothing without a problem. Does not wait for the student to close it. */
export async function showProblem(problem: Problem | undefined): Promise<void> {
  if (!problem) return;
  const { code, happened, todo } = problem;
  const text = `${code}: ${happened}. ${todo}`.replace(/\.\. /, '. ');
  if (inView.has(text)) return;
  inView.add(text);
  const forget = (): void => void inView.delete(text);
  vscode.window.showErrorMessage(text).then(forget, forget);
}
