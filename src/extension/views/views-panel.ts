// The panel with the views of the mesh: one of them, fed by `malla panel --lineas` while it is open.
import * as vscode from 'vscode';
import { z } from 'zod';
import type { ViewReply } from '../../views/protocol.ts';
import type { Following, MallaProgram } from '../cluster/malla-program.ts';
import { viewsPanelType } from '../contributions.ts';
import { languageOfPanels, t } from '../l10n.ts';
import { panelHtml } from '../panel/panel-html.ts';

export interface ViewsPanel extends vscode.Disposable {
  /** Opens it, or brings it to the front. */
  reveal(): void;
}

export function createViewsPanel(program: MallaProgram, extensionUri: vscode.Uri): ViewsPanel {
  let panel: vscode.WebviewPanel | undefined;
  return {
    reveal() {
      if (panel) return panel.reveal();
      panel = openPanel(program, extensionUri);
      panel.onDidDispose(() => {
        panel = undefined;
      });
    },
    dispose: () => panel?.dispose(),
  };
}

/** What travels is checked twice: here that it is a call at all, and in the program that it is a question it knows. */
const call = z.strictObject({ id: z.number(), view: z.string().max(100), question: z.unknown() });

function openPanel(program: MallaProgram, extensionUri: vscode.Uri): vscode.WebviewPanel {
  const panel = vscode.window.createWebviewPanel(viewsPanelType, t('Vistas de la malla'), vscode.ViewColumn.Active, {
    enableScripts: true,
    retainContextWhenHidden: true,
    localResourceRoots: [
      vscode.Uri.joinPath(extensionUri, 'dist', 'webview'),
      vscode.Uri.joinPath(extensionUri, 'media'),
    ],
  });
  const { webview } = panel;
  const address = (...path: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  const waiting = new Set<number>();
  let answers: Following | undefined;

  const reply = (value: ViewReply): void => {
    waiting.delete(value.id);
    void webview.postMessage(value);
  };
  const start = (): Following =>
    program.follow(['panel', '--lineas'], {
      onLine: (value) => reply(value as ViewReply),
      onEnd(problem) {
        answers = undefined;
        // Who asked is still waiting: the next question starts the program again.
        for (const id of [...waiting]) if (problem) reply({ id, problem });
      },
    });

  panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon-color.svg');
  webview.onDidReceiveMessage((value: unknown) => {
    const asked = call.safeParse(value);
    if (!asked.success) return;
    waiting.add(asked.data.id);
    answers ??= start();
    answers.order(asked.data);
  });
  webview.html = panelHtml({
    source: webview.cspSource,
    script: address('dist', 'webview', 'views.js'),
    styles: [address('dist', 'webview', 'views.css'), address('media', 'views.css')],
    ...languageOfPanels(),
  });
  panel.onDidChangeViewState(() => void webview.postMessage({ visible: panel.visible }));
  panel.onDidDispose(() => answers?.stop());
  return panel;
}
