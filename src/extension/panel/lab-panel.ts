// One webview panel with one lab. It sends the whole state when something changes and the panel is in view.
import * as vscode from 'vscode';
import type { FromPanel, Message, PanelState, ToPanel } from '../../webview/protocol.ts';
import { panelType } from '../contributions.ts';
import { languageOfPanels } from '../l10n.ts';
import { readFromPanel } from './incoming.ts';
import { panelHtml } from './panel-html.ts';
import { pictureAddress } from './picture.ts';

export interface LabPanel extends vscode.Disposable {
  readonly lab: string;
  readonly page: string;
  readonly active: boolean;
  reveal(page?: string): void;
  /** Draws again, soon and once. */
  refresh(): void;
  nextHint(): void;
  showSolution(): void;
}

export interface LabPanelOptions {
  lab: string;
  page: string;
  extensionUri: vscode.Uri;
  /**
   * The state for a page; `revealed` when its solution is shown. `image` gives the address of a lab's picture. Undefined as
   * long as what draws texts is loading.
   */
  stateOf(page: string, revealed: boolean, image: (path: string) => string): PanelState | undefined;
  onMessage(message: Message<FromPanel>, panel: LabPanel): void;
  /** Shown, hidden, in front or on another page. */
  onChange(panel: LabPanel): void;
  onClose(): void;
}

export function newWebviewPanel(title: string): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(panelType, title, vscode.ViewColumn.One, {});
}

/** Fills a new panel, or one that VS Code has brought back after a reload. */
export function createLabPanel(panel: vscode.WebviewPanel, options: LabPanelOptions): LabPanel {
  const { webview } = panel;
  const resource = (...path: string[]) => vscode.Uri.joinPath(options.extensionUri, ...path);
  const solutions = new Set<string>();
  let page = options.page;
  let ready = false;
  let drawing: NodeJS.Immediate | undefined;

  webview.options = { enableScripts: true, localResourceRoots: [resource('dist', 'webview'), resource('media')] };
  panel.iconPath = resource('media', 'icon-color.svg');
  webview.html = panelHtml({
    source: webview.cspSource,
    script: webview.asWebviewUri(resource('dist', 'webview', 'lab.js')).toString(),
    styles: ['base.css', 'lab.css'].map((name) => webview.asWebviewUri(resource('media', name)).toString()),
    ...languageOfPanels(),
  });

  const send = (message: Message<ToPanel>): void => void webview.postMessage(message);
  const image = (path: string): string => pictureAddress(options.extensionUri.fsPath, path);
  const draw = (): void => {
    drawing = undefined;
    // A hidden panel has no document; it asks for its state when it comes back.
    const state = ready && panel.visible ? options.stateOf(page, solutions.has(page), image) : undefined;
    if (state) send({ message: 'state', state });
  };
  const own: LabPanel = {
    lab: options.lab,
    get page() {
      return page;
    },
    get active() {
      return panel.active;
    },
    reveal(next) {
      panel.reveal(undefined, false);
      if (next !== undefined && next !== page) {
        page = next;
        options.onChange(own);
      }
      own.refresh();
    },
    refresh() {
      drawing ??= setImmediate(draw);
    },
    nextHint: () => send({ message: 'hint' }),
    showSolution() {
      solutions.add(page);
      own.refresh();
    },
    dispose: () => panel.dispose(),
  };
  webview.onDidReceiveMessage((value: unknown) => {
    const message = readFromPanel(value);
    if (!message) return;
    if (message.message === 'ready') {
      ready = true;
      return own.refresh();
    }
    options.onMessage(message, own);
  });
  panel.onDidChangeViewState(() => {
    if (!panel.visible) ready = false;
    own.refresh();
    options.onChange(own);
  });
  panel.onDidDispose(() => {
    if (drawing) clearImmediate(drawing);
    options.onClose();
  });
  return own;
}
