// Pages that the help makes, drawn beside the editor: what a change would do, one request explained. Malla's own panels, and not
// the editor's preview of Markdown, whose document says neither its language nor its title. Its policy lets no script run.
import * as vscode from 'vscode';
import { languageOfPanels } from '../l10n.ts';
import { needDrawing } from '../lazy-drawing.ts';

export interface Pages extends vscode.Disposable {
  /** Draws the text beside the editor. The same name takes the same place. */
  show(name: string, markdown: string): void;
  /** What the page says; for tests. */
  textOf(name: string): string | undefined;
}

const pageType = 'malla.page';

export function createPages(extensionUri: vscode.Uri): Pages {
  const texts = new Map<string, string>();
  const panels = new Map<string, vscode.WebviewPanel>();
  const media = vscode.Uri.joinPath(extensionUri, 'media');
  const panelFor = (name: string): vscode.WebviewPanel => {
    const open = panels.get(name);
    if (open) {
      open.reveal();
      return open;
    }
    const panel = vscode.window.createWebviewPanel(pageType, name, vscode.ViewColumn.Beside, {
      // None runs, by the policy of the page; without this, who reads it from outside, as the tests do, could not either.
      enableScripts: true,
      localResourceRoots: [media],
    });
    panel.iconPath = vscode.Uri.joinPath(media, 'icon-color.svg');
    panel.onDidDispose(() => panels.delete(name));
    panels.set(name, panel);
    return panel;
  };
  return {
    show(name, markdown) {
      texts.set(name, markdown);
      const panel = panelFor(name);
      const { webview } = panel;
      const styles = ['base.css', 'page.css'].map((file) => vscode.Uri.joinPath(media, file));
      const document = {
        title: name,
        markdown,
        source: webview.cspSource,
        styles: styles.map((uri) => webview.asWebviewUri(uri).toString()),
        language: languageOfPanels().language,
      };
      void needDrawing().then(({ pageHtml }) => {
        // Shown again, or closed, in the meantime.
        if (panels.get(name) === panel && texts.get(name) === markdown) panel.webview.html = pageHtml(document);
      });
    },
    textOf: (name) => texts.get(name),
    dispose() {
      for (const panel of [...panels.values()]) panel.dispose();
    },
  };
}
