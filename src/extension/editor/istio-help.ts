// Help on Istio's YAML in any folder: wires its parts. Only reads, except for what a command does.
import * as vscode from 'vscode';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import { setContext } from '../context-keys.ts';
import { isTrusted } from '../trust.ts';
import { createCodePages } from './code-pages.ts';
import { createIstioDiagnostics } from './istio-diagnostics.ts';
import { createIstioDocuments, type IstioDocuments } from './istio-documents.ts';
import { createIstioProviders } from './istio-providers.ts';
import { createLanguageClient, type LanguageClient } from './language-client.ts';
import { createPages, type Pages } from './pages.ts';
import type { ClusterToRead, WorkerData } from './protocol.ts';
import { createRouteLenses, type RouteLenses } from './route-lenses.ts';

export interface IstioHelp extends vscode.Disposable {
  client: LanguageClient;
  documents: IstioDocuments;
  lenses: RouteLenses;
  pages: Pages;
}

export interface IstioHelpOptions {
  /** dist/language.cjs. */
  script: string;
  start: () => WorkerData;
  cluster: ClusterSession;
  extensionUri: vscode.Uri;
}

export function createIstioHelp({ script, start, cluster, extensionUri }: IstioHelpOptions): IstioHelp {
  const client = createLanguageClient({ script, start, log: (text) => console.error(`Malla: ${text}`) });
  const tellFolders = (): void => {
    const folders = vscode.workspace.workspaceFolders ?? [];
    client.tell({
      tell: 'folders',
      paths: folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath),
    });
  };
  const tellCluster = (): void => client.tell({ tell: 'cluster', access: clusterToRead(cluster) });
  // Before the documents: they may start the worker at once.
  const atStart = client.onStart(() => {
    tellFolders();
    tellCluster();
    // The first file of Istio's is the first that needs to know whether a cluster runs.
    // Not in the turn that registers everything.
    setImmediate(() => {
      if (isTrusted() && cluster.now.state === 'desconocido') void cluster.refresh();
    });
  });
  const documents = createIstioDocuments(client);
  const lenses = createRouteLenses(client, documents);
  const pages = createPages(extensionUri);
  const parts = vscode.Disposable.from(
    atStart,
    documents,
    createCodePages(client),
    lenses,
    pages,
    keepFileKey(documents),
    createIstioDiagnostics(client, documents),
    createIstioProviders(client, documents),
    watchFiles(client),
    vscode.workspace.onDidChangeWorkspaceFolders(tellFolders),
    vscode.workspace.onDidGrantWorkspaceTrust(tellCluster),
    cluster.onChange(tellCluster),
  );
  documents.begin();
  return {
    client,
    documents,
    lenses,
    pages,
    dispose() {
      parts.dispose();
      client.dispose();
    },
  };
}

/** For the palette and the menu of the editor: a file of Istio's is in front. */
function keepFileKey(documents: IstioDocuments): vscode.Disposable {
  const tell = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    setContext('malla.istioFile', document !== undefined && documents.has(document));
  };
  return vscode.Disposable.from(
    documents.onChange(tell),
    documents.onClose(tell),
    vscode.window.onDidChangeActiveTextEditor(tell),
  );
}

/** A workspace that is not trusted runs no program, and reading a cluster is one. */
function clusterToRead({ now }: ClusterSession): ClusterToRead | undefined {
  if (!isTrusted() || !now.access) return undefined;
  const { kubeconfig, entry } = now.access;
  return { kubeconfig, ...(entry && { entry }) };
}

/** Several changes that come together, as when a branch is changed, are told once. */
const CALM = 200;

function watchFiles(client: LanguageClient): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.{yaml,yml}');
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const note = ({ scheme, fsPath }: vscode.Uri): void => {
    if (scheme !== 'file' || !client.started) return;
    changed.add(fsPath);
    timer ??= setTimeout(() => {
      timer = undefined;
      client.tell({ tell: 'filesChanged', paths: [...changed] });
      changed.clear();
    }, CALM);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(note),
    watcher.onDidChange(note),
    watcher.onDidDelete(note),
    { dispose: () => clearTimeout(timer) },
  );
}
