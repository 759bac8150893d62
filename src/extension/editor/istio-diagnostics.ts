// Problems as they are typed, once the author stops, with their quick fixes and the page of their code.
import * as vscode from 'vscode';
import type { Problem, Severity } from '../../language/diagnostics/problem.ts';
import { codePage } from './code-pages.ts';
import { keyOfUri, toRange, toWorkspaceEdit } from './convert.ts';
import { type IstioDocuments, yamlDocuments } from './istio-documents.ts';
import type { LanguageClient } from './language-client.ts';

const CALM = 250;

export function createIstioDiagnostics(client: LanguageClient, documents: IstioDocuments): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('malla-istio');
  const timers = new Map<string, NodeJS.Timeout>();
  const shown = new Map<string, { version: number; problems: Problem[] }>();

  const show = async (document: vscode.TextDocument): Promise<void> => {
    const uri = keyOfUri(document.uri);
    const { version } = document;
    const problems = await client.ask('problems', { uri });
    if (!problems || document.isClosed || document.version !== version) return;
    shown.set(uri, { version, problems });
    collection.set(document.uri, problems.map(toDiagnostic));
  };
  const later = (document: vscode.TextDocument): void => {
    const uri = keyOfUri(document.uri);
    clearTimeout(timers.get(uri));
    timers.set(
      uri,
      setTimeout(() => {
        timers.delete(uri);
        void show(document);
      }, CALM),
    );
  };
  const everything = (): void => {
    for (const document of documents.all()) later(document);
  };
  return vscode.Disposable.from(
    collection,
    documents.onChange(later),
    documents.onClose((document) => {
      shown.delete(keyOfUri(document.uri));
      collection.delete(document.uri);
    }),
    client.onKnown(everything),
    client.onStart(everything),
    vscode.languages.registerCodeActionsProvider(
      yamlDocuments,
      {
        provideCodeActions: (document, _range, { diagnostics }) =>
          fixes(document, diagnostics, shown.get(keyOfUri(document.uri))),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    {
      dispose() {
        for (const timer of timers.values()) clearTimeout(timer);
      },
    },
  );
}

function fixes(
  document: vscode.TextDocument,
  asked: readonly vscode.Diagnostic[],
  known: { version: number; problems: Problem[] } | undefined,
): vscode.CodeAction[] {
  // Edits of another version of the text would fall in other places.
  if (known?.version !== document.version) return [];
  return asked.flatMap((diagnostic) =>
    known.problems
      .filter((p) => messageOf(p) === diagnostic.message && toRange(p.range).isEqual(diagnostic.range))
      .flatMap((problem) =>
        problem.fixes.map(({ title, edits, preferred }) => {
          const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
          action.edit = toWorkspaceEdit(edits);
          action.diagnostics = [diagnostic];
          if (preferred) action.isPreferred = true;
          return action;
        }),
      ),
  );
}

const severities: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

function toDiagnostic(problem: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(problem.range), messageOf(problem), severities[problem.severity]);
  diagnostic.source = 'Malla';
  diagnostic.code = { value: problem.code, target: codePage(problem.code) };
  return diagnostic;
}

function messageOf({ message, istio }: Problem): string {
  return istio ? `${message} [${istio}]` : message;
}
