// A panel of which there is one at most.
import * as vscode from 'vscode';

export interface SinglePanel extends vscode.Disposable {
  /** Opens it, or brings it to the front. */
  reveal(): void;
  /** Fills one that the editor brings back after a reload. When there is one already, it goes away. */
  adopt(panel: vscode.WebviewPanel): void;
}

/** `fill` gets each panel once, before its document is there. It stays as it is while it is hidden. */
export function createSinglePanel(
  type: string,
  title: string,
  fill: (panel: vscode.WebviewPanel) => void,
): SinglePanel {
  let panel: vscode.WebviewPanel | undefined;
  const adopt = (own: vscode.WebviewPanel): void => {
    if (panel) {
      own.dispose();
      return;
    }
    panel = own;
    fill(own);
    own.onDidDispose(() => {
      panel = undefined;
    });
  };
  return {
    reveal() {
      if (panel) panel.reveal();
      else
        adopt(
          vscode.window.createWebviewPanel(type, title, vscode.ViewColumn.Active, { retainContextWhenHidden: true }),
        );
    },
    adopt,
    dispose: () => panel?.dispose(),
  };
}
