// The panel's document: an empty body and a policy under which only Malla's own script and styles load.
import { randomBytes } from 'node:crypto';

export interface PanelResources {
  /** Where the webview may load images and styles from. */
  source: string;
  script: string;
  styles: readonly string[];
}

export function panelHtml({ source, script, styles }: PanelResources): string {
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
<html lang="es">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${styles.map((style) => `<link rel="stylesheet" href="${style}">`).join('\n')}
<title>Malla</title>
</head>
<body>
<div id="app"></div>
<div id="said" class="unseen" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
