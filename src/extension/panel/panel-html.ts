// The panel's document: an empty body and a policy under which only Malla's own script and styles load.
import { randomBytes } from 'node:crypto';
import type { Bundle } from '../l10n.ts';

export interface PanelResources {
  /** Where the webview may load images and styles from. */
  source: string;
  script: string;
  styles: readonly string[];
  /** Of the panel's own texts; what it shows of a lab is Spanish. */
  language: string;
  texts: Bundle;
}

export function panelHtml({ source, script, styles, language, texts }: PanelResources): string {
  const nonce = randomBytes(18).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `img-src ${source} data:`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${styles.map((style) => `<link rel="stylesheet" href="${style}">`).join('\n')}
<title>Malla</title>
</head>
<body>
<div id="app" data-texts="${attribute(JSON.stringify(texts))}"></div>
<div id="said" class="unseen" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
