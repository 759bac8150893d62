// Pages that the help makes, as read-only documents that are shown drawn: what a change would do, one request explained.
import * as vscode from 'vscode';

export interface Pages extends vscode.Disposable {
  /** Draws the text beside the editor. The same name takes the same place. */
  show(name: string, markdown: string): Promise<void>;
  /** What the page says; for tests. */
  textOf(name: string): string | undefined;
}

const scheme = 'malla-pagina';

export function createPages(): Pages {
  const texts = new Map<string, string>();
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changes.event,
    provideTextDocumentContent: ({ path }) => texts.get(path.slice(1)) ?? '',
  });
  return {
    async show(name, markdown) {
      const uri = vscode.Uri.from({ scheme, path: `/${name}` });
      texts.set(name, markdown);
      changes.fire(uri);
      await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
    },
    textOf: (name) => texts.get(name),
    dispose() {
      provider.dispose();
      changes.dispose();
    },
  };
}
