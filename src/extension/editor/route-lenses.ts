// What can be done with a VirtualService, above it; and the share that each weight has really had, beside it.
import * as vscode from 'vscode';
import type { RouteName } from '../../language/explain-route.ts';
import type { WrittenRoute } from '../../language/routes-in-file.ts';
import { type CommandName, commandId } from '../commands/command-table.ts';
import { t } from '../l10n.ts';
import { isTrusted } from '../trust.ts';
import { keyOfUri, toRange } from './convert.ts';
import { type IstioDocuments, yamlDocuments } from './istio-documents.ts';
import type { LanguageClient } from './language-client.ts';
import type { MeasuredSplit } from './measured-split.ts';
import { shareLabels } from './share-labels.ts';

export interface RouteLenses extends vscode.Disposable {
  /** Shows a measure beside the weights of the file, until the file changes. */
  showSplit(document: vscode.TextDocument, split: MeasuredSplit): Promise<void>;
  /** What is shown beside the weights; for tests. */
  shown(document: vscode.TextDocument): string[];
}

export function createRouteLenses(client: LanguageClient, documents: IstioDocuments): RouteLenses {
  const changes = new vscode.EventEmitter<void>();
  const beside = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
  });
  const splits = new Map<
    string,
    { version: number; labels: { route: WrittenRoute; label: string; range: vscode.Range }[] }
  >();
  const draw = (): void => {
    for (const editor of vscode.window.visibleTextEditors) {
      const found = splits.get(keyOfUri(editor.document.uri));
      const fresh = found?.version === editor.document.version ? found.labels : [];
      editor.setDecorations(
        beside,
        fresh.map(({ range, label }) => ({ range, renderOptions: { after: { contentText: label } } })),
      );
    }
  };
  const forget = ({ uri }: vscode.TextDocument): void => {
    if (splits.delete(keyOfUri(uri))) draw();
  };
  const parts = vscode.Disposable.from(
    changes,
    beside,
    documents.onChange(forget),
    documents.onClose(forget),
    client.onStart(() => changes.fire()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changes.fire()),
    vscode.window.onDidChangeVisibleTextEditors(draw),
    vscode.languages.registerCodeLensProvider(yamlDocuments, {
      onDidChangeCodeLenses: changes.event,
      async provideCodeLenses(document) {
        if (!documents.has(document)) return [];
        const routes = (await client.ask('routes', { uri: keyOfUri(document.uri) })) ?? [];
        return routes.flatMap(lensesOf);
      },
    }),
  );
  return {
    async showSplit(document, split) {
      const { version } = document;
      const routes = (await client.ask('routes', { uri: keyOfUri(document.uri) })) ?? [];
      const route = routes.find((r) => r.name === split.route && r.namespace === split.namespace);
      if (!route || document.version !== version) return;
      const labels = shareLabels(route, split).map(({ range, label }) => ({ route, label, range: toRange(range) }));
      splits.set(keyOfUri(document.uri), { version, labels });
      draw();
    },
    shown: ({ uri }) => splits.get(keyOfUri(uri))?.labels.map(({ label }) => label) ?? [],
    dispose: () => parts.dispose(),
  };
}

const offered = (): readonly [CommandName, string, reads: boolean][] => [
  ['applyFile', t('Aplicar'), false],
  ['previewChange', t('Qué cambiaría'), true],
  ['explainRoute', t('Explicar una petición'), true],
  ['measureRoute', t('Medir reparto'), false],
];

function lensesOf({ name, namespace, range }: WrittenRoute): vscode.CodeLens[] {
  const route: RouteName = { name, namespace };
  return offered()
    .filter(([, , reads]) => reads || isTrusted())
    .map(
      ([command, title]) =>
        new vscode.CodeLens(toRange(range), { command: commandId(command), title, arguments: [route] }),
    );
}
