// The page of a code, as a document of the editor.
import * as vscode from 'vscode';
import type { LanguageClient } from './language-client.ts';

const scheme = 'malla-codigo';

/** Where the link of a problem leads: to the page, drawn. */
export function codePage(code: string): vscode.Uri {
  const page = vscode.Uri.from({ scheme, path: `/${code}.md` });
  return vscode.Uri.parse(`command:markdown.showPreview?${encodeURIComponent(JSON.stringify([page]))}`);
}

export function createCodePages(client: LanguageClient): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async ({ path }) => client.ask('codePage', { code: path.slice(1, -'.md'.length) }),
  });
}
