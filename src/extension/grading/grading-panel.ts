// The instructor's view: one panel, over one session.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type FromGradingPanel, fromPanelSchema, type SourceName } from '../../webview/grading/protocol.ts';
import { gradingPanelType } from '../contributions.ts';
import { languageOfPanels, t } from '../l10n.ts';
import { panelHtml } from '../panel/panel-html.ts';
import { createSinglePanel, type SinglePanel } from '../panel/single-panel.ts';
import type { GradingSession } from './grading-session.ts';

export function createGradingPanel(session: GradingSession, extensionUri: vscode.Uri): SinglePanel {
  const single = createSinglePanel(gradingPanelType, t('Calificar una clase'), (panel) =>
    fill(panel, session, extensionUri),
  );
  return {
    ...single,
    dispose() {
      single.dispose();
      session.dispose();
    },
  };
}

function fill(panel: vscode.WebviewPanel, session: GradingSession, extensionUri: vscode.Uri): void {
  const { webview } = panel;
  const folders = [['dist', 'webview'], ['media']].map((path) => vscode.Uri.joinPath(extensionUri, ...path));
  webview.options = { enableScripts: true, localResourceRoots: folders };
  const address = (...path: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  const tell = (): void => void webview.postMessage({ message: 'state', state: session.now });
  const listening = session.onChange(tell);
  panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon-color.svg');
  webview.onDidReceiveMessage(async (value: unknown) => {
    const asked = fromPanelSchema.safeParse(value).data;
    if (!asked) return;
    if (asked.message === 'ready') tell();
    if (asked.message === 'choose') await choose(session, asked.source);
    else if (asked.message === 'open') await openReport(session);
    else if (await isMeant(session, asked)) await session.do(asked);
  });
  webview.html = panelHtml({
    source: webview.cspSource,
    script: address('dist', 'webview', 'grading.js'),
    styles: [address('media', 'base.css'), address('media', 'grading.css')],
    ...languageOfPanels(),
  });
  panel.onDidDispose(() => listening.dispose());
}

async function choose(session: GradingSession, source: SourceName): Promise<void> {
  const titles: Record<SourceName, string> = {
    folder: t('Carpeta con las entregas'),
    rubric: t('Rúbrica de la práctica'),
    list: t('Lista de la clase'),
  };
  const filters: Record<SourceName, Record<string, string[]>> = {
    folder: {},
    rubric: { YAML: ['yaml', 'yml'] },
    list: { CSV: ['csv', 'txt'] },
  };
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: titles[source],
      canSelectFolders: source === 'folder',
      canSelectFiles: source !== 'folder',
      filters: filters[source],
      openLabel: t('Elegir'),
    })) ?? [];
  if (chosen) await session.setSource(source, chosen.fsPath);
}

async function openReport({ now }: GradingSession): Promise<void> {
  if (now.written === undefined) return;
  await vscode.env.openExternal(vscode.Uri.file(join(now.written, 'clase.html')));
}

/** Grading runs what students wrote, in processes of its own: it is asked about once for each folder. */
async function isMeant({ now, results }: GradingSession, asked: FromGradingPanel): Promise<boolean> {
  if (asked.message !== 'grade' || now.marks) return true;
  const go = t('Calificar');
  const detail = t(
    'Se repite cada entrega de {0} en un clúster simulado. Los resultados quedan en {1}. Nada sale de esta máquina.',
    now.sources.folder,
    results,
  );
  return (
    (await vscode.window.showInformationMessage(t('¿Calificar estas entregas?'), { modal: true, detail }, go)) === go
  );
}
