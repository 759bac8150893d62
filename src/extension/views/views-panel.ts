// The panel with the views of the mesh: one of them, fed by `malla panel --lineas` while it is open.
import * as vscode from 'vscode';
import * as z from 'zod';
import type { ViewReply } from '../../views/protocol.ts';
import type { Following, MallaProgram } from '../cluster/malla-program.ts';
import { viewsPanelType } from '../contributions.ts';
import { languageOfPanels, t } from '../l10n.ts';
import { panelHtml } from '../panel/panel-html.ts';
import { createSinglePanel, type SinglePanel } from '../panel/single-panel.ts';

export function createViewsPanel(program: MallaProgram, extensionUri: vscode.Uri): SinglePanel {
  const single = createSinglePanel(viewsPanelType, t('Vistas de la malla'), (panel) =>
    fill(panel, program, extensionUri),
  );
  const reviving = vscode.window.registerWebviewPanelSerializer(viewsPanelType, {
    deserializeWebviewPanel: async (revived) => single.adopt(revived),
  });
  return {
    ...single,
    dispose() {
      reviving.dispose();
      single.dispose();
    },
  };
}

/** What travels is checked twice: here that it is a call at all, and in the program that it is a question it knows. */
const call = z.lazy(() => z.strictObject({ id: z.number(), view: z.string().max(100), question: z.unknown() }));

function fill(panel: vscode.WebviewPanel, program: MallaProgram, extensionUri: vscode.Uri): void {
  const { webview } = panel;
  const folders = [['dist', 'webview'], ['media']].map((path) => vscode.Uri.joinPath(extensionUri, ...path));
  webview.options = { enableScripts: true, localResourceRoots: folders };
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
    styles: [address('dist', 'webview', 'views.css'), address('media', 'base.css'), address('media', 'views.css')],
    ...languageOfPanels(),
  });
  panel.onDidChangeViewState(() => void webview.postMessage({ visible: panel.visible }));
  panel.onDidDispose(() => answers?.stop());
}
