// Which open documents the help is for, and what the worker is told of them.
import * as vscode from 'vscode';
import { looksLikeIstio } from '../../language/recognise.ts';
import { createEmitter, type Emitter } from '../emitter.ts';
import { keyOfUri } from './convert.ts';
import type { LanguageClient } from './language-client.ts';

export const yamlDocuments: vscode.DocumentSelector = [{ language: 'yaml' }];

export interface IstioDocuments extends vscode.Disposable {
  /** Documents that say something of Istio's. */
  all(): vscode.TextDocument[];
  has(document: vscode.TextDocument): boolean;
  /** A document that has changed, or that has become one of them. */
  readonly onChange: Emitter<vscode.TextDocument>['listen'];
  readonly onClose: Emitter<vscode.TextDocument>['listen'];
  /** The worker is started for this document if it was not: something is about to be asked of it. */
  needed(document: vscode.TextDocument): boolean;
  /** Looks at what is open already; once whoever listens is there. */
  begin(): void;
}

/** A look at this much tells what a file is about. */
const LINES_LOOKED_AT = 4000;
/** A file so short may become anything. */
const HARDLY_BEGUN = 400;

export function createIstioDocuments(client: LanguageClient): IstioDocuments {
  const changes = createEmitter<vscode.TextDocument>();
  const closings = createEmitter<vscode.TextDocument>();
  const known = new Set<vscode.TextDocument>();

  const looked = (document: vscode.TextDocument): boolean => {
    if (document.languageId !== 'yaml' || !isRead(document)) return false;
    if (known.has(document)) return true;
    const range = document.lineCount > LINES_LOOKED_AT ? new vscode.Range(0, 0, LINES_LOOKED_AT, 0) : undefined;
    const found = looksLikeIstio(document.getText(range));
    if (found) known.add(document);
    return found;
  };
  const tellOpened = (document: vscode.TextDocument): void =>
    client.tell({ tell: 'opened', uri: keyOfUri(document.uri), text: document.getText() });
  const look = (document: vscode.TextDocument): void => {
    if (document.languageId !== 'yaml' || !isRead(document)) return;
    const found = looked(document);
    if (!client.started) {
      // The start tells the worker of every document.
      if (found) client.start();
    } else tellOpened(document);
    if (found) changes.fire(document);
  };
  const edited = ({ document, contentChanges }: vscode.TextDocumentChangeEvent): void => {
    if (document.languageId !== 'yaml' || !isRead(document) || contentChanges.length === 0) return;
    const before = known.has(document);
    const now =
      before ||
      contentChanges.some((c) =>
        /istio|gateway\.net|apiVersion/.test(c.text + document.lineAt(c.range.start.line).text),
      )
        ? looked(document)
        : false;
    if (client.started)
      client.tell({
        tell: 'changed',
        uri: keyOfUri(document.uri),
        changes: contentChanges.map((c) => ({ offset: c.rangeOffset, length: c.rangeLength, text: c.text })),
      });
    else if (now) client.start();
    if (now) changes.fire(document);
  };
  const closed = (document: vscode.TextDocument): void => {
    if (document.languageId !== 'yaml') return;
    known.delete(document);
    client.tell({ tell: 'closed', uri: keyOfUri(document.uri) });
    closings.fire(document);
  };
  const listening = vscode.Disposable.from(
    client.onStart(() => {
      for (const document of vscode.workspace.textDocuments)
        if (document.languageId === 'yaml' && isRead(document)) tellOpened(document);
    }),
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(edited),
    vscode.workspace.onDidCloseTextDocument(closed),
  );
  return {
    all: () => vscode.workspace.textDocuments.filter((document) => known.has(document)),
    has: (document) => known.has(document),
    onChange: changes.listen,
    onClose: closings.listen,
    needed(document) {
      if (!looked(document) && document.getText().length > HARDLY_BEGUN) return false;
      client.start();
      return true;
    },
    begin() {
      for (const document of vscode.workspace.textDocuments) look(document);
    },
    dispose: () => listening.dispose(),
  };
}

/** Other schemes show the same file again: a comparison, a version of the past. */
function isRead({ uri }: vscode.TextDocument): boolean {
  return !['git', 'output', 'vscode-userdata', 'malla'].includes(uri.scheme);
}
